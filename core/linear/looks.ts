import * as v from 'valibot'

/** Where on the picture something stands. */
export const PLACES = [
  'top-left',
  'top',
  'top-right',
  'left',
  'centre',
  'right',
  'bottom-left',
  'bottom',
  'bottom-right',
] as const

/** One of the nine. */
export type Place = (typeof PLACES)[number]

const DAY_MS = 86_400_000
/** A crawl is one picture, drawn before it moves: so many letters are still a small file. */
const MAX_CRAWL_LETTERS = 2000
/** Sound tracks that a channel can have at the most. */
const MAX_AUDIO_TRACKS = 4

const wholeMs = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(DAY_MS))
/** Of the picture's width or height. */
const percent = (least: number, most: number): v.GenericSchema<number> =>
  v.pipe(v.number(), v.minValue(least), v.maxValue(most))
const language = v.pipe(v.string(), v.regex(/^[a-z]{2,3}$/, 'Use a language code of two or three letters, as "de"'))
const languages = v.pipe(v.array(language), v.maxLength(10))

/** A file of the library's own folder: neither absolute nor outside of it. */
const fileOfLibrary = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(500),
  v.check((path) => isInside(path), 'Use the name of a file in the folder of the library, with "/" between folders'),
)

function isInside(path: string): boolean {
  // oxlint-disable-next-line no-control-regex -- what it has to keep out
  if (/[\u0000-\u001f\u007f\\]/.test(path) || /^[A-Za-z]:/.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

/** A line of text for the screen: no control characters. */
const line = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(500),
  // oxlint-disable-next-line no-control-regex -- what it has to keep out
  v.regex(/^[^\u0000-\u001f\u007f]+$/, 'Use text without line breaks and control characters'),
)

/** What a moment of the rhythm is counted from: 1970 (all channels in step), or the start of the programme. */
const clock = v.optional(v.picklist(['wall', 'content']), 'wall')

const always = v.strictObject({ kind: v.literal('always') })
const periodic = v.pipe(
  v.strictObject({
    kind: v.literal('periodic'),
    clock,
    everyMs: v.pipe(v.number(), v.integer(), v.minValue(1000), v.maxValue(DAY_MS)),
    phaseMs: v.optional(wholeMs, 0),
    holdMs: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(DAY_MS)),
    fadeMs: v.optional(wholeMs, 1000),
  }),
  v.check(({ everyMs, holdMs }) => holdMs <= everyMs, '"holdMs" must not be longer than "everyMs"'),
  v.check(({ holdMs, fadeMs }) => fadeMs * 2 <= holdMs, '"holdMs" must be at least twice "fadeMs"'),
)

const logoSchema = v.strictObject({
  file: fileOfLibrary,
  place: v.optional(v.picklist(PLACES), 'top-right'),
  widthPercent: v.optional(percent(1, 50), 9),
  marginXPercent: v.optional(percent(0, 40), 4),
  marginYPercent: v.optional(percent(0, 40), 5),
  opacityPercent: v.optional(percent(1, 100), 75),
  timing: v.optional(v.union([always, periodic]), { kind: 'always' }),
  hideDuringFiller: v.optional(v.boolean(), true),
})

/**
 * The station's logo. `file`: within the library's folder. Percentages of the picture's width and height; margins are from
 * the edge that it stands at. `timing` periodic: seen for `holdMs` (fading in and out over `fadeMs` within that) once every
 * `everyMs`, `phaseMs` after the full period of the clock.
 */
export type Logo = v.InferOutput<typeof logoSchema>

const crawlSchema = v.pipe(
  v.strictObject({
    lines: v.pipe(v.array(line), v.minLength(1), v.maxLength(20)),
    place: v.optional(v.picklist(['top', 'bottom']), 'bottom'),
    speedPercent: v.optional(percent(2, 50), 10),
    heightPercent: v.optional(percent(3, 12), 5),
    everyMs: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(10_000), v.maxValue(DAY_MS))), null),
    phaseMs: v.optional(wholeMs, 0),
    hideDuringFiller: v.optional(v.boolean(), true),
  }),
  v.check(
    ({ lines }) => lines.join('').length <= MAX_CRAWL_LETTERS,
    `All lines together must not have more than ${MAX_CRAWL_LETTERS} letters`,
  ),
)

/**
 * A text that runs over the picture from right to left, on the wall clock: it goes on over a change of programmes.
 * `speedPercent`: of the picture's width in a second; `heightPercent`: of the band, of the picture's height. `everyMs`: it
 * passes once in so long; null: it comes again as soon as it is through.
 */
export type Crawl = v.InferOutput<typeof crawlSchema>

/** How a channel looks and sounds, as its document says it; everything may be left out. */
export const looksSchema = v.strictObject({
  logo: v.optional(v.nullable(logoSchema), null),
  crawl: v.optional(v.nullable(crawlSchema), null),
  loudness: v.optional(
    v.strictObject({
      targetLufs: v.optional(v.nullable(v.pipe(v.number(), v.minValue(-40), v.maxValue(-10))), -23),
      peakDb: v.optional(v.pipe(v.number(), v.minValue(-9), v.maxValue(0)), -1),
    }),
    {},
  ),
  languages: v.optional(languages, []),
  audioTracks: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_AUDIO_TRACKS)), 1),
  subtitles: v.optional(
    v.strictObject({
      mode: v.optional(v.picklist(['off', 'forced-only', 'burn']), 'off'),
      languages: v.optional(languages, []),
    }),
    {},
  ),
})

/**
 * How a channel looks and sounds.
 *
 * `loudness.targetLufs`: every programme is brought to it (EBU R 128: −23, ATSC A/85: −24), null: left as it is;
 * `peakDb`: the highest true peak after that. `languages`: of sound, in the order of wish. `audioTracks`: how many the
 * channel always has; track n speaks the n-th language where a file has it, otherwise what the first one speaks.
 * `subtitles.mode`: drawn into the picture in the first language of the list that the file has (empty: in any), or only
 * those that the file marks as forced.
 */
export type Looks = v.InferOutput<typeof looksSchema>

/** What a channel has unless its document says otherwise: no logo, no crawl, −23 LUFS, one sound track, no subtitles. */
export const DEFAULT_LOOKS: Looks = {
  logo: null,
  crawl: null,
  loudness: { targetLufs: -23, peakDb: -1 },
  languages: [],
  audioTracks: 1,
  subtitles: { mode: 'off', languages: [] },
}
