import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import postgres from 'postgres'
import { runOnce, serverFolder, startServer, words } from './server.ts'
import type { Server } from './server.ts'

/** Debian keeps the programs of each version away from `PATH`. */
const DEBIAN = '/usr/lib/postgresql'

/** Folder of the newest `initdb` and `postgres` here; null: none. */
export function findPostgres(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
  ]
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)))) ?? null
}

/** A PostgreSQL server of the test alone. */
export interface PostgresServer extends Server {
  readonly password: string
  /** A new empty database; the answer is its address. */
  database(): Promise<string>
}

/** Makes a cluster that forgets what a crash would forget, and starts it. Passwords are asked for. */
export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = serverFolder('postgres')
  const password = 'open-sesame-4711'
  const [secret, data] = [join(folder, 'password'), join(folder, 'data')]
  writeFileSync(secret, password, { mode: 0o644 })
  await runOnce(join(programs, 'initdb'), [
    ...words(`-D ${data} -U downlink -E UTF8 --locale=C --no-sync --auth=scram-sha-256 --pwfile=${secret}`),
  ])
  const urlOf = (port: number, name: string): string => `postgres://downlink:${password}@127.0.0.1:${port}/${name}`
  const server = await startServer({
    folder,
    command: (port) => [
      join(programs, 'postgres'),
      ...words(`-D ${data} -p ${port} -k ${folder} -h 127.0.0.1 -F`),
      ...words('-c synchronous_commit=off -c shared_buffers=16MB -c max_connections=60'),
    ],
    isReady: async (port) => {
      const sql = postgres(urlOf(port, 'postgres'), { max: 1, connect_timeout: 2, onnotice: () => {} })
      const isUp = await sql`select 1`.then(
        () => true,
        () => false,
      )
      await sql.end({ timeout: 1 })
      return isUp
    },
  })
  let count = 0
  return Object.assign(server, {
    password,
    async database() {
      const name = `t${(count += 1)}`
      const sql = postgres(urlOf(server.port, 'postgres'), { max: 1 })
      await sql.unsafe(`create database ${name}`)
      await sql.end()
      return urlOf(server.port, name)
    },
  })
}
