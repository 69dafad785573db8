import type { VodKind, VodPage, VodQuery } from '../../../core/lineup/vod.ts'
import type { Query } from './box-queries.ts'
import { looseText, member } from './loose.ts'
import * as v from 'valibot'
import type { Page } from './rows.ts'
import { shelfPageQuery } from './vod-queries.ts'
import type { ShelfType } from './vod-queries.ts'
import { readVodRow } from './vod-rows.ts'
import type { VodRow } from './vod-rows.ts'

/** The films and series of a portal, read page by page as far as somebody asks. */
export interface VodShelves {
  entries(query: VodQuery, signal: AbortSignal): Promise<VodPage>
  /** A row that was listed not long ago, else the one that the portal finds now; null: there is none. */
  row(kind: VodKind, id: string, signal: AbortSignal): Promise<VodRow | null>
}

/** What shelves need. */
export type VodShelfOptions = {
  /** Asks for one page; null: that is no list. */
  readonly page: (query: Query, signal: AbortSignal) => Promise<Page | null>
  /** Where series stand: beside the films, or on a shelf of their own. */
  readonly shelfOf: (kind: VodKind, signal: AbortSignal) => Promise<ShelfType>
  /** Whether the shelf holds both kinds. */
  readonly isMixed: (signal: AbortSignal) => Promise<boolean>
  readonly now: () => number
}

/** A walk through one list, as far as it has come. */
type Walk = {
  readonly startedAt: number
  readonly rows: VodRow[]
  readonly seen: Set<string>
  nextPage: number
  told: number | null
  isOver: boolean
  /** Walks go on one after the other. */
  turn: Promise<unknown>
}

type WantedList = {
  readonly kind: VodKind
  readonly type: ShelfType
  readonly category: string | null
  /** In small letters. */
  readonly words: readonly string[]
}

/** Lists that are remembered, and for how long: whoever leafs on finds the same order. */
const MOST_WALKS = 12
const WALK_KEPT_MS = 15 * 60_000
const MOST_PAGES = 2000
/** Rows that are remembered for playing. */
const MOST_ROWS = 20_000

/** Makes the shelves of one portal. */
export function createVodShelves(options: VodShelfOptions): VodShelves {
  const { now } = options
  const walks = new Map<string, Walk>()
  const known = new Map<string, VodRow>()

  const remember = (row: VodRow): void => {
    const key = `${row.entry.kind}/${row.entry.id}`
    known.delete(key)
    known.set(key, row)
    const [oldest] = known.keys()
    if (known.size > MOST_ROWS && oldest !== undefined) known.delete(oldest)
  }
  const walkOf = (key: string): Walk => {
    const old = walks.get(key)
    if (old !== undefined && now() - old.startedAt < WALK_KEPT_MS) return old
    walks.delete(key)
    const [oldest] = walks.keys()
    if (walks.size >= MOST_WALKS && oldest !== undefined) walks.delete(oldest)
    const fresh: Walk = {
      startedAt: now(),
      rows: [],
      seen: new Set(),
      nextPage: 1,
      told: null,
      isOver: false,
      turn: Promise.resolve(),
    }
    walks.set(key, fresh)
    return fresh
  }

  /** Reads one more page of a walk. */
  const readOn = async (walk: Walk, list: WantedList, signal: AbortSignal): Promise<void> => {
    const { kind, type, category, words } = list
    // Portals look for the text as it stands; the longest word finds all that has the others as well.
    const search = words.toSorted((a, b) => b.length - a.length)[0] ?? ''
    const page = await options.page(shelfPageQuery(type, { category, search }, walk.nextPage), signal)
    const fresh = (page?.rows ?? []).filter((value) => {
      const id = v.parse(looseText, member(value, 'id'))
      if (walk.seen.has(id)) return false
      walk.seen.add(id)
      return true
    })
    for (const value of fresh) {
      const read = readVodRow(value, type)
      if (read === null) continue
      remember(read)
      if (read.entry.kind === kind && hasWords(read.entry.name, words)) walk.rows.push(read)
    }
    walk.nextPage++
    walk.told = page?.total ?? null
    const isWhole = page !== null && page.total === null && page.perPage === null
    const isAll = walk.told !== null && walk.seen.size >= walk.told
    walk.isOver = fresh.length === 0 || isWhole || isAll || walk.nextPage > MOST_PAGES
  }

  const walkTo = async (query: VodQuery, end: number, signal: AbortSignal): Promise<Walk> => {
    const { kind, category } = query
    const words = query.search
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    const type = await options.shelfOf(kind, signal)
    const list: WantedList = { kind, type, category, words }
    const walk = walkOf(JSON.stringify(list))
    const before = walk.turn
    const mine = (async () => {
      await before
      while (!walk.isOver && walk.rows.length < end) await readOn(walk, list, signal)
    })()
    walk.turn = mine.catch(() => {}) // its own caller hears of it
    await mine
    return walk
  }

  return {
    async entries(query, signal) {
      const { offset, limit, search } = query
      const walk = await walkTo(query, offset + limit, signal)
      const items = walk.rows.slice(offset, offset + limit).map(({ entry }) => entry)
      // What a portal tells counts films and series together where they stand together.
      const isTold = search === '' && !(await options.isMixed(signal))
      return { items, total: walk.isOver ? walk.rows.length : isTold ? walk.told : null }
    },
    async row(kind, id, signal) {
      const key = `${kind}/${id}`
      const found = known.get(key)
      if (found !== undefined) return found
      const all: VodQuery = { kind, category: null, search: '', offset: 0, limit: 0 }
      for (let end = 50; ; end += 50) {
        const walk = await walkTo(all, end, signal)
        const row = known.get(key) ?? walk.rows.find(({ entry }) => entry.id === id)
        if (row !== undefined) return row
        if (walk.isOver) return null
      }
    },
  }
}

const hasWords = (name: string, words: readonly string[]): boolean => {
  const text = name.toLowerCase()
  return words.every((word) => text.includes(word))
}
