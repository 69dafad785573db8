import type { Failure } from '../../errors.ts'
import type { Stream } from '../../lineup/stream.ts'
import type { Attempt } from '../attempt.ts'
import type { StreamStatus, StreamSwitch } from '../hub.ts'

/** So many changes of stream are remembered for the status. */
const KEPT_SWITCHES = 20

/** What a status page is told of a relay beside its state: bit rate, times to the first picture, changes of stream. */
export class RelayFigures {
  readonly #startedAt: number
  #rate: { readonly at: number; readonly bytes: number; readonly kbps: number }
  #start: Pick<StreamStatus, 'firstByteMs' | 'firstPictureMs'> = { firstByteMs: null, firstPictureMs: null }
  /** The stream that played last, why and when it ended. */
  #last: { readonly stream: Stream; readonly failure: Failure; readonly at: number } | null = null
  readonly #switches: StreamSwitch[] = []
  #switchCount = 0

  constructor(startedAt: number) {
    this.#startedAt = startedAt
    this.#rate = { at: startedAt, bytes: 0, kbps: 0 }
  }

  /** A stream that was live has ended. */
  ended(stream: Stream, failure: Failure, at: number): void {
    this.#last = { stream, failure, at }
  }

  /** The first picture of a stream is sent. `isSwitch`: viewers had another stream before, which has `ended`. */
  wentLive({ stream, firstByteAt, askedAt }: Attempt, at: number, isSwitch: boolean): void {
    const firstByteMs = firstByteAt === null ? null : Math.round(firstByteAt - askedAt)
    this.#start = { firstByteMs, firstPictureMs: Math.round(at - askedAt) }
    if (!isSwitch || this.#last === null) return
    const { stream: from, failure, at: endedAt } = this.#last
    this.#switches.push({
      at,
      from: from.id,
      to: stream.id,
      names: [from.name, stream.name],
      code: failure.code,
      gapMs: Math.round(at - endedAt),
    })
    this.#switchCount += 1
    if (this.#switches.length > KEPT_SWITCHES) this.#switches.shift()
  }

  /** So many bytes have come so far; to be told once a second. */
  measure(bytes: number, now: number): void {
    const passed = now - this.#rate.at
    if (passed < 1000) return
    this.#rate = { at: now, bytes, kbps: Math.round(((bytes - this.#rate.bytes) * 8) / passed) }
  }

  /** As status pages show them. */
  status(): Pick<
    StreamStatus,
    'startedAt' | 'bitrateKbps' | 'firstByteMs' | 'firstPictureMs' | 'switchCount' | 'switches'
  > {
    return {
      startedAt: this.#startedAt,
      bitrateKbps: this.#rate.kbps,
      ...this.#start,
      switchCount: this.#switchCount,
      switches: this.#switches.slice(),
    }
  }
}
