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

/** Without sound and picture for this long an upstream counts as stalled (contract §4). */
const STALLED_MS = 8000
/** After this long without output viewers get null packets, once a second (contract §4). */
const KEEP_ALIVE_MS = 2000
const KEEP_ALIVE_EVERY_MS = 1000
/** A source that neither opens nor fails; its own limits are shorter. */
const OPENING_MS = 60_000
/** What may come before the source says that it has opened. */
const MAX_EARLY = 4 * 1024 * 1024
/** A start that has bytes but no picture by then has failed, whatever the reason. */
const PICTURE_MS = 15_000
/** So many PATs without the programme say that it is not there; the first ones may be of the transponder before. */
const WRONG_TABLES = 5
/** Encrypted packets of the picture that tell encryption from a late key. */
const SCRAMBLED_PACKETS = 20
/** Packets of the picture without the beginning of one: it was decrypted with a wrong key. */
const GARBAGE_PACKETS = 250

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

type Waiting = { readonly settle: (failure: Failure | null) => void }

/** A stream as one relay tries it. */
type Attempt = {
  readonly stream: Stream
  readonly slot: Slot
  readonly abort: AbortController
  readonly aligner: PacketAligner
  upstream: Upstream | null
  /** Bytes that came before the source said how it opened. */
  early: Uint8Array[] | null
  earlyBytes: number
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
  #lingeringSince = 0
  #switchingSince = 0
  #bytesIn = 0
  /** What viewers got who have left. */
  #bytesOutBefore = 0
  #errorsBefore = 0
  #rate = { at: 0, bytes: 0, kbps: 0 }
  /** When viewers last got something, null packets included. */
  #sentAt = 0
  #failure: Failure | null = null

  constructor(channel: Channel, ports: RelayPorts) {
    this.channel = channel
    this.#ports = ports
    this.#startedAt = ports.now()
    this.#rate.at = this.#startedAt
    this.#splicer = new Splicer({
      now: ports.now,
      onProgram: (program) => {
        this.#ring.clear()
        for (const [id, consumer] of this.#consumers) this.#spare(id, () => consumer.program(program))
      },
      onChunk: (chunk) => this.#chunk(chunk),
    })
    // Not before the constructor has returned: the first refusal may come at once.
    queueMicrotask(() => void this.#run())
  }

  get state(): RelayState | 'closed' {
    return this.#state
  }

  /** Since when nobody watches, epoch milliseconds. */
  get lingeringSince(): number {
    return this.#lingeringSince
  }

  /** The stream that is open or being opened; null between two. */
  get stream(): Stream | null {
    return this.#attempt?.stream ?? null
  }

  // ── joining and leaving ────────────────────────────────────────────────────────────────────────────────────────────

  /** A raw viewer; see `Hub.watch`. */
  watch(info: ViewerInfo, sink: () => ByteSink, signal: AbortSignal): Promise<Seat> {
    return this.#join(signal, () => {
      const viewer = new Viewer(this.#ports.newId(), info, sink(), {
        ring: this.#ring,
        program: () => this.#splicer.program,
        now: this.#ports.now,
      })
      const { id } = viewer
      this.#viewers.set(id, viewer)
      this.#stopLinger()
      this.#spare(id, () => viewer.enter())
      const drained = (): void => this.#spare(id, () => viewer.drained())
      return { id, drained, leave: () => void this.#remove(id, null) }
    })
  }

  /** A consumer in this process; see `Hub.consume`. */
  consume(consumer: RelayConsumer, signal: AbortSignal): Promise<Seat> {
    return this.#join(signal, () => {
      const id = this.#ports.newId()
      this.#consumers.set(id, consumer)
      this.#stopLinger()
      const { program } = this.#splicer
      this.#spare(id, () => {
        if (program !== null) consumer.program(program)
        for (const chunk of this.#ring.backlog()) consumer.chunk(chunk)
      })
      return { id, drained: () => {}, leave: () => void this.#remove(id, null) }
    })
  }

  /** Takes a seat as soon as there is a clean picture; rejects with the failure that all who wait get. */
  #join(signal: AbortSignal, sit: () => Seat): Promise<Seat> {
    return new Promise((resolve, reject) => {
      // At once and not a microtask later: the relay may close in between.
      const settle = (failure: Failure | null): void => {
        this.#waiting.delete(entry)
        signal.removeEventListener('abort', gone)
        try {
          if (failure !== null) throw failure
          resolve(sit())
        } catch (error) {
          reject(error)
          this.#maybeLinger()
        }
      }
      const entry: Waiting = { settle }
      const gone = (): void => {
        this.#waiting.delete(entry)
        reject(signal.reason)
        this.#maybeLinger()
      }
      if (signal.aborted) gone()
      else if (this.#state === 'closed') settle(this.#failure ?? this.#stopped())
      else if (this.#state === 'live' || this.#state === 'lingering') settle(null)
      else {
        this.#waiting.add(entry)
        signal.addEventListener('abort', gone, { once: true })
      }
    })
  }

  #stopped(): Failure {
    return new Failure('live/stopped', `"${this.channel.name}" was stopped`)
  }

  /** What goes wrong at one viewer or consumer ends that one, and nobody else. */
  #spare(id: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#ports.log('error', 'viewer-broke', {
        channelId: this.channel.id,
        viewerId: id,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
      this.#remove(id, asFailure(error, 'http/bug', 'The viewer could not take what was sent'))
    }
  }

  #remove(id: string, failure: Failure | null): boolean {
    const viewer = this.#viewers.get(id)
    const consumer = this.#consumers.get(id)
    if (viewer === undefined && consumer === undefined) return false
    this.#viewers.delete(id)
    this.#consumers.delete(id)
    this.#bytesOutBefore += viewer?.bytesOut ?? 0
    this.#end(() => {
      viewer?.close(failure)
      if (failure !== null) consumer?.end(failure)
    })
    this.#maybeLinger()
    return true
  }

  #end(work: () => void): void {
    try {
      work()
    } catch (error) {
      // It is gone in any case.
      this.#ports.log('warn', 'viewer-broke', { channelId: this.channel.id, error: String(error) })
    }
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
    if (this.#state !== 'lingering') this.#lingeringSince = this.#ports.now()
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
    while (!this.#isClosed()) {
      const stream = streams[index]
      if (stream === undefined) break
      tries += 1
      const { failure, wasLive } = await this.#play(stream, previous)
      previous = failure
      this.#failure = failure
      if (this.#isClosed()) return
      this.#ports.log('info', 'relay-stream-ended', {
        channelId: this.channel.id,
        streamId: stream.id,
        code: failure.code,
        detail: failure.message,
        wasLive,
      })
      if (wasLive) {
        tries = 1
        this.#switchingSince = this.#ports.now()
        if (this.#state === 'lingering') {
          this.close(null)
          return
        }
        this.#state = 'switching'
      }
      const phase = this.#state === 'opening' ? 'opening' : 'switching'
      const step = nextStep(failure.code, { phase, tries, hasNext: streams.length > 1 })
      if (step.kind === 'give-up') break
      if (step.kind === 'next') {
        tries = 0
        previous = null
        index += 1
        if (phase === 'switching' && index >= streams.length) {
          index = 0
          // Once around: no source is asked again without a pause.
          await this.#pause(1000)
        }
      } else if (step.afterMs > 0) await this.#pause(step.afterMs)
    }
    this.close(this.#failure ?? new Failure('live/refused', `"${this.channel.name}" has no stream`))
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
      earlyBytes: 0,
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
    this.#letGo(attempt, failure)
    // What came of it belongs to it, and nobody starts in it any more.
    this.#splicer.endUpstream()
    this.#ring.clear()
    this.#errorsBefore += this.#splicer.counts.continuityErrors
    this.#splicer.counts.continuityErrors = 0
    this.#attempt = null
    return { failure, wasLive: attempt.live }
  }

  /** Frees what an attempt holds at the source; the tuner is free when this returns. */
  #letGo(attempt: Attempt, reason: Failure): void {
    attempt.abort.abort(reason)
    attempt.upstream?.close()
    attempt.slot.release()
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
      attempt.lastData = attempt.startedAt
      this.#splicer.nextUpstream(upstream.programNumber ?? attempt.stream.programNumber)
      const early = attempt.early ?? []
      attempt.early = null
      for (const chunk of early) this.#take(attempt, chunk)
    } catch (error) {
      attempt.fail(asFailure(error, 'live/refused', `Source "${attempt.stream.sourceId}" could not open the stream`))
    }
  }

  #data(attempt: Attempt, chunk: Uint8Array): void {
    if (attempt !== this.#attempt || attempt.abort.signal.aborted) return
    attempt.lastData = this.#ports.now()
    this.#bytesIn += chunk.length
    if (attempt.early === null) {
      this.#take(attempt, chunk)
      return
    }
    attempt.early.push(chunk)
    attempt.earlyBytes += chunk.length
    if (attempt.earlyBytes > MAX_EARLY)
      attempt.fail(new Failure('live/silent', `"${this.channel.name}" sends data but never opens`))
  }

  #take(attempt: Attempt, chunk: Uint8Array): void {
    if (attempt.abort.signal.aborted) return
    let packets: Uint8Array
    try {
      packets = attempt.aligner.push(chunk)
    } catch (error) {
      attempt.fail(asFailure(error, 'live/not-mpeg-ts', `Cannot read what "${this.channel.name}" sends`))
      return
    }
    if (packets.length > 0) this.#splicer.push(packets)
    if (!attempt.live) this.#checkStart(attempt)
  }

  /** Names what keeps a start from becoming a picture. */
  #checkStart(attempt: Attempt): void {
    const { counts, tables } = this.#splicer
    const { stream, upstream, startedAt } = attempt
    const waitedMs = this.#ports.now() - startedAt
    const isLate = waitedMs > (upstream?.clearWithinMs ?? 0)
    if (tables.missing >= WRONG_TABLES) {
      attempt.fail(
        new Failure('live/wrong-service', `Programme ${stream.programNumber ?? '?'} is not in what the source sends`),
      )
    } else if (isLate && counts.scrambled >= SCRAMBLED_PACKETS) {
      attempt.fail(
        new Failure('live/scrambled', `"${this.channel.name}" comes encrypted`, { packets: counts.scrambled }),
      )
    } else if (isLate && counts.leading >= GARBAGE_PACKETS && counts.leadingPes === 0) {
      attempt.fail(
        new Failure('live/scrambled', `"${this.channel.name}" comes decrypted with a wrong key`, {
          packets: counts.leading,
        }),
      )
    } else if (waitedMs > PICTURE_MS) {
      const what =
        tables.read === 0
          ? 'no programme table'
          : counts.clear === 0
            ? 'no picture or sound'
            : 'no picture that can be decoded'
      attempt.fail(new Failure('live/silent', `"${this.channel.name}" sends data but ${what}`))
    }
  }

  /** Names what has become of a stream that was live. */
  #checkLive(attempt: Attempt): void {
    const now = this.#ports.now()
    const { darkAt, sentAt } = this.#splicer
    if (now - attempt.lastData >= STALLED_MS)
      attempt.fail(new Failure('live/stalled', `"${this.channel.name}" has sent nothing for ${STALLED_MS / 1000} s`))
    else if (darkAt !== null && now - darkAt >= STALLED_MS)
      attempt.fail(new Failure('live/scrambled', `"${this.channel.name}" has become encrypted`))
    else if (now - sentAt >= STALLED_MS)
      attempt.fail(
        new Failure('live/stalled', `"${this.channel.name}" has sent no picture or sound for ${STALLED_MS / 1000} s`),
      )
  }

  #chunk(chunk: TsChunk): void {
    if (this.#isClosed()) return
    this.#ring.push(chunk)
    this.#sentAt = chunk.atMs
    const attempt = this.#attempt
    if (attempt && !attempt.live) this.#goLive(attempt)
    for (const viewer of this.#viewers.values()) this.#spare(viewer.id, () => viewer.take(chunk))
    for (const [id, consumer] of this.#consumers) this.#spare(id, () => consumer.chunk(chunk))
    if (this.#state === 'live') for (const { settle } of this.#waiting) settle(null)
  }

  #goLive(attempt: Attempt): void {
    attempt.live = true
    this.#state = 'live'
    this.#ports.log('info', 'relay-live', {
      channelId: this.channel.id,
      streamId: attempt.stream.id,
      afterMs: this.#ports.now() - attempt.startedAt,
      soundAlone: this.#splicer.isSoundAlone,
    })
    this.#maybeLinger()
  }

  // ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Hands out what has come; to be called every 20 ms. */
  flush(): void {
    this.#splicer.flush()
  }

  /** To be called every 100 ms. */
  tick(): void {
    const now = this.#ports.now()
    const attempt = this.#attempt
    if (attempt?.live === true) this.#checkLive(attempt)
    else if (attempt?.upstream) {
      this.#checkStart(attempt)
      if (now - attempt.lastData >= STALLED_MS)
        attempt.fail(new Failure('live/silent', `"${this.channel.name}" has sent nothing for ${STALLED_MS / 1000} s`))
    } else if (attempt && now - attempt.startedAt >= OPENING_MS)
      attempt.fail(new Failure('source/timeout', `Source "${attempt.stream.sourceId}" neither opens nor refuses`))
    if (this.#state === 'switching' && now - this.#switchingSince >= SWITCHING_MS)
      this.close(this.#failure ?? new Failure('live/stalled', `"${this.channel.name}" does not come back`))
    else if (now - this.#sentAt >= KEEP_ALIVE_MS && this.#state !== 'opening') this.#keepAlive(now)
  }

  #keepAlive(now: number): void {
    // The next one is due a second from now.
    this.#sentAt = now - KEEP_ALIVE_MS + KEEP_ALIVE_EVERY_MS
    for (const viewer of this.#viewers.values()) this.#spare(viewer.id, () => viewer.keepAlive(NULL_PACKETS))
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
    this.#failure = failure ?? this.#stopped()
    const reason = this.#failure
    const attempt = this.#attempt
    if (attempt) this.#letGo(attempt, reason)
    this.#over.abort(reason)
    for (const { settle } of this.#waiting) settle(reason)
    for (const viewer of this.#viewers.values()) {
      this.#bytesOutBefore += viewer.bytesOut
      this.#end(() => viewer.close(reason))
    }
    for (const consumer of this.#consumers.values()) this.#end(() => consumer.end(failure))
    this.#viewers.clear()
    this.#consumers.clear()
    this.#ring.clear()
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
      bytesOut: viewers.reduce((sum, { bytesOut }) => sum + bytesOut, this.#bytesOutBefore),
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
