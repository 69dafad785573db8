import { catalogued } from '../catalogue.ts'
import type { Catalogue } from '../catalogue.ts'
import type { ChannelDoc } from '../document.ts'
import type { Override } from '../document/override.ts'
import type { PlanGuide, PlanItem } from '../plan-item.ts'
import { createItemIds } from './item-id.ts'

type Seen = { readonly from: number; readonly until: number; readonly override: Override }

/**
 * The stretches in which an override is seen, in order: of several at a time the one with the greatest number, of equal
 * ones the one that began last.
 */
export function seenOverrides(overrides: readonly Override[]): readonly Seen[] {
  const edges = [...new Set(overrides.flatMap(({ from, until }) => [from, until ?? Infinity]))].toSorted(
    (a, b) => a - b,
  )
  const seen: Seen[] = []
  for (const [index, from] of edges.entries()) {
    const until = edges[index + 1]
    if (until === undefined) break
    const override = overrides
      .filter((one) => one.from <= from && (one.until ?? Infinity) > from)
      .toSorted((a, b) => b.priority - a.priority || b.from - a.from || (a.id < b.id ? -1 : 1))[0]
    const last = seen.at(-1)
    if (override === undefined) continue
    if (last?.override === override && last.until === from) seen[seen.length - 1] = { ...last, until }
    else seen.push({ from, until, override })
  }
  return seen
}

/**
 * The plan with the overrides of the document above it. They replace time and shift nothing: a programme that is covered
 * goes on underneath and comes back where it would be by then. Where the end is not known, the guide keeps what is covered.
 */
export function withOverrides(items: readonly PlanItem[], doc: ChannelDoc, catalogue: Catalogue): readonly PlanItem[] {
  if (doc.overrides.length === 0) return items
  const seen = seenOverrides(doc.overrides)
  const itemId = createItemIds(doc.id)
  const piece = (item: PlanItem, start: number, stop: number): PlanItem => ({
    ...item,
    id: start === item.start ? item.id : itemId(start, item.media ?? item.channel ?? item.kind),
    start,
    stop,
    inMs: item.media === null ? item.inMs : item.inMs + (start - item.start),
  })
  const result: PlanItem[] = []
  for (const item of items) {
    let at = item.start
    for (const stretch of seen) {
      if (stretch.until <= at || stretch.from >= item.stop) continue
      if (stretch.from > at) result.push(piece(item, at, stretch.from))
      const [from, until] = [Math.max(at, stretch.from), Math.min(item.stop, stretch.until)]
      for (const made of overrideItems(stretch, { from, until, covered: item, doc, catalogue, itemId }))
        // One that lasts over several programmes is told once.
        if (made.start >= (result.at(-1)?.stop ?? -Infinity)) result.push(made)
      at = until
    }
    if (at < item.stop) result.push(piece(item, at, item.stop))
  }
  return result
}

type Cover = {
  readonly from: number
  readonly until: number
  readonly covered: PlanItem
  readonly doc: ChannelDoc
  readonly catalogue: Catalogue
  readonly itemId: (start: number, what: string) => string
}

/**
 * What is seen of an override between two instants, whole items only: one with an end is one item, or one for each time
 * that its file is played; one without an end is cut where the programmes underneath change.
 */
function overrideItems({ override, ...stretch }: Seen, cover: Cover): PlanItem[] {
  const { show } = override
  const isOpen = override.until === null
  const guide: PlanGuide = isOpen
    ? cover.covered.guide
    : { group: `over-${override.id}`, isShown: true, title: override.title ?? cover.doc.name, subtitle: null }
  const [start, stop] = isOpen ? [cover.from, cover.until] : [stretch.from, stretch.until]
  const empty = { media: null, inMs: 0, channel: null, text: null, guide }
  const whole = (kind: PlanItem['kind'], rest: Partial<PlanItem>): PlanItem[] => [
    { ...empty, ...rest, id: cover.itemId(start, rest.channel ?? override.id), start, stop, kind },
  ]
  switch (show.kind) {
    case 'slate':
      return whole('slate', { text: show.text })
    case 'live':
      return whole('live', { channel: show.channel })
    case 'media': {
      const file = catalogued(cover.catalogue, show.media)
      if (file === null) return whole('slate', { text: override.title })
      return repeats(file.ms, { override, start, stop, from: cover.from, until: cover.until }).map(
        ({ from, until, inMs }) => ({
          ...empty,
          id: cover.itemId(from, show.media),
          start: from,
          stop: until,
          kind: 'programme' as const,
          media: show.media,
          inMs,
        }),
      )
    }
    default:
      return show satisfies never
  }
}

type Times = {
  readonly override: Override
  readonly start: number
  readonly stop: number
  readonly from: number
  readonly until: number
}

/** The times that a file is played within a stretch, from the start of the override on, that overlap `from` to `until`. */
function repeats(
  ms: number,
  { override, start, stop, from, until }: Times,
): { readonly from: number; readonly until: number; readonly inMs: number }[] {
  const found = []
  let begin = override.from + Math.floor((from - override.from) / ms) * ms
  for (; begin < until; begin += ms) {
    const first = Math.max(begin, start)
    const last = Math.min(begin + ms, stop)
    if (last > from && first < last) found.push({ from: first, until: last, inMs: first - begin })
  }
  return found
}
