import { eachInSteps } from '../steps.ts'
import type { Steps } from '../steps.ts'
import type { CatalogueItem } from './catalogue.ts'
import type { ChannelKey } from './channel.ts'
import { printEvidence } from './match/evidence.ts'
import { indexCandidates } from './match/candidates.ts'
import type { Candidate, CandidateIndex, Housed } from './match/candidates.ts'
import { mayBeBackup } from './match/channel-name.ts'
import type { NameReader } from './match/channel-name.ts'
import { createFactReader } from './match/facts.ts'
import type { MatchFacts } from './match/facts.ts'
import { isBackupOf, SURE_SCORE } from './match/judge.ts'
import type { Join } from './match/judge.ts'
import { readCircumstances } from './match/kinship.ts'
import type { Circumstances } from './match/kinship.ts'
import type { StoredChannel, StoredStream } from './stored.ts'
import type { SourceId, StreamId } from './stream.ts'

/** A stream of a source that has no channel yet, and why it is where it is put. */
export type Placed = { readonly id: StreamId; readonly item: CatalogueItem; readonly join: Join }

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
export function* placeNewcomers(channels: readonly StoredChannel[], listing: Listing): Steps<Placement> {
  const { sourceId, items } = listing
  const known = new Set<StreamId>()
  const occupied = new Set<ChannelKey>()
  yield* eachInSteps(channels, (channel) => {
    for (const stream of channel.streams) {
      if (stream.sourceId !== sourceId || !items.has(stream.id)) continue
      known.add(stream.id)
      occupied.add(channel.key)
    }
  })
  const newcomers: Placed[] = []
  yield* eachInSteps(items, ([id, item]) => {
    if (!known.has(id)) newcomers.push({ id, item, join: FIRST })
  })
  const desk = createDesk(occupied)
  if (newcomers.length === 0) return desk

  const strangers = yield* placeMoved(desk, newcomers, yield* vanishedStreams(channels, listing))
  const isAlone = channels.every(({ streams }) => streams.every((stream) => stream.sourceId === sourceId))
  // The first list of a house: nobody is there to be like.
  if (isAlone && !strangers.some(({ item }) => mayBeBackup(item.name)))
    yield* eachInSteps(strangers, (stranger) => void desk.found(stranger))
  else if (strangers.length > 0) yield* placeByLikeness(desk, strangers, yield* readNeighbourhood(channels, listing))
  return desk
}

/** The placement in the making. */
type Desk = Placement & {
  isFree(key: ChannelKey): boolean
  send(newcomer: Placed, key: ChannelKey, join: Join): void
  found(newcomer: Placed): Placed[]
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
      const group = [newcomer]
      founders.push(group)
      return group
    },
  }
}

type Places = ReadonlyMap<string, readonly ChannelKey[]>
type Vanished = { readonly now: Places; readonly before: Places }

/** Where streams were that the source no longer lists, by label. */
function* vanishedStreams(channels: readonly StoredChannel[], { sourceId, items }: Listing): Steps<Vanished> {
  const now = new Map<string, ChannelKey[]>()
  const before = new Map<string, ChannelKey[]>()
  yield* eachInSteps(channels, (channel) => {
    for (const stream of channel.streams) {
      if (stream.sourceId !== sourceId || items.has(stream.id)) continue
      addTo(stream.goneSince === null ? now : before, labelOf(stream), channel.key)
    }
  })
  return { now, before }
}

const labelOf = ({ name, media }: { name: string; media: string }): string => `${media} ${name.toLowerCase()}`

/** Gives those back that did not come in the place of another one. Namesakes count only if as many came as went. */
function* placeMoved(desk: Desk, newcomers: readonly Placed[], vanished: Vanished): Steps<readonly Placed[]> {
  if (vanished.now.size === 0 && vanished.before.size === 0) return newcomers
  const namesakes = new Map<string, Placed[]>()
  yield* eachInSteps(newcomers, (newcomer) => addTo(namesakes, labelOf(newcomer.item), newcomer))
  const moved = new Set<StreamId>()
  yield* eachInSteps(namesakes, ([label, same]) => {
    const places = vanished.now.get(label) ?? vanished.before.get(label)?.filter((key) => desk.isFree(key)) ?? []
    if (places.length !== same.length) return
    for (const [at, newcomer] of same.entries()) {
      const place = places[at]
      if (place === undefined) continue
      desk.send(newcomer, place, {
        by: 'moved',
        score: 1,
        evidence: printEvidence('place', { name: newcomer.item.name }),
      })
      moved.add(newcomer.id)
    }
  })
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

function* readNeighbourhood(channels: readonly StoredChannel[], listing: Listing): Steps<Neighbourhood> {
  const { sourceId, items, readName } = listing
  const reader = createFactReader(readName)
  const facts = new Map<CatalogueItem, MatchFacts>()
  yield* eachInSteps(items.values(), (item) => void facts.set(item, reader(sourceId, item)))
  const read = (item: CatalogueItem): MatchFacts => facts.get(item) ?? reader(sourceId, item)
  const others: Housed[] = []
  const siblings: Housed[] = []
  yield* eachInSteps(channels, ({ key, streams }) => {
    for (const stream of streams) {
      const isOurs = stream.sourceId === sourceId
      const item = isOurs ? items.get(stream.id) : undefined
      if (item !== undefined) siblings.push({ key, facts: read(item), isThere: true })
      else if (!isOurs) others.push({ key, facts: reader(stream.sourceId, stream), isThere: isThere(stream) })
    }
  })
  return {
    read,
    index: yield* indexCandidates(others),
    circumstances: yield* readCircumstances([...others.map((housed) => housed.facts), ...facts.values()]),
    siblings,
  }
}

const isThere = (stream: StoredStream): boolean => stream.goneSince === null

function* placeByLikeness(desk: Desk, newcomers: readonly Placed[], neighbourhood: Neighbourhood): Steps<void> {
  const { read, index, circumstances } = neighbourhood
  const backups: Placed[] = []
  const mains: Placed[] = []
  yield* eachInSteps(newcomers, (one) => void (read(one.item).name.isBackup ? backups : mains).push(one))
  const nameplates = yield* createNameplates(desk, neighbourhood)

  const placed = yield* placeSurest(desk, mains, (item) => index.find(read(item), circumstances))
  yield* eachInSteps(mains, (newcomer) => {
    const facts = read(newcomer.item)
    const home = placed.get(newcomer.id)
    if (home !== undefined) nameplates.add(facts, { key: home })
    else nameplates.add(facts, { group: desk.found(newcomer) })
  })

  const alone = backups.filter((newcomer) => !nameplates.placeBackup(newcomer))
  const taken = yield* placeSurest(desk, alone, (item) => index.find(read(item), circumstances))
  for (const newcomer of alone) if (!taken.has(newcomer.id)) desk.found(newcomer)
}

/** Places the newcomers that are surely at home somewhere, and says where. */
function* placeSurest(
  desk: Desk,
  newcomers: readonly Placed[],
  find: (item: CatalogueItem) => readonly Candidate[],
): Steps<ReadonlyMap<StreamId, ChannelKey>> {
  const wishes = new Map<number, { readonly newcomer: Placed; readonly candidate: Candidate }[]>()
  yield* eachInSteps(newcomers, (newcomer) => {
    const candidates = find(newcomer.item).filter(({ key, join }) => join.score >= SURE_SCORE && desk.isFree(key))
    const [best, second] = candidates
    if (best === undefined) return
    const isGuess = second !== undefined && best.join.by !== 'service' && second.join.score === best.join.score
    if (!isGuess) for (const candidate of candidates) addTo(wishes, candidate.join.score, { newcomer, candidate })
  })
  const placed = new Map<StreamId, ChannelKey>()
  for (const score of [...wishes.keys()].toSorted((a, b) => b - a)) {
    yield* eachInSteps(wishes.get(score) ?? [], ({ newcomer, candidate }) => {
      if (placed.has(newcomer.id) || !desk.isFree(candidate.key)) return
      desk.send(newcomer, candidate.key, candidate.join)
      placed.set(newcomer.id, candidate.key)
    })
  }
  return placed
}

type Home = { readonly key: ChannelKey } | { readonly group: Placed[] }

type Nameplates = {
  add(facts: MatchFacts, home: Home): void
  /** False: nobody is there that it backs up. */
  placeBackup(newcomer: Placed): boolean
}

/** Who of the source lives where, by name, so that backups find theirs. */
function* createNameplates(desk: Desk, { read, siblings }: Neighbourhood): Steps<Nameplates> {
  const plates = new Map<string, { readonly facts: MatchFacts; readonly home: Home }[]>()
  const add = (facts: MatchFacts, home: Home): void => {
    for (const key of facts.name.keys) addTo(plates, key, { facts, home })
  }
  yield* eachInSteps(siblings, ({ key, facts }) => {
    if (!facts.name.isBackup) add(facts, { key })
  })
  for (const [key, moved] of desk.arrivals) for (const { item } of moved) add(read(item), { key })

  const placeBackup = (newcomer: Placed): boolean => {
    const facts = read(newcomer.item)
    const plate = facts.name.keys.flatMap((key) => plates.get(key) ?? []).find((one) => isBackupOf(facts, one.facts))
    if (plate === undefined) return false
    const join: Join = { by: 'backup', score: 0.95, evidence: printEvidence('backup', {}) }
    if ('key' in plate.home) desk.send(newcomer, plate.home.key, join)
    else plate.home.group.push({ ...newcomer, join })
    return true
  }
  return { add, placeBackup }
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}
