import type { Catalogue } from './catalogue.ts'
import type { ChannelDoc } from './document.ts'
import type { ProgrammeLine } from './line.ts'
import type { PlanItem } from './plan-item.ts'
import type { Checkpoint } from './plan/checkpoint.ts'
import { createFold } from './plan/fold.ts'
import type { Fold } from './plan/fold.ts'
import { planOn } from './plan.ts'

const DAY_MS = 86_400_000
const DAYS_APART = 7
/** Three years of weeks. */
const MOST_CHECKPOINTS = 156
/** Longer windows are not kept: two weeks of a channel with adverts are megabytes. */
const MOST_KEPT_MS = 2 * DAY_MS

/** The line of one channel, from a document and a catalogue that may be replaced. */
export interface Planner extends ProgrammeLine {
  readonly doc: ChannelDoc
  readonly catalogue: Catalogue
  /** What plays at an instant; null: the instant is none. */
  at(instant: number): PlanItem | null
  /** The last state that a window from this instant on can be planned from: for fronts, and for `plan`. */
  checkpoint(instant: number): Checkpoint
  /** From now on this is planned. Listeners hear of it if anything is different. */
  replace(doc: ChannelDoc, catalogue: Catalogue): void
}

/**
 * Answers what plays when, from memory: a state a week is kept, and the window asked for last. `start`: a state that is
 * known already, so that the days before need not be planned.
 */
export function createPlanner(doc: ChannelDoc, catalogue: Catalogue, start: Checkpoint | null = null): Planner {
  const listeners = new Set<() => void>()
  let now = prepare(doc, catalogue, start)

  return {
    get doc() {
      return now.doc
    },
    get catalogue() {
      return now.catalogue
    },
    items: (from, to) => now.items(from, to),
    at: (instant) => now.items(instant, instant + 1)[0] ?? null,
    checkpoint: (instant) => now.checkpoint(instant),
    onChange(listener) {
      const own = (): void => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    replace(nextDoc, nextCatalogue) {
      const isSame = nextCatalogue.revision === now.catalogue.revision && JSON.stringify(nextDoc) === now.text
      if (isSame) return
      now = prepare(nextDoc, nextCatalogue, null)
      for (const listener of listeners) listener()
    },
  }
}

function prepare(doc: ChannelDoc, catalogue: Catalogue, start: Checkpoint | null) {
  const fold: Fold = createFold(doc, catalogue)
  const states = new Map<number, Checkpoint>()
  if (start !== null) states.set(start.day, start)
  let kept: { readonly from: number; readonly to: number; readonly items: readonly PlanItem[] } | null = null

  const keep = (state: Checkpoint): void => {
    if (state.day % DAYS_APART !== 0 || states.has(state.day)) return
    const oldest = states.keys().next()
    if (states.size >= MOST_CHECKPOINTS && !oldest.done) states.delete(oldest.value)
    states.set(state.day, state)
  }
  const before = (instant: number): Checkpoint | null => {
    let best: Checkpoint | null = null
    for (const state of states.values())
      if (state.at <= instant && (best === null || state.day > best.day)) best = state
    return best
  }
  const plan = (from: number, to: number) =>
    planOn(fold, { doc, catalogue }, { from, to, checkpoint: before(from), onDay: keep })

  return {
    doc,
    catalogue,
    text: JSON.stringify(doc),
    checkpoint: (instant: number) => plan(instant, instant).checkpoint,
    items(from: number, to: number): readonly PlanItem[] {
      if (kept === null || from < kept.from || to > kept.to) {
        // Who asks for a moment asks for the next one soon.
        const [first, last] = [from, Math.max(to, from + DAY_MS)]
        const { items } = plan(first, last)
        if (last - first > MOST_KEPT_MS) return items.filter((item) => item.start < to)
        kept = { from: first, to: last, items }
      }
      return within(kept.items, from, to)
    },
  }
}

/** The items that overlap a window; they follow each other, so the first one is found by halves. */
function within(items: readonly PlanItem[], from: number, to: number): readonly PlanItem[] {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle]?.stop ?? Infinity) > from) high = middle
    else low = middle + 1
  }
  let end = low
  while ((items[end]?.start ?? Infinity) < to) end++
  return items.slice(low, end)
}
