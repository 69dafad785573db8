import { episodeLines, M3U_VOD_HEAD, vodLines } from '../core/lineup/m3u-vod-write.ts'
import { nextOffset } from '../core/lineup/vod.ts'
import type { VodPage } from '../core/lineup/vod.ts'
import type { VodShelf } from '../core/lineup/vod-desk.ts'
import { episodePath, filmPath, posterPath } from './vod.ts'

/** How many films are asked for at a time. */
const PAGE = 500
/** Each series is a question to its source: so many are asked for one list, one after the other. */
const MOST_SERIES = 2000
/** No library is larger; a source whose pages never end is cut here. */
const MOST_FILMS = 500_000

/** What a playlist of films is made of. */
export type VodPlaylist = {
  readonly shelves: readonly VodShelf[]
  /** Names of categories; none: all films. */
  readonly groups: readonly string[]
  /** Address of the caller's root, without a slash at the end. */
  readonly root: string
  /** The episodes of series too. */
  readonly withEpisodes: boolean
  readonly signal: AbortSignal
}

/**
 * All films of the sources, page by page, in the sources' own order; the category is the group. Where they are asked for,
 * the episodes of series follow: panels tell them by one call for each series, so that such a list takes its time.
 *
 * Fails with `source/*`; a playlist that was begun breaks off then, so that no player takes a part for all.
 */
export async function* writeVodPlaylist(playlist: VodPlaylist): AsyncGenerator<string, void, undefined> {
  yield M3U_VOD_HEAD
  for (const shelf of playlist.shelves) {
    yield* shelfLines(shelf, playlist)
    if (playlist.withEpisodes) yield* seriesLines(shelf, playlist)
  }
}

async function* seriesLines(
  { id, catalogue }: VodShelf,
  { groups, root, signal }: VodPlaylist,
): AsyncGenerator<string, void, undefined> {
  const categories = new Map((await catalogue.categories('series', signal)).map((one) => [one.id, one.name]))
  const isMeant = (names: readonly string[]): boolean =>
    groups.length === 0 || names.some((one) => groups.includes(categories.get(one) ?? ''))
  let asked = 0
  for (let offset: number | null = 0; offset !== null && offset < MOST_FILMS;) {
    const query = { kind: 'series', category: null, search: '', offset, limit: PAGE } as const
    const page: VodPage = await catalogue.entries(query, signal)
    for (const entry of page.items) {
      if (!isMeant(entry.categories)) continue
      if (++asked > MOST_SERIES) return
      const series = await catalogue.series(entry.id, signal)
      const posterUrl = entry.hasPoster ? root + posterPath(id, entry) : null
      let piece = ''
      for (const { number: season, episodes } of series?.seasons ?? [])
        for (const { number, title, container } of episodes) {
          const item = { kind: 'episode', series: entry.id, season, episode: number } as const
          piece += episodeLines(
            entry,
            { season, number, title },
            { url: root + episodePath(id, item, container), posterUrl },
          )
        }
      if (piece !== '') yield piece
    }
    offset = nextOffset(page, offset)
  }
}

async function* shelfLines(
  { id, catalogue }: VodShelf,
  { groups, root, signal }: VodPlaylist,
): AsyncGenerator<string, void, undefined> {
  const categories = new Map((await catalogue.categories('film', signal)).map((one) => [one.id, one.name]))
  const nameOf = (ids: readonly string[]): readonly string[] => ids.flatMap((one) => categories.get(one) ?? [])
  for (let offset: number | null = 0; offset !== null && offset < MOST_FILMS;) {
    const query = { kind: 'film', category: null, search: '', offset, limit: PAGE } as const
    const page: VodPage = await catalogue.entries(query, signal)
    let piece = ''
    for (const film of page.items) {
      const names = nameOf(film.categories)
      const chosen = groups.length === 0 ? names[0] : groups.find((name) => names.includes(name))
      if (groups.length > 0 && chosen === undefined) continue
      piece += vodLines(film, {
        url: root + filmPath(id, film.id, film.container),
        posterUrl: film.hasPoster ? root + posterPath(id, film) : null,
        group: chosen ?? null,
      })
    }
    if (piece !== '') yield piece
    offset = nextOffset(page, offset)
  }
}
