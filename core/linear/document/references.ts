import { NO_BUMPERS } from './decoration.ts'
import type { Bumpers } from './decoration.ts'
import type { Revision } from './revision.ts'

/** What is wrong with a document as a whole: the key, and what should be there. */
export type WrongReference = { readonly key: string; readonly shouldBe: string }

type Whole = { readonly revisions: readonly Revision[]; readonly overrides: readonly { readonly id: string }[] }

/**
 * The first name in a document that leads nowhere, or stands for two things; null: there is none. `own`: 1 if the first
 * revision was written at the top of the document.
 */
export function checkReferences(doc: Whole, own: number): WrongReference | null {
  const twice = doubled(doc.overrides)
  if (twice !== -1) return { key: `overrides[${twice}].id`, shouldBe: 'an id that no other override has' }
  for (const [index, revision] of doc.revisions.entries()) {
    const key = index < own ? '' : `revisions[${index - own}].`
    const wrong = checkRevision(revision)
    if (wrong !== null) return { ...wrong, key: key + wrong.key }
    const before = doc.revisions[index - 1]
    // Days and instants are compared when they are planned, where the zone is known; here only what is the same in kind.
    if (before !== undefined && typeof before.from === typeof revision.from && before.from >= revision.from)
      return { key: `${key}from`, shouldBe: 'after that of the revision before' }
  }
  return null
}

function checkRevision({ slots, pools, filler, bumpers }: Revision): WrongReference | null {
  const poolIds = new Set(pools.map(({ id }) => id))
  const slotIds = new Set(slots.map(({ id }) => id))
  const known = `the id of a pool of this revision (${[...poolIds].slice(0, 20).join(', ') || 'there is none'})`
  const twicePool = doubled(pools)
  if (twicePool !== -1) return { key: `pools[${twicePool}].id`, shouldBe: 'an id that no other pool has' }
  const twiceSlot = doubled(slots)
  if (twiceSlot !== -1) return { key: `slots[${twiceSlot}].id`, shouldBe: 'an id that no other slot has' }
  const lost = (ids: readonly string[]): number => ids.findIndex((id) => !poolIds.has(id))
  const decoration = (key: string, fill: readonly string[], pieces: Bumpers): WrongReference | null => {
    const lostFiller = lost(fill)
    if (lostFiller !== -1) return { key: `${key}filler[${lostFiller}]`, shouldBe: known }
    const bumper = Object.entries(pieces).find(([, id]) => id !== null && !poolIds.has(id))
    return bumper === undefined ? null : { key: `${key}bumpers.${bumper[0]}`, shouldBe: known }
  }
  const wrong = decoration('', filler, bumpers)
  if (wrong !== null) return wrong
  for (const [index, slot] of slots.entries()) {
    const key = `slots[${index}].`
    if (slot.show.kind === 'pool' && !poolIds.has(slot.show.pool)) return { key: `${key}show.pool`, shouldBe: known }
    if (slot.show.kind === 'rerun' && (!slotIds.has(slot.show.rerunOf) || slot.show.rerunOf === slot.id))
      return { key: `${key}show.rerunOf`, shouldBe: 'the id of another slot of this revision' }
    const own = decoration(key, slot.filler ?? [], slot.bumpers ?? NO_BUMPERS)
    if (own !== null) return own
  }
  return null
}

/** Index of the first that has the id of one before it; -1: none. */
function doubled(things: readonly { readonly id: string }[]): number {
  const seen = new Set<string>()
  return things.findIndex(({ id }) => seen.size === seen.add(id).size)
}
