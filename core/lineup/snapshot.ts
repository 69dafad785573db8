import * as v from 'valibot'
import { inPieces } from '../pieces.ts'
import { channelId, channelKey, MAX_CHANNEL_KEY } from './channel.ts'
import type { Channel } from './channel.ts'
import type { Lineup } from './lineup.ts'
import { PICTURE_NAME } from './logo/pictures.ts'
import { sourceId, streamId } from './stream.ts'
import type { SourceId, Stream } from './stream.ts'

/**
 * The line-up as a front knows it: what playlists, look-ups and names need, and the ids of revoked viewing tokens.
 *
 * Never in it: how a source calls its items (may hold a provider's password) and service references with a path.
 */
export type LineupSnapshot = {
  readonly lineup: Lineup
  readonly revoked: readonly string[]
  /** The sources that have films and series; absent: none. */
  readonly shelves?: readonly { readonly id: SourceId; readonly name: string }[]
}

const FORMAT = 1

const Key = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_CHANNEL_KEY), v.transform(channelKey))

const SnapshotDocument = v.object({
  format: v.literal(FORMAT),
  revision: v.string(),
  groups: v.array(
    v.object({
      name: v.string(),
      order: v.number(),
      logo: v.exactOptional(v.string()),
      sort: v.exactOptional(v.picklist(['name', 'own'])),
      members: v.exactOptional(v.array(Key)),
    }),
  ),
  selections: v.exactOptional(v.array(v.object({ id: v.string(), name: v.string(), channels: v.array(Key) }))),
  channels: v.array(
    v.object({
      key: Key,
      number: v.string(),
      name: v.string(),
      media: v.picklist(['tv', 'radio']),
      groups: v.array(v.string()),
      hasLogo: v.boolean(),
      ownLogo: v.exactOptional(v.pipe(v.string(), v.regex(PICTURE_NAME))),
      hasGuide: v.boolean(),
      streams: v.array(
        v.object({
          source: v.string(),
          serviceRef: v.nullable(v.string()),
          off: v.exactOptional(v.literal(true)),
          pastHours: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
        }),
      ),
    }),
  ),
  revoked: v.array(v.string()),
  shelves: v.exactOptional(v.array(v.object({ id: v.string(), name: v.string() }))),
})
type SnapshotDocument = v.InferOutput<typeof SnapshotDocument>

/** The snapshot as JSON in pieces of about 64 KiB; only enabled channels are in it. */
export const writeLineupSnapshot = (snapshot: LineupSnapshot): Generator<string, void, undefined> =>
  inPieces(snapshotTexts(snapshot))

function* snapshotTexts({ lineup, revoked, shelves = [] }: LineupSnapshot): Generator<string, void, undefined> {
  const head: Omit<SnapshotDocument, 'channels'> = {
    format: FORMAT,
    revision: lineup.revision,
    groups: lineup.groups.map(({ members, ...group }) => ({
      ...group,
      ...(members === undefined ? {} : { members: [...members] }),
    })),
    ...(lineup.selections === undefined
      ? {}
      : { selections: lineup.selections.map(({ id, name, channels }) => ({ id, name, channels: [...channels] })) }),
    revoked: [...revoked],
    ...(shelves.length === 0 ? {} : { shelves: shelves.map(({ id, name }) => ({ id, name })) }),
  }
  yield `${JSON.stringify(head).slice(0, -1)},"channels":[`
  let separator = ''
  for (const channel of lineup.channels) {
    if (!channel.enabled) continue
    yield separator + JSON.stringify(describeChannel(channel))
    separator = ','
  }
  yield ']}'
}

function describeChannel(channel: Channel): SnapshotDocument['channels'][number] {
  return {
    key: channel.key,
    number: channel.number,
    name: channel.name,
    media: channel.media,
    groups: [...channel.groups],
    hasLogo: channel.hasLogo,
    ...(channel.ownLogo === undefined ? {} : { ownLogo: channel.ownLogo }),
    hasGuide: channel.guide !== null,
    streams: [
      ...channel.streams.map(describeStream),
      ...(channel.offStreams ?? []).map((stream) => ({ ...describeStream(stream), off: true as const })),
    ],
  }
}

const describeStream = ({ sourceId: source, serviceRef, pastHours }: Stream) => ({
  source,
  serviceRef: withoutPath(serviceRef),
  ...(pastHours === undefined ? {} : { pastHours }),
})

/** Ten fields name a broadcast service; whatever follows is the address of an IPTV stream, often with its password. */
function withoutPath(serviceRef: string | null): string | null {
  const [, rest = ''] = /^(?:[^:]*:){10}(.*)$/s.exec(serviceRef ?? '') ?? []
  return rest === '' ? serviceRef : null
}

/** Reads a snapshot; fails with valibot's error for any other shape or format. */
export function readLineupSnapshot(json: unknown): LineupSnapshot {
  const document = v.parse(SnapshotDocument, json)
  const channels = document.channels.map((entry): Channel => {
    const { key } = entry
    const all = entry.streams.map(({ source, serviceRef, pastHours, off }, index) => ({
      isOff: off === true,
      stream: {
        id: streamId(sourceId(source), `${key}.${index}`),
        sourceId: sourceId(source),
        item: `${key}.${index}`,
        name: entry.name,
        media: entry.media,
        serviceRef,
        programNumber: null,
        slotKey: `${key}.${index}`,
        ...(pastHours === undefined ? {} : { pastHours }),
      },
    }))
    const offStreams = all.filter(({ isOff }) => isOff).map(({ stream }) => stream)
    return {
      key,
      id: channelId(key),
      number: entry.number,
      name: entry.name,
      media: entry.media,
      groups: entry.groups,
      enabled: true,
      hasLogo: entry.hasLogo,
      ...(entry.ownLogo === undefined ? {} : { ownLogo: entry.ownLogo }),
      guide: entry.hasGuide ? { feed: 'snapshot', channel: String(entry.key) } : null,
      streams: all.filter(({ isOff }) => !isOff).map(({ stream }) => stream),
      ...(offStreams.length === 0 ? {} : { offStreams }),
    }
  })
  const { revision, groups, selections, revoked, shelves } = document
  return {
    lineup: { revision, channels, groups, ...(selections === undefined ? {} : { selections }) },
    revoked,
    ...(shelves === undefined ? {} : { shelves: shelves.map(({ id, name }) => ({ id: sourceId(id), name })) }),
  }
}
