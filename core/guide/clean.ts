import type { Programme } from './programme.ts'

/** Nothing on television lasts longer; receivers give more when they have lost an end. */
const LONGEST_MS = 24 * 3600 * 1000

/**
 * The programmes as a guide can show them: in order of start, none without length, one for each start, none that
 * overlaps the next.
 *
 * Of two with one start the one that says more wins (event ids change between tables, so both are listed). One that
 * runs into the next is cut at the next's start: sources announce the next more exactly than an end.
 */
export function cleanProgrammes(programmes: Iterable<Programme>): readonly Programme[] {
  const byStart = new Map<number, Programme>()
  for (const programme of programmes) {
    if (!(programme.stop > programme.start) || !Number.isSafeInteger(programme.start)) continue
    const twin = byStart.get(programme.start)
    if (twin === undefined || richness(programme) > richness(twin)) byStart.set(programme.start, programme)
  }
  const sorted = [...byStart.values()].toSorted((a, b) => a.start - b.start)
  return sorted.map((programme, index) => {
    const nextStart = sorted[index + 1]?.start ?? Infinity
    const stop = Math.min(programme.stop, nextStart, programme.start + LONGEST_MS)
    return stop === programme.stop ? programme : { ...programme, stop }
  })
}

/** How much a programme tells: its texts, with a bonus for numbers, which no text replaces. */
const richness = (programme: Programme): number =>
  (programme.description?.length ?? 0) +
  (programme.subtitle?.length ?? 0) +
  programme.title.length +
  (programme.episode === null ? 0 : 100)
