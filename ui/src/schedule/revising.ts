import type { ChannelDoc } from '../../../core/linear/document.ts'
import type { Revision } from '../../../core/linear/document/revision.ts'

/** When a change begins to hold: a day of the calendar, or at once (epoch milliseconds). */
export type Beginning = string | number

/** Instants and days in the order in which they come; a day counts from its beginning in UTC, which orders days rightly. */
const orderOf = (from: Beginning): number => (typeof from === 'number' ? from : Date.parse(`${from}T00:00:00Z`))

/** Which revision holds on a day: the last one that has begun. */
export function revisionOn(doc: Pick<ChannelDoc, 'revisions'>, day: string): number {
  const end = orderOf(day) + 86_400_000
  return Math.max(
    0,
    doc.revisions.findLastIndex(({ from }) => orderOf(from) < end),
  )
}

/**
 * The document with `plan` in the place of revision `index` from an instant or day on. What was planned before that stays
 * as it is, so that the past of the guide stays true; later revisions hold from their own day on. A change that begins
 * with the revision itself, or before it, replaces it.
 */
export function revise(doc: ChannelDoc, index: number, plan: Revision, from: Beginning): ChannelDoc {
  const current = doc.revisions[index]
  if (current === undefined) return doc
  const replaces = orderOf(from) <= orderOf(current.from)
  const next = { ...plan, from: replaces ? current.from : from }
  const revisions = replaces
    ? doc.revisions.with(index, next)
    : doc.revisions.toSpliced(index + 1, 0, next).toSorted((a, b) => orderOf(a.from) - orderOf(b.from))
  const [first, ...rest] = revisions
  return first === undefined ? doc : { ...doc, revisions: [first, ...rest] }
}
