import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { GuideAnswer } from './answers.ts'
import type { GuideProgramme } from './answers.ts'

/** Rows and hours that one request brings: no request grows with the line-up or the length of the guide. */
export const TILE_ROWS = 30
const TILE_MS = 6 * 3_600_000
/** Looked at again later, a tile is asked for anew: guides change. */
const STALE_MS = 5 * 60_000
/** Tiles that are kept; the least recently used go first. */
const MOST_TILES = 120
/** One for what is looked at, one for what comes next: a browser has six connections to a host, and a player may need some. */
const AT_ONCE = 2

/** What is looked at: rows [first, last), instants [from, to). */
export type Look = { readonly first: number; readonly last: number; readonly from: number; readonly to: number }

/** A channel as its row is headed. */
export type RowHead = {
  readonly channelId: string
  readonly number: string
  readonly name: string
  readonly hasLogo: boolean
  readonly ownLogo: string | null
}

/** The guide of a group, fetched tile by tile where it is looked at. */
export type GuideTiles = {
  /** Channels in all; null until the first answer. */
  readonly total: ReadonlySignal<number | null>
  readonly problem: ReadonlySignal<Problem | null>
  /** Counts answers: read it to be drawn again when a tile arrives. */
  readonly version: ReadonlySignal<number>
  head(row: number): RowHead | null
  /** What is known of a row's programmes between two instants. */
  programmes(row: number, from: number, to: number): readonly GuideProgramme[]
  /** Whether that stretch of the row has been answered. */
  isKnown(row: number, from: number, to: number): boolean
  look(look: Look): void
  /** Forgets everything: the line-up has changed. */
  reset(): void
  close(): void
}

type Tile = { readonly answer: GuideAnswer; readonly at: number; used: number }

/** Opens the guide of a group (null: of all channels). Nothing is asked for before the first `look()`. */
export function openGuideTiles(
  group: string | null,
  now: () => number,
  request: (path: string, signal: AbortSignal) => Promise<GuideAnswer> = (path, abort) =>
    ask(path, GuideAnswer, { signal: abort }),
): GuideTiles {
  const total = signal<number | null>(null)
  const problem = signal<Problem | null>(null)
  const version = signal(0)
  const tiles = new Map<string, Tile>()
  const heads = new Map<number, RowHead>()
  const asking = new Set<string>()
  let wanted: readonly (readonly [page: number, block: number])[] = []
  let stop = new AbortController()
  let clock = 0

  const key = (page: number, block: number): string => `${page}:${block}`
  const blocks = (from: number, to: number): number[] => {
    const first = Math.floor(from / TILE_MS)
    return Array.from({ length: Math.max(0, Math.ceil(to / TILE_MS) - first) }, (_, index) => first + index)
  }
  const isFresh = (name: string): boolean => {
    const tile = tiles.get(name)
    return tile !== undefined && now() - tile.at < STALE_MS
  }
  const isBeyond = (page: number): boolean => total.peek() !== null && page * TILE_ROWS >= (total.peek() ?? 0)

  const keep = (page: number, block: number, answer: GuideAnswer): void => {
    tiles.set(key(page, block), { answer, at: now(), used: ++clock })
    for (const [index, { channelId, number, name, hasLogo, ownLogo }] of answer.items.entries())
      heads.set(page * TILE_ROWS + index, { channelId, number, name, hasLogo, ownLogo })
    if (tiles.size <= MOST_TILES) return
    const oldest = [...tiles].toSorted(([, a], [, b]) => a.used - b.used)[0]
    if (oldest !== undefined) tiles.delete(oldest[0])
  }

  const load = async (page: number, block: number): Promise<void> => {
    const mine = stop
    const name = key(page, block)
    asking.add(name)
    try {
      const query = new URLSearchParams({
        offset: String(page * TILE_ROWS),
        limit: String(TILE_ROWS),
        from: new Date(block * TILE_MS).toISOString(),
        to: new Date((block + 1) * TILE_MS).toISOString(),
        ...(group !== null && { group }),
      })
      const answer = await request(`/api/v1/guide/programmes?${query.toString()}`, mine.signal)
      if (mine.signal.aborted) return
      keep(page, block, answer)
      total.value = answer.total
      problem.value = null
      version.value += 1
    } catch (thrown) {
      if (mine.signal.aborted) return
      problem.value = asProblem(thrown)
      wanted = [] // asked again with the next look, not in a circle
    } finally {
      asking.delete(name)
      if (!mine.signal.aborted) pump()
    }
  }

  const pump = (): void => {
    while (asking.size < AT_ONCE) {
      const next = wanted.find(
        ([page, block]) => !asking.has(key(page, block)) && !isFresh(key(page, block)) && !isBeyond(page),
      )
      if (next === undefined) return
      void load(...next)
    }
  }

  return {
    total,
    problem,
    version,
    head: (row) => heads.get(row) ?? null,
    programmes(row, from, to) {
      const page = Math.floor(row / TILE_ROWS)
      return blocks(from, to).flatMap((block) => {
        const tile = tiles.get(key(page, block))
        if (tile === undefined) return []
        tile.used = ++clock
        return tile.answer.items[row % TILE_ROWS]?.programmes ?? []
      })
    },
    isKnown: (row, from, to) => blocks(from, to).every((block) => tiles.has(key(Math.floor(row / TILE_ROWS), block))),
    look({ first, last, from, to }) {
      const pages = Array.from(
        { length: Math.max(1, Math.ceil(last / TILE_ROWS) - Math.floor(first / TILE_ROWS)) },
        (_, index) => Math.floor(first / TILE_ROWS) + index,
      )
      wanted = blocks(from, to).flatMap((block) => pages.map((page) => [page, block] as const))
      pump()
    },
    reset() {
      stop.abort()
      stop = new AbortController()
      asking.clear()
      tiles.clear()
      heads.clear()
      version.value += 1
      pump()
    },
    close: () => stop.abort(),
  }
}
