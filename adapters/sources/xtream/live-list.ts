import * as v from 'valibot'
import type { CatalogueItem, CatalogueProgress, SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import { parseChannelNumber } from '../../../core/lineup/channel.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import type { ApiClient } from './api-client.ts'
import { looseFlag, looseId, looseList, looseNumber, looseText } from './loose.ts'

/** A live channel as the panel lists it. */
export type LiveChannel = {
  readonly id: string
  readonly name: string
  /** Address of its picture; '' for none. Not checked. */
  readonly logoUrl: string
  /** Its name in the panel's guide document; null: it has no guide. */
  readonly guideId: string | null
  /** Days that can be watched again; 0: none. */
  readonly archiveDays: number
}

/** The live channels of an account, and what only this driver needs to know of them. */
export type LiveList = {
  readonly catalogue: SourceCatalogue
  readonly channels: ReadonlyMap<string, LiveChannel>
}

const categorySchema = v.object({ category_id: looseId, category_name: looseText })
const channelSchema = v.object({
  num: looseText,
  name: looseText,
  stream_type: looseText,
  stream_id: looseId,
  stream_icon: looseText,
  epg_channel_id: looseText,
  category_id: looseId,
  category_ids: looseList,
  tv_archive: looseFlag,
  tv_archive_duration: looseNumber,
})

/** Categories in the panel's order by id. Names that come twice are one group. */
export async function readCategories(
  api: ApiClient,
  action: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for await (const rows of api.rows({ action, signal })) {
    for (const { value } of rows) {
      const row = v.safeParse(categorySchema, value)
      if (!row.success || row.output.category_id === null) continue
      names.set(row.output.category_id, row.output.category_name || `Category ${row.output.category_id}`)
    }
  }
  return names
}

/**
 * Lists the live channels with their categories as groups. A channel that is listed in several categories is one
 * channel in all of them; rows without a usable id are left out. Fails as the API does; never gives half a list.
 *
 * Source: protocols/xtream.md §2.3.
 */
export async function listLive(
  api: ApiClient,
  sourceId: SourceId,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: CatalogueProgress) => void },
): Promise<LiveList> {
  const categories = await readCategories(api, 'get_live_categories', signal)
  const items = new Map<string, CatalogueItem>()
  const channels = new Map<string, LiveChannel>()
  for await (const rows of api.rows({ action: 'get_live_streams', signal })) {
    for (const { value } of rows) {
      const row = v.safeParse(channelSchema, value)
      if (!row.success || row.output.stream_id === null) continue
      const { stream_id: id, name, num, epg_channel_id: guideId } = row.output
      const groups = categoryIds(row.output).flatMap((category) => categories.get(category) ?? [])
      const known = items.get(id)
      if (known !== undefined) {
        items.set(id, { ...known, groups: [...new Set([...known.groups, ...groups])] })
        continue
      }
      const archiveDays = row.output.tv_archive ? Math.max(0, Math.floor(row.output.tv_archive_duration ?? 0)) : 0
      channels.set(id, {
        id,
        name: name || `Channel ${id}`,
        logoUrl: row.output.stream_icon,
        guideId: guideId === '' ? null : guideId,
        archiveDays,
      })
      items.set(id, {
        item: id,
        name: name || `Channel ${id}`,
        media: /^radio/i.test(row.output.stream_type) ? 'radio' : 'tv',
        serviceRef: null,
        programNumber: null,
        slotKey: id,
        ...(archiveDays === 0 ? {} : { pastHours: archiveDays * 24 }),
        number: parseChannelNumber(num),
        groups: [...new Set(groups)],
        hasLogo: /^https?:\/\//i.test(row.output.stream_icon),
        guide: guideId === '' ? null : { feed: sourceId, channel: guideId },
      })
    }
    onProgress({ done: items.size, total: null, unit: 'channels' })
  }
  const catalogue = { sourceId, groups: [...new Set(categories.values())], items: [...items.values()] }
  return { catalogue, channels }
}

/** The categories of a row, the main one first. */
export function categoryIds(row: { category_id: string | null; category_ids: readonly unknown[] }): readonly string[] {
  const ids = row.category_ids.flatMap((id) => (typeof id === 'number' || typeof id === 'string' ? String(id) : []))
  return [...new Set([...(row.category_id === null ? [] : [row.category_id]), ...ids])]
}
