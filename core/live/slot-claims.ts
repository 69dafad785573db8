/** What a source wants one of its slots for by itself: a recording, the family's television. */
export type SlotClaim = {
  readonly slotKey: string
  /** Until the slot is needed, milliseconds; negative: it is late. Null: it is in use already. */
  readonly dueInMs: number | null
}

/** What a source needs beside us, out of how many slots. */
export type SlotDemand = { readonly slots: number; readonly claims: readonly SlotClaim[] }

/** We are out of the way so long before a slot is needed: a receiver tunes 20 s before a recording begins (`enigma2.md` §9.4). */
export const ROOM_BEFORE_MS = 10_000
/** Nothing is opened that would have to be closed again so soon. */
export const LEAVE_ROOM_MS = 3 * 60_000

/**
 * The first claim due within a time that would find no slot while slots of these keys are held; null: all find one.
 *
 * Claims in use count as held, and never come short.
 */
export function starvedClaim(
  { slots, claims }: SlotDemand,
  held: Iterable<string>,
  withinMs: number,
): SlotClaim | null {
  const keys = new Set(held)
  const due: { readonly claim: SlotClaim; readonly inMs: number }[] = []
  for (const claim of claims) {
    if (claim.dueInMs === null) keys.add(claim.slotKey)
    else if (claim.dueInMs <= withinMs) due.push({ claim, inMs: claim.dueInMs })
  }
  for (const { claim } of due.toSorted((a, b) => a.inMs - b.inMs)) {
    if (keys.has(claim.slotKey)) continue
    keys.add(claim.slotKey)
    if (keys.size > slots) return claim
  }
  return null
}
