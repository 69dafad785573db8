import type { Entry } from '../../core/linear/joiner/feed.ts'
import { gridUp, houseGrid } from '../../core/linear/joiner/house-grid.ts'
import type { HouseGrid } from '../../core/linear/joiner/house-grid.ts'
import { mediaMsAt } from '../../core/linear/stretches.ts'
import type { Stretch } from '../../core/linear/stretches.ts'
import type { VideoEncoder } from '../ffmpeg/video-encoder.ts'
import { ItemRun } from './item-run.ts'
import type { ItemWork, PlayoutOptions } from './ports.ts'
import { AHEAD_90K } from './showing.ts'
import type { Beat, Showing } from './showing.ts'
import type { SlateShelf } from './slate-shelf.ts'

/** An encoder that gives nothing for so long makes way for a slate if what was sent ahead is nearly used up: 0.3 s, 90 kHz. */
const GRACE_MS = 350
const CUSHION_90K = 27_000
/** Without a slate to show it is waited longer. */
const LOST_MS = 2000
/** One that gives too little makes way when it is so far behind the viewers' clock: 1.5 s, 90 kHz. */
const BEHIND_90K = 135_000
/** A slate that waits for an encoder is sent no further ahead: the picture takes over the sooner. */
const SLATE_AHEAD_90K = 27_000
/** What an encoder needs until it gives something, where a slate is on anyway: 0.8 s, 90 kHz. */
const START_90K = 72_000
/** Work that went well for this long, milliseconds, is worth another try at once. */
const STEADY_MS = 10_000
/** After the first, second, … failure in a row the slate stays for so long: shares come back, disks wake up. */
const PAUSES_MS = [15_000, 60_000, 300_000] as const
/** What a live channel sends before it is on is left out: its encoder has to make so much more. 60 s, 90 kHz. */
const LIVE_MORE_90K = 5_400_000
/** A channel that is passed on and has ended is asked for again after this time. */
const LIVE_PAUSE_MS = 5000
/** No seat among the encoders: asked for again after this time. */
const NO_SEAT_MS = 5000
const NO_SEAT = 'As many channels are being made as this machine may make at a time'
/** The next run for a stretch that was made longer starts so long before the end of this one: 3 s, 90 kHz. */
const LEAD_90K = 270_000
/** A slate waits for so long for an encoder that makes pictures, but not as fast as they are needed. */
const SLOW_MS = 6000

/** What an item needs beside the channel's own ports. */
export type ItemShowingOptions = {
  readonly stretch: Stretch
  /** Where it is joined: at its beginning, or in the middle. */
  readonly from: number
  readonly ports: Omit<PlayoutOptions, 'line' | 'makeSlate' | 'seats' | 'steady' | 'timers'>
  readonly slates: SlateShelf
  /** The channel's seat among the encoders; false: there is none now. */
  readonly hasSeat: () => boolean
  /** Something has come. */
  readonly arrived: () => void
  /** An encoder took so long from its start to its first bytes, milliseconds. */
  readonly started: (afterMs: number) => void
}

/**
 * A file or another channel on the air, by the deadline rule: its boundaries are when the plan says so, whatever happens to
 * its encoder. What is not there in time is a slate, and the picture is joined where it is by then.
 *
 * starting ─pictures→ playing ─encoder fails→ starting (software instead of hardware, then without looks; once more if it
 * went well for long) or waiting ─pause→ starting. A slate covers all that is neither playing nor held.
 */
export class ItemShowing implements Showing {
  stretch: Stretch
  readonly #options: ItemShowingOptions
  readonly #grid: HouseGrid
  #cover: Entry[] = []
  #run: ItemRun | null = null
  /** Runs that are still on the air while the next one is under way. */
  #before: ItemRun[] = []
  #slateSince: number | null = null
  #from: number
  #retryAt = 0
  #failures = 0
  #isReported = false
  /** Software has failed once: from now on without anything that could fail. */
  #isPlain = false

  constructor(options: ItemShowingOptions) {
    this.stretch = options.stretch
    this.#options = options
    this.#grid = houseGrid(options.ports.house)
    this.#from = options.from
  }

  get cover(): readonly Entry[] {
    return this.#cover
  }

  get ahead(): number {
    return this.#slateSince === null || this.#run?.isLive === true ? AHEAD_90K : SLATE_AHEAD_90K
  }

  get isSlate(): boolean {
    return this.#slateSince !== null
  }

  beat(beat: Beat): void {
    this.#forget(beat.cursor)
    for (const run of this.#before) run.tend(false)
    if (this.#run === null && beat.now >= this.#retryAt) this.#begin(beat)
    const run = this.#run
    if (run === null) return
    const isOnAir = beat.cursor >= run.from
    const why = run.tend(isOnAir && (beat.blockedMs > 0 || this.#slateSince !== null)) ?? this.#slowness(run, beat)
    this.#report(run)
    if (why !== null) {
      this.#failed(run, why, beat)
      return
    }
    if (run.isLive && beat.cursor < run.from) run.feed.restart(run.from)
    if (this.#slateSince !== null) this.#join(run, beat)
    else if (isLate(beat, this.#options.slates.isReady)) this.#slate(beat)
    this.#goOn(run, beat)
  }

  close(): void {
    if (this.#run?.feed.hasBegun === true) this.#options.ports.encoders.worked(this.#run.work.encoder, this.#run.madeMs)
    for (const run of [...this.#before, this.#run]) run?.close()
    this.#before = []
    this.#run = null
    this.#retryAt = Number.POSITIVE_INFINITY
  }

  /** What lies behind the cursor is over. */
  #forget(cursor: number): void {
    const current = this.#cover.findLastIndex(({ from }) => from <= cursor - this.#grid.quantum)
    if (current > 0) this.#cover.splice(0, current)
    this.#before = this.#before.filter((run) => {
      if (this.#cover.some(({ feed }) => feed === run.feed)) return true
      run.close()
      return false
    })
  }

  // ── starting ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #begin(beat: Beat): void {
    const { cursor } = beat
    const heldTo = this.#heldTo()
    const isCovered = this.#slateSince !== null
    const from = gridUp(Math.max(this.#from, heldTo, isCovered ? cursor + START_90K : cursor), this.#grid.quantum)
    // What is left is too short for an encoder.
    if (from >= this.stretch.to) return
    const hasSeat = this.#options.hasSeat()
    const encoder = hasSeat ? this.#options.ports.encoders.current() : null
    const work = encoder === null ? null : this.#work(encoder, from)
    if (work === null) {
      this.#wait(beat, encoder === null ? NO_SEAT_MS : (PAUSES_MS[0] ?? 0), hasSeat ? null : NO_SEAT)
      return
    }
    this.#run = this.#start(work, from)
    if (!isCovered) this.#cover.push({ from, feed: this.#run.feed })
  }

  /** How far what is on the air can be shown, although its encoder is gone. */
  #heldTo(): number {
    const last = this.#cover.at(-1)?.feed
    return this.#before.find(({ feed }) => feed === last)?.feed.heldTo ?? 0
  }

  #start(work: ItemWork, from: number): ItemRun {
    const { ports, arrived } = this.#options
    this.#isReported = false
    return new ItemRun({ work, from, until: this.stretch.to, ports, arrived })
  }

  /** What an encoder has to do from this time on; null: the file is away. */
  #work(encoder: VideoEncoder, from: number): ItemWork | null {
    const { ports } = this.#options
    const { item } = this.stretch
    const duration90k = this.stretch.to - from
    const startsAt = item.start + (from - this.stretch.from) / 90
    const common = { item, duration90k, startsAt, encoder, isPlain: this.#isPlain }
    if (item.kind === 'live') {
      const longer = gridUp(LIVE_MORE_90K, this.#grid.quantum)
      return { ...common, duration90k: duration90k + longer, input: { kind: 'pipe', hasSound: true } }
    }
    const file = item.media === null ? null : ports.shelf.file(item.media)
    if (file === null) {
      this.#tell('its file is not there')
      return null
    }
    return { ...common, input: { kind: 'file', file, seekMs: mediaMsAt(this.stretch, from) } }
  }

  #report(run: ItemRun): void {
    if (this.#isReported || run.firstByteAt === null) return
    this.#isReported = true
    this.#options.started(run.firstByteAt - run.startedAt)
  }

  /** The stretch was made longer while it plays: another run follows where this one ends. */
  #goOn(run: ItemRun, { cursor }: Beat): void {
    const left = this.stretch.to - run.until
    if (left < this.#grid.quantum || run.isLive || cursor + LEAD_90K < run.until) return
    const work = this.#work(run.work.encoder, run.until)
    if (work === null) return
    this.#before.push(run)
    this.#run = this.#start(work, run.until)
    this.#cover.push({ from: this.#run.from, feed: this.#run.feed })
  }

  // ── failing ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #failed(run: ItemRun, why: string, beat: Beat): void {
    const { encoders } = this.#options.ports
    const { encoder } = run.work
    run.close()
    this.#run = null
    // What it has made is still shown, up to its last picture.
    this.#before.push(run)
    this.#tell(why, encoder)
    if (encoder.kind !== 'software' && !run.isLive) encoders.failed(encoder, why)
    const isSteady = run.feed.hasBegun && run.madeMs >= STEADY_MS
    const hasOther = encoders.current()?.kind !== encoder.kind
    const isSimpler = !hasOther && !this.#isPlain
    if (!run.isLive && (isSteady || hasOther || isSimpler)) {
      if (isSimpler && !isSteady) this.#isPlain = true
      this.#failures = 0
      this.#begin(beat)
      return
    }
    this.#failures += 1
    this.#wait(beat, run.isLive ? LIVE_PAUSE_MS : (PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length) - 1] ?? 0))
  }

  #slowness(run: ItemRun, { now, cursor }: Beat): string | null {
    const isBehind = run.feed.hasBegun && !run.isLive && run.feed.heldTo < cursor
    const sinceMs = this.#slateSince === null ? 0 : now - Math.max(this.#slateSince, run.firstByteAt ?? now)
    return isBehind && sinceMs >= SLOW_MS ? 'the encoder is slower than real time' : null
  }

  #tell(why: string, encoder: VideoEncoder | null = null): void {
    const { ports } = this.#options
    const { item } = this.stretch
    ports.log('warn', 'playout-item-failed', {
      channelId: ports.channel.id,
      item: item.id,
      title: item.guide.title,
      media: item.media ?? item.channel,
      encoder: encoder?.kind ?? null,
      why,
    })
  }

  // ── the slate ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Nothing will come for a while. */
  #wait(beat: Beat, ms: number, why: string | null = null): void {
    this.#retryAt = beat.now + ms
    if (this.#slateSince !== null) return
    const text = why ?? this.stretch.item.guide.title
    const from = Math.max(this.#from, this.#heldTo(), beat.cursor)
    this.#slateSince = beat.now
    this.#cover.push({ from, feed: this.#options.slates.feed({ headline: 'ONE MOMENT', text }, from) })
  }

  /** The encoder is late. */
  #slate({ now, cursor, position, isFresh }: Beat): void {
    // Who has seen nothing yet need not see what is past.
    const from = isFresh ? Math.max(cursor, gridUp(position, this.#grid.quantum)) : cursor
    this.#slateSince = now
    this.#cover = this.#cover.filter((entry) => entry.from < from)
    this.#cover.push({ from, feed: this.#options.slates.moment(from) })
  }

  /** The picture takes over from the slate where a decoder can start. */
  #join(run: ItemRun, { cursor }: Beat): void {
    const at = run.isLive ? this.#joinLive(run, cursor) : run.feed.entry(cursor)
    if (at === null) return
    this.#slateSince = null
    this.#cover.push({ from: at, feed: run.feed })
  }

  #joinLive(run: ItemRun, cursor: number): number | null {
    const at = gridUp(cursor, this.#grid.quantum)
    return run.feed.restart(at) ? at : null
  }
}

const isLate = ({ blockedMs, cursor, position }: Beat, hasSlate: boolean): boolean =>
  (blockedMs >= (hasSlate ? GRACE_MS : LOST_MS) && cursor - position < CUSHION_90K) ||
  (hasSlate && blockedMs > 0 && position - cursor > BEHIND_90K)
