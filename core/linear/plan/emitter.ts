import type { PlanGuide, PlanItem, PlanKind } from '../plan-item.ts'
import { createItemIds } from './item-id.ts'

/** What comes onto the line: a stretch, and what plays. */
export type Stretch = {
  readonly start: number
  readonly stop: number
  readonly kind: PlanKind
  readonly media?: string
  readonly inMs?: number
  readonly channel?: string
  readonly text?: string
  readonly guide: PlanGuide
}

/** Collects the items that overlap a window. */
export type Emitter = {
  readonly items: PlanItem[]
  /** Whether anything of a stretch is wanted: what is not need not be made. */
  wants(start: number, stop: number): boolean
  emit(stretch: Stretch): void
  /** From now on everything is broken off at this instant. */
  cutAt(instant: number): void
}

/** Collects what overlaps `from` to `to`. */
export function createEmitter(channel: string, from: number, to: number): Emitter {
  const items: PlanItem[] = []
  const itemId = createItemIds(channel)
  let limit = Infinity
  const wants = (start: number, stop: number): boolean => start < to && stop > from
  return {
    items,
    wants,
    cutAt(instant) {
      limit = instant
    },
    emit(stretch) {
      const { start, kind, media, channel: live, guide } = stretch
      const stop = stretch.stop < limit ? stretch.stop : limit
      if (start >= stop || !wants(start, stop)) return
      items.push({
        id: itemId(start, media ?? live ?? kind),
        start,
        stop,
        kind,
        media: media ?? null,
        inMs: stretch.inMs ?? 0,
        channel: live ?? null,
        text: stretch.text ?? null,
        guide,
      })
    },
  }
}
