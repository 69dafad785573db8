import { catalogued } from './catalogue.ts'
import type { Catalogue } from './catalogue.ts'
import type { ChannelDoc } from './document.ts'
import type { Revision } from './document/revision.ts'
import type { PlanItem } from './plan-item.ts'
import type { Checkpoint } from './plan/checkpoint.ts'
import { createFold } from './plan/fold.ts'
import type { RunReport } from './plan/fold.ts'
import { planOn } from './plan.ts'

/**
 * What a schedule may do that its owner did not mean:
 * `empty-pool` nothing of a pool can be shown; `unknown-media` it names files that no library knows; `overrun` programmes
 * run into the next slot; `slot-skipped` a slot has no time at all; `slot-empty` a slot has nothing that fits or is left;
 * `same-start` two slots begin at the same time, one is never seen; `no-filler` gaps have nothing to be filled with;
 * `filler-too-long` a gap is shorter than every piece of filler; `long-gap` so much filler or nothing in a row.
 */
export const SCHEDULE_WARNINGS = [
  'empty-pool',
  'unknown-media',
  'overrun',
  'slot-skipped',
  'slot-empty',
  'same-start',
  'no-filler',
  'filler-too-long',
  'long-gap',
] as const

/** One of them. */
export type ScheduleWarningCode = (typeof SCHEDULE_WARNINGS)[number]

/** One finding; those of the same kind at the same slot or pool are one, with the first time and the worst length. */
export type ScheduleWarning = {
  readonly code: ScheduleWarningCode
  /** Id of the slot; null: it concerns none. */
  readonly slot: string | null
  /** The slot that it does something to, or that does something to it. */
  readonly other: string | null
  readonly pool: string | null
  /** The first time, epoch milliseconds; null: always. */
  readonly at: number | null
  /** How long at the worst, milliseconds; null: it has no length. */
  readonly ms: number | null
  /** How many times, or how many files. */
  readonly count: number
}

/** What is looked at. */
export type CheckWindow = { readonly from: number; readonly days: number; readonly checkpoint?: Checkpoint | null }

/** A plan is looked at for so many days at the most. */
const MOST_DAYS = 31
const DAY_MS = 86_400_000
const LONG_GAP_MS = 20 * 60_000
/** Nobody sees shorter ones. */
const SHORT_GAP_MS = 10_000

/**
 * Looks at so many days of a schedule from an instant on; `checkpoint`: a state of its plan before that. Pure; nothing that
 * is found stops a channel.
 */
export function checkSchedule(
  doc: ChannelDoc,
  catalogue: Catalogue,
  { from, days, checkpoint = null }: CheckWindow,
): readonly ScheduleWarning[] {
  const book = createBook()
  const fold = createFold({ ...doc, overrides: [] }, catalogue)
  const to = from + Math.min(days, MOST_DAYS) * DAY_MS
  const reports: RunReport[] = []
  const revisions = new Set<Revision>()
  const { items } = planOn(
    fold,
    { doc: { ...doc, overrides: [] }, catalogue },
    {
      from,
      to,
      checkpoint,
      onRun(report) {
        if (report.segment.stop <= from || report.segment.start >= to) return
        reports.push(report)
        revisions.add(report.revision)
      },
    },
  )
  for (const revision of revisions) checkPools(revision, catalogue, book.note)
  for (const report of reports) checkRun(report, book.note)
  checkGaps(items, { reports, catalogue, note: book.note })
  return book.all()
}

type Note = (warning: Partial<ScheduleWarning> & Pick<ScheduleWarning, 'code'>) => void

function createBook() {
  const found = new Map<string, ScheduleWarning>()
  const note: Note = (warning) => {
    const whole = { slot: null, other: null, pool: null, at: null, ms: null, count: 1, ...warning }
    const key = JSON.stringify([whole.code, whole.slot, whole.other, whole.pool])
    const known = found.get(key)
    if (known === undefined) found.set(key, whole)
    else
      found.set(key, {
        ...known,
        ms: known.ms === null ? whole.ms : Math.max(known.ms, whole.ms ?? 0),
        count: known.count + whole.count,
      })
  }
  return { note, all: () => [...found.values()] }
}

function checkPools({ pools, slots }: Revision, catalogue: Catalogue, note: Note): void {
  for (const { id, items } of pools) {
    const unknown = items.filter((media) => catalogued(catalogue, media) === null).length
    if (unknown === items.length) note({ code: 'empty-pool', pool: id })
    else if (unknown > 0) note({ code: 'unknown-media', pool: id, count: unknown })
  }
  for (const [index, slot] of slots.entries()) {
    const rival = slots
      .slice(index + 1)
      .find(
        (other) =>
          other.at === slot.at &&
          (other.days === null || slot.days === null || other.days.some((day) => slot.days?.includes(day))) &&
          (other.from ?? '') <= (slot.until ?? '~') &&
          (slot.from ?? '') <= (other.until ?? '~'),
      )
    if (rival !== undefined) note({ code: 'same-start', slot: slot.id, other: rival.id })
  }
}

function checkRun({ segment, from, to, shown }: RunReport, note: Note): void {
  const { slot, start, stop, next } = segment
  if (slot === null || slot.show.kind === 'off') return
  if (from >= stop) note({ code: 'slot-skipped', slot: slot.id, at: start, ms: stop - start })
  else if (shown === 0 && segment.isFresh && (slot.show.kind === 'pool' || slot.show.kind === 'rerun'))
    note({ code: 'slot-empty', slot: slot.id, at: start, ms: stop - start })
  // What was late already runs on; it is told where it began.
  if (next !== null && to > stop && from < stop)
    note({ code: 'overrun', slot: slot.id, other: next.id, at: stop, ms: to - stop })
}

type GapParts = { readonly reports: readonly RunReport[]; readonly catalogue: Catalogue; readonly note: Note }

/** Stretches without a programme. */
function checkGaps(items: readonly PlanItem[], { reports, catalogue, note }: GapParts): void {
  let index = 0
  const reportAt = (instant: number): RunReport | undefined => {
    while ((reports[index]?.segment.stop ?? Infinity) <= instant) index++
    return reports[index]
  }
  const gap = { slot: '', at: 0, ms: 0 }
  for (const { kind, start, stop } of items) {
    const report = reportAt(start)
    const slot = report?.segment.slot ?? null
    const isHole = kind === 'off' || kind === 'slate'
    const isGap = isHole || kind === 'filler' || kind === 'break'
    // Silence that is planned is none, nor is what was before the first day.
    if (!isGap || report === undefined || slot === null || slot.show.kind === 'off' || start < report.segment.start) {
      gap.ms = 0
      continue
    }
    const before = gap.ms
    if (before === 0) Object.assign(gap, { slot: slot.id, at: start })
    gap.ms += stop - start
    // Counted once, where it becomes long; its whole length follows.
    if (gap.ms >= LONG_GAP_MS) note({ code: 'long-gap', ...gap, count: before < LONG_GAP_MS ? 1 : 0 })
    if (isHole && stop - start >= SHORT_GAP_MS) checkFiller({ start, stop }, { report, catalogue, note })
  }
}

/** Why nothing was there to fill a hole. */
function checkFiller(
  { start, stop }: Pick<PlanItem, 'start' | 'stop'>,
  { report, catalogue, note }: { readonly report: RunReport; readonly catalogue: Catalogue; readonly note: Note },
): void {
  const { revision, segment } = report
  const filler = segment.slot?.filler ?? revision.filler
  const lengths = revision.pools
    .filter(({ id }) => filler.includes(id))
    .flatMap(({ items }) => items.flatMap((media) => catalogued(catalogue, media)?.ms ?? []))
  const hole = { slot: segment.slot?.id ?? null, at: start, ms: stop - start }
  if (lengths.length === 0) note({ code: 'no-filler', ...hole })
  else if (Math.min(...lengths) > stop - start) note({ code: 'filler-too-long', pool: filler[0] ?? null, ...hole })
}
