import { asFailure, Failure } from '../errors.ts'
import type { Stream } from '../lineup/stream.ts'
import { PacketAligner } from './align.ts'
import type { Slot } from './slots.ts'
import { StartGate } from './start-gate.ts'
import type { StreamOpener, Upstream } from './upstream.ts'

/** Without sound and picture for this long an upstream counts as stalled (contract §4). */
export const STALLED_MS = 8000
/** A source that neither opens nor fails; its own limits are shorter. */
const OPENING_MS = 60_000
/** What may come before the source says that it has opened. */
const MAX_EARLY = 4 * 1024 * 1024

/** What an attempt needs. */
export type AttemptPorts = {
  readonly stream: Stream
  /** How the channel is called, for sentences. */
  readonly channelName: string
  readonly slot: Slot
  /** Why the last try of this same stream within this start failed. */
  readonly previous: Failure | null
  readonly now: () => number
  /** The start gate has opened: `packets` begin the stream, and all later ones come to `packets`. */
  readonly started: (packets: Uint8Array, gate: Pick<StartGate, 'programNumber' | 'isSoundAlone'>) => void
  /** Whole packets behind the start. */
  readonly packets: (packets: Uint8Array) => void
}

/** What the splicer has made of a stream that is live. */
export type LiveSigns = { readonly darkAt: number | null; readonly sentAt: number }

/**
 * One try of one stream: holds its slot and its connection, and names the reason of its end, once.
 *
 * opening ─source sends→ starting ─clean picture→ live; any ─`fail`→ over.
 */
export class Attempt {
  readonly stream: Stream
  readonly askedAt: number
  /** When the first byte came, epoch milliseconds; null: none yet. */
  firstByteAt: number | null = null
  /** When its picture was first sent on; null: not yet. */
  liveAt: number | null = null
  bytesIn = 0
  /** Position of the channel's output at which it begins; null: nothing of it has been sent on. */
  from: number | null = null
  readonly #ports: AttemptPorts
  readonly #abort = new AbortController()
  readonly #aligner = new PacketAligner()
  readonly #ended = Promise.withResolvers<Failure>()
  #upstream: Upstream | null = null
  #gate: StartGate | null = null
  /** Bytes that came before the source said how it opened. */
  #early: Uint8Array[] | null = []
  #earlyBytes = 0
  #startedAt = 0
  #lastData: number
  #isOver = false

  constructor(ports: AttemptPorts) {
    this.stream = ports.stream
    this.#ports = ports
    this.askedAt = this.#lastData = ports.now()
  }

  /** Resolves with the reason of the end; never rejects. */
  get ended(): Promise<Failure> {
    return this.#ended.promise
  }

  /** The source has opened it, so that bytes may come. */
  get isOpen(): boolean {
    return this.#upstream !== null
  }

  /** Asks the source; what comes of it arrives through the ports. */
  async open(opener: StreamOpener): Promise<void> {
    const { stream, previous, now } = this.#ports
    try {
      const upstream = await opener.open({
        stream,
        previous,
        signal: this.#abort.signal,
        sink: { data: (chunk) => this.#data(chunk), end: (failure) => this.fail(failure) },
      })
      if (this.#isOver) {
        upstream.close()
        return
      }
      this.#upstream = upstream
      this.#startedAt = this.#lastData = now()
      this.#gate = new StartGate({
        programNumber: upstream.programNumber ?? stream.programNumber,
        clearWithinMs: upstream.clearWithinMs,
        channelName: this.#ports.channelName,
        now,
      })
      const early = this.#early ?? []
      this.#early = null
      for (const chunk of early) this.#take(chunk)
    } catch (error) {
      this.fail(asFailure(error, 'live/refused', `Source "${stream.sourceId}" could not open the stream`))
    }
  }

  /** Ends the try with a reason; later ones change nothing. The slot is free when this returns. */
  fail(failure: Failure): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#abort.abort(failure)
    this.#upstream?.close()
    this.#ports.slot.release()
    this.#early = null
    this.#gate = null
    this.#ended.resolve(failure)
  }

  #data(chunk: Uint8Array): void {
    if (this.#isOver) return
    this.#lastData = this.#ports.now()
    this.firstByteAt ??= this.#lastData
    this.bytesIn += chunk.length
    if (this.#early === null) {
      this.#take(chunk)
      return
    }
    this.#early.push(chunk)
    this.#earlyBytes += chunk.length
    if (this.#earlyBytes > MAX_EARLY)
      this.fail(new Failure('live/silent', `"${this.#ports.channelName}" sends data but never opens`))
  }

  #take(chunk: Uint8Array): void {
    if (this.#isOver) return
    let packets: Uint8Array
    try {
      packets = this.#aligner.push(chunk)
    } catch (error) {
      this.fail(asFailure(error, 'live/not-mpeg-ts', `Cannot read what "${this.#ports.channelName}" sends`))
      return
    }
    if (packets.length === 0) return
    const gate = this.#gate
    if (gate === null) {
      this.#ports.packets(packets)
      return
    }
    this.#pass(gate, gate.push(packets))
  }

  /** The start goes on to the splicer, or is judged. */
  #pass(gate: StartGate, start: Uint8Array | null): void {
    if (start !== null) {
      this.#gate = null
      this.#ports.started(start, gate)
      return
    }
    const failure = gate.verdict(this.#ports.now() - this.#startedAt)
    if (failure !== null) this.fail(failure)
  }

  /** To be called every 100 ms: names what keeps the stream from starting, or what has become of it. */
  tick(signs: LiveSigns): void {
    const now = this.#ports.now()
    const { channelName, stream } = this.#ports
    const seconds = STALLED_MS / 1000
    const isStalled = now - this.#lastData >= STALLED_MS
    if (this.#upstream === null) {
      if (now - this.askedAt >= OPENING_MS)
        this.fail(new Failure('source/timeout', `Source "${stream.sourceId}" neither opens nor refuses`))
    } else if (this.liveAt === null) {
      if (this.#gate !== null) this.#pass(this.#gate, this.#gate.open())
      if (isStalled) this.fail(new Failure('live/silent', `"${channelName}" has sent nothing for ${seconds} s`))
    } else if (isStalled) this.fail(new Failure('live/stalled', `"${channelName}" has sent nothing for ${seconds} s`))
    else if (signs.darkAt !== null && now - signs.darkAt >= STALLED_MS)
      this.fail(new Failure('live/scrambled', `"${channelName}" has become encrypted`))
    else if (now - signs.sentAt >= STALLED_MS)
      this.fail(new Failure('live/stalled', `"${channelName}" has sent no picture or sound for ${seconds} s`))
  }
}
