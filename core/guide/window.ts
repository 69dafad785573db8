/** A span of time [from, to), epoch milliseconds. */
export type Window = { readonly from: number; readonly to: number }

/** Guides are cut at multiples of this, so that a document stays the same while the clock runs on. */
export const GUIDE_STEP_MS = 4 * 3600 * 1000

/** The window of a published guide: from 4 to 8 hours ago up to `days` ahead, at full 4 hours UTC. */
export function guideWindow(now: number, days: number): Window {
  const step = Math.floor(now / GUIDE_STEP_MS) * GUIDE_STEP_MS
  return { from: step - GUIDE_STEP_MS, to: step + GUIDE_STEP_MS + days * 24 * 3600 * 1000 }
}
