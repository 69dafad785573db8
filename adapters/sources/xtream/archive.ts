import { Failure } from '../../../core/errors.ts'
import type { PastOpener } from '../../../core/lineup/past.ts'
import type { VodFile } from '../../../core/lineup/vod.ts'
import { heldFile } from '../../../core/lineup/held-file.ts'
import type { Account } from './account.ts'
import type { PanelClock } from './panel-clock.ts'
import type { PanelHttp } from './panel-http.ts'
import type { Seat, Seats } from './seats.ts'

/** What the archive of an account needs. */
export type ArchiveOptions = {
  readonly account: Account
  readonly http: PanelHttp
  readonly userAgent: string
  /** The panel's clock: times in addresses are its own. Asks the panel where it is not known yet. */
  readonly clock: (signal: AbortSignal) => Promise<PanelClock>
  readonly seats: Seats
  readonly closing: AbortSignal
}

const FIRST_BYTE_MS = 25_000
const MINUTE_MS = 60_000

type Way = (account: Account, id: string, start: string, minutes: number) => URL

/** In the order in which they are worth a try: lists of HLS often answer where their segments do not (xtream.md §6). */
const WAYS: readonly Way[] = [
  (account, id, start, minutes) => account.archive(id, start, minutes, 'ts'),
  (account, id, start, minutes) => account.oldArchive(id, start, minutes, 'ts'),
  (account, id, start, minutes) => account.archive(id, start, minutes, 'm3u8'),
  (account, id, start, minutes) => account.oldArchive(id, start, minutes, 'm3u8'),
  (account, id, start, minutes) => account.oldArchive(id, start, minutes, ''),
]

/**
 * Replays channels of one account, on a seat like any stream. Which of a panel's ways of asking works is found once, by
 * opening, and remembered. Panels keep whole minutes in files of their own clock: the stretch grows to them.
 *
 * Source: protocols/xtream.md §6.
 */
export function createArchive(options: ArchiveOptions): PastOpener {
  const { account, http, userAgent, seats, closing } = options
  let known: Way | null = null

  return {
    async openPast({ stream, span, range, signal: wanted }) {
      const signal = AbortSignal.any([wanted, closing])
      signal.throwIfAborted()
      const clock = await options.clock(signal)
      const from = Math.floor(span.from / MINUTE_MS) * MINUTE_MS
      const minutes = (span.to - from) / MINUTE_MS
      const seat = await seats.take(stream.name, signal)
      let problem: unknown = null
      for (const way of known === null ? WAYS : [known, ...WAYS.filter((other) => other !== known)]) {
        try {
          const file = await http.past({
            url: way(account, stream.item, clock.archiveStart(from), minutes),
            name: stream.name,
            headers: { 'User-Agent': userAgent, Accept: '*/*' },
            firstByteMs: FIRST_BYTE_MS,
            range,
            signal,
          })
          known = way
          return seated(file, seat)
        } catch (error) {
          problem ??= error
          // What worked before is no longer in question: it is this stretch that the panel does not have.
          if (signal.aborted || !isOfWay(error) || way === known) break
        }
      }
      throw refused(problem, seat, stream.name)
    },
  }
}

/** Panels answer an address that they do not know with 404 or 405, with a page, or with nothing. */
function isOfWay(error: unknown): boolean {
  if (!(error instanceof Failure)) return false
  const { status } = error.facts
  if (status !== undefined) return status === 404 || status === 405 || status === 400
  return error.code === 'live/refused' || error.code === 'live/not-mpeg-ts'
}

function refused(problem: unknown, seat: Seat, name: string): unknown {
  const status = problem instanceof Failure ? problem.facts['status'] : undefined
  const isRefusal = problem instanceof Failure && problem.code === 'live/refused'
  if (isRefusal && seat.refused(typeof status === 'number' ? status : null))
    return new Failure('live/no-slot', `The provider still counts the stream before "${name}"`, {}, problem)
  seat.free()
  return problem
}

function seated(file: VodFile, seat: Seat): VodFile {
  seat.opened()
  let closed: Promise<void> | null = null
  const close = (): Promise<void> => {
    closed ??= file.close()
    seat.free(closed)
    return closed
  }
  return heldFile({ ...file, close }, () => void close())
}
