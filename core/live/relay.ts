import { asFailure, Failure } from '../errors.ts'
import type { Channel } from '../lineup/channel.ts'
import type { SourceId, Stream } from '../lineup/stream.ts'
import type { Log } from '../log.ts'
import { PacketAligner } from './align.ts'
import { nextStep, SWITCHING_MS } from './failover.ts'
import type { ByteSink, RelayConsumer, RelayState, Seat, StreamStatus, ViewerInfo } from './hub.ts'
import { KeyframeRing } from './keyframe-ring.ts'
import { NULL_PID, PACKET_SIZE } from './packet.ts'
import type { Slot } from './slots.ts'
import { Splicer } from './splicer.ts'
import type { Timers } from './timers.ts'
import type { TsChunk } from './ts-chunk.ts'
import type { StreamOpener, Upstream } from './upstream.ts'
import { Viewer } from './viewer.ts'

/** Without data for this long an upstream counts as stalled (contract §4). */
const STALLED_MS = 8000
/** After this long without data viewers get null packets, once a second (contract §4). */
const KEEP_ALIVE_MS = 2000
/** A start that has bytes but no picture by then has failed, whatever the reason. */
const PICTURE_MS = 15_000
/** So many PATs without the programme say that it is not there; the first ones may be of the transponder before. */
const WRONG_TABLES = 5
/** Encrypted packets that tell encryption from a late key. */
const SCRAMBLED_PACKETS = 20

const NULL_PACKETS = makeNullPackets(7)

/** What a relay needs. */
export type RelayPorts = {
  readonly opener: (source: SourceId) => StreamOpener | null
  /** A slot for the stream, after making room if that is possible; null: none. */
  readonly reserve: (stream: Stream, signal: AbortSignal) => Promise<Slot | null>
  readonly newId: () => string
  readonly timers: Timers
  readonly log: Log
  readonly now: () => number
  readonly lingerMs: number
  /** Told once, when the relay is over. */
  readonly onClosed: () => void
}

type Waiting = { readonly seat: (failure: Failure | null) => void }

/** A stream as one relay tries it. */
type Attempt = {
  readonly stream: Stream
  readonly slot: Slot
  readonly abort: AbortController
  readonly aligner: PacketAligner
  upstream: Upstream | null
  /** Bytes that came before the source said how it opened. */
  early: Uint8Array[] | null
  startedAt: number
  lastData: number
  live: boolean
  /** Ends the attempt, once. */
  readonly fail: (failure: Failure) => void
}

/**
 * One channel on its way from one upstream to any number of viewers.
 *
 * opening ─first clean picture→ live ─last viewer leaves→ lingering ─linger→ closed
 * opening ─no stream left→ closed (all who wait get the same failure)
 * live ─upstream ends or stalls→ switching ─first clean picture→ live
 * switching ─nothing for 30 s→ closed · lingering ─join→ live · any ─last one leaves while opening, stop→ closed
 */
export class Relay {
  readonly channel: Channel
  readonly #ports: RelayPorts
  readonly #ring = new KeyframeRing()
  readonly #splicer: Splicer
  readonly #viewers = new Map<string, Viewer>()
  readonly #consumers = new Map<string, RelayConsumer>()
  readonly #waiting = new Set<Waiting>()
  readonly #startedAt: number
  readonly #over = new AbortController()
  #state: RelayState | 'closed' = 'opening'
  #attempt: Attempt | null = null
  #linger: unknown = null
  #bytesIn = 0
  #errorsBefore = 0
  #rate = { at: 0, bytes: 0, kbps: 0 }
  #keptAliveAt = 0

  constructor(channel: Channel, ports: RelayPorts) {
    this.channel = channel
    this.#ports = ports
    this.#startedAt = ports.now()
    this.#rate.at = this.#startedAt
    this.#splicer = new Splicer({
      now: ports.now,
      onProgram: (program) => {
        for (const consumer of this.#consumers.values()) consumer.program(program)
      },
      onChunk: (chunk) => this.#chunk(chunk),
    })
    // Not before the constructor has returned: the first refusal may come at once.
    queueMicrotask(() => void this.#run())
  }

  get state(): RelayState | 'closed' {
    return this.#state
  }

  /** The stream that is open or being opened; null between two. */
  get stream(): Stream | null {
    return this.#attempt?.stream ?? null
  }

  // ── joining and leaving ────────────────────────────────────────────────────────────────────────────────────────────

  /** A raw viewer; see `Hub.watch`. */
  async watch(info: ViewerInfo, sink: () => ByteSink, signal: AbortSignal): Promise<Seat> {
    await this.#ready(signal)
    const viewer = new Viewer(this.#ports.newId(), info, sink(), {
      ring: this.#ring,
      program: () => this.#splicer.program,
      now: this.#ports.now,
    })
    this.#viewers.set(viewer.id, viewer)
    this.#stopLinger()
    viewer.enter()
    const leave = (): void => void this.#remove(viewer.id, null)
    return { id: viewer.id, drained: () => viewer.drained(), leave }
  }

  /** A consumer in this process; see `Hub.consume`. */
  async consume(consumer: RelayConsumer, signal: AbortSignal): Promise<Seat> {
    await this.#ready(signal)
    const id = this.#ports.newId()
    this.#consumers.set(id, consumer)
    this.#stopLinger()
    const { program } = this.#splicer
    if (program !== null) consumer.program(program)
    for (const chunk of this.#ring.backlog()) consumer.chunk(chunk)
    return { id, drained: () => {}, leave: () => void this.#remove(id, null) }
  }

  /** Waits for the first clean picture; rejects with the failure that all who wait get. */
  #ready(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error)
    this.#stopLinger()
    if (this.#state === 'live') return Promise.resolve()
    if (this.#state === 'closed')
      return Promise.reject(new Failure('live/ended', `"${this.channel.name}" has just ended`))
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        seat: (failure) => {
          this.#waiting.delete(entry)
          signal.removeEventListener('abort', gone)
          if (failure === null) resolve()
          else reject(failure)
        },
      }
      const gone = (): void => {
        this.#waiting.delete(entry)
        reject(signal.reason as Error)
        this.#maybeLinger()
      }
      this.#waiting.add(entry)
      signal.addEventListener('abort', gone, { once: true })
    })
  }

  #remove(id: string, failure: Failure | null): boolean {
    const viewer = this.#viewers.get(id)
    const consumer = this.#consumers.get(id)
    this.#viewers.delete(id)
    this.#consumers.delete(id)
    viewer?.close(failure)
    if (failure !== null) consumer?.end(failure)
    if (viewer ?? consumer) this.#maybeLinger()
    return viewer !== undefined || consumer !== undefined
  }

  /** Ends one viewer; false if it is not here. */
  stopViewer(id: string): boolean {
    return this.#viewers.has(id) && this.#remove(id, new Failure('live/stopped', 'The viewer was stopped'))
  }

  #maybeLinger(): void {
    if (this.#viewers.size > 0 || this.#consumers.size > 0 || this.#waiting.size > 0 || this.#state === 'closed') return
    // Nobody has seen a picture yet: a tuner is worth more than a quick start for nobody.
    if (this.#state === 'opening' || this.#state === 'switching') {
      this.close(null)
      return
    }
    this.#state = 'lingering'
    this.#linger ??= this.#ports.timers.set(() => this.close(null), this.#ports.lingerMs)
  }

  #stopLinger(): void {
    if (this.#linger !== null) this.#ports.timers.clear(this.#linger)
    this.#linger = null
    if (this.#state === 'lingering') this.#state = 'live'
  }

  // ── the way to a picture ───────────────────────────────────────────────────────────────────────────────────────────

  /** Opens streams by the rule table until the relay is over. */
  async #run(): Promise<void> {
    const { streams } = this.channel
    let index = 0
    let tries = 0
    let previous: Failure | null = null
    let switchingSince = 0
    while (this.#state !== 'closed') {
      const stream = streams[index]
      if (stream === undefined) break
      tries += 1
      const result: { failure: Failure; wasLive: boolean } = await this.#play(stream, previous)
      previous = result.failure
      if (this.#isClosed()) return
      this.#ports.log('info', 'relay-stream-ended', {
        channelId: this.channel.id,
        streamId: stream.id,
        code: previous.code,
        detail: previous.message,
        wasLive: result.wasLive,
      })
      if (result.wasLive) {
        tries = 1
        switchingSince = this.#ports.now()
        if (this.#state === 'lingering') {
          this.close(null)
          return
        }
        this.#state = 'switching'
      }
      const phase = this.#state === 'opening' ? 'opening' : 'switching'
      const hasNext = streams.length > 1
      const step = nextStep(previous.code, { phase, tries, hasNext })
      if (step.kind === 'give-up') break
      if (phase === 'switching' && this.#ports.now() - switchingSince > SWITCHING_MS) break
      if (step.kind === 'next') {
        tries = 0
        index += 1
        if (phase === 'opening') continue
        if (index >= streams.length) {
          index = 0
          // Once around: no source is asked again without a pause.
          await this.#pause(1000)
        }
        previous = null
      } else if (step.afterMs > 0) await this.#pause(step.afterMs)
    }
    this.close(previous ?? new Failure('live/refused', `"${this.channel.name}" has no stream`))
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#ports.timers.set(done, ms)
      const signal = this.#over.signal
      const timers = this.#ports.timers
      function done(): void {
        timers.clear(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done, { once: true })
    })
  }

  /** Plays one stream until it ends; resolves with the reason, never rejects. */
  async #play(stream: Stream, previous: Failure | null): Promise<{ failure: Failure; wasLive: boolean }> {
    const opener = this.#ports.opener(stream.sourceId)
    if (opener === null)
      return { failure: new Failure('live/refused', `Source "${stream.sourceId}" is not there`), wasLive: false }
    let slot: Slot | null
    try {
      slot = await this.#ports.reserve(stream, this.#over.signal)
    } catch (error) {
      return { failure: asFailure(error, 'live/stopped', 'The relay was stopped'), wasLive: false }
    }
    if (slot === null)
      return {
        failure: new Failure(
          'live/no-slot',
          `Cannot open "${this.channel.name}": every tuner or connection of source "${stream.sourceId}" is busy`,
        ),
        wasLive: false,
      }
    if (this.#isClosed()) {
      slot.release()
      return { failure: new Failure('live/stopped', 'The relay was stopped'), wasLive: false }
    }
    const ended = Promise.withResolvers<Failure>()
    let isOver = false
    const attempt: Attempt = {
      stream,
      slot,
      abort: new AbortController(),
      aligner: new PacketAligner(),
      upstream: null,
      early: [],
      startedAt: this.#ports.now(),
      lastData: this.#ports.now(),
      live: false,
      fail: (failure) => {
        if (isOver) return
        isOver = true
        ended.resolve(failure)
      },
    }
    this.#attempt = attempt
    const stop = (): void => attempt.fail(new Failure('live/stopped', 'The relay was stopped'))
    this.#over.signal.addEventListener('abort', stop, { once: true })
    void this.#open(attempt, opener, previous)
    const failure = await ended.promise
    this.#over.signal.removeEventListener('abort', stop)
    attempt.abort.abort(failure)
    attempt.upstream?.close()
    slot.release()
    this.#errorsBefore += this.#splicer.counts.continuityErrors
    this.#splicer.counts.continuityErrors = 0
    this.#attempt = null
    return { failure, wasLive: attempt.live }
  }

  async #open(attempt: Attempt, opener: StreamOpener, previous: Failure | null): Promise<void> {
    try {
      const upstream = await opener.open({
        stream: attempt.stream,
        previous,
        signal: attempt.abort.signal,
        sink: { data: (chunk) => this.#data(attempt, chunk), end: (failure) => attempt.fail(failure) },
      })
      if (attempt.abort.signal.aborted) {
        upstream.close()
        return
      }
      attempt.upstream = upstream
      attempt.startedAt = this.#ports.now()
      this.#splicer.nextUpstream(upstream.programNumber ?? attempt.stream.programNumber)
      const early = attempt.early ?? []
      attempt.early = null
      for (const chunk of early) this.#data(attempt, chunk)
    } catch (error) {
      attempt.fail(asFailure(error, 'live/refused', `Source "${attempt.stream.sourceId}" could not open the stream`))
    }
  }

  #data(attempt: Attempt, chunk: Uint8Array): void {
    if (attempt !== this.#attempt || attempt.abort.signal.aborted) return
    attempt.lastData = this.#ports.now()
    this.#bytesIn += chunk.length
    if (attempt.early !== null) {
      attempt.early.push(chunk)
      return
    }
    try {
      const packets = attempt.aligner.push(chunk)
      if (packets.length > 0) this.#splicer.push(packets)
    } catch (error) {
      attempt.fail(asFailure(error, 'live/not-mpeg-ts', `Cannot read what "${this.channel.name}" sends`))
      return
    }
    if (!attempt.live) this.#checkStart(attempt)
  }

  /** Names what keeps a start from becoming a picture. */
  #checkStart(attempt: Attempt): void {
    const { counts } = this.#splicer
    const { stream, upstream, startedAt } = attempt
    const waitedMs = this.#ports.now() - startedAt
    if (counts.tables >= WRONG_TABLES && !counts.programListed) {
      attempt.fail(
        new Failure('live/wrong-service', `Programme ${stream.programNumber ?? '?'} is not in what the source sends`),
      )
    } else if (counts.scrambled >= SCRAMBLED_PACKETS && waitedMs > (upstream?.clearWithinMs ?? 0)) {
      attempt.fail(
        new Failure('live/scrambled', `"${this.channel.name}" comes encrypted`, { packets: counts.scrambled }),
      )
    } else if (waitedMs > PICTURE_MS) {
      const what =
        counts.tables === 0
          ? 'no programme table'
          : counts.clear === 0
            ? 'no picture or sound'
            : 'no picture that can be decoded'
      attempt.fail(new Failure('live/silent', `"${this.channel.name}" sends data but ${what}`))
    }
  }

  #chunk(chunk: TsChunk): void {
    this.#ring.push(chunk)
    const attempt = this.#attempt
    if (attempt && !attempt.live) {
      attempt.live = true
      this.#state = 'live'
      this.#ports.log('info', 'relay-live', {
        channelId: this.channel.id,
        streamId: attempt.stream.id,
        afterMs: this.#ports.now() - attempt.startedAt,
      })
    }
    for (const viewer of this.#viewers.values()) viewer.take(chunk)
    for (const consumer of this.#consumers.values()) consumer.chunk(chunk)
    if (this.#waiting.size > 0 && this.#state === 'live') for (const { seat } of this.#waiting) seat(null)
  }

  // ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** To be called every 100 ms. */
  tick(): void {
    const now = this.#ports.now()
    this.#splicer.flush()
    const attempt = this.#attempt
    if (attempt?.upstream) {
      if (!attempt.live) this.#checkStart(attempt)
      if (now - attempt.lastData >= STALLED_MS)
        attempt.fail(new Failure('live/stalled', `"${this.channel.name}" has sent nothing for ${STALLED_MS / 1000} s`))
    }
    const silentSince = attempt?.live === true ? attempt.lastData : this.#keptAliveAt
    if (
      this.#state !== 'opening' &&
      (attempt?.live !== true || now - attempt.lastData >= KEEP_ALIVE_MS) &&
      now - Math.max(silentSince, this.#keptAliveAt) >= 1000
    ) {
      this.#keptAliveAt = now
      for (const viewer of this.#viewers.values()) viewer.keepAlive(NULL_PACKETS)
    }
  }

  /** To be called once a second. */
  sweep(): void {
    const now = this.#ports.now()
    const passed = now - this.#rate.at
    if (passed >= 1000)
      this.#rate = {
        at: now,
        bytes: this.#bytesIn,
        kbps: Math.round(((this.#bytesIn - this.#rate.bytes) * 8) / passed),
      }
    for (const viewer of this.#viewers.values()) {
      const { dropped, stalled } = viewer.sweep()
      if (dropped > 0)
        this.#ports.log('warn', 'viewer-slow', {
          channelId: this.channel.id,
          viewerId: viewer.id,
          droppedBytes: dropped,
        })
      if (stalled) this.#remove(viewer.id, new Failure('live/viewer-stalled', 'The player has taken nothing for 15 s'))
    }
  }

  // ── the end ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Ends the relay for everybody; idempotent. `failure` null: nobody is there. */
  close(failure: Failure | null): void {
    if (this.#isClosed()) return
    this.#stopLinger()
    this.#state = 'closed'
    this.#over.abort(failure ?? new Failure('live/stopped', 'Nobody watches'))
    // The tuner must be free when this returns, not a microtask later.
    this.#attempt?.upstream?.close()
    this.#attempt?.slot.release()
    const reason = failure ?? new Failure('live/stopped', `"${this.channel.name}" was stopped`)
    for (const { seat } of this.#waiting) seat(reason)
    for (const viewer of this.#viewers.values()) viewer.close(reason)
    for (const consumer of this.#consumers.values()) consumer.end(failure)
    this.#viewers.clear()
    this.#consumers.clear()
    this.#ports.onClosed()
  }

  /** As status pages show it. */
  status(): StreamStatus | null {
    if (this.#state === 'closed') return null
    const viewers = [
      ...[...this.#viewers.values()].map((viewer) => viewer.status()),
      ...[...this.#consumers.values()].flatMap((consumer) => consumer.viewers()),
    ]
    const stream = this.#attempt?.stream ?? this.channel.streams[0]
    return {
      channelId: this.channel.id,
      channelName: this.channel.name,
      sourceId: stream?.sourceId ?? ('' as SourceId),
      state: this.#state,
      startedAt: this.#startedAt,
      bytesIn: this.#bytesIn,
      bytesOut: viewers.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
      bitrateKbps: this.#rate.kbps,
      continuityErrors: this.#errorsBefore + this.#splicer.counts.continuityErrors,
      program: this.#splicer.program,
      viewers,
    }
  }
}

function makeNullPackets(count: number): Uint8Array {
  const bytes = new Uint8Array(count * PACKET_SIZE).fill(0xff)
  for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE)
    bytes.set([0x47, NULL_PID >> 8, NULL_PID & 0xff, 0x10], offset)
  return bytes
}
