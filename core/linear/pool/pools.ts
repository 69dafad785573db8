import { catalogued } from '../catalogue.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Pool } from '../document/pool.ts'
import { hash32, roundSeed } from '../hash.ts'
import type { Draw } from './cursor.ts'
import { drawn, inSequence, ranked, rotated, shuffled, shuffledGroups } from './orders.ts'
import type { Groups } from './orders.ts'

/** A short piece to fill time with. */
export type Piece = { readonly media: string; readonly ms: number }

/** The pieces of a pool in the order of a day, and at which of them the day begins. */
export type DayPieces = {
  readonly day: number
  readonly pieces: readonly Piece[]
  readonly offset: number
  /** Of the shortest; Infinity: there are none. */
  readonly shortestMs: number
}

/** The pools of a revision, made ready as they are asked for. */
export type Pools = {
  /** The programmes of a pool; one that is not there has none. */
  draw(pool: string): Draw
  /** The series of a pool, in an order of their own. What has no series is one together: ''. */
  seriesOf(pool: string): Draw
  /** The episodes of a series in a pool, in order. */
  episodesOf(pool: string, series: string): Draw
  /** The pieces of a pool in the order of a day, and the place at which the day begins. */
  piecesOf(pool: string, day: number): DayPieces
  /** The longest piece of a pool of at most so many milliseconds; null: there is none. */
  longestOf(pool: string, mostMs: number): Piece | null
}

/** Makes the pools of a revision. Media that the catalogue does not know are left out, as are doubles. */
export function createPools(pools: readonly Pool[], catalogue: Catalogue, seed: number): Pools {
  const byId = new Map(pools.map((pool) => [pool.id, pool]))
  const known = keeping((id) =>
    [...new Set(byId.get(id)?.items ?? [])].filter((item) => catalogued(catalogue, item) !== null),
  )
  const grouped = keeping((id): Groups => Map.groupBy(known(id), (item) => catalogued(catalogue, item)?.series ?? ''))
  const rulesOf = (id: string) => ({ seed: poolSeed(seed, id), reshuffles: byId.get(id)?.onWrap !== 'repeat' })
  // A film is a series of its own, where series count.
  const parts = keeping((id): Groups =>
    Map.groupBy(known(id), (item) => catalogued(catalogue, item)?.series ?? `\u0000${item}`),
  )

  /** Shortest first. */
  const byLength = keeping((id) =>
    known(id)
      .map((media): Piece => ({ media, ms: catalogued(catalogue, media)?.ms ?? 0 }))
      .toSorted((a, b) => a.ms - b.ms || (a.media < b.media ? -1 : 1)),
  )
  const days = new Map<string, DayPieces>()

  return {
    draw: keeping((id) => {
      const { mode = 'sequence', groupBy = null } = byId.get(id) ?? {}
      switch (mode) {
        case 'sequence':
          return inSequence(known(id))
        case 'random':
          return drawn(known(id), rulesOf(id))
        case 'rotate':
          return rotated(parts(id), rulesOf(id))
        case 'shuffle':
          return groupBy === 'series' ? shuffledGroups(parts(id), rulesOf(id)) : shuffled(known(id), rulesOf(id))
        default:
          return mode satisfies never
      }
    }),
    seriesOf: keeping((id) => {
      const names = [...grouped(id).keys()]
      return byId.get(id)?.mode === 'sequence' ? inSequence(names) : shuffled(names, rulesOf(id))
    }),
    episodesOf: (id, series) => inSequence(grouped(id).get(series) ?? []),
    piecesOf(id, day) {
      const ready = days.get(id)
      if (ready?.day === day) return ready
      const dayOf = roundSeed(poolSeed(seed, id), day)
      const pieces = ranked(known(id), dayOf).map((media) => ({ media, ms: catalogued(catalogue, media)?.ms ?? 0 }))
      const made = {
        day,
        pieces,
        offset: hash32(id, dayOf) % Math.max(1, pieces.length),
        shortestMs: byLength(id)[0]?.ms ?? Infinity,
      }
      days.set(id, made)
      return made
    },
    longestOf(id, mostMs) {
      const pieces = byLength(id)
      let [low, high] = [0, pieces.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((pieces[middle]?.ms ?? Infinity) > mostMs) high = middle
        else low = middle + 1
      }
      return pieces[low - 1] ?? null
    },
  }
}

/** Pools of the same media have orders of their own. */
const poolSeed = (seed: number, id: string): number => seed ^ hash32(id)

/** The function, asked once for each text. Pools are bounded by the document. */
function keeping<T>(make: (id: string) => T): (id: string) => T {
  const made = new Map<string, T>()
  return (id) => {
    const ready = made.get(id)
    if (ready !== undefined) return ready
    const fresh = make(id)
    made.set(id, fresh)
    return fresh
  }
}
