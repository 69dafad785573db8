import type { FailureCode } from '../errors.ts'
import type { Stream, StreamId } from '../lineup/stream.ts'
import { endReasonOf } from './attendance.ts'
import { coolDownMs } from './failover.ts'
import type { StreamPast } from './hub.ts'
import type { Program } from './program.ts'

/** More streams than any house plays in a day; the oldest is forgotten first. */
const MAX_STREAMS = 2000

type Memory = {
  readonly failures: number
  readonly coolUntil: number
  readonly codecs: string | null
  readonly last: StreamPast['failure']
}

const NOTHING: Memory = { failures: 0, coolUntil: 0, codecs: null, last: null }

/** What the house has learned of its streams since it started: who failed lately, and what they carry. */
export class StreamMemory {
  readonly #now: () => number
  readonly #streams = new Map<StreamId, Memory>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** A stream has failed: others are preferred to it for a while, unless the reason says nothing of the stream. */
  failed(id: StreamId, code: FailureCode): void {
    // What was asked for here is no failure of the stream.
    if (code === 'live/switched' || endReasonOf(code) === 'stopped') return
    const known = this.#streams.get(id) ?? NOTHING
    const last = { code, at: this.#now() }
    const coolMs = coolDownMs(code, known.failures + 1)
    if (coolMs === 0) this.#put(id, { ...known, last })
    else this.#put(id, { ...known, failures: known.failures + 1, coolUntil: this.#now() + coolMs, last })
  }

  /** A stream plays: what was held against it is forgotten. */
  plays(id: StreamId, program: Program | null): void {
    const { last } = this.#streams.get(id) ?? NOTHING
    this.#put(id, { failures: 0, coolUntil: 0, codecs: program === null ? null : codecsOf(program), last })
  }

  /** How the stream fared. */
  past(id: StreamId): StreamPast {
    return {
      failure: this.#streams.get(id)?.last ?? null,
      avoidedUntil: this.isCooling(id) ? this.#coolUntil(id) : null,
    }
  }

  /** Whether the stream has failed so lately that another one should be tried first. */
  isCooling(id: StreamId): boolean {
    return this.#coolUntil(id) > this.#now()
  }

  #coolUntil(id: StreamId): number {
    return this.#streams.get(id)?.coolUntil ?? 0
  }

  /**
   * The order in which the streams are to be tried: those that have not failed lately first; while viewers watch, those of
   * the same codecs first, whose players need no new decoder; else as the owner has ordered them.
   */
  order(streams: readonly Stream[], playing: Program | null): readonly Stream[] {
    const codecs = playing === null ? null : codecsOf(playing)
    const rank = ({ id }: Stream): readonly [number, number] => {
      const known = this.#streams.get(id)?.codecs ?? null
      // What is not known yet counts as the same: most sources of one channel are alike.
      const isOther = codecs !== null && known !== null && known !== codecs
      return [this.isCooling(id) ? this.#coolUntil(id) : 0, isOther ? 1 : 0]
    }
    return streams
      .map((stream) => ({ stream, rank: rank(stream) }))
      .toSorted((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1])
      .map(({ stream }) => stream)
  }

  #put(id: StreamId, memory: Memory): void {
    this.#streams.delete(id)
    this.#streams.set(id, memory)
    const [oldest] = this.#streams.keys()
    if (this.#streams.size > MAX_STREAMS && oldest !== undefined) this.#streams.delete(oldest)
  }
}

/** What decoders a programme needs: its picture's codec and its first sound's. */
function codecsOf({ streams }: Program): string {
  const video = streams.find(({ kind }) => kind === 'video')?.codec ?? '-'
  const audio = streams.find(({ kind }) => kind === 'audio')?.codec ?? '-'
  return `${video}+${audio}`
}
