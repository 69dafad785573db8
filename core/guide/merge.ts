import { cleanProgrammes } from './clean.ts'
import type { Programme } from './programme.ts'
import type { Window } from './window.ts'

/**
 * The stored programmes of a channel after a source told all it has for the window [from, to).
 *
 * What starts in the window is replaced. What was running when the window began, and what starts behind it, stays
 * unless a told programme overlaps it. In: ordered, clean. Out: the same.
 */
export function mergeWindow(
  stored: readonly Programme[],
  told: readonly Programme[],
  window: Window,
): readonly Programme[] {
  const fresh = cleanProgrammes(told)
  const first = fresh[0]?.start ?? Infinity
  const last = fresh.at(-1)?.stop ?? -Infinity
  const kept = stored.filter((programme) => {
    const startsInside = programme.start >= window.from && programme.start < window.to
    const overlaps = programme.start < last && programme.stop > first
    return (
      !startsInside &&
      !(overlaps && fresh.some((other) => programme.start < other.stop && programme.stop > other.start))
    )
  })
  return [...kept, ...fresh].toSorted((a, b) => a.start - b.start)
}

/** Whether two programmes are the same to a viewer. */
export function isSameProgramme(a: Programme, b: Programme): boolean {
  return (
    a.start === b.start &&
    a.stop === b.stop &&
    a.title === b.title &&
    a.subtitle === b.subtitle &&
    a.description === b.description &&
    a.season === b.season &&
    a.episode === b.episode &&
    a.repeat === b.repeat &&
    a.categories.length === b.categories.length &&
    a.categories.every((category, index) => category === b.categories[index]) &&
    // Sources make details in one order of keys.
    (a.details === b.details || JSON.stringify(a.details) === JSON.stringify(b.details))
  )
}
