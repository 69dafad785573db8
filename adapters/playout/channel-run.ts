import type { Entry } from '../../core/linear/joiner/feed.ts'
import { gridDown, gridUp, houseGrid } from '../../core/linear/joiner/house-grid.ts'
import type { HouseGrid } from '../../core/linear/joiner/house-grid.ts'
import { Joiner } from '../../core/linear/joiner/joiner.ts'
import { ProgrammeWriter } from '../../core/linear/joiner/programme-writer.ts'
import type { PlanItem } from '../../core/linear/plan-item.ts'
import type { Stretch } from '../../core/linear/stretches.ts'
import { ItemShowing } from './item-showing.ts'
import { LineClock } from './line-clock.ts'
import { PlanWindow } from './plan-window.ts'
import type { PlayoutOptions } from './ports.ts'
import { AHEAD_90K, slateShowing } from './showing.ts'
import type { Showing } from './showing.ts'
import { createSlateShelf } from './slate-shelf.ts'
import type { SlateShelf } from './slate-shelf.ts'

/** Time between two beats: what is due is sent. */
const BEAT_MS = 80
/** A channel starts so far back: with what is sent ahead a player gets a whole GOP at once. 1 s, 90 kHz. */
const BACK_90K = 90_000
/** The next item's encoder starts so long before it is on: 3 s, and 10 s for disks and shares that are slow. 90 kHz. */
const LEAD_90K = 270_000
const SLOW_LEAD_90K = 900_000
/** An encoder that gives nothing for so long after its start has a slow disk. */
const SLOW_START_MS = 1000
/**
 * Further behind the viewers' clock nothing is sent any more: after a sleep the plan is joined where it is by now; where
 * neither picture nor slate came, the line goes on without. 2 s, 90 kHz.
 */
const LOST_90K = 180_000
/** After such a jump the next encoder has this long until it is needed. 0.8 s, 90 kHz. */
const REJOIN_90K = 72_000
/** What a boundary still needs of what was before it: sound may lie a frame behind the pictures. 0.1 s, 90 kHz. */
const SETTLED_90K = 9000

/** What is on where the plan has jumped. */
const BRIDGE: PlanItem = {
  id: '',
  start: 0,
  stop: 0,
  kind: 'slate',
  media: null,
  inMs: 0,
  channel: null,
  text: null,
  guide: { group: '', isShown: false, title: '', subtitle: null },
}

/** A showing and where on the line it is put on the air. */
type OnAir = { readonly from: number; readonly showing: Showing }

/**
 * A channel that runs: at every beat it looks what the plan wants from here on, has encoders started ahead, and sends what is
 * due by the clock. It never ends by itself; what cannot be shown is a slate.
 */
export class ChannelRun {
  readonly #options: PlayoutOptions
  readonly #grid: HouseGrid
  readonly #clock: LineClock
  readonly #plan: PlanWindow
  readonly #slates: SlateShelf
  readonly #writer: ProgrammeWriter
  readonly #joiner: Joiner
  readonly #send: (bytes: Uint8Array) => void
  readonly #broke: (error: unknown) => void
  readonly #timer: unknown
  #onAir: OnAir[] = []
  #lead = LEAD_90K
  #blockedAt: number | null = null
  /** Until here a slate bridges a jump. */
  #resumesAt = 0
  /** When the last beat was, on the steady clock. */
  #beatAt: number
  #leaveSeat: (() => void) | null = null
  #isOver = false

  /** Starts at once. `send`: takes whole packets, which become its own. `broke`: an error of ours has ended it. */
  constructor(options: PlayoutOptions, send: (bytes: Uint8Array) => void, broke: (error: unknown) => void) {
    const { house, languages, line } = options
    this.#options = options
    this.#send = send
    this.#broke = broke
    this.#grid = houseGrid(house)
    this.#clock = new LineClock(options, this.#grid.quantum)
    this.#beatAt = options.steady()
    this.#plan = new PlanWindow(line, this.#grid.quantum)
    this.#slates = createSlateShelf(house, options.makeSlate, () => this.#arrived())
    this.#writer = new ProgrammeWriter(house, languages)
    const writer = this.#writer
    this.#joiner = new Joiner({
      house,
      from: this.#start(),
      sink: {
        picture: (picture) => writer.picture(picture),
        sound: (track, at, bytes) => writer.sound(track, at, bytes),
      },
      silence: () => this.#slates.silence(),
    })
    this.#timer = options.timers.every(() => this.#safely(() => this.#beat()), BEAT_MS)
    this.#safely(() => this.#beat())
    this.#slates.prepare()
  }

  /** Ends everything at once. */
  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.timers.clearEvery(this.#timer)
    this.#plan[Symbol.dispose]()
    for (const { showing } of this.#onAir) showing.close()
    this.#leaveSeat?.()
  }

  /** A little back, but not into what was on before: that would need an encoder of its own for a moment. */
  #start(): number {
    const { position, shift } = this.#clock
    const here = gridDown(position, this.#grid.quantum)
    const [current] = this.#plan.stretches(here, here + 1, shift)
    return Math.max(gridDown(position - BACK_90K, this.#grid.quantum), Math.min(here, current?.from ?? here))
  }

  // ── every beat ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #beat(): void {
    const { now, steady } = this.#options
    const jumpedMs = this.#clock.follow()
    const behind = this.#clock.position - this.#joiner.cursor
    const sleptMs = steady() - this.#beatAt
    this.#beatAt = steady()
    if (jumpedMs !== 0) this.#rejoin('the clock was set', jumpedMs)
    else if (behind > LOST_90K && !this.#joiner.isFresh) {
      if (sleptMs * 90 > LOST_90K) {
        this.#clock.skip(behind)
        this.#rejoin('this program was held up', behind / 90)
      } else this.#joiner.leap(gridUp(this.#clock.position, this.#grid.quantum))
    }
    this.#queue()
    const { position } = this.#clock
    const { cursor, isFresh } = this.#joiner
    const blockedMs = this.#blockedAt === null ? 0 : steady() - this.#blockedAt
    const current = this.#current()
    for (const { showing } of this.#onAir) {
      const isCurrent = current?.showing === showing
      showing.beat({ now: now(), position, isFresh, cursor, blockedMs: isCurrent ? blockedMs : 0 })
    }
    this.#air()
    this.#pump()
  }

  /** Something has come that was waited for: it need not wait for the next beat. */
  #arrived(): void {
    if (!this.#isOver && this.#blockedAt !== null) this.#safely(() => this.#pump())
  }

  #safely(work: () => void): void {
    try {
      if (!this.#isOver) work()
    } catch (error) {
      this.close()
      this.#broke(error)
    }
  }

  /** Sends what is due. */
  #pump(): void {
    const { steady } = this.#options
    const ahead = this.#current()?.showing.ahead ?? AHEAD_90K
    const before = this.#joiner.cursor
    const isAllThere = this.#joiner.run(this.#clock.position + ahead)
    const isMoving = this.#joiner.cursor > before
    this.#blockedAt = isAllThere ? null : isMoving ? steady() : (this.#blockedAt ?? steady())
    const bytes = this.#writer.take()
    if (bytes.length > 0) this.#send(bytes)
  }

  // ── what is on ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #current(): OnAir | undefined {
    return this.#onAir.findLast(({ from }) => from <= this.#joiner.cursor) ?? this.#onAir[0]
  }

  /** Puts on the air what the plan wants from the next quantum on, and takes off what it does not want any more. */
  #queue(): void {
    const { cursor } = this.#joiner
    const settled = this.#onAir.findLastIndex(({ from }) => from <= cursor - SETTLED_90K)
    if (settled > 0) for (const { showing } of this.#onAir.splice(0, settled)) showing.close()
    const started = this.#onAir.filter(({ from }) => from <= cursor)
    const waiting = this.#onAir.filter(({ from }) => from > cursor)
    const last = started.at(-1)
    const earliest = Math.max(gridUp(cursor, this.#grid.quantum), this.#resumesAt)
    const next: OnAir[] = []
    for (const stretch of this.#plan.stretches(earliest, earliest + this.#lead, this.#clock.shift)) {
      const isNext = next.length === 0
      if (isNext && last?.showing.stretch.item.id === stretch.item.id) {
        last.showing.stretch = stretch
        continue
      }
      const known = waiting.find(({ showing }) => showing.stretch.item.id === stretch.item.id)
      const from = Math.max(stretch.from, earliest)
      if (known !== undefined && known.from >= from) {
        known.showing.stretch = stretch
        next.push(known)
      } else next.push({ from, showing: this.#show(stretch, from) })
    }
    for (const { showing } of waiting) if (!next.some((one) => one.showing === showing)) showing.close()
    this.#onAir = [...started, ...next]
  }

  #show(stretch: Stretch, from: number): Showing {
    const { item } = stretch
    if (item.kind === 'off') return slateShowing(stretch, { from, feed: this.#slates.offAir(from) })
    if (item.kind === 'slate') {
      const words = { headline: item.text === null ? item.guide.title : 'ANNOUNCEMENT', text: item.text }
      return slateShowing(stretch, { from, feed: this.#slates.feed(words, from) })
    }
    return new ItemShowing({
      stretch,
      from,
      ports: this.#options,
      slates: this.#slates,
      hasSeat: () => this.#hasSeat(),
      arrived: () => this.#arrived(),
      started: (afterMs) => (this.#lead = afterMs >= SLOW_START_MS ? SLOW_LEAD_90K : LEAD_90K),
    })
  }

  #hasSeat(): boolean {
    this.#leaveSeat ??= this.#options.seats.take()
    return this.#leaveSeat !== null
  }

  /** Tells the joiner, each showing cut where the next one begins. */
  #air(): void {
    const entries: Entry[] = []
    for (const [index, { from, showing }] of this.#onAir.entries()) {
      const end = this.#onAir[index + 1]?.from ?? Number.POSITIVE_INFINITY
      for (const entry of showing.cover)
        if (entry.from < end) entries.push({ from: Math.max(entry.from, from), feed: entry.feed })
    }
    if (this.#joiner.isFresh) this.#begin()
    this.#joiner.air(entries)
  }

  /** While nothing was sent the line may still begin anywhere: nobody has to wait for what is past. */
  #begin(): void {
    const showing = this.#onAir[0]?.showing
    const from = showing?.cover.at(-1)?.from
    if (showing === undefined || from === undefined) return
    const now = gridUp(this.#clock.position, this.#grid.quantum)
    this.#joiner.begin(showing.isSlate ? Math.max(from, now) : from)
  }

  /** The plan is elsewhere all of a sudden: a slate bridges the moment until its encoder gives something. */
  #rejoin(why: string, byMs: number): void {
    const { channel, log } = this.#options
    const { cursor } = this.#joiner
    log('info', 'playout-rejoined', { channelId: channel.id, why, byMs: Math.round(byMs) })
    for (const { showing } of this.#onAir) showing.close()
    this.#resumesAt = gridUp(cursor + REJOIN_90K, this.#grid.quantum)
    const bridge = { item: BRIDGE, from: cursor, to: this.#resumesAt }
    this.#onAir = [{ from: cursor, showing: slateShowing(bridge, { from: cursor, feed: this.#slates.moment(cursor) }) }]
  }
}
