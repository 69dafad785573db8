import { Failure } from '../../../core/errors.ts'
import type { Secret } from '../../../core/secret.ts'
import type { Timers } from '../timers.ts'
import { createRequestQueue } from './request-queue.ts'
import type { Priority } from './request-queue.ts'
import { exchange } from './web-exchange.ts'
import type { WebAnswer } from './web-exchange.ts'
import { openWebFile } from './web-file.ts'
import type { WebFile } from './web-file.ts'

/** How a receiver's web interface is reached. */
export type WebClientOptions = {
  readonly url: URL
  readonly username: string | undefined
  readonly password: Secret | undefined
  readonly now: () => number
  readonly timers: Timers
}

/** What to ask for. `path` is relative to the web interface: `api/about`. */
export type WebRequest = {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly priority: Priority
  readonly signal: AbortSignal
  /** Calls that make the box work for long: a whole bouquet, a whole guide. */
  readonly bulk?: boolean
  readonly timeoutMs?: number
}

/**
 * The web interface of one receiver (OpenWebif), which runs inside the box's GUI thread: one request at a time,
 * guide calls with pauses, none while a stream starts. Keeps the session's cookie; asks for gzip.
 *
 * All methods fail with `source/login`, `source/subnet`, `source/unreachable`, `source/timeout` or `source/bad-answer`
 * (with the `status` in its facts), or with the signal's reason.
 */
export interface WebClient {
  /** The parsed JSON of a call. */
  json(request: WebRequest): Promise<unknown>
  /** The text of a call: UTF-8, or Windows-1252 from old boxes. */
  text(request: WebRequest): Promise<string>
  /** The bytes of a file; null for 404, a redirect or a web page. At most 2 MiB. */
  file(request: WebRequest): Promise<Uint8Array | null>
  /**
   * Opens a file of any length, from a place on (`range` as in HTTP's header). Others wait for its head only. Fails with
   * the status in the facts for anything but 200, 206 and 416.
   */
  open(request: WebRequest & { readonly range: string | null }): Promise<WebFile>
  /** Holds guide and logo requests for a moment, so that the box can start a stream undisturbed. */
  holdBackground(): void
  /** Refuses all further requests. */
  close(): void
}

const TIMEOUT_MS = 15_000
const BULK_TIMEOUT_MS = 60_000
const GUIDE_PAUSE_MS = 50
const STREAM_START_HOLD_MS = 3000
const MAX_ANSWER_BYTES = 8 * 1024 * 1024
const MAX_BULK_BYTES = 64 * 1024 * 1024
const MAX_FILE_BYTES = 2 * 1024 * 1024
const FIRST_BACK_OFF_MS = 1000
const LONGEST_BACK_OFF_MS = 30_000

/** Makes the client of one receiver; does nothing until asked. */
export function createWebClient({ url, username, password, now, timers }: WebClientOptions): WebClient {
  const queue = createRequestQueue({ now, timers, pauseMs: GUIDE_PAUSE_MS })
  const closing = new AbortController()
  const cookies = new Map<string, string>()
  let base = new URL(url)
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  let backOffMs = 0

  const headers = (): Record<string, string> => ({
    Accept: '*/*',
    'Accept-Encoding': 'gzip',
    'User-Agent': 'downlink',
    ...(username === undefined ? {} : { Authorization: basicAuth(username, password) }),
    ...(cookies.size === 0 ? {} : { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
  })

  /** Asks once, and once more where the box has sent us to its secure port. */
  const followed = async <T extends Pick<WebAnswer, 'status' | 'location' | 'cookies'>>(
    request: WebRequest,
    ask: (url: URL) => Promise<T>,
  ): Promise<T> => {
    const once = async (): Promise<T> => {
      const answer = await ask(address(base, request))
      keepCookies(cookies, answer.cookies)
      return answer
    }
    const answer = await once()
    const moved = movedBase(base, request, answer)
    if (moved === null) return answer
    base = moved
    return once()
  }
  const send = (request: WebRequest, maxBytes: number): Promise<WebAnswer> => {
    const timeoutMs = request.timeoutMs ?? (request.bulk === true ? BULK_TIMEOUT_MS : TIMEOUT_MS)
    const signal = AbortSignal.any([request.signal, closing.signal])
    return followed(request, (url) => exchange({ url, headers: headers(), timeoutMs, maxBytes, timers, signal }))
  }
  const openOnce = async (request: WebRequest, range: string | null): Promise<WebFile> => {
    const signal = AbortSignal.any([request.signal, closing.signal])
    const file = await followed(request, async (url) => {
      // Places in a file are places in its own bytes.
      const own = { ...headers(), 'Accept-Encoding': 'identity', ...(range !== null && { Range: range }) }
      const answer = await openWebFile({ url, headers: own, timeoutMs: TIMEOUT_MS, timers, signal })
      if (answer.status >= 300 && answer.status < 400) answer.close()
      return answer
    })
    if (file.status === 200 || file.status === 206 || file.status === 416) return file
    file.close()
    refuseError({ ...file, body: new Uint8Array() }, username !== undefined)
    throw new Failure('source/bad-answer', `The receiver sends no file, but status ${file.status}`)
  }

  const get = (request: WebRequest, maxBytes: number): Promise<WebAnswer> =>
    queue.run(request.priority, request.signal, async () => {
      try {
        const answer = await send(request, maxBytes)
        backOffMs = 0
        return answer
      } catch (error) {
        if (error instanceof Failure && error.code === 'source/timeout') {
          // A box that is busy answers late and all at once: more questions make it worse.
          backOffMs = Math.min(LONGEST_BACK_OFF_MS, Math.max(FIRST_BACK_OFF_MS, backOffMs * 2))
          queue.holdBackground(backOffMs)
        }
        throw error
      }
    })

  const text = async (request: WebRequest): Promise<string> => {
    const answer = await get(request, request.bulk === true ? MAX_BULK_BYTES : MAX_ANSWER_BYTES)
    refuseError(answer, username !== undefined)
    return decodeText(answer.body)
  }

  return {
    text,
    async json(request) {
      const body = await text(request)
      try {
        return JSON.parse(body)
      } catch (error) {
        const isPage = /^\s*</.test(body)
        const what = isPage ? 'a web page instead of data' : 'data that is cut off or damaged'
        // The parser's message quotes the answer, which may hold anything: it stays in the cause.
        throw new Failure(
          'source/bad-answer',
          `The receiver answers "${request.path}" with ${what}`,
          { path: request.path },
          error,
        )
      }
    },
    async file(request) {
      const answer = await get(request, MAX_FILE_BYTES)
      if (answer.status === 404 || (answer.status >= 300 && answer.status < 400)) return null
      refuseError(answer, username !== undefined)
      return answer.contentType.includes('html') ? null : answer.body
    },
    open: ({ range, ...request }) => queue.run(request.priority, request.signal, () => openOnce(request, range)),
    holdBackground: () => queue.holdBackground(STREAM_START_HOLD_MS),
    close() {
      const reason = new Failure('live/stopped', 'The source was closed')
      closing.abort(reason)
      queue.close(reason)
    },
  }
}

/** The value of `Authorization` for a user and password. */
export function basicAuth(username: string, password: Secret | undefined): string {
  return `Basic ${Buffer.from(`${username}:${password?.reveal() ?? ''}`, 'utf8').toString('base64')}`
}

function address(base: URL, { path, query = {} }: WebRequest): URL {
  const url = new URL(path, base)
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  url.search = pairs.join('&')
  return url
}

/** The new base when the box sends all requests to its HTTPS port; never back to plain HTTP, never to another host. */
function movedBase(
  base: URL,
  request: WebRequest,
  { status, location }: Pick<WebAnswer, 'status' | 'location'>,
): URL | null {
  if (status < 300 || status >= 400 || location === null) return null
  const target = URL.parse(location, address(base, request))
  if (target === null || target.protocol !== 'https:' || base.protocol !== 'http:' || target.hostname !== base.hostname)
    return null
  const moved = new URL(base)
  moved.protocol = 'https:'
  moved.port = target.port
  return moved
}

function keepCookies(cookies: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? []
    if (name !== undefined && value !== undefined) cookies.set(name, value.trim())
  }
}

function refuseError({ status, body }: Pick<WebAnswer, 'status' | 'body'>, hasLogin: boolean): void {
  if (status >= 200 && status < 300) return
  if (status === 401) {
    const what = hasLogin ? 'refuses the user name or password' : 'asks for a user name and password'
    throw new Failure('source/login', `The web interface of the receiver ${what}`, { status })
  }
  if (status === 403) {
    const isSubnet = /IP address|403\.6/i.test(decodeText(body.subarray(0, 4096)))
    const why = isSubnet || !hasLogin ? ': it only knows its own network while its authentication is off' : ''
    throw new Failure('source/subnet', `The web interface of the receiver refuses our address${why}`, { status })
  }
  throw new Failure('source/bad-answer', `The web interface of the receiver answers with status ${status}`, { status })
}

/**
 * Bytes as text: UTF-8 where they are that, else Windows-1252, which every byte is. Old boxes answer so; the three
 * bytes that are controls of DVB texts stay controls there.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes)
    return text.replaceAll('\u2020', '\u0086').replaceAll('\u2021', '\u0087').replaceAll('\u0160', '\u008a')
  }
}
