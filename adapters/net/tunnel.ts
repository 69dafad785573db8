import { createConnection, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Failure } from '../../core/errors.ts'
import type { Timers } from '../sources/timers.ts'
import type { CheckedHost } from './address-guard.ts'
import { portOf } from './address-guard.ts'
import { connectFailure } from './net-failure.ts'
import { loginOf } from './request-headers.ts'

/** A way through an HTTP proxy. */
export type Tunnel = {
  /** `http:` or `https:`, with the user name and password of the proxy if it wants any. */
  readonly proxy: URL
  /** Where the proxy may be connected to. */
  readonly via: CheckedHost
  /** What the proxy is to connect to: a name or an address. */
  readonly host: string
  readonly port: number
  readonly connectMs: number
  readonly timers: Timers
  readonly signal: AbortSignal
}

/** The head of a proxy's answer is a few lines. */
const LONGEST_HEAD = 16 * 1024

/**
 * Opens a connection through a proxy by `CONNECT` (RFC 9110, 9.3.6), also for plain HTTP, so that the proxy adds nothing
 * to requests. There is no way around it: whatever goes wrong is a failure.
 *
 * Fails with `source/unreachable`, or with the signal's reason.
 */
export async function openTunnel(tunnel: Tunnel): Promise<Socket> {
  const { proxy, via, signal } = tunnel
  signal.throwIfAborted()
  let last: unknown = null
  for (const { address } of via.addresses) {
    try {
      return await tryTunnel(tunnel, address)
    } catch (error) {
      signal.throwIfAborted()
      last = error
    }
  }
  throw last instanceof Failure ? last : connectFailure(last, `The proxy "${proxy.hostname}"`)
}

function tryTunnel(tunnel: Tunnel, address: string): Promise<Socket> {
  const { proxy, via, connectMs, timers, signal } = tunnel
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: address, port: portOf(proxy) })
    const line =
      proxy.protocol === 'https:'
        ? connectTls({ socket, ...serverName(proxy.hostname), rejectUnauthorized: !via.isPrivate })
        : socket
    let head = ''
    const settle = (finish: () => void): void => {
      cancelTimer()
      signal.removeEventListener('abort', abort)
      line.removeListener('data', read)
      finish()
    }
    const fail = (reason: unknown): void =>
      settle(() => {
        line.destroy()
        socket.destroy()
        reject(reason)
      })
    const abort = (): void => fail(signal.reason)
    const cancelTimer = timers.after(connectMs, () =>
      fail(new Failure('source/unreachable', `The proxy does not connect us within ${connectMs} ms`)),
    )
    const read = (chunk: Uint8Array): void => {
      head += Buffer.from(chunk).toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) {
        if (head.length > LONGEST_HEAD) fail(new Failure('source/unreachable', 'The proxy speaks no HTTP'))
        return
      }
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1])
      if (status !== 200) return fail(refusal(status))
      // The far side of a tunnel waits for us to speak first.
      if (head.length > end + 4) return fail(new Failure('source/unreachable', 'The proxy answers for the source'))
      settle(() => resolve(line))
    }
    line.on('data', read)
    line.on('error', fail) // stays: a socket that nobody uses yet may break as well
    socket.on('error', fail)
    line.on('close', () => fail(new Failure('source/unreachable', 'The proxy closed the connection')))
    line.once(proxy.protocol === 'https:' ? 'secureConnect' : 'connect', () => line.write(writeConnect(tunnel)))
    signal.addEventListener('abort', abort, { once: true })
  })
}

function writeConnect({ proxy, host, port }: Tunnel): string {
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  const { Authorization: login } = loginOf(proxy)
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`]
  if (login !== undefined) lines.push(`Proxy-Authorization: ${login}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

function refusal(status: number): Failure {
  const why = status === 407 ? 'refuses the user name or password' : 'does not connect us to the source'
  return new Failure('source/unreachable', `The proxy ${why} (HTTP ${status})`, { status })
}

/** The name that a certificate should have; addresses are not sent as names (RFC 6066, 3). */
const serverName = (host: string): { servername?: string } => {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  return isIP(bare) === 0 ? { servername: bare } : {}
}

/**
 * TLS on a connection that a proxy made; resolves after the certificate was found good. Owns the socket.
 *
 * Fails with `source/unreachable`, or with the signal's reason.
 */
export function secureTunnel(
  socket: Socket,
  {
    url,
    withinMs,
    timers,
    signal,
  }: { readonly url: URL; readonly withinMs: number; readonly timers: Timers; readonly signal: AbortSignal },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const line = connectTls({ socket, ...serverName(url.hostname) })
    const settle = (finish: () => void): void => {
      cancelTimer()
      signal.removeEventListener('abort', abort)
      finish()
    }
    const fail = (reason: unknown): void =>
      settle(() => {
        line.destroy()
        socket.destroy()
        reject(reason)
      })
    const abort = (): void => fail(signal.reason)
    const cancelTimer = timers.after(withinMs, () =>
      fail(new Failure('source/unreachable', `No secure connection through the proxy within ${withinMs} ms`)),
    )
    line.once('secureConnect', () => settle(() => resolve(line)))
    line.on('error', (error: Error) => fail(connectFailure(error, 'The source')))
    line.on('close', () => fail(connectFailure(null, 'The source')))
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
}
