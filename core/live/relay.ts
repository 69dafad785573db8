import { Failure } from '../errors.ts'
import type { Channel } from '../lineup/channel.ts'
import type { SourceId, Stream, StreamId } from '../lineup/stream.ts'
import type { Attempt } from './attempt.ts'
import { endReasonOf } from './attendance.ts'
import { Audience } from './audience.ts'
import { nextStep, ROUND_MS, SWITCHING_MS } from './failover.ts'
import type { ByteSink, RelayConsumer, RelayState, Seat, StreamStatus, ViewerInfo } from './hub.ts'
import { JitterBuffer } from './jitter-buffer.ts'
import { KeyframeRing } from './keyframe-ring.ts'
import { noStream } from './relay/no-stream.ts'
import type { RelayPorts } from './relay/ports.ts'
import { RelayFigures } from './relay/relay-figures.ts'
import { SearchPause } from './relay/search-pause.ts'
import { Seating } from './relay/seating.ts'
import { StreamChoice } from './relay/stream-choice.ts'
import { StreamPlayer } from './relay/stream-player.ts'
import { slateFor } from './slate.ts'
import { SlateScreen } from './slate-screen.ts'
import { Splicer } from './splicer.ts'
import type { TsChunk } from './ts-chunk.ts'
import { WaitingRoom } from './waiting-room.ts'

/** After this long without output viewers get null packets, once a second (contract §4). */
const KEEP_ALIVE_MS = 2000
const KEEP_ALIVE_EVERY_MS = 1000
/** A slate takes the place of a picture that has been away for this long while another stream is looked for. */
const SLATE_AFTER_MS = 1500
/** For those who watch a slate a channel that cannot be opened is tried again after this time, unless the failure says another. */
const RETRY_MS = 10_000

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
  readonly #figures: RelayFigures
  readonly #choice: StreamChoice
  readonly #player: StreamPlayer
  readonly #pause: SearchPause
  readonly #seating: Seating
  readonly #over = new AbortController()
  #state: RelayState | 'closed' = 'opening'
  /** Those for whom a slate is being made. */
  #slateSeekers = 0
  #linger: unknown = null
  #lingeringSince = 0
  #switchingSince = 0
  /** When viewers last got something, null packets included. */
  #sentAt = 0
  #failure: Failure | null = null

  constructor(channel: Channel, ports: RelayPorts) {
    this.channel = channel
    this.#ports = ports
    const { now, log, slates } = ports
    this.#figures = new RelayFigures(now())
    this.#choice = new StreamChoice(channel, ports.memory, ports.streams)
    this.#pause = new SearchPause(ports.timers, this.#over.signal)
    const facts = { channelId: channel.id }
    const { attendance } = ports
    const { id: channelId, name: title } = channel
    this.#audience = new Audience({
      log,
      facts,
      left: () => this.#maybeLinger(),
      attendance: {
        came: (viewer) =>
          attendance.came({ ...viewer, kind: 'live', channelId, title, sourceId: null, streamId: null }),
        left: (id, departure) => attendance.left(id, departure),
      },
    })
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
    this.#player = new StreamPlayer({
      channel,
      ports,
      splicer: this.#splicer,
      screen: this.#screen,
      ring: this.#ring,
      signal: this.#over.signal,
    })
    this.#seating = new Seating(ports, this.#ring, () => this.#splicer.program)
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
    return this.#player.stream
  }

  /** Who watches or waits. */
  get viewers(): readonly Omit<ViewerInfo, 'mode'>[] {
    return [...this.#audience.status(), ...this.#waiting.infos()]
  }

  // ── joining and leaving ────────────────────────────────────────────────────────────────────────────────────────────

  /** A raw viewer; see `Hub.watch`. */
  async watch(info: ViewerInfo, sink: () => ByteSink, signal: AbortSignal): Promise<Seat> {
    const sit = (): Seat => {
      const viewer = this.#seating.viewer(info, sink())
      this.#stopLinger()
      this.#audience.addViewer(viewer)
      return this.#seat(viewer.id)
    }
    return info.slate === true && (await this.#hasSlate(signal)) ? sit() : this.#join(info, signal, sit)
  }

  /** Whether what was sent so long ago is still on disk. */
  keeps(behindMs: number): boolean {
    return this.#seating.keeps(behindMs)
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
    else if (this.#state === 'opening') this.#pause.end()
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
    if (this.#state === 'opening' || this.#state === 'switching' || this.#choice.hasBetter(this.stream)) {
      this.close(null)
      return
    }
    if (this.#state !== 'lingering') this.#lingeringSince = this.#ports.now()
    this.#state = 'lingering'
    this.#linger ??= this.#ports.timers.set(() => this.close(null), this.#ports.lingerMs)
    this.#ports.onEvent()
  }

  #stopLinger(): void {
    if (this.#linger !== null) this.#ports.timers.clear(this.#linger)
    this.#linger = null
    if (this.#state === 'lingering') this.#state = 'live'
  }

  // ── the way to a picture ───────────────────────────────────────────────────────────────────────────────────────────

  /** Goes on with this stream of the channel now, or with the next one. Fails with `live/unknown-stream`. */
  switchTo(id: StreamId | null): void {
    const asked = this.#choice.ask(id, this.stream)
    this.#player.fail(new Failure('live/switched', `"${this.channel.name}" was switched to "${asked.name}" by hand`))
  }

  /** Gives its slot up, and goes on with the next stream that can be had. */
  giveWay(failure: Failure): void {
    this.#player.fail(failure)
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
      const { failure, wasLive } = await this.#player.play(stream, previous)
      previous = failure
      if (this.#isClosed()) return
      this.#ended(stream, failure, wasLive)
      if (this.#isClosed()) return
      if (wasLive) {
        tries = 1
        tried.clear()
        // Nothing is wrong with a stream that was left on request.
        if (failure.code === 'live/switched') this.#choice.leave(stream)
        else tried.add(stream.id)
      }
      const phase = this.#state === 'opening' ? 'opening' : 'switching'
      const step = nextStep(failure.code, { phase, tries, hasNext: this.#choice.hasOther(stream) })
      if (step.kind === 'give-up' || !this.#hasSource()) break
      if (step.kind === 'again' && !this.#choice.isAsked) {
        if (step.afterMs > 0) await this.#pause.wait(step.afterMs)
        if (this.#choice.offers(stream)) continue
      }
      tries = 0
      previous = null
      stream = this.#next(tried)
      if (stream !== null) continue
      if (phase === 'opening') {
        // Everybody who waits for a picture hears why there is none; a slate goes on, and so does the search behind it.
        this.#exhausted(failure)
        this.#waiting.settleAll(failure)
        if ((this.#audience.isEmpty && this.#slateSeekers === 0) || this.#isClosed()) break
        this.#screen.show(slateFor(failure))
        await this.#pause.wait((failure.kind.retryAfterSeconds ?? 0) * 1000 || RETRY_MS)
      } else await this.#pause.wait(ROUND_MS)
      tried.clear()
      stream = this.#next(tried)
    }
    if (this.#isClosed()) return
    const isWithout = this.#choice.streams.length === 0
    const failure = isWithout ? noStream(this.channel) : (this.#failure ?? noStream(this.channel))
    if (this.#state !== 'opening') this.#exhausted(failure)
    this.close(failure)
  }

  /** All streams were tried in vain. What was stopped or given away on purpose is no fault of the channel. */
  #exhausted({ code }: Failure): void {
    if (endReasonOf(code) === 'failed' && !this.#isAlone()) this.#ports.attendance.failed(this.channel, code)
  }

  /** Whether any of its streams can be asked for: sources may be removed while they play. */
  #hasSource(): boolean {
    return this.#choice.streams.some(({ sourceId }) => this.#ports.opener(sourceId) !== null)
  }

  #next(tried: ReadonlySet<StreamId>): Stream | null {
    return this.#choice.next(tried, this.#state === 'opening' ? null : this.#splicer.program)
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
    this.#switchingSince = this.#ports.now()
    this.#figures.ended(stream, failure, this.#switchingSince)
    if (this.#state === 'lingering') this.close(null)
    else this.#state = 'switching'
    this.#ports.onEvent()
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** What the splicer has made, at the time at which viewers get it. */
  #handOut(chunk: TsChunk): void {
    if (this.#isClosed()) return
    const attempt = this.#player.startsWith(chunk)
    // Nobody starts in a slate any more.
    if (attempt !== null) this.#ring.clear()
    this.#ring.push(chunk)
    this.#ports.shift?.push(chunk)
    this.#sentAt = chunk.atMs
    if (attempt !== null) this.#goLive(attempt)
    this.#audience.chunk(chunk)
    if (this.#state === 'live') this.#waiting.settleAll(null)
  }

  #goLive(attempt: Attempt): void {
    const now = this.#ports.now()
    attempt.liveAt = now
    this.#choice.settle()
    this.#figures.wentLive(attempt, now, this.#state === 'switching')
    this.#state = 'live'
    this.#ports.memory.plays(attempt.stream.id, this.#splicer.program)
    this.#ports.log('info', 'relay-live', {
      channelId: this.channel.id,
      streamId: attempt.stream.id,
      afterMs: now - attempt.askedAt,
      soundAlone: this.#splicer.isSoundAlone,
    })
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
    this.#player.tick()
    if (this.#state === 'switching') {
      if (now - this.#switchingSince >= SWITCHING_MS) {
        const failure = this.#failure ?? new Failure('live/stalled', `"${this.channel.name}" does not come back`)
        this.#exhausted(failure)
        this.close(failure)
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
    this.#figures.measure(this.#player.bytesIn, this.#ports.now())
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
    this.#player.fail(reason)
    this.#over.abort(reason)
    this.#waiting.settleAll(reason)
    this.#audience.close(reason, failure)
    this.#ring.clear()
    void this.#ports.shift?.close()
    this.#ports.onClosed()
  }

  /** As status pages show it. */
  status(): StreamStatus | null {
    if (this.#state === 'closed') return null
    const viewers = this.#audience.status()
    const stream = this.stream ?? this.channel.streams[0]
    return {
      channelId: this.channel.id,
      channelName: this.channel.name,
      sourceId: stream?.sourceId ?? ('' as SourceId),
      streamId: stream?.id ?? null,
      state: this.#state,
      ...this.#figures.status(),
      bytesIn: this.#player.bytesIn,
      bytesOut: this.#audience.bytesOut(viewers),
      continuityErrors: this.#player.continuityErrors,
      damagedPackets: this.#player.damagedPackets,
      clockJitterMs: this.#splicer.jitter.spreadMs,
      bufferedMs: Math.round(this.#buffer.heldMs),
      slate: this.#screen.kind,
      program: this.#splicer.program,
      viewers,
    }
  }
}
