import type { Calendar } from '../civil-day.ts'
import { catalogued } from '../catalogue.ts'
import type { Catalogue, CatalogueItem } from '../catalogue.ts'
import type { Slot } from '../document/slot.ts'
import type { PlanGuide } from '../plan-item.ts'
import { START } from '../pool/cursor.ts'
import type { Cursor } from '../pool/cursor.ts'
import { fillUntil, measure, nothing, place } from './block.ts'
import type { DayCount, Dressing } from './block.ts'
import type { Emitter } from './emitter.ts'
import type { Segment } from './segments.ts'

const MINUTE_MS = 60_000
/** What a slot that is shown again keeps of its programmes. */
const MOST_SHOWN = 500

/** The state of the plan while it is made; a checkpoint holds the same between two days. */
export type FoldState = {
  at: number
  readonly pools: Map<string, Cursor>
  slot: { readonly id: string; shown: number; series: string | null } | null
  readonly shown: Map<string, string[]>
}

/** All that a stretch is filled with. */
export type RunTools = {
  readonly calendar: Calendar
  readonly catalogue: Catalogue
  readonly dressing: Dressing
  readonly count: DayCount
  readonly line: Emitter
  readonly state: FoldState
  /** Slots that others show again. */
  readonly remembered: ReadonlySet<string>
  /** Nothing is started from here on. */
  readonly cut: number
}

/**
 * Fills one stretch of a day from where the line stands to its end, or beyond it if a programme runs over.
 *
 * A programme is started if it ends before the next slot, plus what that one allows; the first of a slot that begins in
 * time is started anyhow, so that nothing waits for ever for a slot that is too short (rule 7).
 */
export function runSegment(segment: Segment, tools: RunTools): void {
  const { state, line, dressing } = tools
  const { slot } = segment
  const goesOn = !segment.isFresh && slot !== null && state.slot?.id === slot.id
  if (!goesOn) state.slot = slot === null ? null : { id: slot.id, shown: 0, series: null }
  if (segment.isFresh && slot !== null && tools.remembered.has(slot.id)) state.shown.set(slot.id, [])
  if (state.at >= segment.stop) return
  if (slot?.show.kind === 'live') {
    const { channel } = slot.show
    const title = slot.guide?.title ?? dressing.title
    line.emit({
      start: state.at,
      stop: segment.stop,
      kind: 'live',
      channel,
      guide: { group: `live-${slot.id}-${segment.start.toString(36)}`, isShown: true, title, subtitle: null },
    })
    state.at = segment.stop
  } else if (slot !== null && slot.show.kind !== 'off') runProgrammes(segment, slot, tools)
  if (state.at >= segment.stop) return
  const guide = nothing(dressing.title, state.at)
  if (slot === null || slot.show.kind === 'off') line.emit({ start: state.at, stop: segment.stop, kind: 'off', guide })
  else fillUntil(segment.stop, state.at, { ...tools, guide })
  state.at = segment.stop
}

/** What breaks, bumpers and padding can add to a programme. */
const LONGEST_BREAKS_MS = 86_400_000
const UNSEEN: PlanGuide = { group: '', isShown: false, title: '', subtitle: null }

function runProgrammes(segment: Segment, slot: Slot, tools: RunTools): void {
  const { state, dressing, calendar, count } = tools
  const carried = state.slot
  if (carried === null) return
  const lateMs = slot.lateMinutes * MINUTE_MS
  const isInTime = segment.isFresh && state.at <= segment.start + lateMs
  const isOpen = segment.next === null || slot.bleed
  const limit = isOpen ? Infinity : segment.stop + (segment.next?.lateMinutes ?? 0) * MINUTE_MS
  const stop = segment.next === null ? Infinity : segment.stop
  const most = slot.count === 'fill' ? Infinity : slot.count
  const slotGroup = `${slot.id}-${segment.start.toString(36)}`
  while (state.at < Math.min(segment.stop, tools.cut) && carried.shown < most) {
    const found = nextProgramme(slot, tools)
    if (found === null) return
    // Days that are only passed through need no words.
    const isWanted = tools.line.wants(state.at, state.at + found.item.ms + LONGEST_BREAKS_MS)
    const guide = isWanted ? guideOf(found, { slot, start: state.at, slotGroup }) : UNSEEN
    const block = measure({ ...found, start: state.at, guide }, dressing, { calendar, count, stop })
    if (block.end > limit && !(isInTime && carried.shown === 0)) return
    found.take()
    carried.shown++
    state.at = place(block, dressing, count, tools.line)
    const list = tools.remembered.has(slot.id) ? state.shown.get(slot.id) : undefined
    if (list !== undefined && list.length < MOST_SHOWN) list.push(found.media)
  }
}

type Found = {
  readonly media: string
  readonly item: CatalogueItem
  readonly isRepeat: boolean
  /** Moves the pool on. */
  take(): void
}

function nextProgramme(slot: Slot, tools: RunTools): Found | null {
  const { state, catalogue } = tools
  if (slot.show.kind === 'rerun') {
    const media = state.shown.get(slot.show.rerunOf)?.[state.slot?.shown ?? 0]
    const item = media === undefined ? null : catalogued(catalogue, media)
    return media === undefined || item === null ? null : { media, item, isRepeat: true, take: () => {} }
  }
  if (slot.show.kind !== 'pool') return null
  const { pool } = slot.show
  const drawn = slot.marathon ? nextEpisode(pool, tools) : nextOf(pool, tools)
  const item = drawn === null ? null : catalogued(catalogue, drawn.media)
  return drawn === null || item === null ? null : { ...drawn, item }
}

type Taken = Pick<Found, 'media' | 'isRepeat' | 'take'>

function nextOf(pool: string, { state, dressing }: RunTools): Taken | null {
  const drawn = dressing.pools.draw(pool).next(state.pools.get(pool) ?? START)
  if (drawn === null) return null
  const { id, cursor, isRepeat } = drawn
  return { media: id, isRepeat, take: () => state.pools.set(pool, cursor) }
}

/** The next episode of the marathon's series; at its start the next series is chosen. */
function nextEpisode(pool: string, { state, dressing }: RunTools): Taken | null {
  const { slot } = state
  if (slot === null) return null
  const seriesKey = `${pool}/`
  const next = dressing.pools.seriesOf(pool).next(state.pools.get(seriesKey) ?? START)
  const series = slot.series ?? next?.id
  if (series === undefined || next === null) return null
  const key = `${pool}/${series}`
  const drawn = dressing.pools.episodesOf(pool, series).next(state.pools.get(key) ?? START)
  if (drawn === null) return null
  return {
    media: drawn.id,
    isRepeat: drawn.isRepeat,
    take() {
      if (slot.series === null) state.pools.set(seriesKey, next.cursor)
      slot.series = series
      state.pools.set(key, drawn.cursor)
    },
  }
}

function guideOf(
  { item, media, isRepeat }: Found,
  { slot, start, slotGroup }: { readonly slot: Slot; readonly start: number; readonly slotGroup: string },
): PlanGuide {
  const plain =
    item.series === null ? { title: item.title, subtitle: null } : { title: item.series, subtitle: item.title }
  const repeat = isRepeat ? ({ isRepeat: true } as const) : {}
  if (slot.guide === null) return { group: `${media}-${start.toString(36)}`, isShown: true, ...plain, ...repeat }
  const { title, hideEpisodes } = slot.guide
  if (hideEpisodes) return { group: slotGroup, isShown: true, title, subtitle: null }
  const own = item.series === null ? item.title : `${item.series}: ${item.title}`
  return { group: `${media}-${start.toString(36)}`, isShown: true, title, subtitle: own, ...repeat }
}
