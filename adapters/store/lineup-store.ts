import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { channelKey } from '../../core/lineup/channel.ts'
import type { Join } from '../../core/lineup/match/judge.ts'
import { changesBetween } from '../../core/lineup/store.ts'
import type { LineupStore } from '../../core/lineup/store.ts'
import type { StoredChannel, StoredLineup, StoredStream } from '../../core/lineup/stored.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { Database, Row } from './database.ts'
import { readGroups, readOwnParts, writePart } from './lineup-parts.ts'
import { ChannelKeys, createListReader, GroupKeys, Names } from './list-reader.ts'
import type { ListReader } from './list-reader.ts'
import { named, openRevision, put } from './revision.ts'

/** The line-up in SQLite. Commits are durable when `save` resolves if the database was opened so. */
export function createLineupStore(database: Database): LineupStore {
  const revision = openRevision(database)

  const load = (): StoredLineup => ({
    revision: revision.current(),
    nextKey: Number(named(database, 'next_key') ?? 1),
    channels: readChannels(database),
    groups: readGroups(database),
    nextGroupKey: Number(named(database, 'next_group_key') ?? 1),
    ...readOwnParts(database),
  })

  const save = (before: StoredLineup, after: StoredLineup): StoredLineup => {
    if (before.revision !== revision.current())
      throw new Failure(
        'lineup/changed',
        `Cannot write the line-up: it is at revision ${revision.current()}, the change was made at ${before.revision}`,
      )
    const { settle } = database.transaction(() => {
      const changes = changesBetween(before, after)
      for (const key of changes.removed) database.run('delete from channel where key = ?', key)
      for (const channel of changes.put) writeChannel(database, channel)
      for (const part of changes.parts) writePart(database, part, after)
      put(database, 'next_key', String(after.nextKey))
      put(database, 'next_group_key', String(after.nextGroupKey))
      return revision.advance()
    })
    return { ...after, revision: settle() }
  }

  return { load: async () => load(), save: async (before, after) => save(before, after) }
}

function writeChannel(database: Database, channel: StoredChannel): void {
  database.run(
    `insert or replace into channel (key, number, own_name, own_enabled, favourite, added_groups, removed_groups,
       own_order, apart) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    channel.key,
    channel.number,
    channel.ownName,
    channel.ownEnabled === null ? null : Number(channel.ownEnabled),
    Number(channel.favourite),
    JSON.stringify(channel.addedGroups),
    JSON.stringify(channel.removedGroups),
    Number(channel.ownOrder),
    JSON.stringify(channel.apart),
  )
  database.run('delete from stream where channel_key = ?', channel.key)
  for (const [position, stream] of channel.streams.entries()) {
    database.run(
      `insert into stream (channel_key, position, source_id, item, name, media, service_ref, program_number, slot_key,
         groups, has_logo, guide_feed, guide_channel, gone_since, join_kind, join_score, join_evidence)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      channel.key,
      position,
      stream.sourceId,
      stream.item,
      stream.name,
      stream.media,
      stream.serviceRef,
      stream.programNumber,
      stream.slotKey,
      JSON.stringify(stream.groups),
      Number(stream.hasLogo),
      stream.guide?.feed ?? null,
      stream.guide?.channel ?? null,
      stream.goneSince,
      stream.join.by,
      stream.join.score,
      stream.join.evidence,
    )
  }
}

function readChannels(database: Database): readonly StoredChannel[] {
  const streams = new Map<unknown, StoredStream[]>()
  const groups = createListReader(Names)
  const groupKeys = createListReader(GroupKeys)
  const channelKeys = createListReader(ChannelKeys)
  for (const row of database.all('select * from stream order by channel_key, position')) {
    const siblings = streams.get(row['channel_key'])
    if (siblings === undefined) streams.set(row['channel_key'], [toStream(row, groups)])
    else siblings.push(toStream(row, groups))
  }
  return database.all('select * from channel order by key').map((row) => ({
    key: channelKey(Number(row['key'])),
    number: String(row['number']),
    ownName: textOrNull(row['own_name']),
    ownEnabled: row['own_enabled'] === null ? null : row['own_enabled'] === 1,
    favourite: row['favourite'] === 1,
    addedGroups: groupKeys(String(row['added_groups'])),
    removedGroups: groupKeys(String(row['removed_groups'])),
    ownOrder: row['own_order'] === 1,
    apart: channelKeys(String(row['apart'])),
    streams: streams.get(row['key']) ?? [],
  }))
}

function toStream(row: Row, groups: ListReader<string>): StoredStream {
  const source = sourceId(String(row['source_id']))
  const item = String(row['item'])
  const feed = textOrNull(row['guide_feed'])
  const channel = textOrNull(row['guide_channel'])
  return {
    id: streamId(source, item),
    sourceId: source,
    item,
    name: String(row['name']),
    media: row['media'] === 'radio' ? 'radio' : 'tv',
    serviceRef: textOrNull(row['service_ref']),
    programNumber: numberOrNull(row['program_number']),
    slotKey: String(row['slot_key']),
    groups: groups(String(row['groups'])),
    hasLogo: row['has_logo'] === 1,
    guide: feed === null || channel === null ? null : { feed, channel },
    goneSince: numberOrNull(row['gone_since']),
    join: toJoin(row),
  }
}

/** The same few texts for most streams: one object each, so that they take no memory. */
const FIRST: Join = { by: 'first', score: 1, evidence: '' }

function toJoin(row: Row): Join {
  if (row['join_kind'] === 'first') return FIRST // most are, and a schema takes its time
  const by = v.parse(JoinKinds, row['join_kind'])
  return { by, score: Number(row['join_score']), evidence: String(row['join_evidence']) }
}

const JoinKinds = v.picklist(['first', 'moved', 'service', 'guide', 'name', 'backup', 'owner'])

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)
