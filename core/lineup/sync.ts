import { Failure } from '../errors.ts'
import { atOnce, eachInSteps, mapInSteps } from '../steps.ts'
import type { Steps } from '../steps.ts'
import type { CatalogueItem, SourceCatalogue } from './catalogue.ts'
import { channelKey, MAX_CHANNEL_KEY } from './channel.ts'
import type { ChannelKey } from './channel.ts'
import { subjectOf } from './filter/subject.ts'
import { createGroupNames } from './group-names.ts'
import { createNameReader } from './match/channel-name.ts'
import { numberingSteps } from './numbering.ts'
import { placeNewcomers } from './placement.ts'
import type { Placed, Placement } from './placement.ts'
import { createRules } from './rules.ts'
import type { NumberRange } from './rules.ts'
import { isPresent, NO_CHOICES } from './stored.ts'
import type { SourceGroups, StoredChannel, StoredLineup, StoredStream } from './stored.ts'
import { createStreamOrder } from './stream-order.ts'
import type { StreamOrder } from './stream-order.ts'
import { streamId } from './stream.ts'
import type { SourceId, StreamId } from './stream.ts'
import { rawChannel } from './view.ts'

/** What a refresh did to the channels of its source. */
export type LineupDiff = {
  /** Channels that were known and are there (again). */
  readonly kept: readonly ChannelKey[]
  readonly new: readonly ChannelKey[]
  /** Channels that were there until now and that no source offers any more. */
  readonly gone: readonly ChannelKey[]
}

/** The line-up after a refresh, and what the refresh did. */
export type Synced = { readonly lineup: StoredLineup; readonly diff: LineupDiff }

/** How a refresh is taken in. */
export type SyncOptions = {
  /** Epoch milliseconds. */
  readonly now: number
  /** Takes a catalogue that would be refused as too small. */
  readonly acceptShrunk?: boolean
  /** Sources in order of preference: the fail-over order of channels that several sources have. Others come last. */
  readonly priority?: readonly SourceId[]
}

/** A gone stream is forgotten after this time: a summer channel, or a dish that was down for a season, comes back as it was. */
export const GONE_KEPT_MS = 400 * 24 * 3600 * 1000

const SHRUNK_SHARE = 0.5
const SHRUNK_AT_LEAST = 10

/**
 * Takes a fresh catalogue of one source into the line-up.
 *
 * An item that was known keeps its channel, key, number and edits, whatever its name is now, also after it was gone and
 * wherever the owner put it. `placeNewcomers` finds the channels of unknown items. Streams that the catalogue lacks are
 * marked gone, and forgotten after `GONE_KEPT_MS`.
 *
 * Gives `stored` itself when nothing changed. Pure. Fails with `lineup/shrunk` if the catalogue is empty or brings less
 * than half of what was there and lacks ten items or more.
 */
export const syncLineup = (stored: StoredLineup, catalogue: SourceCatalogue, options: SyncOptions): Synced =>
  atOnce(syncSteps(stored, catalogue, options))

/** `syncLineup` step by step: lists of 100,000 channels take seconds. */
export function* syncSteps(stored: StoredLineup, catalogue: SourceCatalogue, options: SyncOptions): Steps<Synced> {
  const { sourceId } = catalogue
  const items = yield* itemsById(catalogue)
  if (options.acceptShrunk !== true) refuseShrunk(stored, sourceId, items.size)

  const readName = createNameReader()
  const placement = yield* placeNewcomers(stored.channels, { sourceId, items, readName })
  const order = createStreamOrder(options.priority ?? [], readName)
  const survivors: StoredChannel[] = []
  const kept: ChannelKey[] = []
  const gone: ChannelKey[] = []
  yield* eachInSteps(stored.channels, (channel) => {
    const arrivals = placement.arrivals.get(channel.key) ?? []
    const next = refreshChannel(channel, { sourceId, items, arrivals, order, now: options.now })
    if (next === null) return
    survivors.push(next)
    const isOurs = next.streams.some((stream) => stream.sourceId === sourceId && stream.goneSince === null)
    if (isOurs) kept.push(next.key)
    else if (isPresent(channel) && !isPresent(next)) gone.push(next.key)
  })

  const created = yield* createChannels(stored, survivors, { founders: placement.founders, sourceId, order })
  const channels = keepIfSame(stored.channels, [...survivors, ...created])
  const groups = replaceGroups(stored.groups, catalogue, order.ofSources)
  const same = channels === stored.channels && groups === stored.groups
  return {
    lineup: same ? stored : { ...stored, nextKey: stored.nextKey + created.length, channels, groups },
    diff: { kept, new: created.map((channel) => channel.key), gone },
  }
}

/**
 * Marks the streams of sources that are no longer configured as gone and forgets their groups.
 *
 * Gives `stored` itself when nothing changed. Pure.
 */
export function retireSources(stored: StoredLineup, configured: ReadonlySet<SourceId>, now: number): StoredLineup {
  const channels = keepIfSame(
    stored.channels,
    stored.channels.map((channel) => {
      const streams = keepIfSame(
        channel.streams,
        channel.streams.map((stream) =>
          configured.has(stream.sourceId) || stream.goneSince !== null ? stream : { ...stream, goneSince: now },
        ),
      )
      return streams === channel.streams ? channel : { ...channel, streams }
    }),
  )
  const groups = keepIfSame(
    stored.groups,
    stored.groups.filter((source) => configured.has(source.sourceId)),
  )
  return channels === stored.channels && groups === stored.groups ? stored : { ...stored, channels, groups }
}

type Items = ReadonlyMap<StreamId, CatalogueItem>

/** The items by stream id; one that is listed twice is one item in the groups of both. */
function* itemsById(catalogue: SourceCatalogue): Steps<Items> {
  const items = new Map<StreamId, CatalogueItem>()
  yield* eachInSteps(catalogue.items, (item) => {
    const id = streamId(catalogue.sourceId, item.item)
    const twin = items.get(id)
    items.set(id, twin === undefined ? item : { ...twin, groups: [...new Set([...twin.groups, ...item.groups])] })
  })
  return items
}

function refuseShrunk(stored: StoredLineup, sourceId: SourceId, after: number): void {
  let before = 0
  for (const channel of stored.channels) {
    for (const stream of channel.streams) if (stream.sourceId === sourceId && stream.goneSince === null) before++
  }
  const isEmptied = before > 0 && after === 0
  const isHalved = after < before * SHRUNK_SHARE && before - after >= SHRUNK_AT_LEAST
  if (!isEmptied && !isHalved) return
  throw new Failure(
    'lineup/shrunk',
    `Source "${sourceId}" lists ${after} channels, before it were ${before}: the old line-up is kept`,
    { sourceId, before, after },
  )
}

type ChannelRefresh = {
  readonly sourceId: SourceId
  readonly items: Items
  readonly arrivals: readonly Placed[]
  readonly order: StreamOrder
  readonly now: number
}

/** The channel after the refresh, the same object if nothing changed, or null when its last stream is forgotten. */
function refreshChannel(channel: StoredChannel, refresh: ChannelRefresh): StoredChannel | null {
  const { sourceId, items, arrivals, order, now } = refresh
  if (arrivals.length === 0 && !channel.streams.some((stream) => stream.sourceId === sourceId)) return channel
  const streams: StoredStream[] = []
  for (const stream of channel.streams) {
    const item = stream.sourceId === sourceId ? items.get(stream.id) : undefined
    if (stream.sourceId !== sourceId) streams.push(stream)
    else if (item !== undefined)
      streams.push(
        refreshStream(stream, {
          ...toStoredStream({ id: stream.id, item, join: stream.join }, sourceId),
          ...(stream.isOff === true ? { isOff: true } : {}),
        }),
      )
    else if (stream.goneSince === null) streams.push({ ...stream, goneSince: now })
    else if (now - stream.goneSince <= GONE_KEPT_MS) streams.push(stream)
  }
  streams.push(...arrivals.map((placed) => asOff(toStoredStream(placed, sourceId), channel)))
  if (streams.length === 0) return null
  const kept = keepIfSame(channel.streams, channel.ownOrder ? streams : withoutOldest(streams, sourceId))
  // Order needs the names of all streams; where nothing changed, a look at the sources tells that it still holds.
  const isInOrder = channel.ownOrder || (kept === channel.streams && order.followsSources(kept))
  const ordered = isInOrder ? kept : keepIfSame(channel.streams, order.ofStreams(kept))
  return ordered === channel.streams ? channel : { ...channel, streams: ordered }
}

/** A list changes the id of an item: what came in the place of a stream that was switched off is so too. */
function asOff(arrival: StoredStream, { streams }: StoredChannel): StoredStream {
  const isInPlaceOf = ({ sourceId, name, isOff }: StoredStream): boolean =>
    isOff === true && sourceId === arrival.sourceId && name.toLowerCase() === arrival.name.toLowerCase()
  return arrival.join.by === 'moved' && streams.some(isInPlaceOf) ? { ...arrival, isOff: true } : arrival
}

const refreshStream = (old: StoredStream, fresh: StoredStream): StoredStream => (isSameStream(old, fresh) ? old : fresh)

const isSameStream = (a: StoredStream, b: StoredStream): boolean =>
  a.name === b.name &&
  a.media === b.media &&
  a.serviceRef === b.serviceRef &&
  a.programNumber === b.programNumber &&
  a.slotKey === b.slotKey &&
  a.pastHours === b.pastHours &&
  a.hasLogo === b.hasLogo &&
  a.guide?.feed === b.guide?.feed &&
  a.guide?.channel === b.guide?.channel &&
  a.goneSince === b.goneSince &&
  keepIfSame(a.groups, b.groups) === a.groups

const toStoredStream = ({ id, item, join }: Placed, sourceId: SourceId): StoredStream => ({
  id,
  sourceId,
  item: item.item,
  name: item.name,
  media: item.media,
  serviceRef: item.serviceRef,
  programNumber: item.programNumber,
  slotKey: item.slotKey,
  ...(item.pastHours === undefined ? {} : { pastHours: item.pastHours }),
  groups: item.groups,
  hasLogo: item.hasLogo,
  guide: item.guide,
  goneSince: null,
  join,
})

/**
 * A list whose ids change with every refresh must not fill its channels with gone streams: the oldest are forgotten, but
 * none of those that went last.
 */
const MOST_GONE = 8

function withoutOldest(streams: readonly StoredStream[], sourceId: SourceId): readonly StoredStream[] {
  if (streams.length <= MOST_GONE) return streams
  const gone = streams
    .filter((stream) => stream.sourceId === sourceId && stream.goneSince !== null)
    .toSorted((a, b) => (a.goneSince ?? 0) - (b.goneSince ?? 0))
  if (gone.length <= MOST_GONE) return streams
  const last = gone.at(-1)?.goneSince
  const oldest = new Set(gone.slice(0, gone.length - MOST_GONE).filter(({ goneSince }) => goneSince !== last))
  return streams.filter((stream) => !oldest.has(stream))
}

type Founding = { readonly founders: Placement['founders']; readonly sourceId: SourceId; readonly order: StreamOrder }

function* createChannels(
  stored: StoredLineup,
  survivors: readonly StoredChannel[],
  { founders, sourceId, order }: Founding,
): Steps<readonly StoredChannel[]> {
  if (stored.nextKey + founders.length - 1 > MAX_CHANNEL_KEY)
    throw new RangeError('The sequence of channel keys is used up')
  const rules = createRules(stored.rules)
  const names = createGroupNames(stored.ownGroups)
  const found = (placed: readonly Placed[], index: number, number: string): StoredChannel => ({
    key: channelKey(stored.nextKey + index),
    number,
    ...NO_CHOICES,
    streams: order.ofStreams(placed.map((one) => toStoredStream(one, sourceId))),
  })
  const rangeOf = (placed: readonly Placed[], index: number): NumberRange | null =>
    rules.ranges.length === 0 ? null : rules.rangeFor(subjectOf(rawChannel(found(placed, index, ''), names), false))
  const wishes = yield* mapInSteps(founders, (placed, index) => ({
    wanted: placed[0]?.item.number ?? null,
    range: rangeOf(placed, index),
  }))
  const taken = survivors.map((channel) => channel.number)
  const numbers = yield* numberingSteps(taken, rules.ranges, wishes)
  return yield* mapInSteps(founders, (placed, index) => found(placed, index, numbers[index] ?? ''))
}

function replaceGroups(
  groups: readonly SourceGroups[],
  catalogue: SourceCatalogue,
  order: (a: SourceGroups, b: SourceGroups) => number,
): readonly SourceGroups[] {
  const old = groups.find((source) => source.sourceId === catalogue.sourceId)
  const names = [...new Set(catalogue.groups)]
  const isSame = old !== undefined && keepIfSame(old.names, names) === old.names
  const fresh = isSame ? old : { sourceId: catalogue.sourceId, names }
  const next = old === undefined ? [...groups, fresh] : groups.map((source) => (source === old ? fresh : source))
  return keepIfSame(groups, next.toSorted(order))
}

/** The old list when the new one has the very same members, so that "nothing changed" can be seen by identity. */
const keepIfSame = <T>(old: readonly T[], fresh: readonly T[]): readonly T[] =>
  old.length === fresh.length && fresh.every((member, index) => member === old[index]) ? old : fresh
