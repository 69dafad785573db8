import type { LibrarySeries, LibraryShelf } from '../../../core/library/library.ts'
import type { MediaItem } from '../../../core/library/media-item.ts'
import type { Episode, Season, VodCategory, VodEntry, VodKind } from '../../../core/lineup/vod.ts'
import { stableHash } from '../../../core/stable-hash.ts'

/** A series with its files by their place in it. */
export type ShelvedSeries = {
  readonly entry: VodEntry
  readonly about: LibrarySeries
  readonly seasons: readonly Season[]
  readonly genres: readonly string[]
  /** The file of an episode. */
  readonly file: (season: number, episode: number) => MediaItem | null
}

/** The films and series of a library as lists show them, each in order of name. */
export type FilmShelf = {
  readonly films: readonly VodEntry[]
  readonly series: ReadonlyMap<string, ShelvedSeries>
  readonly categories: Readonly<Record<VodKind, readonly VodCategory[]>>
}

/** Puts what can be played now on the shelf. Adverts, idents and what nobody recognised are left out. */
export function shelveFilms(library: Pick<LibraryShelf, 'items' | 'series'>): FilmShelf {
  const playable = (kind: 'film' | 'episode') =>
    library.items({ filter: { kinds: [kind], state: 'playable' }, order: 'name', offset: 0, limit: Infinity }).items
  const films = playable('film')
  const episodes = Map.groupBy(playable('episode'), ({ series }) => series ?? '')
  const series = new Map<string, ShelvedSeries>()
  for (const about of library.series()) {
    const files = episodes.get(about.name)
    if (files === undefined) continue
    const shelved = shelveSeries(about, files)
    series.set(shelved.entry.id, shelved)
  }
  return {
    films: films.map(filmEntry),
    series,
    categories: {
      film: categoriesOf(films.map(({ genres }) => genres)),
      series: categoriesOf([...series.values()].map(({ genres }) => genres)),
    },
  }
}

/** How a file's name ends (`mkv`); null: it has no ending. */
export const containerOf = ({ path }: Pick<MediaItem, 'path'>): string | null =>
  /\.(\w{1,5})$/.exec(path)?.[1]?.toLowerCase() ?? null

/** A film as lists show it. */
export const filmEntry = (item: MediaItem): VodEntry => ({
  kind: 'film',
  id: item.id,
  name: item.title,
  year: item.year,
  categories: item.genres.map(categoryId),
  rating: null,
  addedAt: item.addedAt,
  hasPoster: item.hasArtwork,
  container: containerOf(item),
})

function shelveSeries(about: LibrarySeries, files: readonly MediaItem[]): ShelvedSeries {
  const placed = new Map<number, Map<number, MediaItem>>()
  for (const item of files) {
    const season = seasonOf(item)
    const episodes = placed.get(season) ?? new Map<number, MediaItem>()
    placed.set(season, episodes)
    const number = item.episode ?? Math.max(0, ...episodes.keys()) + 1
    // Two files of one episode: the first one by name is it.
    if (!episodes.has(number)) episodes.set(number, item)
  }
  const genres = [...new Set(files.flatMap((item) => item.genres))]
  const seasons = [...placed]
    .map(([number, episodes]): Season => ({
      number,
      name: null,
      episodes: [...episodes].map(printEpisode).toSorted(byNumber),
    }))
    .toSorted(byNumber)
  return {
    about,
    genres,
    seasons,
    file: (season, episode) => placed.get(season)?.get(episode) ?? null,
    entry: {
      kind: 'series',
      id: seriesId(about.name),
      name: about.name,
      year: about.year,
      categories: genres.map(categoryId),
      rating: null,
      addedAt: Math.max(...files.map(({ addedAt }) => addedAt)),
      hasPoster: about.artwork !== null,
      container: null,
    },
  }
}

/** Series that are told by date have a season for each year. */
const seasonOf = ({ season, airedOn }: MediaItem): number =>
  season ?? (airedOn === null ? 1 : Number(airedOn.slice(0, 4)))

const byNumber = (a: { readonly number: number }, b: { readonly number: number }): number => a.number - b.number

const printEpisode = ([number, item]: readonly [number, MediaItem]): Episode => ({
  number,
  title: item.title,
  plot: item.plot,
  durationSeconds: secondsOf(item),
  addedAt: item.addedAt,
  container: containerOf(item),
})

/** How long a file plays; null: not known. */
export const secondsOf = ({ facts }: Pick<MediaItem, 'facts'>): number | null =>
  facts === null ? null : Math.round(facts.durationMs / 1000)

function categoriesOf(genres: readonly (readonly string[])[]): readonly VodCategory[] {
  const names = [...new Set(genres.flat())].toSorted((a, b) => (a < b ? -1 : 1))
  return names.map((name) => ({ id: categoryId(name), name }))
}

const categoryId = (name: string): string => stableHash(name).toString(36)

/** The same for the same name, in every library. */
const seriesId = (name: string): string => `s${stableHash(name).toString(36)}`
