import { WEEKDAYS } from '../../../core/linear/document/values.ts'
import type { Weekday } from '../../../core/linear/document/values.ts'
import type { Pool } from '../../../core/linear/document/pool.ts'
import type { Revision } from '../../../core/linear/document/revision.ts'
import type { Slot } from '../../../core/linear/document/slot.ts'
import type { LibraryFilter } from '../../../core/library/library-filter.ts'
import { minuteOf, printMinute } from './week.ts'

/** A place in the week: `day` 0 … 6 from Monday, minutes from midnight. */
export type Place = { readonly day: number; readonly minute: number }

/** What is put into the week: something that is a pool already, or what becomes one. */
export type Wish =
  | { readonly kind: 'pool'; readonly pool: string }
  | { readonly kind: 'query'; readonly name: string; readonly query: LibraryFilter; readonly mode: Pool['mode'] }
  | { readonly kind: 'media'; readonly name: string; readonly item: string }
  | { readonly kind: 'live'; readonly channel: string }

/** A slot without its own wishes: what a new one begins with. */
const PLAIN: Omit<Slot, 'id' | 'at' | 'days' | 'show'> = {
  from: null,
  until: null,
  count: 'fill',
  padToMinutes: 0,
  lateMinutes: 0,
  marathon: false,
  bleed: false,
  guide: null,
  filler: null,
  breaks: null,
  bumpers: null,
}

/** The slot at another time. `onlyOn`: only on this day of the week; the others keep theirs, in a slot of their own. */
export function moveSlot(plan: Revision, id: string, to: Place, onlyOn: number | null): Revision {
  const slot = plan.slots.find((one) => one.id === id)
  if (slot === undefined) return plan
  const at = printMinute(to.minute)
  const target = WEEKDAYS[to.day]
  if (onlyOn === null) {
    // On every day it stays on every day: only the clock moves it.
    const isOneDay = slot.days?.length === 1
    const days = isOneDay && target !== undefined ? [target] : slot.days
    return changeSlot(plan, id, { at, days })
  }
  const source = WEEKDAYS[onlyOn]
  if (source === undefined || target === undefined) return plan
  const rest = (slot.days ?? WEEKDAYS).filter((day) => day !== source)
  const moved: Slot = { ...slot, id: freshId(plan.slots, at), at, days: [target] }
  return rest.length === 0
    ? changeSlot(plan, id, { at, days: [target] })
    : withSlots(plan, [...plan.slots.map((one) => (one.id === id ? { ...one, days: rest } : one)), moved])
}

/** Some keys of a slot, changed. */
export const changeSlot = (plan: Revision, id: string, change: Partial<Omit<Slot, 'id'>>): Revision =>
  withSlots(
    plan,
    plan.slots.map((slot) => (slot.id === id ? { ...slot, ...change } : slot)),
  )

/** Without the slot; `onlyOn`: without it on this day of the week. */
export function removeSlot(plan: Revision, id: string, onlyOn: number | null): Revision {
  const source = onlyOn === null ? undefined : WEEKDAYS[onlyOn]
  const rest = (days: readonly Weekday[] | null) => (days ?? WEEKDAYS).filter((day) => day !== source)
  return withSlots(
    plan,
    plan.slots.flatMap((slot) => {
      if (slot.id !== id) return [slot]
      const left = source === undefined ? [] : rest(slot.days)
      return left.length === 0 ? [] : [{ ...slot, days: left }]
    }),
  )
}

/** A wish put into the week, on all days or on that of its place alone; a pool that is not there yet is made. */
export function addSlot(plan: Revision, wish: Wish, { day, minute }: Place, onEveryDay: boolean): Revision {
  const at = printMinute(minute)
  const weekday = WEEKDAYS[day]
  const slot = {
    ...PLAIN,
    id: freshId(plan.slots, at),
    at,
    days: onEveryDay || weekday === undefined ? null : [weekday],
  }
  if (wish.kind === 'live') return withSlots(plan, [...plan.slots, { ...slot, show: wish }])
  const [pools, pool] = wish.kind === 'pool' ? [plan.pools, wish.pool] : poolFor(plan.pools, wish)
  // One film is one programme: it does not go round until the next slot.
  const count = wish.kind === 'media' ? 1 : PLAIN.count
  return { ...withSlots(plan, [...plan.slots, { ...slot, count, show: { kind: 'pool', pool } }]), pools }
}

/** The pool of a wish: one that is there already, or a new one behind the others. */
export function poolFor(
  pools: readonly Pool[],
  wish: Extract<Wish, { kind: 'query' | 'media' }>,
): readonly [readonly Pool[], string] {
  const [items, query, mode] =
    wish.kind === 'media' ? [[wish.item], null, 'sequence' as const] : [[], wish.query, wish.mode]
  const same = pools.find((pool) => {
    if (JSON.stringify(pool.query) !== JSON.stringify(query)) return false
    // What a filter found is written beside it when it is published.
    return query === null ? JSON.stringify(pool.items) === JSON.stringify(items) : pool.mode === mode
  })
  if (same !== undefined) return [pools, same.id]
  const id = freshName(pools, wish.name)
  return [[...pools, { id, items, query, mode, groupBy: null, onWrap: 'reshuffle' }], id]
}

/** A name that no pool has, of the letters that ids may have. */
export function freshName(pools: readonly { readonly id: string }[], name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return free(pools, plain === '' ? 'pool' : plain)
}

const freshId = (slots: readonly Slot[], at: string): string => free(slots, at.replaceAll(':', ''))

function free(taken: readonly { readonly id: string }[], wanted: string): string {
  const ids = new Set(taken.map(({ id }) => id))
  for (let index = 1; ; index++) {
    const id = index === 1 ? wanted : `${wanted}-${index}`
    if (!ids.has(id)) return id
  }
}

const withSlots = (plan: Revision, slots: readonly Slot[]): Revision => ({
  ...plan,
  slots: slots.toSorted((a, b) => minuteOf(a.at) - minuteOf(b.at)),
})
