import type { CatalogueItem } from './catalogue.ts'
import type { ChannelKey } from './channel.ts'
import { indexCandidates } from './match/candidates.ts'
import type { Candidate, CandidateIndex, Housed } from './match/candidates.ts'
import type { NameReader } from './match/channel-name.ts'
import { createFactReader } from './match/facts.ts'
import type { MatchFacts } from './match/facts.ts'
import { isBackupOf, SURE_SCORE } from './match/judge.ts'
import type { Join } from './match/judge.ts'
import { readCircumstances } from './match/kinship.ts'
import type { Circumstances } from './match/kinship.ts'
import type { StoredChannel, StoredStream } from './stored.ts'
import type { SourceId, StreamId } from './stream.ts'

/** A stream of a source before it has a channel. */
export type Newcomer = { readonly id: StreamId; readonly item: CatalogueItem }

/** A newcomer and why it is where it is. */
export type Placed = Newcomer & { readonly join: Join }

/** Where newcomers go: to known channels, or together (a channel and its backups) into new ones. */
export type Placement = {
  readonly arrivals: ReadonlyMap<ChannelKey, readonly Placed[]>
  readonly founders: readonly (readonly Placed[])[]
}

/** What a source lists now, by stream id. */
export type Listing = {
  readonly sourceId: SourceId
  readonly items: ReadonlyMap<StreamId, CatalogueItem>
  readonly readName: NameReader
}

/**
 * Decides for each unknown item of a catalogue which channel it belongs to. In this order:
 *
 * 1. the channel of the item of the same name that vanished with this very refresh, or earlier: lists change their ids;
 * 2. the channel that `judge` is sure of, the surest pairs first. A channel takes one stream of a source, and nothing is
 *    guessed between channels that are equally good;
 * 3. for an item that is marked as a backup, the channel of the one it backs up;
 * 4. a new channel.
 */
export function placeNewcomers(channels: readonly StoredChannel[], listing: Listing): Placement {
  const { sourceId, items } = listing
  const known = new Set<StreamId>()
  const occupied = new Set<ChannelKey>()
  for (const channel of channels) {
    for (const stream of channel.streams) {
      if (stream.sourceId !== sourceId || !items.has(stream.id)) continue
      known.add(stream.id)
      occupied.add(channel.key)
    }
  }
  const newcomers = [...items].filter(([id]) => !known.has(id)).map(([id, item]): Newcomer => ({ id, item }))
  const desk = createDesk(occupied)
  if (newcomers.length === 0) return desk

  const strangers = placeMoved(desk, newcomers, vanishedStreams(channels, sourceId, items))
  if (strangers.length > 0) placeByLikeness(desk, strangers, readNeighbourhood(channels, listing))
  return desk
}

/** The placement in the making. */
type Desk = Placement & {
  isFree(key: ChannelKey): boolean
  send(newcomer: Newcomer, key: ChannelKey, join: Join): void
  found(newcomer: Newcomer): Placed[]
}

const FIRST: Join = { by: 'first', score: 1, evidence: '' }

function createDesk(occupied: Set<ChannelKey>): Desk {
  const arrivals = new Map<ChannelKey, Placed[]>()
  const founders: Placed[][] = []
  return {
    arrivals,
    founders,
    isFree: (key) => !occupied.has(key),
    send(newcomer, key, join) {
      occupied.add(key)
      const others = arrivals.get(key) ?? []
      arrivals.set(key, [...others, { ...newcomer, join }])
    },
    found(newcomer) {
      const group = [{ ...newcomer, join: FIRST }]
      founders.push(group)
      return group
    },
  }
}

type Places = ReadonlyMap<string, readonly ChannelKey[]>
type Vanished = { readonly now: Places; readonly before: Places }

/** Where streams were that the source no longer lists, by label. */
function vanishedStreams(
  channels: readonly StoredChannel[],
  sourceId: SourceId,
  items: ReadonlyMap<StreamId, CatalogueItem>,
): Vanished {
  const now = new Map<string, ChannelKey[]>()
  const before = new Map<string, ChannelKey[]>()
  for (const channel of channels) {
    for (const stream of channel.streams) {
      if (stream.sourceId !== sourceId || items.has(stream.id)) continue
      const places = stream.goneSince === null ? now : before
      const label = labelOf(stream)
      const others = places.get(label)
      if (others === undefined) places.set(label, [channel.key])
      else others.push(channel.key)
    }
  }
  return { now, before }
}

const labelOf = ({ name, media }: { name: string; media: string }): string => `${media} ${name.toLowerCase()}`

/** Gives those back that did not come in the place of another one. Namesakes count only if as many came as went. */
function placeMoved(desk: Desk, newcomers: readonly Newcomer[], vanished: Vanished): readonly Newcomer[] {
  if (vanished.now.size === 0 && vanished.before.size === 0) return newcomers
  const namesakes = Map.groupBy(newcomers, ({ item }) => labelOf(item))
  const moved = new Set<StreamId>()
  for (const [label, same] of namesakes) {
    const places = vanished.now.get(label) ?? vanished.before.get(label)?.filter((key) => desk.isFree(key)) ?? []
    if (places.length !== same.length) continue
    for (const [at, newcomer] of same.entries()) {
      const place = places[at]
      if (place === undefined) continue
      desk.send(newcomer, place, { by: 'moved', score: 1, evidence: `In the place of "${newcomer.item.name}"` })
      moved.add(newcomer.id)
    }
  }
  return moved.size === 0 ? newcomers : newcomers.filter(({ id }) => !moved.has(id))
}

/** What there is to compare with. */
type Neighbourhood = {
  readonly read: (item: CatalogueItem) => MatchFacts
  readonly index: CandidateIndex
  readonly circumstances: Circumstances
  /** Streams that the same source lists already. */
  readonly siblings: readonly Housed[]
}

function readNeighbourhood(channels: readonly StoredChannel[], { sourceId, items, readName }: Listing): Neighbourhood {
  const reader = createFactReader(readName)
  const facts = new Map<CatalogueItem, MatchFacts>()
  for (const item of items.values()) facts.set(item, reader(sourceId, item))
  const read = (item: CatalogueItem): MatchFacts => facts.get(item) ?? reader(sourceId, item)
  const others: Housed[] = []
  const siblings: Housed[] = []
  for (const { key, streams } of channels) {
    for (const stream of streams) {
      const isOurs = stream.sourceId === sourceId
      const item = isOurs ? items.get(stream.id) : undefined
      if (item !== undefined) siblings.push({ key, facts: read(item), isThere: true })
      else if (!isOurs) others.push({ key, facts: reader(stream.sourceId, stream), isThere: isThere(stream) })
    }
  }
  return {
    read,
    index: indexCandidates(others),
    circumstances: readCircumstances([...others.map((housed) => housed.facts), ...facts.values()]),
    siblings,
  }
}

const isThere = (stream: StoredStream): boolean => stream.goneSince === null

function placeByLikeness(desk: Desk, newcomers: readonly Newcomer[], neighbourhood: Neighbourhood): void {
  const { read, index, circumstances } = neighbourhood
  const [backups, mains] = split(newcomers, ({ item }) => read(item).name.isBackup)
  const nameplates = createNameplates(desk, neighbourhood)

  const placed = placeSurest(desk, mains, (item) => index.find(read(item), circumstances))
  for (const newcomer of mains) {
    const facts = read(newcomer.item)
    const home = placed.get(newcomer.id)
    if (home !== undefined) nameplates.add(facts, { key: home })
    else nameplates.add(facts, { group: desk.found(newcomer) })
  }

  const alone = backups.filter((newcomer) => !nameplates.placeBackup(newcomer))
  const taken = placeSurest(desk, alone, (item) => index.find(read(item), circumstances))
  for (const newcomer of alone) if (!taken.has(newcomer.id)) desk.found(newcomer)
}

/** Places the newcomers that are surely at home somewhere, and says where. */
function placeSurest(
  desk: Desk,
  newcomers: readonly Newcomer[],
  find: (item: CatalogueItem) => readonly Candidate[],
): ReadonlyMap<StreamId, ChannelKey> {
  const wishes: { readonly newcomer: Newcomer; readonly candidate: Candidate }[] = []
  for (const newcomer of newcomers) {
    const candidates = find(newcomer.item).filter(({ key, join }) => join.score >= SURE_SCORE && desk.isFree(key))
    const [best, second] = candidates
    if (best === undefined) continue
    const isGuess = second !== undefined && best.join.by !== 'service' && second.join.score === best.join.score
    if (!isGuess) for (const candidate of candidates) wishes.push({ newcomer, candidate })
  }
  const placed = new Map<StreamId, ChannelKey>()
  for (const { newcomer, candidate } of wishes.toSorted((a, b) => b.candidate.join.score - a.candidate.join.score)) {
    if (placed.has(newcomer.id) || !desk.isFree(candidate.key)) continue
    desk.send(newcomer, candidate.key, candidate.join)
    placed.set(newcomer.id, candidate.key)
  }
  return placed
}

type Home = { readonly key: ChannelKey } | { readonly group: Placed[] }

type Nameplates = {
  add(facts: MatchFacts, home: Home): void
  /** False: nobody is there that it backs up. */
  placeBackup(newcomer: Newcomer): boolean
}

/** Who of the source lives where, by name, so that backups find theirs. */
function createNameplates(desk: Desk, { read, siblings }: Neighbourhood): Nameplates {
  const plates = new Map<string, { readonly facts: MatchFacts; readonly home: Home }[]>()
  const add = (facts: MatchFacts, home: Home): void => {
    for (const key of facts.name.keys) {
      const others = plates.get(key)
      if (others === undefined) plates.set(key, [{ facts, home }])
      else others.push({ facts, home })
    }
  }
  for (const { key, facts } of siblings) if (!facts.name.isBackup) add(facts, { key })
  for (const [key, moved] of desk.arrivals) for (const { item } of moved) add(read(item), { key })

  const placeBackup = (newcomer: Newcomer): boolean => {
    const facts = read(newcomer.item)
    const plate = facts.name.keys.flatMap((key) => plates.get(key) ?? []).find((one) => isBackupOf(facts, one.facts))
    if (plate === undefined) return false
    const join: Join = { by: 'backup', score: 0.95, evidence: 'Marked as its backup by the same source' }
    if ('key' in plate.home) desk.send(newcomer, plate.home.key, join)
    else plate.home.group.push({ ...newcomer, join })
    return true
  }
  return { add, placeBackup }
}

function split<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  const first: T[] = []
  const second: T[] = []
  for (const one of all) (isFirst(one) ? first : second).push(one)
  return [first, second]
}
