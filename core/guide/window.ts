/** A span of time [from, to), epoch milliseconds. */
export type Window = { readonly from: number; readonly to: number }

/** Guides are cut at multiples of this, so that a document stays the same while the clock runs on. */
export const GUIDE_STEP_MS = 4 * 3600 * 1000

/** The window of a published guide: from 4 to 8 hours ago up to `days` ahead, at full 4 hours UTC. */
export function guideWindow(now: number, days: number): Window {
  const step = Math.floor(now / GUIDE_STEP_MS) * GUIDE_STEP_MS
  return { from: step - GUIDE_STEP_MS, to: step + GUIDE_STEP_MS + days * 24 * 3600 * 1000 }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** What has ended is told for a day, and longer where it can be replayed: so far at most. */
const LONGEST_PAST_MS = 14 * DAY_MS

/** The window of a channel that can be replayed for so many hours: it begins so much earlier, at full 4 hours UTC. */
export function withPast({ from, to }: Window, pastHours: number): Window {
  const past = Math.min(pastHours * HOUR_MS, LONGEST_PAST_MS)
  return { from: Math.floor((from - past) / GUIDE_STEP_MS) * GUIDE_STEP_MS, to }
}

/** How long programmes are kept that are over, in a house whose channels can be replayed for so many hours at most. */
export const keptPastMs = (pastHours: number): number =>
  Math.min(Math.max(DAY_MS, pastHours * HOUR_MS), LONGEST_PAST_MS)
