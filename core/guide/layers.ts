import type { Channel, GuideRef } from '../lineup/channel.ts'
import type { GuideChoice, GuideLayer } from './choice.ts'
import { CERTAIN_MATCH, SURE_MATCH } from './match/match.ts'
import type { GuideMatch } from './match/match.ts'
import type { Programme } from './programme.ts'
import type { Window } from './window.ts'

/** What a feed is to a channel. */
export type FeedRank = {
  /** Feeds with a smaller rank count more. */
  readonly rank: number
  /** Minutes added to all times of the feed. */
  readonly shiftMinutes: number
}

/** The rank of a source's own guide; documents that the owner names come before it unless they say otherwise. */
export const OWN_GUIDE_RANK = 100
/** A match that is sure but not certain fills what the own guide leaves open. */
const FILLING = 200
/** What streams themselves tell. */
export const BROADCAST_RANK = 1000

/**
 * The guides of a channel, the one that counts most first: what was decided about it, and nothing else; or else, by the
 * rank of their feeds, its own guides and the surest match of every other feed.
 */
export function planLayers(input: {
  readonly channel: Pick<Channel, 'guide' | 'guides'>
  readonly choice: GuideChoice | null
  readonly matches: readonly GuideMatch[]
  /** What its streams themselves tell; null: nothing. */
  readonly broadcast: GuideRef | null
  /** Null: there is no such feed now. */
  readonly rankOf: (feed: string) => FeedRank | null
}): readonly GuideLayer[] {
  const { channel, choice, matches, broadcast, rankOf } = input
  const withShift = (layer: GuideLayer, rank: FeedRank): GuideLayer => ({
    ...layer,
    shiftMinutes: layer.shiftMinutes + rank.shiftMinutes,
  })
  if (choice !== null)
    return choice.layers.flatMap((layer) => {
      const rank = rankOf(layer.feed)
      return rank === null ? [] : [withShift(layer, rank)]
    })
  const ranked: { readonly layer: GuideLayer; readonly rank: number }[] = []
  const seen = new Set<string>()
  const add = (ref: GuideRef, extra: number): void => {
    const rank = rankOf(ref.feed)
    if (rank === null || seen.has(ref.feed)) return
    seen.add(ref.feed)
    const layer = { feed: ref.feed, channel: ref.channel, shiftMinutes: 0 }
    ranked.push({ layer: withShift(layer, rank), rank: rank.rank + extra })
  }
  for (const ref of channel.guides ?? (channel.guide === null ? [] : [channel.guide])) add(ref, 0)
  for (const match of matches) if (match.score >= SURE_MATCH) add(match, match.score >= CERTAIN_MATCH ? 0 : FILLING)
  if (broadcast !== null) add(broadcast, 0)
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ layer }) => layer)
}

/** The feed of what streams themselves carry. */
export const BROADCAST_FEED = 'broadcast'

/** A hole that is shorter is no place for a programme. */
const SHORTEST_MS = 5 * 60_000

/**
 * One guide of several: the first one as it is, its holes filled by the next, and so on.
 *
 * A programme that reaches out of a hole is cut to it, unless less than half of it would be left: then something else
 * was shown. In: each ordered by start and without overlaps. Out: the same.
 */
export function overlay(layers: readonly (readonly Programme[])[]): readonly Programme[] {
  const [first = [], ...others] = layers.filter((layer) => layer.length > 0)
  return others.reduce<readonly Programme[]>(fillHoles, first)
}

function fillHoles(upper: readonly Programme[], lower: readonly Programme[]): readonly Programme[] {
  const result: Programme[] = []
  let next = 0
  for (let index = 0; index <= upper.length; index++) {
    const from = upper[index - 1]?.stop ?? -Infinity
    const to = upper[index]?.start ?? Infinity
    while (next < lower.length && (lower[next]?.stop ?? 0) <= from) next++
    for (let at = next; at < lower.length; at++) {
      const programme = lower[at]
      if (programme === undefined || programme.start >= to) break
      const part = cut(programme, from, to)
      if (part !== null) result.push(part)
    }
    const own = upper[index]
    if (own !== undefined) result.push(own)
  }
  return result
}

function cut(programme: Programme, from: number, to: number): Programme | null {
  const start = Math.max(programme.start, from)
  const stop = Math.min(programme.stop, to)
  if (start === programme.start && stop === programme.stop) return programme
  const isEnough = stop - start >= SHORTEST_MS && (stop - start) * 2 >= programme.stop - programme.start
  return isEnough ? { ...programme, start, stop } : null
}

/** From the first to the last hole in which something could be shown besides these programmes; null: there is none. */
export function holesIn(programmes: readonly Programme[], { from, to }: Window): Window | null {
  let [first, last] = [Infinity, -Infinity]
  const look = (start: number, stop: number): void => {
    if (stop - start < SHORTEST_MS) return
    first = Math.min(first, start)
    last = Math.max(last, stop)
  }
  let time = from
  for (const { start, stop } of programmes) {
    look(time, Math.min(start, to))
    time = Math.max(time, stop)
  }
  look(time, to)
  return last > first ? { from: first, to: last } : null
}

/** Programmes at other times; the same list when nothing is to be moved. */
export function shift(programmes: readonly Programme[], minutes: number): readonly Programme[] {
  if (minutes === 0) return programmes
  const ms = minutes * 60_000
  return programmes.map((programme) => ({ ...programme, start: programme.start + ms, stop: programme.stop + ms }))
}
