import { Failure } from '../../../core/errors.ts'
import { pause, unless } from '../timers.ts'
import type { Timers } from '../timers.ts'
import type { Account } from './account.ts'
import { jsonRows } from './json-rows.ts'
import type { JsonRow } from './json-rows.ts'
import { readJson, readText, refuseNothing } from './panel-body.ts'
import type { PanelAnswer, PanelHttp } from './panel-http.ts'
import { apiRefusal } from './refusal.ts'

/** How a panel's API is reached. */
export type ApiClientOptions = {
  readonly account: Account
  readonly http: PanelHttp
  readonly userAgent: string
  readonly timers: Timers
  readonly now: () => number
}

/** A call of `player_api.php`. */
export type ApiCall = {
  readonly action: string | null
  readonly parameters?: Readonly<Record<string, string>>
  /** Somebody waits for a picture: the call does not queue behind lists. */
  readonly urgent?: boolean
  /** For a test: another program's name. */
  readonly userAgent?: string
  readonly signal: AbortSignal
}

/**
 * `player_api.php` of one account: lists one at a time with a pause between (panels count 20 calls a second).
 *
 * All methods fail with `source/login|expired|blocked|unreachable|timeout|bad-answer`, or the signal's reason.
 */
export interface ApiClient {
  /** The parsed answer of a small call, at most 8 MiB. */
  json(call: ApiCall): Promise<unknown>
  /** The elements of a list, in pieces as they come. The walk keeps the line busy: no other call before its end. */
  rows(call: ApiCall): AsyncGenerator<readonly JsonRow[], void, undefined>
  /** Refuses all further calls and ends those under way. */
  close(): void
}

/** Panels think long over lists and cut at a limit of their own. */
const HEADERS_WITHIN_MS = 60_000
const LIST_WITHIN_MS = 5 * 60_000
const PAUSE_MS = 60
const MAX_JSON_BYTES = 8 * 1024 * 1024
const MAX_LIST_BYTES = 256 * 1024 * 1024

type Limits = { readonly bytes: number; readonly ms: number; readonly queued: boolean; readonly program?: string }

/** Makes the client of one account; does nothing until asked. */
export function createApiClient({ account, http, userAgent, timers, now }: ApiClientOptions): ApiClient {
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  let freeAt = -Infinity

  /** Waits for its turn; the answer gives the line back. */
  const takeTurn = async (signal: AbortSignal): Promise<() => void> => {
    const before = last
    const turn = Promise.withResolvers<void>()
    // Who gives up while waiting must not let the next one overtake.
    last = before.then(() => turn.promise)
    try {
      await unless(signal, before)
      const wait = freeAt - now()
      if (wait > 0) await pause(timers, Math.min(wait, PAUSE_MS), signal)
    } catch (error) {
      turn.resolve()
      throw error
    }
    return () => {
      freeAt = now() + PAUSE_MS
      turn.resolve()
    }
  }

  const ask = async (url: URL, what: string, program: string, signal: AbortSignal): Promise<PanelAnswer> => {
    const answer = await http.get({
      url,
      headers: { 'User-Agent': program, Accept: '*/*', 'Accept-Encoding': 'gzip' },
      headersWithinMs: HEADERS_WITHIN_MS,
      signal,
    })
    if (answer.status === 200) return answer
    const isJson = /\bjson\b/i.test(answer.headers.get('content-type') ?? '')
    await answer.close()
    throw apiRefusal(answer.status, what, isJson)
  }

  /** One call, its body bounded in bytes and in time. */
  async function* call(url: URL, what: string, limits: Limits, wanted: AbortSignal) {
    const signal = AbortSignal.any([wanted, closing.signal])
    signal.throwIfAborted()
    const done = limits.queued ? await takeTurn(signal) : () => {}
    const overdue = new AbortController()
    const cancel = timers.after(limits.ms, () =>
      overdue.abort(new Failure('source/timeout', `The panel has not finished ${what} after ${limits.ms / 1000} s`)),
    )
    let answer: PanelAnswer | null = null
    try {
      answer = await ask(url, what, limits.program ?? userAgent, AbortSignal.any([signal, overdue.signal]))
      let bytes = 0
      for await (const chunk of answer.body) {
        bytes += chunk.length
        if (bytes > limits.bytes) throw new Failure('source/bad-answer', `The panel sends too much for ${what}`)
        yield chunk
      }
    } finally {
      await answer?.close()
      cancel()
      done()
    }
  }

  const urlOf = ({ action, parameters }: ApiCall): URL => account.api(action, parameters)
  const nameOf = ({ action }: ApiCall): string => (action === null ? 'the log-in' : `"${action}"`)

  return {
    async json(asked) {
      const { urgent = false, userAgent: program } = asked
      const limits = { bytes: MAX_JSON_BYTES, ms: HEADERS_WITHIN_MS, queued: !urgent, ...(program && { program }) }
      const text = await readText(call(urlOf(asked), nameOf(asked), limits, asked.signal))
      return readJson(text, nameOf(asked))
    },
    async *rows(asked) {
      const limits = { bytes: MAX_LIST_BYTES, ms: LIST_WITHIN_MS, queued: true }
      for await (const rows of jsonRows(
        refuseNothing(call(urlOf(asked), nameOf(asked), limits, asked.signal)),
        nameOf(asked),
      )) {
        // Where a list should be, the account says that it may not.
        const refusal = rows.find(({ key }) => key === 'user_info')
        if (refusal !== undefined)
          throw new Failure('source/login', 'The panel does not know the user name or the password any more')
        yield rows
      }
    },
    close: () => closing.abort(new Failure('live/stopped', 'The source was closed')),
  }
}
