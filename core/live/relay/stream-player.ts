import { asFailure, Failure } from '../../errors.ts'
import type { Channel } from '../../lineup/channel.ts'
import type { Stream } from '../../lineup/stream.ts'
import { Attempt } from '../attempt.ts'
import type { KeyframeRing } from '../keyframe-ring.ts'
import type { SlateScreen } from '../slate-screen.ts'
import type { Slot } from '../slots.ts'
import type { Splicer } from '../splicer.ts'
import type { TsChunk } from '../ts-chunk.ts'
import type { RelayPorts } from './ports.ts'

/** How a stream ended; `wasLive`: after its picture had been sent. */
export type Played = { readonly failure: Failure; readonly wasLive: boolean }

/** Plays one stream after another into a splicer: slot, attempt, and what has to be forgotten when it ends. */
export class StreamPlayer {
  readonly #channel: Channel
  readonly #ports: Pick<RelayPorts, 'opener' | 'reserve' | 'shift' | 'now' | 'onEvent'>
  readonly #splicer: Splicer
  readonly #screen: SlateScreen
  readonly #ring: KeyframeRing
  readonly #signal: AbortSignal
  #attempt: Attempt | null = null
  #bytesInBefore = 0
  #errorsBefore = 0
  #damagedBefore = 0

  constructor(options: {
    readonly channel: Channel
    readonly ports: Pick<RelayPorts, 'opener' | 'reserve' | 'shift' | 'now' | 'onEvent'>
    readonly splicer: Splicer
    readonly screen: SlateScreen
    readonly ring: KeyframeRing
    /** Ends everything. */
    readonly signal: AbortSignal
  }) {
    this.#channel = options.channel
    this.#ports = options.ports
    this.#splicer = options.splicer
    this.#screen = options.screen
    this.#ring = options.ring
    this.#signal = options.signal
  }

  /** The stream that is open or being opened; null between two. */
  get stream(): Stream | null {
    return this.#attempt?.stream ?? null
  }

  /** Bytes of all streams so far. */
  get bytesIn(): number {
    return this.#bytesInBefore + (this.#attempt?.bytesIn ?? 0)
  }

  /** Continuity errors of all streams so far. A slate has none. */
  get continuityErrors(): number {
    return this.#errorsBefore + (this.#screen.isOn ? 0 : this.#splicer.counts.continuityErrors)
  }

  /** Packets of all streams so far that came marked as damaged. */
  get damagedPackets(): number {
    return this.#damagedBefore + (this.#screen.isOn ? 0 : this.#splicer.counts.damagedPackets)
  }

  /** Plays one stream until it ends; resolves with the reason, never rejects. `previous`: why its last try ended. */
  async play(stream: Stream, previous: Failure | null): Promise<Played> {
    const opener = this.#ports.opener(stream.sourceId)
    if (opener === null) return refused(new Failure('live/refused', `Source "${stream.sourceId}" is not there`))
    let slot: Slot | null
    try {
      slot = await this.#ports.reserve(stream, this.#signal)
    } catch (error) {
      return refused(asFailure(error, 'live/stopped', 'The relay was stopped'))
    }
    if (slot === null) {
      const why = `every tuner or connection of source "${stream.sourceId}" is busy`
      return refused(new Failure('live/no-slot', `Cannot open "${this.#channel.name}": ${why}`))
    }
    if (this.#signal.aborted) {
      slot.release()
      return refused(new Failure('live/stopped', 'The relay was stopped'))
    }
    const attempt = this.#newAttempt(stream, slot, previous)
    this.#attempt = attempt
    this.#ports.onEvent()
    const stop = (): void => attempt.fail(new Failure('live/stopped', 'The relay was stopped'))
    this.#signal.addEventListener('abort', stop, { once: true })
    void attempt.open(opener)
    const failure = await attempt.ended
    this.#signal.removeEventListener('abort', stop)
    this.#end(attempt)
    return { failure, wasLive: attempt.liveAt !== null }
  }

  #newAttempt(stream: Stream, slot: Slot, previous: Failure | null): Attempt {
    const attempt: Attempt = new Attempt({
      stream,
      channelName: this.#channel.name,
      slot,
      previous,
      now: this.#ports.now,
      started: (packets, { programNumber, isSoundAlone }) => {
        // A slate has a clock of its own.
        this.#splicer.nextUpstream(programNumber, { isSoundAlone, isOtherClock: this.#screen.isOn })
        this.#screen.hide()
        attempt.from = this.#splicer.position
        this.#splicer.push(packets)
      },
      packets: (packets) => this.#splicer.push(packets),
    })
    return attempt
  }

  #end(attempt: Attempt): void {
    if (!this.#screen.isOn) {
      // What came of it belongs to it, and nobody starts in it any more.
      this.#splicer.endUpstream()
      this.#errorsBefore += this.#splicer.counts.continuityErrors
      this.#splicer.counts.continuityErrors = 0
      this.#damagedBefore += this.#splicer.counts.damagedPackets
      this.#splicer.counts.damagedPackets = 0
      this.#ring.clear()
      this.#ports.shift?.breakOff()
    }
    this.#bytesInBefore += attempt.bytesIn
    this.#attempt = null
  }

  /** The attempt whose first picture this chunk brings; null: it brings none. */
  startsWith({ position }: TsChunk): Attempt | null {
    const attempt = this.#attempt
    const isFirst = attempt !== null && attempt.liveAt === null && attempt.from !== null && position >= attempt.from
    return isFirst ? attempt : null
  }

  /** Ends the stream at hand, if there is one. */
  fail(failure: Failure): void {
    this.#attempt?.fail(failure)
  }

  /** To be called every 100 ms. */
  tick(): void {
    this.#attempt?.tick(this.#splicer)
  }
}

const refused = (failure: Failure): Played => ({ failure, wasLive: false })
