import * as v from 'valibot'
import { plainText } from '../../plain-text.ts'
import { zoneOffset } from '../../wall-clock.ts'

// Messages say what a value should be: they end the sentence "KEY: should be …".

/** A key within a document: small letters, digits and "-". */
export const slug = v.pipe(
  v.string('a name of small letters, digits and "-", like "late-films"'),
  v.regex(/^[a-z0-9][a-z0-9-]{0,47}$/, 'at most 48 small letters, digits and "-", starting with a letter or digit'),
)

/** One line of text for people. */
export const line = (most: number) =>
  v.pipe(
    v.string(`a text of at most ${most} letters`),
    v.transform(plainText),
    v.nonEmpty('a text that is not empty'),
    v.maxLength(most, `a text of at most ${most} letters`),
  )

/** A whole number between two others. */
export const whole = (least: number, most: number) => {
  const sentence = `a whole number from ${least} to ${most}`
  return v.pipe(v.number(sentence), v.integer(sentence), v.minValue(least, sentence), v.maxValue(most, sentence))
}

/** True or false. */
export const yesOrNo = v.boolean('true or false')

/** A list with an end. */
export const listOf = <const Schema extends v.GenericSchema>(schema: Schema, most: number, of: string) =>
  v.pipe(v.array(schema, `a list of ${of}`), v.maxLength(most, `at most ${most} ${of}`))

const CLOCK = 'a time of day, like "20:15" or "05:59:30"'

/** A time of day on the channel's clock: `HH:MM` or `HH:MM:SS`. */
export const clockTime = v.pipe(v.string(CLOCK), v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/, CLOCK))

/** Milliseconds from midnight that a `clockTime` says. */
export function clockMs(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return ((hours * 60 + minutes) * 60 + seconds) * 1000
}

const DAY = 'a day, like "2026-12-24"'
const isDay = (text: string): boolean => {
  const instant = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)
}

/** A day of the calendar: `YYYY-MM-DD`, from 1970 on. */
export const calendarDay = v.pipe(
  v.string(DAY),
  v.regex(/^\d{4}-\d\d-\d\d$/, DAY),
  v.check((text) => isDay(text) && text >= '1970', DAY),
)

const INSTANT = 'an instant, like "2026-12-24T20:15:00Z"'

/** An instant: ISO 8601 with its zone, or epoch milliseconds. */
export const instant = v.pipe(
  v.union(
    [
      v.pipe(
        v.string(),
        v.isoTimestamp(INSTANT),
        v.transform((text) => Date.parse(text)),
      ),
      v.pipe(v.number(), v.integer()),
    ],
    INSTANT,
  ),
  v.check((ms) => ms >= 0 && ms < 253_402_300_800_000, INSTANT), // the year 10000
)

/** A time zone of IANA that this platform knows. */
export const timeZone = v.pipe(
  v.string('a time zone, like "Europe/Berlin"'),
  v.check((zone) => zoneOffset(zone) !== null, 'a time zone, like "Europe/Berlin"'),
)

/** Days of the week as they are written, Monday first. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** One of them. */
export type Weekday = (typeof WEEKDAYS)[number]
