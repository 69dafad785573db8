import type { Programme } from './programme.ts'
import { GUIDE_STEP_MS } from './window.ts'
import type { Window } from './window.ts'

const SMALL_GAP_MS = 5 * 60_000

/** A programme, or a block that stands where nothing is known. */
export type Slot = Programme & { readonly isFiller: boolean }

/**
 * The programmes of one channel without holes over the window: players record nothing in a hole, and validators refuse
 * a channel without programmes.
 *
 * Gaps up to 5 minutes go to the programme before; longer ones are filled with blocks that end at the full 4 hours UTC,
 * so that they stay the same while the window moves. In: ordered by start, without overlaps.
 */
export function fillGaps(programmes: readonly Programme[], window: Window, title: string): readonly Slot[] {
  const slots: Slot[] = []
  const end = Math.ceil(window.to / GUIDE_STEP_MS) * GUIDE_STEP_MS
  let time = Math.floor(window.from / GUIDE_STEP_MS) * GUIDE_STEP_MS
  const fillUntil = (until: number): void => {
    while (time < until) {
      const stop = Math.min(until, (Math.floor(time / GUIDE_STEP_MS) + 1) * GUIDE_STEP_MS)
      slots.push(filler(time, stop, title))
      time = stop
    }
  }
  for (const [index, programme] of programmes.entries()) {
    fillUntil(programme.start)
    const gap = (programmes[index + 1]?.start ?? Infinity) - programme.stop
    const stop = gap > 0 && gap <= SMALL_GAP_MS ? programme.stop + gap : programme.stop
    slots.push({ ...programme, stop, isFiller: false })
    time = stop
  }
  fillUntil(end)
  return slots
}

const filler = (start: number, stop: number, title: string): Slot => ({
  start,
  stop,
  title,
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
  isFiller: true,
})
