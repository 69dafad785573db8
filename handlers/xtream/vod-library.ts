import { Failure } from '../../core/errors.ts'
import type { Film, Series, VodEntry, VodKind, VodPage } from '../../core/lineup/vod.ts'
import type { VodDesk, VodShelf } from '../../core/lineup/vod-desk.ts'
import { nextOffset } from '../../core/lineup/vod.ts'
import { isAdultCategory } from '../../core/lineup/vod-view.ts'
import { episodeItem } from '../../core/lineup/vod-numbers.ts'
import type { NumberedKind, VodNumbers } from '../../core/lineup/vod-numbers.ts'
import type { Log } from '../../core/log.ts'
import type { CategoryRow } from './live-shelf.ts'

/** What the films and series of a house are made of. */
export type VodLibraryPorts = {
  /** As the caller sees them. */
  readonly vod: VodDesk
  readonly numbers: VodNumbers
  readonly log: Log
}

/** A film or series with its number, and those of its categories, the main one first. */
export type NumberedEntry = {
  readonly shelf: VodShelf
  readonly entry: VodEntry
  readonly number: number
  readonly categories: readonly [number, ...number[]]
  /** One of its categories is for adults. */
  readonly isAdult: boolean
}

/** A series with the numbers of its episodes, by season and place. */
export type NumberedSeries = NumberedEntry & {
  readonly entry: Series
  readonly episodes: readonly (readonly number[])[]
}

/** The films and series of all sources that somebody sees, by number. All methods fail with `source/*`. */
export interface VodLibrary {
  categories(kind: VodKind, signal: AbortSignal): Promise<readonly CategoryRow[]>
  /** All of a kind, or those of a category (its id; an unknown one has none), in the sources' own order. */
  entries(kind: VodKind, category: string | null, signal: AbortSignal): AsyncGenerator<NumberedEntry, void, undefined>
  /** Null: no film has this number. */
  film(number: number, signal: AbortSignal): Promise<(NumberedEntry & { readonly entry: Film }) | null>
  /** Null: no series has this number. */
  series(number: number, signal: AbortSignal): Promise<NumberedSeries | null>
}

/** How many are asked for at a time. */
const PAGE = 500
/** No library is larger; a source whose pages never end is cut here. */
const MOST_ENTRIES = 500_000
/** The shelf of what no shelf of the source has. */
const NO_CATEGORY = ''
const NO_CATEGORY_NAME = 'Uncategorized'

/**
 * Numbers what the sources have while it is listed. A source that does not tell its list is left out, and the log says so;
 * one that stops in the middle of it breaks the list off, so that no player takes a part for all.
 */
export function createVodLibrary({ vod, numbers, log }: VodLibraryPorts): VodLibrary {
  const shelfKind = (kind: VodKind): NumberedKind => `${kind}-category`

  /** Numbers of the shelves of a source by its own ids. */
  const shelvesOf = async ({ id, catalogue }: VodShelf, kind: VodKind, signal: AbortSignal) => {
    const named = await catalogue.categories(kind, signal)
    const ids = [...named.map((one) => one.id), NO_CATEGORY]
    const given = await numbers.numbersOf(id, shelfKind(kind), ids)
    const adult = new Set(named.filter(isAdultCategory).map((one) => one.id))
    return { named, adult, byId: new Map(ids.map((one, index) => [one, given[index] ?? 0])) }
  }
  const placesOf = (entry: VodEntry, byId: ReadonlyMap<string, number>): readonly [number, ...number[]] => {
    const [main = byId.get(NO_CATEGORY) ?? 0, ...others] = entry.categories.flatMap((id) => byId.get(id) ?? [])
    return [main, ...others]
  }

  /** Only what is meant by a category: its source's shelf, by the source's own id; null: everything. */
  const meant = async (kind: VodKind, category: string | null) => {
    if (category === null) return { shelves: vod.shelves(), own: null }
    const found = /^\d{1,10}$/.test(category) ? await numbers.find(Number(category)) : null
    if (found?.kind !== shelfKind(kind)) return { shelves: [], own: null }
    return { shelves: vod.shelves().filter(({ id }) => id === found.sourceId), own: found.item }
  }

  async function* shelfEntries(
    shelf: VodShelf,
    kind: VodKind,
    own: string | null,
    signal: AbortSignal,
  ): AsyncGenerator<readonly NumberedEntry[], void, undefined> {
    const { byId, adult } = await shelvesOf(shelf, kind, signal)
    const isElsewhere = ({ categories }: VodEntry): boolean => categories.some((id) => byId.has(id))
    const query = { kind, category: own === NO_CATEGORY ? null : own, search: '', limit: PAGE }
    for (let offset: number | null = 0; offset !== null && offset < MOST_ENTRIES;) {
      const page: VodPage = await shelf.catalogue.entries({ ...query, offset }, signal)
      const wanted = own === NO_CATEGORY ? page.items.filter((entry) => !isElsewhere(entry)) : page.items
      const given = await numbers.numbersOf(
        shelf.id,
        kind,
        wanted.map(({ id }) => id),
      )
      yield wanted.map((entry, index) => ({
        shelf,
        entry,
        number: given[index] ?? 0,
        categories: placesOf(entry, byId),
        isAdult: entry.isAdult === true || entry.categories.some((id) => adult.has(id)),
      }))
      offset = nextOffset(page, offset)
    }
  }

  const leaveOut = (shelf: VodShelf, thrown: unknown, signal: AbortSignal): void => {
    if (signal.aborted || !(thrown instanceof Failure)) throw thrown
    log('warn', 'films-not-listed', { sourceId: shelf.id, code: thrown.code, detail: thrown.message })
  }

  const find = async (number: number, kind: VodKind) => {
    const found = await numbers.find(number)
    const shelf = found?.kind === kind ? vod.shelves().find(({ id }) => id === found.sourceId) : undefined
    return found === null || shelf === undefined ? null : { shelf, id: found.item }
  }
  const placed = async <T extends VodEntry>(shelf: VodShelf, entry: T, number: number, signal: AbortSignal) => {
    const { byId, adult } = await shelvesOf(shelf, entry.kind, signal)
    const isAdult = entry.isAdult === true || entry.categories.some((id) => adult.has(id))
    return { shelf, entry, number, categories: placesOf(entry, byId), isAdult }
  }

  return {
    async categories(kind, signal) {
      const shelves = vod.shelves()
      const rows: CategoryRow[] = []
      for (const shelf of shelves) {
        try {
          const { named, byId } = await shelvesOf(shelf, kind, signal)
          const loose = shelf.listedOnly === true ? [] : [{ id: NO_CATEGORY, name: NO_CATEGORY_NAME }]
          for (const { id, name } of [...named, ...loose])
            rows.push({
              category_id: String(byId.get(id) ?? 0),
              category_name: shelves.length > 1 ? `${shelf.name}: ${name}` : name,
              parent_id: 0,
            })
        } catch (thrown) {
          leaveOut(shelf, thrown, signal)
        }
      }
      return rows
    },
    async *entries(kind, category, signal) {
      const { shelves, own } = await meant(kind, category)
      for (const shelf of shelves) {
        const pages = shelfEntries(shelf, kind, own, signal)
        const first = await pages.next().catch((thrown: unknown) => leaveOut(shelf, thrown, signal))
        if (first?.value === undefined) continue
        yield* first.value
        for await (const page of pages) yield* page
      }
    },
    async film(number, signal) {
      const found = await find(number, 'film')
      const film = found === null ? null : await found.shelf.catalogue.film(found.id, signal)
      return found === null || film === null ? null : placed(found.shelf, film, number, signal)
    },
    async series(number, signal) {
      const found = await find(number, 'series')
      const series = found === null ? null : await found.shelf.catalogue.series(found.id, signal)
      if (found === null || series === null) return null
      const items = series.seasons.map((season) =>
        season.episodes.map((episode) =>
          episodeItem({ series: series.id, season: season.number, episode: episode.number }),
        ),
      )
      const given = await numbers.numbersOf(found.shelf.id, 'episode', items.flat())
      let next = 0
      const episodes = items.map((season) => season.map(() => given[next++] ?? 0))
      return { ...(await placed(found.shelf, series, number, signal)), episodes }
    },
  }
}
