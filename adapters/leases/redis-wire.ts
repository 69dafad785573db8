import { createClient, createCluster, ReconnectStrategyError } from '@redis/client'
import type { RedisClientOptions } from '@redis/client'
import { ANSWER_WITHIN_MS, answerWithin } from './shared-leases.ts'

/** Redis or Valkey, one server or a cluster, as far as commands about one key go. */
export type RedisWire = AsyncDisposable & {
  /** Sends a command about `key` to the server that has it. */
  readonly send: (key: string, command: readonly string[]) => Promise<unknown>
  /** Ways to every server that holds a part of the keys. */
  readonly servers: () => Promise<readonly ((command: readonly string[]) => Promise<unknown>)[]>
}

const RECONNECT_MS = 250
const MOST_WAITING = 2000

/**
 * Connects; a server that belongs to a cluster leads to the others by itself. Later losses of a connection are mended in
 * the background, and calls fail meanwhile. Fails with the system's or the client's own errors.
 */
export async function openRedis(url: string): Promise<RedisWire> {
  let isUp = false
  const common = {
    // A seat that is given when the server is back would be one that nobody waits for.
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_WAITING,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  } as const
  const socket = {
    connectTimeout: ANSWER_WITHIN_MS,
    reconnectStrategy: (_: number, cause: Error): number | Error => (isUp ? RECONNECT_MS : cause),
  }
  const client = createClient({ ...common, url, name: 'downlink', socket })
  client.on('error', () => {}) // every call that suffers from it fails by itself
  try {
    await answerWithin(ANSWER_WITHIN_MS, 'The Redis server does not answer', () => client.connect())
    isUp = true
    if (await isCluster((command) => client.sendCommand(command))) {
      client.destroy()
      return await openCluster(url, { ...common, ...loginOf(url), socket: { ...socket, ...tlsOf(url) } })
    }
  } catch (error) {
    if (client.isOpen) client.destroy()
    throw error instanceof ReconnectStrategyError ? error.originalError : error
  }
  const send = (command: readonly string[]): Promise<unknown> => client.sendCommand([...command])
  return {
    send: (_, command) => send(command),
    servers: () => Promise.resolve([send]),
    async [Symbol.asyncDispose]() {
      if (client.isOpen) client.destroy()
    },
  }
}

async function openCluster(
  url: string,
  defaults: Pick<RedisClientOptions, 'username' | 'password' | 'disableOfflineQueue' | 'commandsQueueMaxLength'> & {
    readonly socket: { readonly connectTimeout: number; readonly tls?: true }
  },
): Promise<RedisWire> {
  const cluster = createCluster({ rootNodes: [{ url }], defaults })
  cluster.on('error', () => {}) // as above
  try {
    await answerWithin(ANSWER_WITHIN_MS, 'The Redis cluster does not answer', () => cluster.connect())
  } catch (error) {
    cluster.destroy()
    throw error
  }
  return {
    send: (key, command) => cluster.sendCommand(key, false, [...command]),
    servers: () =>
      Promise.all(
        cluster.masters.map(async (node) => {
          const client = await cluster.nodeClient(node)
          return (command: readonly string[]) => client.sendCommand([...command])
        }),
      ),
    async [Symbol.asyncDispose]() {
      cluster.destroy()
    },
  }
}

/** A server that does not tell (a user without that right) is taken for one that stands alone. */
const isCluster = (send: (command: string[]) => Promise<unknown>): Promise<boolean> =>
  send(['INFO', 'cluster']).then(
    (text) => /^cluster_enabled:1\r?$/m.test(String(text)),
    () => false,
  )

/** The servers that a cluster names get the log-in of the first one. */
function loginOf(address: string): { username?: string; password?: string } {
  const { username, password } = new URL(address)
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  }
}

const tlsOf = (address: string): { tls?: true } => (address.startsWith('rediss:') ? { tls: true } : {})
