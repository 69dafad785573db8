import type { PieceHead, Span } from './ring/piece.ts'
import type { RingFollower } from './ring/follower.ts'
import { add90k, diff90k } from './timestamps.ts'
import { SegmentWindow } from './hls-window.ts'
import type { WindowSegment } from './hls-window.ts'

/** A segment of the low-latency delivery starts at the first random access point from here on, 90 kHz (`hls-ffmpeg.md` §7). */
const SEGMENT_90K = 90_000
/** Durations of whole pictures never come out even: 20 ms, 90 kHz. */
const PICTURE_90K = 1800
/** Parts aim at this at most, and are announced as up to 0.5 s: there is room for a picture that was lost. */
const PART_90K = 40_500
const MOST_PART_TARGET_90K = 45_000
/** Aim and target are so far apart; parts have to be 85 % of the target at least (`draft-pantos-hls-rfc8216bis`, 4.4.4.9). */
const PART_FILL = 0.9
/** A segment may be this much longer than the target duration: EXTINF is rounded. RFC 8216, 4.3.3.1. */
const OVER_TARGET = 0.49
/** Before the target duration is known a segment grows up to this: a first list must not take as long as players wait. */
const LONGEST_SECONDS = 6
/** RFC 8216 wants three target durations in a list, Apple six segments. */
const MIN_SEGMENTS = 6

/** A part of a segment: about 0.4 s of pictures and sound. */
export type Part = Span & {
  /** Within its segment. */
  readonly index: number
  /** Counts all parts of the delivery, from 1 on. */
  readonly ordinal: number
  /** It has a random access point in it. */
  readonly independent: boolean
}

/** A segment of parts. `isOver`: no more parts will come. */
export type PartSegment = WindowSegment & {
  readonly dateMs: number
  readonly head: PieceHead
  readonly parts: readonly Part[]
  readonly isOver: boolean
}

type Start = { readonly time90k: number; readonly randomAccess: boolean }

/** A segment that grows. */
type Growing = {
  readonly start90k: number
  readonly randomAccess: boolean
  /** Of the piece with which it begins, or else of the segment before; null: not known yet. */
  head: PieceHead | null
  /** Starts of pictures that are in no part yet. */
  starts: Start[]
  /** Parts whose sound is awaited. */
  closed: (Pick<Part, 'start90k' | 'duration90k' | 'independent'> & { readonly closedAtMs: number })[]
  parts: Part[]
  end90k: number | null
}

/**
 * The low-latency delivery of a ring: segments of whole GOPs of a second and more, in parts whose target never changes.
 *
 * Parts are cut from the start of their segment on, across GOPs: only the last part of a segment may be short. How many there
 * are in a GOP is measured over the first segment, before anybody can have seen a list. A part is listed when its sound is
 * there. Source: `draft-pantos-hls-rfc8216bis`, 4.4.4.9, appendix B.1; `hls-ffmpeg.md` §8.
 */
export class PartView implements RingFollower {
  readonly #window: SegmentWindow<PartSegment>
  readonly #windowSeconds: number
  readonly #ring: { hasSound(endPts90k: number, closedAtMs: number): boolean }
  readonly #now: () => number
  /** Segments under way, oldest first: more than one while the sound of a last part is awaited. */
  #growing: Growing[] = []
  /** Parts are cut before they get longer than this; null: not measured yet. */
  #aim90k: number | null = null
  #partTarget90k = MOST_PART_TARGET_90K
  #target: number | null = null
  #lastStart: number | null = null
  /** Shortest time from picture to picture. */
  #step90k = Infinity
  #ordinal = 0
  /** Sound belongs to the picture so much before its PTS. Fixed up to a break, so that no sound is lost or sent twice. */
  #soundLag90k: number | null = null

  constructor(options: {
    readonly ring: { hasSound(endPts90k: number, closedAtMs: number): boolean }
    readonly windowSeconds: number
    readonly now: () => number
  }) {
    this.#ring = options.ring
    this.#now = options.now
    this.#windowSeconds = options.windowSeconds
    this.#window = new SegmentWindow({
      windowSeconds: options.windowSeconds,
      minSegments: MIN_SEGMENTS,
      startBehind: (3 * MOST_PART_TARGET_90K) / 90_000,
    })
  }

  /** Complete segments of a list, oldest first. */
  listed(): readonly PartSegment[] {
    return this.#window.listed()
  }

  /** The segment under way with the parts that are there; null: none has begun, or its first picture is not complete. */
  get open(): PartSegment | null {
    const [growing] = this.#growing
    return growing === undefined ? null : toSegment(growing, this.#window.nextMsn)
  }

  /** Number of the segment that is under way, or comes next. */
  get openMsn(): number {
    return this.#window.nextMsn
  }

  /** A segment that is under way, listed, or was a window ago. */
  segment(msn: number): PartSegment | null {
    return msn === this.openMsn ? this.open : this.#window.segment(msn)
  }

  /** Number of the segment from which a viewer who comes now starts. */
  start(): number {
    const ahead = this.open?.durationSeconds ?? 0
    return this.#window.start(ahead)
  }

  /** EXT-X-TARGETDURATION, fixed with the first segment. */
  get targetSeconds(): number {
    return this.#target ?? LONGEST_SECONDS
  }

  /** PART-TARGET, fixed with the first segment. */
  get partTargetSeconds(): number {
    return this.#partTarget90k / 90_000
  }

  get isIndependent(): boolean {
    return this.#window.isIndependent
  }

  /** Discontinuities of segments before this one. */
  discontinuitiesBefore(msn: number): number {
    return this.#window.discontinuitiesBefore(msn)
  }

  /** Seconds that the ring has to keep, by the rule of `DeliveryView.keepSeconds`; 0 as long as nobody asked for parts. */
  keepSeconds(): number {
    if (this.#growing.length === 0 && this.openMsn === 0) return 0
    const longest = this.targetSeconds
    const list = Math.max(this.#windowSeconds, MIN_SEGMENTS * longest) + longest
    return 2 * list + longest + 1
  }

  /** Forgets what the ring no longer has. */
  forgetBefore(start90k: number): void {
    this.#window.forgetBefore(start90k)
  }

  get #last(): Growing | null {
    const last = this.#growing.at(-1)
    return last === undefined || last.end90k !== null ? null : last
  }

  picture({ time90k, randomAccess }: { readonly time90k: number; readonly randomAccess: boolean }): void {
    if (this.#lastStart !== null && time90k > this.#lastStart)
      this.#step90k = Math.min(this.#step90k, time90k - this.#lastStart)
    this.#lastStart = time90k
    const open = this.#last
    if (open === null) {
      if (randomAccess) this.#begin(time90k, true)
      return
    }
    const length = time90k - open.start90k
    const most = ((this.#target ?? LONGEST_SECONDS) + OVER_TARGET) * 90_000
    if ((randomAccess && length >= SEGMENT_90K - PICTURE_90K) || length + this.#step90k > most) {
      this.#end(open, time90k)
      this.#begin(time90k, randomAccess)
      return
    }
    this.#grow(open, { time90k, randomAccess })
  }

  piece(head: PieceHead): void {
    const open = this.#last
    if (open === null) return
    if (head.start90k === open.start90k) open.head = head
    else if (head.discontinuity) {
      // Another picture size: known only now, one picture later.
      open.starts = open.starts.filter(({ time90k }) => time90k < head.start90k)
      this.#end(open, head.start90k)
      this.#begin(head.start90k, head.randomAccess)
      this.piece(head)
    }
  }

  breaks(end90k: number): void {
    if (this.#last !== null) this.#end(this.#last, end90k)
    this.#lastStart = null
    this.#settle(true)
    this.#soundLag90k = null
  }

  settle(): boolean {
    return this.#settle(false)
  }

  #begin(start90k: number, randomAccess: boolean): void {
    // Until its own piece tells more; within a GOP, and in radio, there may be none.
    const head = this.#growing.at(-1)?.head ?? null
    const starts = [{ time90k: start90k, randomAccess }]
    this.#growing.push({ start90k, randomAccess, head, starts, closed: [], parts: [], end90k: null })
  }

  #grow(open: Growing, start: Growing['starts'][number]): void {
    const [first] = open.starts
    if (first !== undefined && this.#aim90k !== null) {
      const whole = start.time90k + this.#step90k - first.time90k
      if (whole > this.#aim90k + PICTURE_90K / 4) this.#cut(open, start.time90k)
    }
    open.starts.push(start)
  }

  /** Ends the part under way. */
  #cut(open: Growing, end90k: number): void {
    const [first] = open.starts
    if (first === undefined || end90k <= first.time90k) return
    open.closed.push({
      start90k: first.time90k,
      duration90k: end90k - first.time90k,
      independent: open.starts.some(({ randomAccess }) => randomAccess),
      closedAtMs: this.#now(),
    })
    open.starts = []
  }

  #end(open: Growing, end90k: number): void {
    if (this.#aim90k === null) this.#measure(open, end90k)
    this.#cut(open, end90k)
    open.end90k = end90k
  }

  /** Fixes part target and target duration by the first segment, and cuts it. */
  #measure(open: Growing, end90k: number): void {
    const length = end90k - open.start90k
    const { starts } = open
    const count = Math.max(1, Math.ceil((length - PICTURE_90K) / PART_90K))
    // Not by the number of pictures: the leading ones of the very first GOP are missing.
    const step = Math.min(this.#step90k, length)
    const aim = Math.ceil(Math.round(length / step) / count) * step
    // A channel that breaks off at once says nothing of its GOPs.
    this.#aim90k = length < SEGMENT_90K - PICTURE_90K ? PART_90K : Math.min(aim, MOST_PART_TARGET_90K)
    this.#partTarget90k = Math.min(Math.ceil(this.#aim90k / PART_FILL), MOST_PART_TARGET_90K)
    this.#target = Math.max(2, Math.ceil((length - PICTURE_90K) / 90_000))
    open.starts = []
    for (const start of starts) this.#grow(open, start)
  }

  /** Lists parts whose sound is there; all of them where something broke off. */
  #settle(isBroken: boolean): boolean {
    let changed = false
    for (let growing = this.#growing[0]; growing !== undefined; growing = this.#growing[0]) {
      for (let part = growing.closed[0]; part !== undefined; part = growing.closed[0]) {
        const end = part.start90k + part.duration90k + (this.#soundLag90k ?? 0)
        if (!isBroken && !this.#ring.hasSound(end, part.closedAtMs)) return changed
        growing.closed.shift()
        changed = this.#list(growing, part) || changed
      }
      if (growing.end90k === null) break
      this.#growing.shift()
      const segment = toSegment(growing, this.#window.nextMsn)
      // Nothing came of it: its first picture was never complete. The number goes to the next one.
      if (segment === null || segment.parts.length === 0) continue
      this.#window.push(segment)
      changed = true
    }
    return changed
  }

  #list({ head, parts }: Growing, { start90k, duration90k, independent }: Growing['closed'][number]): boolean {
    if (head === null) return false
    const startDts90k = add90k(head.startDts90k, start90k - head.start90k)
    this.#soundLag90k ??= diff90k(head.startPts90k, head.startDts90k)
    this.#ordinal += 1
    parts.push({
      start90k,
      duration90k,
      independent,
      index: parts.length,
      ordinal: this.#ordinal,
      startDts90k,
      startPts90k: add90k(startDts90k, this.#soundLag90k),
      listedAtMs: this.#now(),
    })
    return true
  }
}

function toSegment({ start90k, randomAccess, head, closed, parts, end90k }: Growing, msn: number): PartSegment | null {
  if (head === null) return null
  const last = parts.at(-1)
  const until = last === undefined ? start90k : last.start90k + last.duration90k
  return {
    msn,
    start90k,
    durationSeconds: (until - start90k) / 90_000,
    randomAccess,
    discontinuity: head.start90k === start90k && head.discontinuity,
    dateMs: head.dateMs + (start90k - head.start90k) / 90,
    head,
    parts: [...parts],
    isOver: end90k !== null && closed.length === 0,
  }
}
