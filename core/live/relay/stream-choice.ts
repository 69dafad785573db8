import { Failure } from '../../errors.ts'
import type { Channel } from '../../lineup/channel.ts'
import type { Stream, StreamId } from '../../lineup/stream.ts'
import type { Program } from '../program.ts'
import type { StreamMemory } from '../stream-memory.ts'

/** Which stream of a channel comes next: by hand, or by the owner's order and what is known of failures. */
export class StreamChoice {
  readonly #channel: Channel
  readonly #memory: StreamMemory
  /** The stream that somebody asked for by hand; it comes next. */
  #asked: Stream | null = null
  /** The stream that was left on request; it comes next if the one that was asked for does not work. */
  #left: Stream | null = null

  readonly #now: () => readonly Stream[] | null

  /** `now`: the channel's streams as the owner has them now; null: as the channel says. */
  constructor(channel: Channel, memory: StreamMemory, now: () => readonly Stream[] | null) {
    this.#channel = channel
    this.#memory = memory
    this.#now = now
  }

  /** What may be opened, in order of fail-over. */
  get streams(): readonly Stream[] {
    return this.#now() ?? this.#channel.streams
  }

  /** Whether the stream may be opened: the owner may have switched it off while it played. */
  offers({ id }: Stream): boolean {
    return this.streams.some((stream) => stream.id === id)
  }

  /** Whether some other stream may be opened. */
  hasOther({ id }: Stream): boolean {
    return this.streams.some((stream) => stream.id !== id)
  }

  /** Somebody has asked for a stream that has not been tried yet. */
  get isAsked(): boolean {
    return this.#asked !== null
  }

  /** Takes this stream next, or (null) the one behind `playing`; gives it. Fails with `live/unknown-stream`. */
  ask(id: StreamId | null, playing: Stream | null): Stream {
    const { name } = this.#channel
    const { streams } = this
    const at = streams.findIndex((stream) => stream.id === playing?.id)
    const asked = id === null ? streams[(at + 1) % streams.length] : streams.find((stream) => stream.id === id)
    if (asked === undefined) throw new Failure('live/unknown-stream', `"${name}" has no stream "${id ?? ''}"`)
    this.#asked = asked
    return asked
  }

  /** The stream was left on request. */
  leave(stream: Stream): void {
    this.#left = stream
  }

  /** A stream plays: there is nothing to go back to. */
  settle(): void {
    this.#left = null
  }

  /**
   * The stream that comes next: the one that was asked for or left for it, else the best one not tried in this round.
   * `playing`: what viewers have been getting, so that codecs stay; null: none left.
   */
  next(tried: ReadonlySet<StreamId>, playing: Program | null): Stream | null {
    const wanted = this.#asked ?? this.#left
    if (this.#asked === null) this.#left = null
    this.#asked = null
    if (wanted !== null && this.offers(wanted)) return wanted
    const untried = this.streams.filter(({ id }) => !tried.has(id))
    return this.#memory.order(untried, playing)[0] ?? null
  }

  /** A stream that the owner prefers to the one that plays has not failed lately. */
  hasBetter(playing: Stream | null): boolean {
    const { streams } = this
    const at = streams.findIndex(({ id }) => id === playing?.id)
    return streams.slice(0, Math.max(at, 0)).some(({ id }) => !this.#memory.isCooling(id))
  }
}
