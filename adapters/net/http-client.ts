import { Agent } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import { isIP } from 'node:net'
import { Failure } from '../../core/errors.ts'
import { systemTimers } from '../sources/timers.ts'
import type { Timers } from '../sources/timers.ts'
import { createAddressGuard, forbidden, plainHost, portOf } from './address-guard.ts'
import type { NamedBy, Resolve } from './address-guard.ts'
import { ACCEPTED_CODINGS } from './content-coding.ts'
import { createCookieJar } from './cookie-jar.ts'
import { sendHop } from './hop.ts'
import type { Hop } from './hop.ts'
import { createAnswer } from './http-answer.ts'
import type { HttpAnswer } from './http-answer.ts'
import { loginOf, mergeHeaders, withoutCredentials } from './request-headers.ts'
import type { RequestHeaders } from './request-headers.ts'
import { openTunnel, secureTunnel } from './tunnel.ts'

export type { HttpAnswer } from './http-answer.ts'

/** What the HTTP client of one source is made with. */
export type HttpClientOptions = {
  /** Hosts that the owner typed as addresses of this source. */
  readonly typedHosts: readonly string[]
  /** Names, addresses or ranges beside them that may be in the local network. */
  readonly allowHosts: readonly string[]
  readonly userAgent: string
  /** Go with every request; all but harmless ones (`User-Agent`, `Referer` …) only to typed and allowed hosts. */
  readonly headers?: RequestHeaders
  /** An HTTP(S) proxy; nothing goes past it. */
  readonly proxy?: URL | null
  /** Ports that this program listens on. */
  readonly ownPorts?: () => readonly number[]
  /** Keeps cookies and sends them back to their host. */
  readonly cookies?: boolean
  readonly timers?: Timers
  readonly resolve?: Resolve
}

/** How one URL is asked. */
export type HttpRequest = {
  /** Who named the URL. Where a redirect leads was named by an answer, whatever this says. */
  readonly named: NamedBy
  readonly signal: AbortSignal
  /**
   * Headers beside those of the client. A function is asked at each hop and decides alone what a host gets; a record
   * loses its credentials on the way to another host.
   */
  readonly headers?: RequestHeaders | ((url: URL) => RequestHeaders)
  /** Sends `headers` alone, in their order, and neither the client's own nor any of ours but `Host` and `Connection`. */
  readonly bare?: boolean
  /** Sent with POST, to this address alone: a redirect is the answer. Absent: GET. */
  readonly post?: string
  /** How many redirects are followed; the one beyond is a failure. 0: the redirect itself is the answer. Default 5. */
  readonly redirects?: number
  /** A connection of its own that is closed with the answer, and bytes as they are: for streams. */
  readonly stream?: boolean
  /** Milliseconds, default 5000. */
  readonly connectMs?: number
  /** Milliseconds from each hop's start to the head of its answer, default 15,000. */
  readonly headersMs?: number
  /** Milliseconds that the body may pause, default 30,000. */
  readonly idleMs?: number
  /** Of the decoded body, default 64 MiB. */
  readonly maxBytes?: number
}

/** Requests for one source. Disposing it ends all that runs, and refuses more. */
export interface HttpClient extends AsyncDisposable {
  /**
   * Asks a URL and resolves with the head of the answer, of any status, after the last redirect. The address is checked
   * and pinned at each hop. User name and password within the URL go as `Authorization`.
   *
   * Fails with `source/forbidden-address|unreachable|timeout|bad-answer`, or the signal's reason. No message carries a URL.
   */
  request(url: URL, request: HttpRequest): Promise<HttpAnswer>
}

const CONNECT_MS = 5000
const HEADERS_MS = 15_000
const IDLE_MS = 30_000
const MAX_BYTES = 64 * 1024 * 1024
const MOST_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** Connections kept for one client and host, and in all. */
const POOL = { keepAlive: true, maxSockets: 6, maxFreeSockets: 2, maxTotalSockets: 24, timeout: 30_000 } as const

/** Makes the client of one source; it connects to nothing before it is asked. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { proxy = null, ownPorts = () => [], timers = systemTimers } = options
  const guard = createAddressGuard({ ...options, ownPorts })
  const proxyGuard = createAddressGuard({ ...options, typedHosts: [], allowHosts: [], ownPorts })
  const jar = options.cookies === true ? createCookieJar() : null
  const closing = new AbortController()
  const agents = proxy === null ? { http: new Agent(POOL), https: new TlsAgent(POOL) } : null

  const headersOf = (url: URL, asked: URL, request: HttpRequest): RequestHeaders => {
    const isElsewhere = isOtherPlace(asked, url)
    const given = typeof request.headers === 'function' ? request.headers(url) : (request.headers ?? {})
    const chosen = isElsewhere && typeof request.headers !== 'function' ? withoutCredentials(given) : given
    const cookie = jar?.header(url) ?? null
    const ours = {
      'User-Agent': options.userAgent,
      Accept: '*/*',
      'Accept-Encoding': request.stream === true ? 'identity' : ACCEPTED_CODINGS,
    }
    const common = options.headers ?? {}
    const isKnown = !isElsewhere && guard.isKnown(url)
    return mergeHeaders(
      ...(request.bare === true ? [] : [ours, isKnown ? common : withoutCredentials(common)]),
      isElsewhere ? {} : loginOf(asked),
      loginOf(url),
      cookie === null ? {} : { Cookie: cookie },
      chosen,
    )
  }

  const wayTo = async (url: URL, named: NamedBy, connectMs: number, signal: AbortSignal): Promise<Hop['way']> => {
    if (proxy === null) return guard.check(url, named, signal)
    const host = await hostBehind(url, named, signal)
    const via = await proxyGuard.check(proxy, 'typed', signal)
    const socket = await openTunnel({ proxy, via, host, port: portOf(url), connectMs, timers, signal })
    return url.protocol === 'https:' ? secureTunnel(socket, { url, withinMs: connectMs, timers, signal }) : socket
  }
  /**
   * What a proxy is asked for. Names are for the proxy to resolve, so that nothing is told past it; but a proxy in the
   * local network can reach our neighbours for whoever sends us there, so it gets checked addresses of foreign names.
   */
  const hostBehind = async (url: URL, named: NamedBy, signal: AbortSignal): Promise<string> => {
    const host = plainHost(url.hostname)
    if (isIP(host) !== 0) return (await guard.check(url, named, signal)).addresses[0]?.address ?? host
    if (guard.mayBePrivate(url, named)) return host
    if (isLocalName(host)) throw forbidden(host, 'a name of a local network')
    const { isPrivate } = await proxyGuard.check(proxy ?? url, 'typed', signal)
    return isPrivate ? ((await guard.check(url, named, signal)).addresses[0]?.address ?? host) : host
  }

  const hop = async (url: URL, named: NamedBy, asked: URL, request: HttpRequest, signal: AbortSignal) => {
    const limits = { connectMs: request.connectMs ?? CONNECT_MS, headersMs: request.headersMs ?? HEADERS_MS }
    const way = await wayTo(url, named, limits.connectMs, signal)
    const agent = request.stream === true ? null : (agents?.[url.protocol === 'https:' ? 'https' : 'http'] ?? null)
    const { post } = request
    const headers = headersOf(url, asked, request)
    const incoming = await sendHop({
      url,
      headers,
      ...(post !== undefined && { post }),
      way,
      agent: post === undefined ? agent : null, // never sent twice by itself
      limits,
      timers,
      signal,
    })
    jar?.keep(url, incoming.headers['set-cookie'] ?? [])
    return incoming
  }

  return {
    async request(asked, request) {
      const signal = AbortSignal.any([request.signal, closing.signal])
      const most = request.post === undefined ? (request.redirects ?? MOST_REDIRECTS) : 0
      let url = withoutHash(asked)
      let named = request.named
      for (let redirects = 0; ; redirects++) {
        signal.throwIfAborted()
        if (!/^https?:$/.test(url.protocol))
          throw new Failure('source/not-supported', `"${url.protocol}" addresses cannot be asked; only http and https`)
        const incoming = await hop(url, named, asked, request, signal)
        const target = most === 0 ? null : redirectOf(incoming, url)
        if (target === null) {
          const { idleMs = IDLE_MS, maxBytes = MAX_BYTES } = request
          return createAnswer(incoming, { url, idleMs, maxBytes, timers, signal })
        }
        incoming.destroy()
        if (redirects === most)
          throw new Failure('source/bad-answer', `The source redirects more than ${most} times`, { redirects: most })
        named = target.hostname === asked.hostname ? request.named : 'answered'
        url = target
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Failure('live/stopped', 'The source was closed'))
      agents?.http.destroy()
      agents?.https.destroy()
    },
  }
}

const withoutHash = (url: URL): URL => {
  const bare = new URL(url)
  bare.hash = ''
  return bare
}

/** Whether what was meant for one place is not for the other: another host, or no longer a secure connection. */
const isOtherPlace = (meant: URL, url: URL): boolean =>
  meant.hostname !== url.hostname || (meant.protocol === 'https:' && url.protocol !== 'https:')

/** Where an answer sends us; null: nowhere. Fails with `source/bad-answer` when that cannot be read. */
function redirectOf(incoming: IncomingMessage, url: URL): URL | null {
  const { location } = incoming.headers
  if (!REDIRECTS.has(incoming.statusCode ?? 0) || location === undefined) return null
  // Headers come as Latin-1; what stands in them is UTF-8 if it is anything beyond ASCII.
  const target = URL.parse(Buffer.from(location, 'latin1').toString('utf8'), url)
  if (target !== null) return withoutHash(target)
  incoming.destroy()
  throw new Failure('source/bad-answer', 'The source redirects to something that is no address')
}

/** A name that only the own network knows. */
const isLocalName = (host: string): boolean =>
  !host.includes('.') || /\.(local|localhost|localdomain|lan|home|internal|intranet|fritz\.box|home\.arpa)$/.test(host)
