import { Failure } from '../../../core/errors.ts'
import type { OpenRequest, StreamOpener, Upstream, UpstreamSink } from '../../../core/live/upstream.ts'
import type { Account } from './account.ts'
import type { PanelHttp, PanelStream } from './panel-http.ts'
import type { Seat, Seats } from './seats.ts'
import type { Verdicts } from './verdicts.ts'

/** Form of a live stream, as the end of its address. */
export type StreamForm = 'ts' | 'm3u8'

/** What the opening of channels needs. */
export type OpenerOptions = {
  readonly account: Account
  readonly http: PanelHttp
  readonly userAgent: string
  /** The form to ask for, as configured or as the account allows. */
  readonly form: () => StreamForm
  /** Whether the other form may be tried where this one is not allowed. */
  readonly mayChangeForm: boolean
  readonly seats: Seats
  readonly verdicts: Verdicts
  readonly now: () => number
}

type Start = { readonly sink: UpstreamSink; readonly program: string; readonly signal: AbortSignal }

/** Opens live channels of one account. Disposing it closes them all. */
export interface PanelOpener extends StreamOpener, AsyncDisposable {}

/** On-demand channels start after 10 to 20 s (protocols/xtream.md §5). */
const FIRST_BYTE_MS = 25_000
const CLEAR_WITHIN_MS = 8000
const MOST_FORMS = 500

/**
 * Makes the opener of one account. Each opening starts from the channel's own address: what a panel redirects to is good
 * once, for seconds.
 */
export function createOpener(options: OpenerOptions): PanelOpener {
  const { account, http, userAgent, seats, verdicts, now } = options
  const closing = new AbortController()
  const running = new Set<PanelStream>()
  /** Channels that come in the other form only. */
  const otherForm = new Set<string>()

  const formOf = (id: string): StreamForm => {
    const usual = options.form()
    return otherForm.has(id) ? other(usual) : usual
  }
  const rememberOther = (id: string): void => {
    const [oldest] = otherForm
    if (otherForm.size >= MOST_FORMS && oldest !== undefined) otherForm.delete(oldest)
    if (!otherForm.delete(id)) otherForm.add(id)
  }

  const connect = (id: string, name: string, form: StreamForm, { program, ...rest }: Start): Promise<PanelStream> =>
    http.stream({
      url: account.stream('live', id, form),
      name,
      headers: { 'User-Agent': program, Accept: '*/*' },
      firstByteMs: FIRST_BYTE_MS,
      ...rest,
    })

  /** One start; a panel that allows the channel in the other form only is asked a second time, after the first is over. */
  const start = async (id: string, name: string, rest: Start): Promise<PanelStream> => {
    const form = formOf(id)
    try {
      return await connect(id, name, form, rest)
    } catch (error) {
      if (!options.mayChangeForm || statusOf(error) !== 405) throw error
      rememberOther(id)
      return connect(id, name, other(form), rest)
    }
  }

  /** What a failed start means for the account and for the channel. */
  const refuse = (error: unknown, id: string, name: string, seat: Seat): unknown => {
    if (!(error instanceof Failure)) {
      seat.free()
      return error
    }
    const status = refusalStatus(error)
    if (status === undefined) {
      seat.free()
      return error
    }
    // Refused in the same way twice: then it is about the channel, not about the stream before.
    if (verdicts.isRepeated(id, status)) seat.free()
    else if (seat.refused(status)) {
      verdicts.refused(id, status, null)
      return new Failure('live/no-slot', `The provider still counts the stream before "${name}"`, { status }, error)
    }
    verdicts.refused(id, status, error)
    return error
  }

  return {
    async open({ stream, sink, userAgent: tested, signal: wanted }: OpenRequest): Promise<Upstream> {
      const { item: id, name } = stream
      const signal = AbortSignal.any([wanted, closing.signal])
      signal.throwIfAborted()
      verdicts.check(id)
      const seat = await seats.take(name, signal)
      const openedAt = now()
      let isOver = false
      let opened: PanelStream | null = null
      const watched: UpstreamSink = {
        data: (chunk) => sink.data(chunk),
        end(failure) {
          if (isOver) return
          isOver = true
          if (opened !== null) running.delete(opened)
          // A stall or garbage is the channel's; an end may be the account's. A run of HLS that was replaced gets 403.
          const isEnd = failure.code === 'live/ended' || (opened?.isHls === true && statusOf(failure) === 403)
          if (!isEnd) seat.free()
          const why = isEnd ? seat.lost() : failure
          sink.end((isEnd && why.code === 'live/ended' ? verdicts.ended(id, now() - openedAt, name) : null) ?? why)
        },
      }
      try {
        opened = await start(id, name, { sink: watched, program: tested ?? userAgent, signal })
      } catch (error) {
        isOver = true
        // What another program is refused says nothing about the channel.
        if (tested === undefined && !wanted.aborted && !closing.signal.aborted) throw refuse(error, id, name, seat)
        seat.free()
        throw error
      }
      const live = opened
      verdicts.opened(id)
      seat.opened()
      if (!isOver) running.add(live)
      return {
        programNumber: null,
        clearWithinMs: CLEAR_WITHIN_MS,
        close() {
          running.delete(live)
          isOver = true
          seat.free(live.close(), live.isHls)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Failure('live/stopped', 'The source was closed'))
      await Promise.allSettled([...running].map((stream) => stream.close()))
      running.clear()
    },
  }
}

const other = (form: StreamForm): StreamForm => (form === 'ts' ? 'm3u8' : 'ts')

/** The status that a failure tells; undefined: none. */
function statusOf(error: unknown): number | undefined {
  const status = error instanceof Failure ? error.facts['status'] : undefined
  return typeof status === 'number' ? status : undefined
}

/** The status of a refusal, null for 200 with nothing; undefined: the failure is no refusal. */
function refusalStatus(error: Failure): number | null | undefined {
  if (error.facts['reason'] === 'empty') return null
  return statusOf(error)
}
