import type { FailureCode } from '../errors.ts'
import type { Stream, StreamId } from '../lineup/stream.ts'
import { coolDownMs } from './failover.ts'
import type { Program } from './program.ts'

/** More streams than any house plays in a day; the oldest is forgotten first. */
const MAX_STREAMS = 2000

type Memory = { readonly failures: number; readonly coolUntil: number; readonly codecs: string | null }

/** What the house has learned of its streams since it started: who failed lately, and what they carry. */
export class StreamMemory {
  readonly #now: () => number
  readonly #streams = new Map<StreamId, Memory>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** A stream has failed: others are preferred to it for a while. */
  failed(id: StreamId, code: FailureCode): void {
    const known = this.#streams.get(id)
    const failures = (known?.failures ?? 0) + 1
    const coolMs = coolDownMs(code, failures)
    if (coolMs === 0) return
    this.#put(id, { failures, coolUntil: this.#now() + coolMs, codecs: known?.codecs ?? null })
  }

  /** A stream plays: what was held against it is forgotten. */
  plays(id: StreamId, program: Program | null): void {
    this.#put(id, { failures: 0, coolUntil: 0, codecs: program === null ? null : codecsOf(program) })
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
