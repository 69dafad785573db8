import { asFailure, Failure } from '../errors.ts'
import type { Channel } from '../lineup/channel.ts'
import type { SourceId, Stream, StreamId } from '../lineup/stream.ts'
import type { Log } from '../log.ts'
import { Attempt } from './attempt.ts'
import { Audience } from './audience.ts'
import { nextStep, ROUND_MS, SWITCHING_MS } from './failover.ts'
import type { ByteSink, RelayConsumer, RelayState, Seat, StreamStatus, StreamSwitch, ViewerInfo } from './hub.ts'
import { JitterBuffer } from './jitter-buffer.ts'
import { KeyframeRing } from './keyframe-ring.ts'
import type { SlateKind, SlateMaker } from './slate.ts'
import { SlateScreen } from './slate-screen.ts'
import type { Slot } from './slots.ts'
import type { ShiftBuffer } from './shift-buffer.ts'
import { ShiftedViewer } from './shifted-viewer.ts'
import { Splicer } from './splicer.ts'
import type { StreamMemory } from './stream-memory.ts'
import type { Timers } from './timers.ts'
import type { TsChunk } from './ts-chunk.ts'
import type { StreamOpener } from './upstream.ts'
import { Viewer } from './viewer.ts'
import { WaitingRoom } from './waiting-room.ts'

/** After this long without output viewers get null packets, once a second (contract §4). */
const KEEP_ALIVE_MS = 2000
const KEEP_ALIVE_EVERY_MS = 1000
/** A slate takes the place of a picture that has been away for this long while another stream is looked for. */
const SLATE_AFTER_MS = 1500
/** So many changes of stream are remembered for the status. */
const KEPT_SWITCHES = 20
/** For those who watch a slate a channel that cannot be opened is tried again after this time, unless the failure says another. */
const RETRY_MS = 10_000

/** What a relay needs. */
export type RelayPorts = {
  readonly opener: (source: SourceId) => StreamOpener | null
  /** A slot for the stream, after making room if that is possible; null: none. The source may be asked when it resolves. */
  readonly reserve: (stream: Stream, signal: AbortSignal) => Promise<Slot | null>
  readonly memory: StreamMemory
  readonly slates: SlateMaker
  /** How far the stream of a source is held back, milliseconds. */
  readonly bufferMs: (source: SourceId) => number
  /** Keeps the last minutes of what is sent, and is closed with the relay; null: there is no time shift. */
  readonly shift: ShiftBuffer | null
  readonly newId: () => string
  readonly timers: Timers
  readonly log: Log
  readonly now: () => number
  readonly lingerMs: number
  /** Told of what changes: another state, another stream, somebody who comes or goes. */
  readonly onEvent: () => void
  /** Told once, when the relay is over. */
  readonly onClosed: () => void
}

/**
 * One channel on its way from one upstream to any number of viewers.
 *
 * opening ─first clean picture→ live ─last viewer leaves→ lingering ─linger→ closed
 * opening ─no stream left→ closed (all who wait get the same failure; those who watch a slate go on, and it is tried again)
 * live ─upstream ends or stalls→ switching ─first clean picture→ live
 * switching ─nothing for 30 s→ closed · lingering ─join→ live · any ─last one leaves while opening, stop→ closed
 */
export class Relay {
  readonly channel: Channel
  readonly #ports: RelayPorts
  readonly #ring = new KeyframeRing()
  readonly #splicer: Splicer
  readonly #buffer: JitterBuffer
  readonly #audience: Audience
  readonly #waiting: WaitingRoom
  readonly #screen: SlateScreen
  readonly #startedAt: number
  readonly #over = new AbortController()
  #state: RelayState | 'closed' = 'opening'
  #attempt: Attempt | null = null
  /** The stream that somebody asked for by hand; it comes next. */
  #asked: Stream | null = null
  /** The stream that was left on request; it comes next if the one that was asked for does not work. */
  #left: Stream | null = null
  /** The stream that played last, and why it ended. */
  #last: { readonly stream: Stream; readonly failure: Failure } | null = null
  #switches: StreamSwitch[] = []
  #switchCount = 0
  /** Those for whom a slate is being made. */
  #slateSeekers = 0
  /** Ends the pause that the search for a stream makes; null: it makes none. */
  #wake: (() => void) | null = null
  #linger: unknown = null
  #lingeringSince = 0
  #switchingSince = 0
  #bytesInBefore = 0
  #errorsBefore = 0
  #start: { readonly firstByteMs: number | null; readonly firstPictureMs: number | null } | null = null
  #rate = { at: 0, bytes: 0, kbps: 0 }
  /** When viewers last got something, null packets included. */
  #sentAt = 0
  #failure: Failure | null = null

  constructor(channel: Channel, ports: RelayPorts) {
    this.channel = channel
    this.#ports = ports
    const { now, log, slates } = ports
    this.#startedAt = now()
    this.#rate.at = this.#startedAt
    const facts = { channelId: channel.id }
    this.#audience = new Audience({ log, facts, left: () => this.#maybeLinger() })
    this.#waiting = new WaitingRoom(() => this.#maybeLinger())
    const [first] = channel.streams
    this.#buffer = new JitterBuffer(first === undefined ? 0 : ports.bufferMs(first.sourceId), (chunk) =>
      this.#handOut(chunk),
    )
    this.#splicer = new Splicer({
      now,
      // Where another stream can take over, the one that breaks off leaves no half picture behind.
      wholeUnits: channel.streams.length > 1,
      onProgram: (program) => {
        // What is held back belongs to the programme before.
        this.#buffer.drain(now())
        this.#ring.clear()
        ports.shift?.program(program)
        this.#audience.program(program)
      },
      onChunk: (chunk) => this.#buffer.push(chunk, now()),
    })
    this.#screen = new SlateScreen({
      slates,
      splicer: this.#splicer,
      picture: (program) => this.#ring.picture(program),
      now,
      signal: this.#over.signal,
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

  /** Who watches or waits. */
  get viewers(): readonly Omit<ViewerInfo, 'mode'>[] {
    return [...this.#audience.status(), ...this.#waiting.infos()]
  }

  // ── joining and leaving ────────────────────────────────────────────────────────────────────────────────────────────

  /** A raw viewer; see `Hub.watch`. */
  async watch(info: ViewerInfo, sink: () => ByteSink, signal: AbortSignal): Promise<Seat> {
    const sit = (): Seat => {
      const viewer = this.#viewer(info, sink())
      this.#stopLinger()
      this.#audience.addViewer(viewer)
      return this.#seat(viewer.id)
    }
    return info.slate === true && (await this.#hasSlate(signal)) ? sit() : this.#join(info, signal, sit)
  }

  #viewer(info: ViewerInfo, sink: ByteSink): Viewer | ShiftedViewer {
    const { newId, shift, timers, now } = this.#ports
    const ports = { ring: this.#ring, program: () => this.#splicer.program, now }
    const { behindMs = 0 } = info
    const isBehind = behindMs > 0 && shift?.canStart(now() - behindMs) === true
    return isBehind
      ? new ShiftedViewer(newId(), info, sink, { ...ports, buffer: shift, timers, behindMs })
      : new Viewer(newId(), info, sink, ports)
  }

  /** Whether what was sent so long ago is still on disk. */
  keeps(behindMs: number): boolean {
    const { shift, now } = this.#ports
    const from = shift?.fromMs ?? null
    return from !== null && from <= now() - behindMs && shift?.canStart(now() - behindMs) === true
  }

  /** Whether there is a slate to begin with, because there is no picture yet; it is on then. */
  async #hasSlate(signal: AbortSignal): Promise<boolean> {
    const isWithout = (): boolean => this.#state === 'opening' || this.#state === 'switching'
    if (!isWithout()) return false
    const kind = this.#state === 'opening' ? 'opening' : 'switching'
    this.#slateSeekers += 1
    const isThere = await this.#screen.ready(kind).finally(() => (this.#slateSeekers -= 1))
    if (signal.aborted || !isThere || !isWithout()) return false
    if (!this.#screen.isOn) this.#screen.show(kind)
    return true
  }

  /** A consumer in this process; see `Hub.consume`. */
  consume(consumer: RelayConsumer, signal: AbortSignal): Promise<Seat> {
    return this.#join(null, signal, () => {
      const id = this.#ports.newId()
      this.#stopLinger()
      this.#audience.addConsumer(id, consumer, { program: this.#splicer.program, backlog: this.#ring.backlog() })
      return this.#seat(id)
    })
  }

  #seat(id: string): Seat {
    this.#ports.onEvent()
    return { id, drained: () => this.#audience.drained(id), leave: () => void this.#audience.remove(id, null) }
  }

  /** Takes a seat as soon as there is a clean picture; rejects with the failure that all who wait get. */
  #join(info: ViewerInfo | null, signal: AbortSignal, sit: () => Seat): Promise<Seat> {
    const entry = this.#waiting.enter(info, signal, sit)
    if (this.#isClosed()) this.#waiting.settleAll(this.#failure ?? this.#stopped())
    else if (this.#state === 'live' || this.#state === 'lingering') this.#waiting.settleAll(null)
    // Whoever comes while others watch a slate should not wait for the next try.
    else if (this.#state === 'opening') this.#wake?.()
    return entry
  }

  #stopped(): Failure {
    return new Failure('live/stopped', `"${this.channel.name}" was stopped`)
  }

  /** Ends one viewer; false if it is not here. */
  stopViewer(id: string): boolean {
    return this.#audience.has(id) && this.#audience.remove(id, new Failure('live/stopped', 'The viewer was stopped'))
  }

  #isAlone(): boolean {
    return this.#audience.isEmpty && this.#waiting.isEmpty && this.#slateSeekers === 0
  }

  #maybeLinger(): void {
    if (this.#isClosed()) return
    if (!this.#isAlone()) {
      this.#ports.onEvent()
      return
    }
    // Nobody has seen a picture yet: a tuner is worth more than a quick start for nobody. And where the channel plays a
    // stream of the second choice, whoever comes next should get the first one, if that is to be had again.
    if (this.#state === 'opening' || this.#state === 'switching' || this.#hasBetter()) {
      this.close(null)
      return
    }
    if (this.#state !== 'lingering') this.#lingeringSince = this.#ports.now()
    this.#state = 'lingering'
    this.#linger ??= this.#ports.timers.set(() => this.close(null), this.#ports.lingerMs)
    this.#ports.onEvent()
  }

  /** A stream that the owner prefers to the one that plays has not failed lately. */
  #hasBetter(): boolean {
    const { streams } = this.channel
    const playing = streams.findIndex(({ id }) => id === this.stream?.id)
    return streams.slice(0, Math.max(playing, 0)).some(({ id }) => !this.#ports.memory.isCooling(id))
  }

  #stopLinger(): void {
    if (this.#linger !== null) this.#ports.timers.clear(this.#linger)
    this.#linger = null
    if (this.#state === 'lingering') this.#state = 'live'
  }

  // ── the way to a picture ───────────────────────────────────────────────────────────────────────────────────────────

  /** Goes on with this stream of the channel now, or with the next one. Fails with `live/unknown-stream`. */
  switchTo(id: StreamId | null): void {
    const { streams } = this.channel
    const playing = streams.findIndex((stream) => stream.id === this.stream?.id)
    const asked = id === null ? streams[(playing + 1) % streams.length] : streams.find((stream) => stream.id === id)
    if (asked === undefined)
      throw new Failure('live/unknown-stream', `"${this.channel.name}" has no stream "${id ?? ''}"`)
    this.#asked = asked
    this.#attempt?.fail(new Failure('live/switched', `"${this.channel.name}" was switched to "${asked.name}" by hand`))
  }

  /** Gives its slot up, and goes on with the next stream that can be had. */
  giveWay(failure: Failure): void {
    this.#attempt?.fail(failure)
  }

  /** Opens streams by the rule table until the relay is over. */
  async #run(): Promise<void> {
    const tried = new Set<StreamId>()
    let tries = 0
    let previous: Failure | null = null
    let stream = this.#next(tried)
    while (stream !== null && !this.#isClosed()) {
      tries += 1
      tried.add(stream.id)
      const { failure, wasLive } = await this.#play(stream, previous)
      previous = failure
      if (this.#isClosed()) return
      this.#ended(stream, failure, wasLive)
      if (this.#isClosed()) return
      if (wasLive) {
        tries = 1
        tried.clear()
        // Nothing is wrong with a stream that was left on request.
        if (failure.code === 'live/switched') this.#left = stream
        else tried.add(stream.id)
      }
      const phase = this.#state === 'opening' ? 'opening' : 'switching'
      const step = nextStep(failure.code, { phase, tries, hasNext: this.channel.streams.length > 1 })
      if (step.kind === 'give-up' || !this.#hasSource()) break
      if (step.kind === 'again' && this.#asked === null) {
        if (step.afterMs > 0) await this.#pause(step.afterMs)
        continue
      }
      tries = 0
      previous = null
      stream = this.#next(tried)
      if (stream !== null) continue
      if (phase === 'opening') {
        // Everybody who waits for a picture hears why there is none; a slate goes on, and so does the search behind it.
        this.#waiting.settleAll(failure)
        if ((this.#audience.isEmpty && this.#slateSeekers === 0) || this.#isClosed()) break
        this.#screen.show(slateFor(failure))
        await this.#pause((failure.kind.retryAfterSeconds ?? 0) * 1000 || RETRY_MS)
      } else await this.#pause(ROUND_MS)
      tried.clear()
      stream = this.#next(tried)
    }
    this.close(this.#failure ?? new Failure('live/refused', `"${this.channel.name}" has no stream`))
  }

  /** Whether any of its streams can be asked for: sources may be removed while they play. */
  #hasSource(): boolean {
    return this.channel.streams.some(({ sourceId }) => this.#ports.opener(sourceId) !== null)
  }

  /** The stream that comes next: the one that was asked for or left for it, else the best one not tried in this round. */
  #next(tried: ReadonlySet<StreamId>): Stream | null {
    const wanted = this.#asked ?? this.#left
    if (this.#asked === null) this.#left = null
    this.#asked = null
    if (wanted !== null) return wanted
    const playing = this.#state === 'opening' ? null : this.#splicer.program
    const untried = this.channel.streams.filter(({ id }) => !tried.has(id))
    return this.#ports.memory.order(untried, playing)[0] ?? null
  }

  /** A stream has ended: noted for the next choice and for the status. */
  #ended(stream: Stream, failure: Failure, wasLive: boolean): void {
    this.#failure = failure
    this.#ports.memory.failed(stream.id, failure.code)
    this.#ports.log('info', 'relay-stream-ended', {
      channelId: this.channel.id,
      streamId: stream.id,
      code: failure.code,
      detail: failure.message,
      wasLive,
    })
    if (!wasLive) return
    this.#last = { stream, failure }
    this.#switchingSince = this.#ports.now()
    if (this.#state === 'lingering') this.close(null)
    else this.#state = 'switching'
    this.#ports.onEvent()
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const signal = this.#over.signal
      const { timers } = this.#ports
      const done = (): void => {
        timers.clear(timer)
        signal.removeEventListener('abort', done)
        this.#wake = null
        resolve()
      }
      const timer = timers.set(done, ms)
      this.#wake = done
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
    const { now } = this.#ports
    const attempt = new Attempt({
      stream,
      channelName: this.channel.name,
      slot,
      previous,
      now,
      started: (packets, { programNumber, isSoundAlone }) => {
        // A slate has a clock of its own.
        this.#splicer.nextUpstream(programNumber, { isSoundAlone, isOtherClock: this.#screen.isOn })
        this.#screen.hide()
        attempt.from = this.#splicer.position
        this.#splicer.push(packets)
      },
      packets: (packets) => this.#splicer.push(packets),
    })
    this.#attempt = attempt
    this.#ports.onEvent()
    const stop = (): void => attempt.fail(new Failure('live/stopped', 'The relay was stopped'))
    this.#over.signal.addEventListener('abort', stop, { once: true })
    void attempt.open(opener)
    const failure = await attempt.ended
    this.#over.signal.removeEventListener('abort', stop)
    if (!this.#screen.isOn) {
      // What came of it belongs to it, and nobody starts in it any more.
      this.#splicer.endUpstream()
      this.#errorsBefore += this.#splicer.counts.continuityErrors
      this.#splicer.counts.continuityErrors = 0
      this.#ring.clear()
      this.#ports.shift?.breakOff()
    }
    this.#bytesInBefore += attempt.bytesIn
    this.#attempt = null
    return { failure, wasLive: attempt.liveAt !== null }
  }

  /** What the splicer has made, at the time at which viewers get it. */
  #handOut(chunk: TsChunk): void {
    if (this.#isClosed()) return
    const attempt = this.#attempt
    const isFirst =
      attempt !== null && attempt.liveAt === null && attempt.from !== null && chunk.position >= attempt.from
    // Nobody starts in a slate any more.
    if (isFirst) this.#ring.clear()
    this.#ring.push(chunk)
    this.#ports.shift?.push(chunk)
    this.#sentAt = chunk.atMs
    if (isFirst) this.#goLive(attempt)
    this.#audience.chunk(chunk)
    if (this.#state === 'live') this.#waiting.settleAll(null)
  }

  #goLive(attempt: Attempt): void {
    const now = this.#ports.now()
    attempt.liveAt = now
    this.#left = null
    const wasSwitching = this.#state === 'switching'
    this.#state = 'live'
    const firstByteMs = attempt.firstByteAt === null ? null : Math.round(attempt.firstByteAt - attempt.askedAt)
    this.#start = { firstByteMs, firstPictureMs: Math.round(now - attempt.askedAt) }
    this.#ports.memory.plays(attempt.stream.id, this.#splicer.program)
    this.#ports.log('info', 'relay-live', {
      channelId: this.channel.id,
      streamId: attempt.stream.id,
      afterMs: now - attempt.askedAt,
      soundAlone: this.#splicer.isSoundAlone,
    })
    if (wasSwitching && this.#last !== null) {
      const { stream, failure } = this.#last
      this.#switches.push({
        at: now,
        from: stream.id,
        to: attempt.stream.id,
        code: failure.code,
        gapMs: Math.round(now - this.#switchingSince),
      })
      this.#switchCount += 1
      if (this.#switches.length > KEPT_SWITCHES) this.#switches.shift()
    }
    // The next one may be needed at any moment, and is made once for each format.
    this.#screen.prepare()
    this.#ports.onEvent()
    this.#maybeLinger()
  }

  // ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Hands out what has come; to be called every 20 ms. */
  flush(): void {
    this.#screen.play()
    this.#splicer.flush()
    this.#buffer.flush(this.#ports.now())
  }

  /** To be called every 100 ms. */
  tick(): void {
    const now = this.#ports.now()
    this.#attempt?.tick(this.#splicer)
    if (this.#state === 'switching') {
      if (now - this.#switchingSince >= SWITCHING_MS) {
        this.close(this.#failure ?? new Failure('live/stalled', `"${this.channel.name}" does not come back`))
        return
      }
      if (now - this.#switchingSince >= SLATE_AFTER_MS) this.#screen.show('switching')
    }
    const hasOutput = this.#state !== 'opening' || !this.#audience.isEmpty
    if (now - this.#sentAt >= KEEP_ALIVE_MS && hasOutput) {
      // The next one is due a second from now.
      this.#sentAt = now - KEEP_ALIVE_MS + KEEP_ALIVE_EVERY_MS
      this.#audience.keepAlive()
    }
  }

  /** To be called once a second. */
  sweep(): void {
    const now = this.#ports.now()
    const passed = now - this.#rate.at
    const bytes = this.#bytesIn()
    if (passed >= 1000) this.#rate = { at: now, bytes, kbps: Math.round(((bytes - this.#rate.bytes) * 8) / passed) }
    this.#audience.sweep()
  }

  // ── the end ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Ends the relay for everybody; idempotent. `failure` null: nobody is there. */
  close(failure: Failure | null): void {
    if (this.#isClosed()) return
    this.#stopLinger()
    this.#state = 'closed'
    this.#failure = failure ?? this.#stopped()
    const reason = this.#failure
    this.#attempt?.fail(reason)
    this.#over.abort(reason)
    this.#waiting.settleAll(reason)
    this.#audience.close(reason, failure)
    this.#ring.clear()
    void this.#ports.shift?.close()
    this.#ports.onClosed()
  }

  #bytesIn(): number {
    return this.#bytesInBefore + (this.#attempt?.bytesIn ?? 0)
  }

  /** As status pages show it. */
  status(): StreamStatus | null {
    if (this.#state === 'closed') return null
    const viewers = this.#audience.status()
    const stream = this.#attempt?.stream ?? this.channel.streams[0]
    return {
      channelId: this.channel.id,
      channelName: this.channel.name,
      sourceId: stream?.sourceId ?? ('' as SourceId),
      streamId: stream?.id ?? null,
      state: this.#state,
      startedAt: this.#startedAt,
      bytesIn: this.#bytesIn(),
      bytesOut: this.#audience.bytesOut(viewers),
      bitrateKbps: this.#rate.kbps,
      continuityErrors: this.#errorsBefore + (this.#screen.isOn ? 0 : this.#splicer.counts.continuityErrors),
      clockJitterMs: this.#splicer.jitter.spreadMs,
      bufferedMs: Math.round(this.#buffer.heldMs),
      firstByteMs: this.#start?.firstByteMs ?? null,
      firstPictureMs: this.#start?.firstPictureMs ?? null,
      slate: this.#screen.kind,
      switchCount: this.#switchCount,
      switches: this.#switches.slice(),
      program: this.#splicer.program,
      viewers,
    }
  }
}

/** What a channel that cannot be opened shows to those who asked for a slate. */
function slateFor({ code }: Failure): SlateKind {
  if (code === 'live/no-slot' || code === 'live/recording') return 'no-slot'
  return code === 'live/no-signal' || code === 'source/unreachable' || code === 'source/timeout' ? 'off-air' : 'refused'
}
