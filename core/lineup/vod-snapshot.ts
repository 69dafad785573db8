import * as v from 'valibot'
import { sourceId } from './stream.ts'
import type { Film, Series, VodCategory, VodPage } from './vod.ts'
import { NUMBERED_KINDS } from './vod-numbers.ts'
import type { Numbered } from './vod-numbers.ts'

// What a front asks an adapter about films, and hands on: checked like everything from outside.

const text = v.nullable(v.string())
const number = v.nullable(v.number())
const id = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
const container = v.nullable(v.pipe(v.string(), v.regex(/^\w{1,5}$/)))

const entry = {
  id,
  name: v.string(),
  year: number,
  categories: v.array(v.string()),
  rating: number,
  addedAt: number,
  hasPoster: v.boolean(),
  isAdult: v.exactOptional(v.literal(true)),
  container,
}
const details = {
  plot: text,
  genres: v.array(v.string()),
  directors: v.array(v.string()),
  cast: v.array(v.string()),
  durationSeconds: number,
}
const Episode = v.object({
  number: v.pipe(v.number(), v.integer(), v.minValue(0)),
  title: v.string(),
  plot: text,
  durationSeconds: number,
  addedAt: number,
  container,
})
const Season = v.object({
  number: v.pipe(v.number(), v.integer(), v.minValue(0)),
  name: text,
  episodes: v.array(Episode),
})

const Categories = v.array(v.object({ id: v.string(), name: v.string(), isAdult: v.exactOptional(v.literal(true)) }))
const Page = v.object({
  items: v.array(v.object({ kind: v.picklist(['film', 'series']), ...entry })),
  total: number,
})
const FilmDocument = v.object({ kind: v.literal('film'), ...entry, ...details })
const SeriesDocument = v.object({ kind: v.literal('series'), ...entry, ...details, seasons: v.array(Season) })

const NumbersDocument = v.array(v.pipe(v.number(), v.integer(), v.minValue(1)))
const NumberedDocument = v.nullable(
  v.object({
    sourceId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/), v.transform(sourceId)),
    kind: v.picklist(NUMBERED_KINDS),
    item: v.string(),
  }),
)

/** Reads categories of an adapter. Fails with valibot's error, as all below. */
export const readCategories = (json: unknown): readonly VodCategory[] => v.parse(Categories, json)
/** Reads a page of films or series. */
export const readPage = (json: unknown): VodPage => v.parse(Page, json)
/** Reads a film. */
export const readFilm = (json: unknown): Film => v.parse(FilmDocument, json)
/** Reads a series with its episodes. */
export const readSeries = (json: unknown): Series => v.parse(SeriesDocument, json)
/** Reads numbers of films, series and what belongs to them. */
export const readNumbers = (json: unknown): readonly number[] => v.parse(NumbersDocument, json)
/** Reads what a number stands for; null: nothing. */
export const readNumbered = (json: unknown): Numbered | null => v.parse(NumberedDocument, json)
