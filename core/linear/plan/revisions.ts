import type { Calendar } from '../civil-day.ts'
import { dateNumber } from '../civil-day.ts'
import type { ChannelDoc } from '../document.ts'
import type { Revision } from '../document/revision.ts'

/** From when a revision holds. `cuts`: what plays then is broken off; otherwise it comes to its end. */
export type Era = { readonly start: number; readonly revision: Revision; readonly cuts: boolean }

/** The revisions of a document by the instants from which they hold; the first from the start of the anchor day. */
export function erasOf(doc: ChannelDoc, calendar: Calendar): readonly Era[] {
  const anchor = calendar.startOf(dateNumber(doc.anchorDay))
  const eras = doc.revisions.map((revision): Era => {
    const { from } = revision
    return typeof from === 'number'
      ? { start: Math.max(anchor, from), revision, cuts: from > anchor }
      : { start: Math.max(anchor, calendar.startOf(dateNumber(from))), revision, cuts: false }
  })
  const sorted = eras.toSorted((a, b) => a.start - b.start)
  // Of several from the same instant on the last one written holds.
  return sorted.filter(({ start }, index) => sorted[index + 1]?.start !== start)
}

/** The index of the era that an instant lies in; -1: before the first. */
export const eraAt = (eras: readonly Era[], instant: number): number =>
  eras.findLastIndex(({ start }) => start <= instant)

/** The first instant after another at which what plays is broken off; Infinity: there is none. */
export const nextCut = (eras: readonly Era[], instant: number): number =>
  eras.find(({ start, cuts }) => cuts && start > instant)?.start ?? Infinity
