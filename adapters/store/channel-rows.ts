import * as v from 'valibot'
import type { ChannelKey } from '../../core/lineup/channel.ts'
import type { StoredChannel } from '../../core/lineup/stored.ts'
import type { Database } from './database.ts'

type Row = (string | number | null)[]

const isValue = (value: unknown): boolean => value === null || typeof value === 'string' || typeof value === 'number'
/** One look for a whole row: there are hundreds of thousands of them. */
const Row = v.custom<Row>((row) => Array.isArray(row) && row.every(isValue))

/** A channel as it is written: its own columns, and those of each of its streams. */
export const ChannelRows = v.object({ channel: Row, streams: v.array(Row) })
/** See the schema of the same name. */
export type ChannelRows = v.InferOutput<typeof ChannelRows>

const CHANNEL_COLUMNS =
  'key, number, own_name, own_enabled, favourite, added_groups, removed_groups, own_order, apart, own_logo'.split(', ')
const STREAM_COLUMNS =
  `channel_key, position, source_id, item, name, media, service_ref, program_number, slot_key, groups, has_logo, guide_feed,
   guide_channel, gone_since, join_kind, join_score, join_evidence, past_hours, off`.split(/,\s+/)

/** The columns of a channel and its streams, in the order in which they are written. */
export function toRows(channel: StoredChannel): ChannelRows {
  return {
    channel: [
      channel.key,
      channel.number,
      channel.ownName,
      channel.ownEnabled === null ? null : Number(channel.ownEnabled),
      Number(channel.favourite),
      JSON.stringify(channel.addedGroups),
      JSON.stringify(channel.removedGroups),
      Number(channel.ownOrder),
      JSON.stringify(channel.apart),
      channel.ownLogo,
    ],
    streams: channel.streams.map((stream, position) => [
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
      stream.pastHours ?? null,
      stream.isOff === true ? 1 : null,
    ]),
  }
}

const places = (columns: readonly string[]): string => columns.map(() => '?').join(', ')

// Never "or replace": that would delete the row first, and with it what refers to the channel.
const PUT_CHANNEL = `insert into channel (${CHANNEL_COLUMNS.join(', ')}) values (${places(CHANNEL_COLUMNS)})
  on conflict (key) do update set ${CHANNEL_COLUMNS.slice(1)
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}`
const ADD_STREAM = `insert into stream (${STREAM_COLUMNS.join(', ')}) values (${places(STREAM_COLUMNS)})`

/** Adds channels of which nothing is there, inside the caller's transaction. */
export function addChannels(database: Database, added: readonly ChannelRows[]): void {
  for (const { channel, streams } of added) {
    database.run(PUT_CHANNEL, ...channel)
    for (const stream of streams) database.run(ADD_STREAM, ...stream)
  }
}

/** Removes channels and puts others, new or known, inside the caller's transaction. Doing it twice changes nothing more. */
export function writeChannels(database: Database, removed: readonly ChannelKey[], put: readonly ChannelRows[]): void {
  for (const key of removed) database.run('delete from channel where key = ?', key)
  for (const { channel, streams } of put) {
    database.run(PUT_CHANNEL, ...channel)
    database.run('delete from stream where channel_key = ?', channel[0] ?? null)
    for (const stream of streams) database.run(ADD_STREAM, ...stream)
  }
}
