import { Agent, request as requestHttp } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Agent as TlsAgent } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Failure } from '../../core/errors.ts'
import type { Timers } from '../sources/timers.ts'
import type { CheckedHost } from './address-guard.ts'
import { connectFailure } from './net-failure.ts'
import type { RequestHeaders } from './request-headers.ts'

/** How long the steps of a request may take, milliseconds. */
export type HopLimits = {
  readonly connectMs: number
  /** From the start to the head of the answer. */
  readonly headersMs: number
}

/** One request on one connection. */
export type Hop = {
  readonly url: URL
  readonly headers: RequestHeaders
  /** Sent with POST; absent: GET. */
  readonly post?: string
  /** A connection to the target that stands already (through a proxy), or the addresses to connect to. */
  readonly way: Socket | CheckedHost
  /** Keeps connections for later; null: one connection of its own, closed with the answer. */
  readonly agent: Agent | TlsAgent | null
  readonly limits: HopLimits
  readonly timers: Timers
  readonly signal: AbortSignal
}

/**
 * Sends one request and resolves with the head of the answer; follows nothing. Whoever gets the answer destroys it or reads
 * it to its end.
 *
 * Fails with `source/unreachable|timeout|bad-answer`, or the signal's reason.
 */
export async function sendHop(hop: Hop): Promise<IncomingMessage> {
  try {
    return await send(hop)
  } catch (error) {
    // A kept connection may have been closed by the other side just now.
    if (error instanceof StaleConnection) return send({ ...hop, agent: null })
    throw error
  }
}

class StaleConnection extends Error {}

function send({ url, headers, post, way, agent, limits, timers, signal }: Hop): Promise<IncomingMessage> {
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      cancelConnect()
      cancelHeaders()
      signal.removeEventListener('abort', abort)
      finish()
    }
    const fail = (reason: unknown): void =>
      settle(() => {
        reject(reason)
        outgoing.destroy()
      })
    const abort = (): void => fail(signal.reason)
    const { connectMs, headersMs } = limits
    const cancelConnect = timers.after(connectMs, () => {
      if (outgoing.socket?.connecting !== false)
        fail(new Failure('source/unreachable', `The source does not take a connection within ${connectMs} ms`))
    })
    const cancelHeaders = timers.after(headersMs, () =>
      fail(new Failure('source/timeout', `The source does not answer within ${headersMs} ms`, { headersMs })),
    )
    const outgoing = start({ url, headers, post, way, agent })
    outgoing.on('error', (error) =>
      fail(outgoing.reusedSocket && agent !== null ? new StaleConnection() : connectFailure(error, 'The source')),
    )
    outgoing.on('response', (incoming) => {
      incoming.on('error', () => {}) // whoever reads it hears of it too
      settle(() => resolve(incoming))
    })
    signal.addEventListener('abort', abort, { once: true })
    outgoing.end(post)
  })
}

type Start = Pick<Hop, 'url' | 'headers' | 'way' | 'agent'> & { readonly post: string | undefined }

function start({ url, headers, post, way, agent }: Start): ClientRequest {
  const common: RequestOptions = {
    method: post === undefined ? 'GET' : 'POST',
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? null : url.port,
    path: url.pathname + url.search,
    headers,
    insecureHTTPParser: true, // IPTV servers are careless with line ends and lengths
  }
  if (!('addresses' in way)) {
    // TLS, if any, is done by the socket already.
    return requestHttp({ ...common, protocol: 'http:', headers: withHost(url, headers), agent: new GivenSocket(way) })
  }
  const options = { ...common, agent: agent ?? false, lookup: pinnedTo(way) }
  if (url.protocol !== 'https:') return requestHttp(options)
  return requestHttps({ ...options, rejectUnauthorized: !way.isPrivate })
}

/** A socket has no port of the target to write into `Host`. */
const withHost = (url: URL, headers: RequestHeaders): RequestHeaders =>
  Object.keys(headers).some((name) => name.toLowerCase() === 'host') ? headers : { Host: url.host, ...headers }

/** Answers every question for an address with those that were checked, so that nothing else can be connected to. */
const pinnedTo =
  ({ addresses }: CheckedHost): NonNullable<RequestOptions['lookup']> =>
  (_host, { all }, answer) => {
    const [first] = addresses
    if (first === undefined) answer(new Error('No address was allowed'), '')
    else if (all === true) answer(null, [...addresses])
    else answer(null, first.address, first.family)
  }

/** Gives a request the one socket that was made for it. */
class GivenSocket extends Agent {
  readonly #socket: Socket

  constructor(socket: Socket) {
    super({ keepAlive: false })
    this.#socket = socket
  }

  override createConnection(): Duplex {
    return this.#socket
  }
}
