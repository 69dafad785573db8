import { createCalendar, dateNumber } from '../civil-day.ts'
import type { Catalogue } from '../catalogue.ts'
import type { ChannelDoc } from '../document.ts'
import type { Revision } from '../document/revision.ts'
import { clockMs } from '../document/values.ts'
import { quantum90k } from '../house-format.ts'
import { createPools } from '../pool/pools.ts'
import { nothing } from './block.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Emitter } from './emitter.ts'
import { erasOf, eraAt, nextCut } from './revisions.ts'
import { segmentsOf } from './segments.ts'
import type { Segment } from './segments.ts'
import { createSlotDays } from './slot-day.ts'
import { runSegment } from './slot-run.ts'
import type { FoldState } from './slot-run.ts'

/** What became of one stretch: the line stood at `from` and stands at `to`; so many programmes were started. */
export type RunReport = {
  readonly segment: Segment
  readonly revision: Revision
  readonly from: number
  readonly to: number
  readonly shown: number
}

/** Makes the days of a channel, one after the other. */
export type Fold = {
  /** Before the anchor day there is nothing. */
  readonly anchor: number
  /** The day that an instant lies in. */
  dayOf(instant: number): number
  /** When a day begins. */
  startOf(day: number): number
  /** The state before the anchor day. */
  first(): Checkpoint
  /** Plans the days from a checkpoint on for as long as `goesOn` says so of the day to come; gives the state after. */
  run(from: Checkpoint, watch: FoldWatch): Checkpoint
}

/** Who sees a fold at work. `goesOn`: whether the day after this state is wanted. */
export type FoldWatch = {
  readonly line: Emitter
  readonly goesOn: (before: Checkpoint) => boolean
  readonly onRun?: ((report: RunReport) => void) | undefined
}

/** Makes ready what the days of a document are made of. Holds caches: make one for several questions. */
export function createFold(doc: ChannelDoc, catalogue: Catalogue): Fold {
  const dayStartMs = clockMs(doc.dayStart)
  const calendar = createCalendar(doc.zone, dayStartMs)
  const quantumMs = quantum90k(doc.house) / 90
  const eras = erasOf(doc, calendar).map((era) => ({
    ...era,
    slots: createSlotDays(era.revision, calendar, dayStartMs),
    pools: createPools(era.revision.pools, catalogue, doc.seed),
    remembered: new Set(era.revision.slots.flatMap(({ show }) => (show.kind === 'rerun' ? [show.rerunOf] : []))),
  }))
  const anchorDay = dateNumber(doc.anchorDay)
  const anchor = calendar.startOf(anchorDay)

  /**
   * The slot that begins exactly at an instant, as an era knows it: one that cuts is not foreseen, so that nothing before
   * it is different.
   */
  const beginningAt = (instant: number, own: (typeof eras)[number]): Segment['next'] => {
    const there = eras[eraAt(eras, instant)]
    const era = there === undefined || there.cuts ? own : there
    return era.slots.on(calendar.dayOf(instant)).find(({ start }) => start === instant)?.slot ?? null
  }

  const runDay = (day: number, state: FoldState, { line, onRun }: FoldWatch): void => {
    const [start, stop] = [calendar.startOf(day), calendar.startOf(day + 1)]
    // Revisions from a day on begin with it; what begins within one cuts.
    const borders = eras.map((era) => era.start).filter((border) => border > start && border < stop)
    const count = { day, gaps: 0, bumpers: 0 }
    for (const [index, from] of [start, ...borders].entries()) {
      const era = eras[eraAt(eras, from)]
      const until = borders[index] ?? stop
      const cut = nextCut(eras, from)
      line.cutAt(cut)
      if (era === undefined) {
        line.emit({ start: state.at, stop: until, kind: 'off', guide: nothing(doc.name, state.at) })
        state.at = Math.max(state.at, until)
        continue
      }
      const { revision, slots, pools, remembered } = era
      const next = beginningAt(stop, era)
      if (era.start === from && era.cuts) state.slot = null
      for (const segment of segmentsOf({ day, start: from, stop, revision, slots, next })) {
        if (segment.start >= cut) break
        const dressing = {
          pools,
          filler: segment.slot?.filler ?? revision.filler,
          breaks: segment.slot?.breaks ?? revision.breaks,
          bumpers: segment.slot?.bumpers ?? revision.bumpers,
          padMs: (segment.slot?.padToMinutes ?? 0) * 60_000,
          quantumMs,
          title: doc.name,
        }
        const before = { at: state.at, shown: segment.isFresh ? 0 : (state.slot?.shown ?? 0) }
        runSegment(segment, { calendar, catalogue, dressing, count, line, state, remembered, cut })
        const shown = (state.slot?.shown ?? 0) - before.shown
        onRun?.({ segment, revision, from: before.at, to: state.at, shown })
      }
      state.at = Math.min(state.at, cut)
    }
  }

  return {
    anchor,
    dayOf: calendar.dayOf,
    startOf: calendar.startOf,
    first: () => ({ v: 1, day: anchorDay, at: anchor, pools: {}, slot: null, shown: {} }),
    run(from, watch) {
      let before = from
      while (watch.goesOn(before)) {
        const state: FoldState = {
          at: before.at,
          pools: new Map(Object.entries(before.pools)),
          slot: before.slot === null ? null : { ...before.slot },
          shown: new Map(Object.entries(before.shown).map(([id, media]) => [id, [...media]])),
        }
        runDay(before.day, state, watch)
        before = {
          v: 1,
          day: before.day + 1,
          at: state.at,
          pools: Object.fromEntries(state.pools),
          slot: state.slot,
          shown: Object.fromEntries(state.shown),
        }
      }
      return before
    },
  }
}
