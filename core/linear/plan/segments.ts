import type { Revision } from '../document/revision.ts'
import type { Slot } from '../document/slot.ts'
import type { SlotDays } from './slot-day.ts'

/**
 * A stretch of a day that belongs to one slot. `isFresh`: the slot begins here, and does not only go on. `next`: the
 * slot that begins at `stop`; null: nothing begins there, programmes may run on.
 */
export type Segment = {
  readonly slot: Slot | null
  readonly start: number
  readonly stop: number
  readonly isFresh: boolean
  readonly next: Slot | null
}

/** A part of a day in which one revision holds. */
export type DayPart = {
  readonly day: number
  readonly start: number
  readonly stop: number
  readonly revision: Revision
  readonly slots: SlotDays
  /** The slot that begins exactly at `stop`, whichever revision holds there. */
  readonly next: Slot | null
}

/** What a document without slots plays all day. */
const allDay = (pool: string): Slot => ({
  id: 'all-day',
  at: '00:00',
  days: null,
  from: null,
  until: null,
  show: { kind: 'pool', pool },
  count: 'fill',
  padToMinutes: 0,
  lateMinutes: 0,
  marathon: false,
  bleed: false,
  guide: null,
  filler: null,
  breaks: null,
  bumpers: null,
})

/** The stretches of a part of a day, without holes. */
export function segmentsOf({ day, start, stop, revision, slots, next }: DayPart): readonly Segment[] {
  const pool = revision.pools[0]
  if (revision.slots.length === 0)
    return [{ slot: pool === undefined ? null : allDay(pool.id), start, stop, isFresh: false, next }]
  const occasions = slots.on(day).filter((occasion) => occasion.start < stop)
  const first = occasions.findLast((occasion) => occasion.start <= start)
  const later = occasions.filter((occasion) => occasion.start > start)
  const heads = [
    {
      slot: first === undefined ? slots.heldOver(day) : first.slot,
      start,
      isFresh: first?.start === start,
    },
    ...later.map((occasion) => ({ ...occasion, isFresh: true })),
  ]
  return heads.map((head, index) => {
    const following = heads[index + 1]
    return { ...head, stop: following?.start ?? stop, next: following === undefined ? next : following.slot }
  })
}
