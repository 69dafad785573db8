import { hash32, mix32, roundSeed } from '../hash.ts'
import { START } from './cursor.ts'
import type { Draw } from './cursor.ts'
import { createRoundDraw } from './round-draw.ts'
import type { Round } from './round-draw.ts'

/** Ids as they stand. */
export const inSequence = (ids: Round): Draw => createRoundDraw({ size: ids.length, order: () => ids })

/** How ids are shuffled: `seedOf` a round; `reshuffles`: every round anew. */
export type ShuffleRules = { readonly seed: number; readonly reshuffles: boolean }

/**
 * Ids in the order of their hashes, of two the same the smaller id first: adding or taking away one never moves others.
 */
export function ranked(ids: Round, seed: number): Round {
  const ranks = ids.map((id) => ({ id, rank: hash32(id, seed) }))
  return ranks.toSorted((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1)).map(({ id }) => id)
}

/** Ids shuffled, each once a round. After one that is gone comes the one with the next greater hash. */
export function shuffled(ids: Round, { seed, reshuffles }: ShuffleRules): Draw {
  const seedOf = (round: number): number => roundSeed(seed, reshuffles && ids.length > 2 ? round : 0)
  return createRoundDraw({
    size: ids.length,
    order: (round) => ranked(ids, seedOf(round)),
    successor(order, id, round) {
      const gone = hash32(id, seedOf(round))
      const index = order.findIndex((other) => hash32(other, seedOf(round)) > gone)
      return index === -1 ? order.length : index
    },
  })
}

/** Ids by their group: `groups` in their own order, each with its ids in order. */
export type Groups = ReadonlyMap<string, Round>

/** Groups shuffled; the ids of a group stay together and in order. */
export const shuffledGroups = (groups: Groups, { seed, reshuffles }: ShuffleRules): Draw =>
  createRoundDraw({
    size: sizeOf(groups),
    order: (round) =>
      ranked([...groups.keys()], roundSeed(seed, reshuffles ? round : 0)).flatMap((name) => groups.get(name) ?? []),
  })

const PARTS = 65_536

/**
 * Groups take turns in proportion to their length, so that all of them end together; each in its own order. Where a group
 * begins within its first step is drawn for the round.
 */
export const rotated = (groups: Groups, { seed, reshuffles }: ShuffleRules): Draw =>
  createRoundDraw({
    size: sizeOf(groups),
    order(round) {
      const turns = [...groups].flatMap(([name, ids]) => {
        const offset = hash32(name, roundSeed(seed, reshuffles ? round : 0)) % PARTS
        return ids.map((id, index) => ({ id, name, place: index * PARTS + offset, of: ids.length }))
      })
      // place / of, compared without fractions.
      const sorted = turns.toSorted((a, b) => a.place * b.of - b.place * a.of || (a.name < b.name ? -1 : 1))
      return sorted.map(({ id }) => id)
    },
  })

/**
 * Drawn every time among all, never the same twice running: of all ids the one whose own hash, mixed with the number of
 * the draw, is the greatest. One that is added takes its share of the draws and changes no others.
 */
export function drawn(ids: Round, { seed }: Pick<ShuffleRules, 'seed'>): Draw {
  const keys = ids.map((id) => hash32(id, seed))
  return {
    next({ round, last }) {
      const salt = roundSeed(seed, round)
      let best = -1
      let bestKey = -1
      for (const [index, own] of keys.entries()) {
        if (ids[index] === last && ids.length > 1) continue
        const key = mix32(own ^ salt)
        if (key > bestKey) [best, bestKey] = [index, key]
      }
      const id = ids[best]
      if (id === undefined) return null
      return { id, cursor: { ...START, round: round + 1, last: id }, isRepeat: round >= ids.length }
    },
  }
}

const sizeOf = (groups: Groups): number => [...groups.values()].reduce((sum, ids) => sum + ids.length, 0)
