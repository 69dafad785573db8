import { Failure } from '../../core/errors.ts'
import { channelKey } from '../../core/lineup/channel.ts'
import { changesBetween } from '../../core/lineup/store.ts'
import type { LineupStore } from '../../core/lineup/store.ts'
import type { SourceGroups, StoredChannel, StoredLineup, StoredStream } from '../../core/lineup/stored.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { Database, Row } from './database.ts'
import { createListReader } from './list-reader.ts'
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
      if (changes.groups !== null) writeGroups(database, changes.groups)
      put(database, 'next_key', String(after.nextKey))
      return revision.advance()
    })
    return { ...after, revision: settle() }
  }

  return { load: async () => load(), save: async (before, after) => save(before, after) }
}

function writeChannel(database: Database, channel: StoredChannel): void {
  database.run(
    `insert into channel (key, number, own_name, enabled) values (?, ?, ?, ?)
     on conflict (key) do update set number = excluded.number, own_name = excluded.own_name, enabled = excluded.enabled`,
    channel.key,
    channel.number,
    channel.ownName,
    Number(channel.enabled),
  )
  database.run('delete from stream where channel_key = ?', channel.key)
  for (const [position, stream] of channel.streams.entries()) {
    database.run(
      `insert into stream (channel_key, position, source_id, item, name, media, service_ref, program_number, slot_key,
         groups, has_logo, guide_feed, guide_channel, gone_since) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    )
  }
}

function writeGroups(database: Database, groups: readonly SourceGroups[]): void {
  database.run('delete from source_group')
  for (const [sourcePosition, source] of groups.entries()) {
    const names = source.names.length > 0 ? source.names : [null]
    for (const [position, name] of names.entries()) {
      database.run(
        'insert into source_group (source_position, position, source_id, name) values (?, ?, ?, ?)',
        sourcePosition,
        position,
        source.sourceId,
        name,
      )
    }
  }
}

function readChannels(database: Database): readonly StoredChannel[] {
  const streams = new Map<unknown, StoredStream[]>()
  const groups = createListReader()
  for (const row of database.all('select * from stream order by channel_key, position')) {
    const siblings = streams.get(row['channel_key'])
    if (siblings === undefined) streams.set(row['channel_key'], [toStream(row, groups)])
    else siblings.push(toStream(row, groups))
  }
  return database.all('select * from channel order by key').map((row) => ({
    key: channelKey(Number(row['key'])),
    number: String(row['number']),
    ownName: textOrNull(row['own_name']),
    enabled: row['enabled'] === 1,
    streams: streams.get(row['key']) ?? [],
  }))
}

function toStream(row: Row, groups: ListReader): StoredStream {
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
  }
}

function readGroups(database: Database): readonly SourceGroups[] {
  const sources = new Map<string, string[]>()
  for (const row of database.all('select source_id, name from source_group order by source_position, position')) {
    const names = sources.get(String(row['source_id'])) ?? []
    sources.set(String(row['source_id']), names)
    if (row['name'] !== null) names.push(String(row['name']))
  }
  return [...sources].map(([id, names]) => ({ sourceId: sourceId(id), names }))
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)
