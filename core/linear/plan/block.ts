import type { Calendar } from '../civil-day.ts'
import type { CatalogueItem } from '../catalogue.ts'
import type { BreakRules, Bumpers } from '../document/decoration.ts'
import type { PlanGuide, PlanKind } from '../plan-item.ts'
import type { Pools } from '../pool/pools.ts'
import { breakPoints } from './breaks.ts'
import type { Emitter } from './emitter.ts'
import { bumper, fillGap } from './filler.ts'

/** Shorter breaks are none. */
const SHORTEST_BREAK_MS = 15_000
/** Time that is left over for so long shows the name of the channel; nobody is to think that it has gone off the air. */
const LONGEST_CARD_MS = 5 * 60_000

/** What programmes of a slot are surrounded with. */
export type Dressing = {
  readonly pools: Pools
  readonly filler: readonly string[]
  readonly breaks: BreakRules
  readonly bumpers: Bumpers
  readonly padMs: number
  /** Breaks are whole multiples of it. */
  readonly quantumMs: number
  /** Of the channel: what the guide says where nothing is planned. */
  readonly title: string
}

/** How many gaps and bumpers a day has had: they choose the next pieces. */
export type DayCount = { readonly day: number; gaps: number; bumpers: number }

/** A programme that is to come: with its bumpers and breaks it ends at `end`, and the next begins at `next`. */
export type Block = {
  readonly media: string
  readonly item: CatalogueItem
  readonly start: number
  readonly end: number
  readonly next: number
  readonly points: readonly number[]
  readonly breakMs: number
  readonly before: { readonly media: string; readonly ms: number } | null
  readonly after: { readonly media: string; readonly ms: number } | null
  readonly guide: PlanGuide
}

/** Where a programme would end if it began now. `stop`: start of the next slot, which padding does not pass. */
export function measure(
  programme: Pick<Block, 'media' | 'item' | 'start' | 'guide'>,
  { pools, filler, breaks, bumpers, padMs, quantumMs }: Dressing,
  { calendar, count, stop }: { readonly calendar: Calendar; readonly count: DayCount; readonly stop: number },
): Block {
  const { item, start } = programme
  const before = bumper(pools, bumpers.before, count.day, count.bumpers)
  const after = bumper(pools, bumpers.after, count.day, count.bumpers + 1)
  const points = filler.length > 0 ? breakPoints(item, breaks) : []
  const fixedMs = breaks.seconds * 1000
  const plain = start + (before?.ms ?? 0) + item.ms + (after?.ms ?? 0)
  const end = plain + points.length * fixedMs
  const padded = padMs === 0 ? end : calendar.paddedTo(end, padMs)
  const next = end > stop ? end : Math.min(padded, stop)
  const shareMs = points.length === 0 || padMs === 0 ? 0 : Math.floor((next - end) / points.length)
  const breakMs = Math.floor(Math.floor((fixedMs + shareMs) / quantumMs) * quantumMs)
  const isBroken = points.length > 0 && breakMs >= SHORTEST_BREAK_MS
  return {
    ...programme,
    before,
    after,
    end: isBroken ? end : plain,
    next: isBroken || padMs > 0 ? next : plain,
    points: isBroken ? points : [],
    breakMs: isBroken ? breakMs : 0,
  }
}

/** Puts a programme on the line. Gives the instant at which the next may begin. */
export function place(block: Block, dressing: Dressing, count: DayCount, line: Emitter): number {
  const { media, item, guide, breakMs } = block
  const { pools, filler, bumpers, padMs } = dressing
  if (padMs > 0 && !line.wants(block.start, block.next)) {
    // Its end is known; only the counts of the day go on as if it had been made.
    count.bumpers += 2 + 2 * block.points.length
    count.gaps += 1 + block.points.length
    return block.next
  }
  const hidden = { ...guide, isShown: false }
  const put = (at: number, piece: { media: string; ms: number } | null, kind: PlanKind): number => {
    if (piece === null) return at
    line.emit({ start: at, stop: at + piece.ms, kind, media: piece.media, guide: hidden })
    return at + piece.ms
  }
  let at = put(block.start, block.before, 'bumper')
  count.bumpers += 2
  let shown = 0
  let spareMs = 0
  const part = (until: number): void => {
    if (line.wants(at, at + until - shown))
      line.emit({ start: at, stop: at + until - shown, kind: 'programme', media, inMs: shown, guide })
    at += until - shown
    shown = until
  }
  for (const point of block.points) {
    const into = bumper(pools, bumpers.intoBreak, count.day, count.bumpers)
    const out = bumper(pools, bumpers.outOfBreak, count.day, count.bumpers + 1)
    count.bumpers += 2
    const room = breakMs + spareMs - (into?.ms ?? 0) - (out?.ms ?? 0)
    const spots = fillGap(pools, filler, { day: count.day, gap: count.gaps++, ms: Math.max(0, room) })
    // Nothing fits: the programme goes on, and what is left comes after it.
    if (spots.length === 0) {
      spareMs += breakMs
      continue
    }
    part(point)
    at = put(at, into, 'bumper')
    for (const spot of spots) at = put(at, spot, 'break')
    at = put(at, out, 'bumper')
    spareMs = room - spots.reduce((sum, { ms }) => sum + ms, 0)
  }
  part(item.ms)
  at = put(at, block.after, 'bumper')
  if (padMs === 0) return at
  fillUntil(block.next, at, { dressing, count, line, guide: hidden })
  return block.next
}

/** Fills time until an instant with filler, and what is left with the station's card, or with nothing if that is much. */
export function fillUntil(
  stop: number,
  start: number,
  how: {
    readonly dressing: Pick<Dressing, 'pools' | 'filler' | 'title'>
    readonly count: DayCount
    readonly line: Emitter
    readonly guide: PlanGuide
  },
): void {
  const { dressing, count, line, guide } = how
  const { title } = dressing
  const gap = count.gaps++
  if (!line.wants(start, stop)) return
  let at = start
  for (const { media, ms } of fillGap(dressing.pools, dressing.filler, { day: count.day, gap, ms: stop - start })) {
    line.emit({ start: at, stop: at + ms, kind: 'filler', media, guide })
    at += ms
  }
  if (at >= stop) return
  const kind = stop - at < LONGEST_CARD_MS ? 'slate' : 'off'
  line.emit({ start: at, stop, kind, guide: nothing(title, at) })
}

/** How a stretch in which nothing is planned stands in the guide. */
export const nothing = (title: string, start: number): PlanGuide => ({
  group: `off-${start.toString(36)}`,
  isShown: false,
  title,
  subtitle: null,
})
