import { createClient } from '@redis/client'
import { serverFolder, startServer, words } from './server.ts'
import type { Server } from './server.ts'

/** A Redis server of the test alone. */
export interface RedisServer extends Server {
  readonly password: string
  readonly url: string
  /** Sends a command to it. */
  command(...words: string[]): Promise<unknown>
}

/** Starts it without anything on the disk. Passwords are asked for. `cluster`: a cluster of this one server. */
export async function startRedis(program: string, kind: 'alone' | 'cluster' = 'alone'): Promise<RedisServer> {
  const password = 'open-sesame-4711'
  const folder = serverFolder('redis')
  const urlOf = (port: number): string => `redis://:${password}@127.0.0.1:${port}`
  const tell = async (port: number, words: readonly string[]): Promise<unknown> => {
    const client = createClient({ url: urlOf(port), socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    await client.connect()
    try {
      return await client.sendCommand([...words])
    } finally {
      client.destroy()
    }
  }
  const server = await startServer({
    folder,
    command: (port) => [
      program,
      ...words(`--port ${port} --bind 127.0.0.1 --requirepass ${password} --appendonly no --dir ${folder}`),
      '--save',
      '',
      ...(kind === 'cluster' ? words('--cluster-enabled yes --cluster-port 0') : []),
    ],
    isReady: (port) =>
      tell(port, ['PING']).then(
        () => true,
        () => false,
      ),
  })
  if (kind === 'cluster') {
    await tell(server.port, ['CLUSTER', 'ADDSLOTSRANGE', '0', '16383'])
    for (;;) if (String(await tell(server.port, ['CLUSTER', 'INFO'])).includes('cluster_state:ok')) break
  }
  return Object.assign(server, {
    password,
    url: urlOf(server.port),
    command: (...words: string[]) => tell(server.port, words),
  })
}
