import { Failure } from '../../../core/errors.ts'
import { readAnswer } from './answer.ts'
import type { PortalAnswer } from './answer.ts'
import { apiHeaders } from './box-headers.ts'
import type { BoxIdentity } from './identity.ts'
import type { Pacer, Urgency } from './pacer.ts'
import { endpointOfScript, pageOfEndpoint, portalAddress } from './portal-address.ts'
import type { PortalReply, PortalTransport } from './transport.ts'

/** A question to a portal; `query` without `JsHttpRequest`. */
export type PortalCall = {
  readonly identity: BoxIdentity
  readonly token: string | null
  readonly query: Readonly<Record<string, string>>
  readonly urgency: Urgency
  readonly timeoutMs?: number
  readonly signal: AbortSignal
}

/** A portal at its endpoint, which is looked for once. */
export interface PortalClient {
  /** The endpoint; null before it was found. */
  endpoint(): URL | null
  /** Asks, whatever the answer is. Fails with `source/unreachable|timeout|blocked|bad-answer` or the signal's reason. */
  call(call: PortalCall): Promise<PortalAnswer>
  /** Fetches a picture of the portal; null if there is none. */
  picture(url: URL, identity: BoxIdentity, signal: AbortSignal): Promise<Uint8Array | null>
  /** Until when nothing is asked because the portal blocks us, epoch milliseconds; null: it does not. */
  blockedUntil(): number | null
}

/** What a client needs. */
export type PortalClientOptions = {
  readonly url: URL
  readonly timezone: string
  readonly transport: PortalTransport
  readonly pacer: Pacer
  readonly now: () => number
  /** Ends everything when the source is closed. */
  readonly closing: AbortSignal
}

const TIMEOUT_MS = 15_000
const PROBE_TIMEOUT_MS = 8000
const LONGEST_BODY = 128 * 1024 * 1024 // stalker.md §10.3
const LONGEST_SCRIPT = 512 * 1024
const LONGEST_PICTURE = 2 * 1024 * 1024
const MOST_REDIRECTS = 4
/** A blocked address is left alone for hours; each block in a row doubles it. Source: stalker.md §3. */
const BLOCKED_MS = 2 * 3600_000
const LONGEST_BLOCK_MS = 24 * 3600_000
/** Panels answer hidden refusals with 404 as well: the endpoint is not looked for again at each of them. */
const FOUND_FOR_MS = 10 * 60_000
/** How long the search for the endpoint may take. */
const FIND_MS = 60_000

/** Makes the client of one portal. It asks nothing before it is asked. */
export function createPortalClient(options: PortalClientOptions): PortalClient {
  const { transport, pacer, now } = options
  const address = portalAddress(options.url)
  let endpoint: URL | null = null
  let foundAt = -Infinity
  let finding: Promise<URL> | null = null
  let blocked: { readonly until: number; readonly strikes: number } | null = null

  const refuseWhileBlocked = (): void => {
    if (blocked === null || blocked.until <= now()) return
    throw new Failure('source/blocked', 'The portal blocks our address; it is left alone for some hours', {
      until: blocked.until,
    })
  }

  /** Follows redirects by hand, on the same host with all headers; none to another (stalker.md §1). */
  const get = async (url: URL, call: Omit<PortalCall, 'query' | 'urgency'>, maxBytes: number): Promise<PortalReply> => {
    const referer = pageOfEndpoint(endpoint ?? address.candidates[0] ?? options.url)
    const headers = apiHeaders({ ...call, timezone: options.timezone, referer })
    let target = url
    for (let hop = 0; ; hop++) {
      const reply = await transport.get({
        url: target,
        headers,
        timeoutMs: call.timeoutMs ?? TIMEOUT_MS,
        maxBytes,
        signal: call.signal,
      })
      const next = reply.status >= 300 && reply.status < 400 ? URL.parse(reply.location ?? '', target) : null
      if (next === null || hop >= MOST_REDIRECTS) return reply
      if (next.hostname !== target.hostname) return { ...reply, status: 404 } // a portal does not send its boxes away
      target = next
    }
  }

  const ask = async (at: URL, call: PortalCall): Promise<PortalAnswer> => {
    const url = new URL(at)
    url.search = printQuery({ ...call.query, JsHttpRequest: '1-xml' })
    const answer = readAnswer(await get(url, call, LONGEST_BODY))
    if (answer.kind === 'banned') {
      const strikes = (blocked?.strikes ?? 0) + 1
      blocked = { until: now() + Math.min(BLOCKED_MS * 2 ** (strikes - 1), LONGEST_BLOCK_MS), strikes }
      refuseWhileBlocked()
    }
    if (answer.kind === 'data') blocked = null
    return answer
  }

  /** Whether something there speaks the protocol, with a question that every portal knows and that changes nothing. */
  const isPortal = async (at: URL, call: PortalCall): Promise<boolean> => {
    const query = { type: 'itv', action: 'get_genres' }
    const { kind } = await ask(at, { ...call, query, token: null, timeoutMs: PROBE_TIMEOUT_MS })
    if (kind === 'busy') throw busy()
    return kind !== 'missing' && kind !== 'not-portal'
  }

  /** The endpoints that the portal's own script names: one request more, so only where guessing fails. */
  const fromScripts = async (call: PortalCall): Promise<readonly URL[]> => {
    const found: URL[] = []
    for (const script of address.scripts) {
      const { status, body } = await get(script, { ...call, token: null, timeoutMs: PROBE_TIMEOUT_MS }, LONGEST_SCRIPT)
      const named = status === 200 ? endpointOfScript(new TextDecoder().decode(body), script) : null
      if (named !== null) found.push(named)
    }
    return found
  }

  const find = async (call: PortalCall): Promise<URL> => {
    for (const candidate of address.candidates) if (await isPortal(candidate, call)) return candidate
    for (const candidate of await fromScripts(call)) if (await isPortal(candidate, call)) return candidate
    throw new Failure('source/bad-answer', 'There is no portal at this address', { tried: address.candidates.length })
  }

  const findOnce = (call: PortalCall): Promise<URL> => {
    // Shared by all who wait: one of them going away must not end it for the others.
    const signal = AbortSignal.any([AbortSignal.timeout(FIND_MS), options.closing])
    finding ??= find({ ...call, signal }).finally(() => (finding = null))
    return raceAbort(finding, call.signal)
  }

  return {
    endpoint: () => endpoint,
    blockedUntil: () => (blocked === null || blocked.until <= now() ? null : blocked.until),
    async call(call) {
      refuseWhileBlocked()
      call.signal.throwIfAborted()
      if (endpoint === null) {
        endpoint = await findOnce(call)
        foundAt = now()
      }
      const at = endpoint
      const answer = await pacer.run(call.urgency, call.signal, () => {
        refuseWhileBlocked()
        return ask(at, call)
      })
      // What a wrong address would say too: it is looked for again at the next call.
      const isLost = answer.kind === 'missing' || answer.kind === 'not-portal'
      if (isLost && now() - foundAt > FOUND_FOR_MS) endpoint = null
      return answer
    },
    async picture(url, identity, signal) {
      refuseWhileBlocked()
      const isOwn = url.hostname === options.url.hostname
      const call = { identity, token: null, signal }
      const { status, body } = await pacer.run('list', signal, () =>
        isOwn
          ? get(url, call, LONGEST_PICTURE)
          : transport.get({ url, headers: {}, timeoutMs: TIMEOUT_MS, maxBytes: LONGEST_PICTURE, signal }),
      )
      return status === 200 && body.length > 0 ? body : null
    },
  }
}

/** The portal asks for patience. */
export const busy = (): Failure => new Failure('source/timeout', 'The portal is overloaded and asks to come back later')

/** Blanks as `%20`: a `+` would reach a portal's command as it is. */
const printQuery = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&')

/** The promise, or the signal's reason if that comes first. */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
  })
}
