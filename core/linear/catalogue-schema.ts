import * as v from 'valibot'
import { MEDIA_KINDS } from '../library/media-item.ts'
import type { Catalogue } from './catalogue.ts'

const text = v.nullable(v.string())
const number = v.nullable(v.number())

const item = v.object({
  ms: v.number(),
  breaksMs: v.array(v.number()),
  kind: v.picklist(MEDIA_KINDS),
  title: v.string(),
  series: text,
  season: number,
  episode: number,
  year: number,
  plot: text,
  genres: v.array(v.string()),
  rating: v.nullable(v.object({ system: text, value: v.string() })),
  airedOn: text,
})

const catalogue = v.object({ revision: v.string(), media: v.record(v.string(), item) })

/** A catalogue as it was printed as JSON. Fails with valibot's error if it is none. */
export const readCatalogue = (value: unknown): Catalogue => v.parse(catalogue, value)
