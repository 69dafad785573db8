import type { Query } from './box-queries.ts'

/** Where a portal keeps things: one video club for all, or a shelf of its own for series (stalker.md §9). */
export type ShelfType = 'vod' | 'series'

/** Asks for the categories of a shelf. */
export const categoriesQuery = (type: ShelfType): Query => ({ type, action: 'get_categories' })

/** Asks for one page of a shelf, from 1. */
export const shelfPageQuery = (
  type: ShelfType,
  wanted: { readonly category: string | null; readonly search: string },
  page: number,
): Query => ({
  ...walkQuery(type, {}),
  category: wanted.category ?? '*',
  search: wanted.search,
  p: String(page),
})

/** Asks what is inside: seasons of a series, episodes of a season, files of a film or an episode. */
export const walkQuery = (
  type: ShelfType,
  inside: { readonly movie?: string; readonly season?: string; readonly episode?: string },
): Query => ({
  type,
  action: 'get_ordered_list',
  movie_id: inside.movie ?? '0',
  season_id: inside.season ?? '0',
  episode_id: inside.episode ?? '0',
  category: '*',
  genre: '*',
  years: '*',
  abc: '*',
  fav: '0',
  sortby: 'added',
  hd: '0',
  not_ended: '0',
  search: '',
  p: '1',
})

/** Asks for the address of a film, or of an episode by its ordinal. */
export const vodLinkQuery = (command: string, ordinal: number | null): Query => ({
  type: 'vod',
  action: 'create_link',
  cmd: command,
  series: ordinal === null ? '' : String(ordinal),
  forced_storage: '',
  disable_ad: '1',
  download: '0',
})
