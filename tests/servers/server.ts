import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server as NetServer, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** `nobody` of every Linux: programs that refuse to run as root run as this one. */
const NOBODY = 65_534

/** A real server of somebody else, in a folder and on a port of its own. */
export interface Server extends AsyncDisposable {
  readonly port: number
  readonly pid: number
  /** Ends it at once and keeps its folder. */
  stop(): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
}

/** How a server is started: `command` in `folder`, ready when `isReady` says so. */
export type ServerOptions = {
  readonly folder: string
  readonly command: (port: number) => readonly [program: string, ...args: string[]]
  readonly isReady: (port: number) => Promise<boolean>
}

/** A new folder that such a program may write to. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `dl-${name}-`))
  if (isRoot()) chownSync(folder, NOBODY, NOBODY)
  return folder
}

/** The words of a command line, of which none has a blank in it. */
export const words = (line: string): string[] => line.split(' ')

/** A program that ends by itself; fails with what it printed. */
export async function runOnce(program: string, args: readonly string[]): Promise<void> {
  const child = launch(program, args, ['ignore', 'pipe', 'pipe'])
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${program} ended with exit code ${String(code)}:\n${printed}`)
}

/** Starts a server and waits until it answers, at most 20 s. The folder goes with it. */
export async function startServer({ folder, command, isReady }: ServerOptions): Promise<Server> {
  const port = await freePort()
  let child: ChildProcess | null = null
  const start = async (): Promise<void> => {
    const [program, ...args] = command(port)
    const started = launch(program, args, 'ignore')
    child = started
    const deadline = Date.now() + 20_000
    while (!(await isReady(port))) {
      if (started.exitCode !== null || Date.now() > deadline) throw new Error(`${program} does not start`)
      await sleep(20)
    }
  }
  const stop = async (): Promise<void> => {
    const running = child
    child = null
    if (running === null || running.exitCode !== null || running.signalCode !== null) return
    const over = new Promise((resolve) => running.once('exit', resolve))
    process.kill(running.pid ?? 0, 'SIGINT')
    const timer = setTimeout(() => running.kill('SIGKILL'), 5000)
    await over
    clearTimeout(timer)
  }
  const remove = async (): Promise<void> => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await start()
  } catch (error) {
    await remove()
    throw error
  }
  return {
    port,
    get pid() {
      return child?.pid ?? 0
    },
    start,
    stop,
    [Symbol.asyncDispose]: remove,
  }
}

const isRoot = (): boolean => process.getuid?.() === 0

function launch(program: string, args: readonly string[], stdio: NonNullable<SpawnOptions['stdio']>): ChildProcess {
  // Not the options `uid` and `gid` of spawn: the other groups of root would stay.
  const [command, ...before] = isRoot()
    ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', program]
    : [program]
  return spawn(command ?? program, [...before, ...args], { cwd: tmpdir(), stdio, env: { ...process.env, LC_ALL: 'C' } })
}

/** A server that takes connections and never says a word. */
export async function startDeaf(): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket.on('error', () => {})))
  const port = await listen(server)
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await close(server)
    },
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}

const listen = (server: NetServer): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })

const close = (server: NetServer): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
