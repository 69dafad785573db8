import * as v from 'valibot'

/** A text, with one as an example. */
export const text = (example: string) => v.pipe(v.string(), v.examples([example]))

/** A text that may be missing. */
export const textOrNull = (example: string) => v.nullable(text(example))

/** A whole number, with one as an example. */
export const count = (example = 1) => v.pipe(v.number(), v.integer(), v.examples([example]))

/** A whole number that may not be known. */
export const countOrNull = (example = 1) => v.nullable(count(example))

/** An instant in ISO 8601. */
export const instant = v.pipe(v.string(), v.isoTimestamp(), v.examples(['2026-11-21T20:15:00.000Z']))

/** An instant that may not have come. */
export const instantOrNull = v.nullable(instant)

/** Id of a channel. */
export const channelId = text('c7')

/** Name of the picture that the owner gave to a channel, as its address has it (`/logo/c7?v=…`). */
export const ownLogo = v.pipe(
  textOrNull('4f0d2a7be1c95a3358c1d2e4'),
  v.description('Name of its picture by the owner; null: as its sources have it'),
)

/** Revision of what was shown; the entity tag of the answer without its quotes. */
export const revision = text('42')

/** Counts and words about something. */
export const facts = v.record(v.string(), v.nullable(v.union([v.string(), v.number(), v.boolean()])))

/** A window of a list: how many there are in all, and some of them. */
export const listOf = <const Schema extends v.GenericSchema>(item: Schema) =>
  v.strictObject({ total: count(), items: v.array(item) })

/** A sentence for owners, with the code and facts by which the pages say it in other languages. */
export const noticeAnswer = v.strictObject({
  code: text('account/ends'),
  facts: v.record(v.string(), v.union([v.string(), v.number()])),
  source: textOrNull('Panel'),
  failure: textOrNull('source/login'),
  text: text('Source "Panel": The account ends on 2026-12-01; renew it with the provider'),
})
