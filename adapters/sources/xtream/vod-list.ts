import * as v from 'valibot'
import type { VodEntry, VodKind } from '../../../core/lineup/vod.ts'
import type { ApiClient } from './api-client.ts'
import { categoryIds } from './live-list.ts'
import { looseFlag, looseId, looseInstant, looseList, looseNumber, looseText, looseYear } from './loose.ts'

/** Films or series of an account as the panel lists them. */
export type VodList = {
  readonly entries: readonly VodEntry[]
  readonly byId: ReadonlyMap<string, VodEntry>
  /** Addresses of pictures by id. Not checked. */
  readonly posters: ReadonlyMap<string, string>
}

const rowSchema = v.object({
  name: looseText,
  title: looseText,
  stream_id: looseId,
  series_id: looseId,
  stream_icon: looseText,
  cover: looseText,
  year: looseYear,
  release_date: looseYear,
  releaseDate: looseYear,
  rating: looseNumber,
  added: looseInstant,
  last_modified: looseInstant,
  category_id: looseId,
  category_ids: looseList,
  is_adult: looseFlag,
  container_extension: looseText,
})

const ACTIONS: Readonly<Record<VodKind, string>> = { film: 'get_vod_streams', series: 'get_series' }
/** A library of this size is read in full; what is more is left out. */
const MAX_ENTRIES = 200_000

/** Lists all films or all series; doubles by id are one. Source: protocols/xtream.md §2.4, §2.5. */
export async function listVod(api: ApiClient, kind: VodKind, signal: AbortSignal): Promise<VodList> {
  const byId = new Map<string, VodEntry>()
  const posters = new Map<string, string>()
  for await (const rows of api.rows({ action: ACTIONS[kind], signal })) {
    for (const { value } of rows) {
      const row = v.safeParse(rowSchema, value)
      if (!row.success || byId.size >= MAX_ENTRIES) continue
      const id = kind === 'film' ? row.output.stream_id : row.output.series_id
      if (id === null || byId.has(id)) continue
      const poster = row.output.stream_icon || row.output.cover
      if (isWebAddress(poster)) posters.set(id, poster)
      byId.set(id, toEntry(kind, id, row.output, isWebAddress(poster)))
    }
  }
  return { entries: [...byId.values()], byId, posters }
}

function toEntry(kind: VodKind, id: string, row: v.InferOutput<typeof rowSchema>, hasPoster: boolean): VodEntry {
  return {
    kind,
    id,
    name: row.name || row.title || `${kind === 'film' ? 'Film' : 'Series'} ${id}`,
    year: row.year ?? row.release_date ?? row.releaseDate,
    categories: categoryIds(row),
    rating: readRating(row.rating),
    addedAt: row.added ?? row.last_modified,
    hasPoster,
    container: kind === 'film' ? readContainer(row.container_extension) : null,
    ...(row.is_adult && { isAdult: true as const }),
  }
}

/** 0 says "not rated" there. */
export const readRating = (rating: number | null): number | null =>
  rating !== null && rating > 0 && rating <= 10 ? rating : null

/** The end of a file's name; null for what could not stand in an address. */
export const readContainer = (text: string): string | null =>
  /^[a-z0-9]{2,5}$/i.test(text) ? text.toLowerCase() : null

/** Whether the text could be the address of a picture. */
export const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text)
