import { Failure } from '../errors.ts'
import { isAdultGroup } from './adult-group.ts'
import type { View } from './lineup.ts'
import { seesAll } from './person-view.ts'
import { nextOffset } from './vod.ts'
import type { VodCatalogue, VodCategory, VodEntry, VodItem, VodKind, VodPage, VodQuery } from './vod.ts'
import type { VodDesk, VodPlay, VodShelf } from './vod-desk.ts'

/** The films and series of a house, and what of them somebody sees. */
export interface VodHouse extends VodDesk {
  /** Undefined: everything. */
  seenBy(view: View | undefined): VodDesk
}

/** Whether a category is for adults: as its source says, or by its name. */
export const isAdultCategory = ({ isAdult, name }: VodCategory): boolean => isAdult === true || isAdultGroup(name)

const CATEGORIES_KEPT_MS = 60_000
const PLACES_KEPT_MS = 10 * 60_000
const MOST_PLACES = 20_000
/** Pages of a source that one page of a view may be made of; the next one goes on from there. */
const MOST_PAGES = 20

/** What tells who may see an entry. */
type Place = Pick<VodEntry, 'categories' | 'isAdult'>

/** What of one shelf somebody sees. */
type ShelfView = {
  readonly categories: readonly VodCategory[]
  /** The one category that all they see is in; null: it is in several, or in none. */
  readonly only: string | null
  sees(entry: Place): boolean
}

/**
 * Divides films and series as channels are divided: `groups` of a view are names of categories too, and what is in none of
 * them is not seen; selections have channels only. Under the lock what is for adults is not there.
 *
 * A page of a view goes on at its `next`. Categories are asked for at most once a minute; where an entry stands is
 * remembered for ten, so that pictures of a list need no look-up each.
 */
export function withVodViews(desk: VodDesk, { now }: { readonly now: () => number }): VodHouse {
  const lists = new Map<string, { readonly categories: readonly VodCategory[]; readonly until: number }>()
  const places = new Map<string, { readonly place: Place; readonly until: number }>()

  const categoriesOf = async ({ id, catalogue }: VodShelf, kind: VodKind, signal: AbortSignal) => {
    const known = lists.get(`${id}/${kind}`)
    if (known !== undefined && known.until > now()) return known.categories
    const categories = await catalogue.categories(kind, signal)
    lists.set(`${id}/${kind}`, { categories, until: now() + CATEGORIES_KEPT_MS })
    return categories
  }
  const remember = ({ id }: VodShelf, { kind, id: entry, categories, isAdult }: VodEntry): void => {
    const key = `${id}/${kind}/${entry}`
    places.delete(key)
    places.set(key, {
      place: { categories, ...(isAdult === true && { isAdult }) },
      until: now() + PLACES_KEPT_MS,
    })
    const [oldest] = places.keys()
    if (places.size > MOST_PLACES && oldest !== undefined) places.delete(oldest)
  }
  const findPlace = async (shelf: VodShelf, { kind, id }: Pick<VodEntry, 'kind' | 'id'>, signal: AbortSignal) => {
    const known = places.get(`${shelf.id}/${kind}/${id}`)
    if (known !== undefined && known.until > now()) return known.place
    const entry = await shelf.catalogue[kind](id, signal)
    if (entry !== null) remember(shelf, entry)
    return entry
  }

  const viewOf = async (shelf: VodShelf, kind: VodKind, view: View, signal: AbortSignal): Promise<ShelfView> => {
    const all = await categoriesOf(shelf, kind, signal)
    const named = new Set(view.groups)
    const isOpen = view.groups === null && view.selections === null
    const adult = new Set(view.adultLock ? all.filter(isAdultCategory).map(({ id }) => id) : [])
    const categories = all.filter(({ id, name }) => (isOpen || named.has(name)) && !adult.has(id))
    const shown = new Set(categories.map(({ id }) => id))
    const [first] = categories
    return {
      categories,
      only: !isOpen && categories.length === 1 ? (first?.id ?? null) : null,
      sees: (entry) =>
        (isOpen || entry.categories.some((id) => shown.has(id))) &&
        !(view.adultLock && (entry.isAdult === true || entry.categories.some((id) => adult.has(id)))),
    }
  }

  const seenShelf = (shelf: VodShelf, view: View): VodShelf => {
    const { catalogue } = shelf
    const seen = (kind: VodKind, signal: AbortSignal): Promise<ShelfView> => viewOf(shelf, kind, view, signal)
    const isOpen = view.groups === null && view.selections === null
    /** Categories that are not theirs are not there for them. */
    const shownTo = <T extends VodEntry>(entry: T, { categories }: ShelfView): T =>
      isOpen
        ? entry
        : { ...entry, categories: entry.categories.filter((id) => categories.some((one) => one.id === id)) }
    const one = async <T extends VodEntry>(entry: T | null, signal: AbortSignal): Promise<T | null> => {
      if (entry === null) return null
      remember(shelf, entry)
      const part = await seen(entry.kind, signal)
      return part.sees(entry) ? shownTo(entry, part) : null
    }

    const entries = async (query: VodQuery, signal: AbortSignal): Promise<VodPage> => {
      const part = await seen(query.kind, signal)
      const isTheirs = query.category === null ? isOpen || part.categories.length > 0 : isShown(part, query.category)
      if (!isTheirs) return { items: [], total: 0, next: null }
      const category = query.category ?? part.only
      const items: VodEntry[] = []
      let offset = query.offset
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        const page = await catalogue.entries({ ...query, category, offset }, signal)
        const next = nextOffset(page, offset)
        for (const [index, entry] of page.items.entries()) {
          remember(shelf, entry)
          if (!part.sees(entry)) continue
          items.push(shownTo(entry, part))
          if (items.length < query.limit) continue
          const isLast = index + 1 === page.items.length
          return { items, total: null, next: isLast ? next : offset + index + 1 }
        }
        if (next === null) return { items, total: null, next }
        offset = next
      }
      return { items, total: null, next: offset }
    }

    const seenCatalogue: VodCatalogue = {
      categories: async (kind, signal) => (await seen(kind, signal)).categories,
      entries,
      film: async (id, signal) => one(await catalogue.film(id, signal), signal),
      series: async (id, signal) => one(await catalogue.series(id, signal), signal),
      poster: async (entry, signal) =>
        (await isSeen(shelf, entry, view, signal)) ? catalogue.poster(entry, signal) : null,
    }
    return { ...shelf, catalogue: seenCatalogue, ...(!isOpen && { listedOnly: true }) }
  }

  const isSeen = async (
    shelf: VodShelf | undefined,
    entry: Pick<VodEntry, 'kind' | 'id'>,
    view: View,
    signal: AbortSignal,
  ): Promise<boolean> => {
    if (shelf === undefined) return false
    const place = await findPlace(shelf, entry, signal)
    return place !== null && (await viewOf(shelf, entry.kind, view, signal)).sees(place)
  }
  const shelfOf = (id: string): VodShelf | undefined => desk.shelves().find((shelf) => shelf.id === id)

  const seenDesk = (view: View): VodDesk => {
    const check = async ({ sourceId, item, signal }: VodPlay): Promise<void> => {
      if (!(await isSeen(shelfOf(sourceId), entryOf(item), view, signal)))
        throw new Failure('vod/unknown-item', 'The source has no such film or episode')
    }
    const { location } = desk
    return {
      shelves: () => desk.shelves().map((shelf) => seenShelf(shelf, view)),
      poster: async (source, entry, signal) =>
        (await isSeen(shelfOf(source), entry, view, signal)) ? desk.poster(source, entry, signal) : null,
      async open(play) {
        await check(play)
        return desk.open(play)
      },
      ...(location !== undefined && {
        async location(play: VodPlay) {
          await check(play)
          return location(play)
        },
      }),
    }
  }

  return { ...desk, seenBy: (view) => (view === undefined || seesAll(view) ? desk : seenDesk(view)) }
}

const isShown = ({ categories }: ShelfView, id: string): boolean => categories.some((one) => one.id === id)

const entryOf = (item: VodItem): Pick<VodEntry, 'kind' | 'id'> =>
  item.kind === 'film' ? item : { kind: 'series', id: item.series }
