import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { channelKey } from '../../core/lineup/channel.ts'
import type { Join } from '../../core/lineup/match/judge.ts'
import { changesBetween } from '../../core/lineup/store.ts'
import type { LineupStore } from '../../core/lineup/store.ts'
import type { StoredChannel, StoredLineup, StoredStream } from '../../core/lineup/stored.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { Database, Row } from './database.ts'
import { toRows, writeChannels } from './channel-rows.ts'
import { CHANNELS_A_PIECE, createLargeChange } from './large-change.ts'
import { readGroups, readOwnParts, writePart } from './lineup-parts.ts'
import { ChannelKeys, createListReader, GroupKeys, Names } from './list-reader.ts'
import type { ListReader } from './list-reader.ts'
import { named, openRevision, put } from './revision.ts'

/**
 * The line-up in SQLite. Commits are durable when `save` resolves if the database was opened so.
 *
 * A change of a few channels is one transaction. A large one is written piece by piece beside what counts, made to count
 * by one short transaction, and then carried out piece by piece: others have their turn in between, and a process that
 * is killed leaves all of it or nothing.
 */
export function createLineupStore(database: Database): LineupStore {
  const revision = openRevision(database)
  const large = createLargeChange(database)
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => {}) // the caller of this one hears of its failure
    return done
  }

  const load = (): StoredLineup => ({
    revision: revision.current(),
    nextKey: Number(named(database, 'next_key') ?? 1),
    channels: readChannels(database),
    groups: readGroups(database),
    nextGroupKey: Number(named(database, 'next_group_key') ?? 1),
    ...readOwnParts(database),
  })

  const save = async (before: StoredLineup, after: StoredLineup): Promise<StoredLineup> => {
    await large.finish()
    if (before.revision !== revision.current())
      throw new Failure(
        'lineup/changed',
        `Cannot write the line-up: it is at revision ${revision.current()}, the change was made at ${before.revision}`,
      )
    const changes = changesBetween(before, after)
    const isLarge = changes.put.length + changes.removed.length > CHANNELS_A_PIECE
    if (isLarge) await large.write(changes, before.nextKey)
    const { settle } = database.transaction(() => {
      if (isLarge) large.commit()
      else writeChannels(database, changes.removed, changes.put.map(toRows))
      for (const part of changes.parts) writePart(database, part, after)
      put(database, 'next_key', String(after.nextKey))
      put(database, 'next_group_key', String(after.nextGroupKey))
      return revision.advance()
    })
    const saved = { ...after, revision: settle() }
    // It counts from here on. What cannot be carried out now (a full disk) is so before the next change.
    await large.finish().catch(() => {})
    return saved
  }

  return {
    load: () =>
      inTurn(async () => {
        await large.finish()
        return load()
      }),
    save: (before, after) => inTurn(() => save(before, after)),
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
    ownLogo: textOrNull(row['own_logo']),
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
  const pastHours = numberOrNull(row['past_hours'])
  return {
    id: streamId(source, item),
    sourceId: source,
    item,
    name: String(row['name']),
    media: row['media'] === 'radio' ? 'radio' : 'tv',
    serviceRef: textOrNull(row['service_ref']),
    programNumber: numberOrNull(row['program_number']),
    slotKey: String(row['slot_key']),
    ...(pastHours === null ? {} : { pastHours }),
    groups: groups(String(row['groups'])),
    hasLogo: row['has_logo'] === 1,
    guide: feed === null || channel === null ? null : { feed, channel },
    goneSince: numberOrNull(row['gone_since']),
    ...(row['off'] === 1 ? { isOff: true } : {}),
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
