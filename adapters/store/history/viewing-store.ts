import * as v from 'valibot'
import { isFailureCode } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'
import type { Viewing, ViewingField, ViewingQuery, ViewingStore } from '../../../core/history/viewing.ts'
import { parseChannelId } from '../../../core/lineup/channel.ts'
import { END_REASONS } from '../../../core/live/attendance.ts'
import { QUALITIES } from '../../../core/live/quality.ts'
import type { SourceId, StreamId } from '../../../core/lineup/stream.ts'
import type { Database, Row, Value } from '../database.ts'

const id = <T extends SourceId | StreamId>() => v.custom<T>((text) => typeof text === 'string')
const code = v.custom<FailureCode>((text) => typeof text === 'string' && isFailureCode(text))
const Switches = v.array(
  v.object({
    at: v.number(),
    from: id<StreamId>(),
    to: id<StreamId>(),
    names: v.exactOptional(v.tuple([v.string(), v.string()])),
    code,
    gapMs: v.number(),
  }),
)
const ErrorMinutes = v.array(v.object({ at: v.number(), count: v.number() }))

const COLUMNS = [
  'id',
  'viewer_id',
  'kind',
  'channel_id',
  'title',
  'source_id',
  'stream_id',
  'mode',
  'quality',
  'user',
  'player',
  'address',
  'started_at',
  'last_seen',
  'ended_at',
  'bytes',
  'reason',
  'code',
  'switch_count',
  'switches',
  'errors',
  'error_minutes',
] as const

const PUT = `insert or replace into viewing (${COLUMNS.join(', ')}) values (${COLUMNS.map(() => '?').join(', ')})`

/** What tells the values of a field apart, and how a value is called. With max() SQLite takes the rest of the row from there. */
const FIELDS: Readonly<Record<ViewingField, { readonly id: string; readonly name: string }>> = {
  person: { id: 'lower(user)', name: 'user' },
  channel: { id: 'channel_id', name: 'title' },
  source: { id: 'source_id', name: 'source_id' },
}

/** Viewings in `history.db`. */
export function createViewingStore(database: Database): ViewingStore {
  return {
    put(viewings) {
      database.transaction(() => {
        for (const viewing of viewings) database.run(PUT, ...toValues(viewing))
      })
    },
    find(query) {
      const { where, values } = conditionOf(query)
      const [count] = database.all(`select count(*) as n from viewing ${where}`, ...values)
      const rows = database.all(
        `select * from viewing ${where} order by started_at desc, id desc limit ? offset ?`,
        ...values,
        query.limit,
        query.offset,
      )
      return { total: Number(count?.['n'] ?? 0), items: rows.flatMap(toViewing) }
    },
    choices(field, text, limit) {
      const { id, name } = FIELDS[field]
      return database
        .all(
          `select ${id} as id, ${name} as name, count(*) as viewings, max(started_at) from viewing
           where ${id} is not null and instr(lower(${name}), lower(?)) > 0
           group by 1 order by viewings desc, name limit ?`,
          text,
          limit,
        )
        .map((row) => ({ id: String(row['id']), name: String(row['name']), viewings: Number(row['viewings']) }))
    },
    interruptOpen: () =>
      database.run(`update viewing set ended_at = last_seen, reason = 'interrupted' where ended_at is null`),
    forget(before, most) {
      database.transaction(() => {
        database.run('delete from viewing where ended_at < ?', before)
        database.run(
          'delete from viewing where id in (select id from viewing order by started_at desc limit -1 offset ?)',
          most,
        )
      })
    },
  }
}

function toValues(viewing: Viewing): readonly Value[] {
  return [
    viewing.id,
    viewing.viewerId,
    viewing.kind,
    viewing.channelId,
    viewing.title,
    viewing.sourceId,
    viewing.streamId,
    viewing.mode,
    viewing.quality,
    viewing.user,
    viewing.player,
    viewing.address,
    viewing.startedAt,
    viewing.lastSeen,
    viewing.endedAt,
    viewing.bytes,
    viewing.reason,
    viewing.code,
    viewing.switchCount,
    JSON.stringify(viewing.switches),
    viewing.errors,
    JSON.stringify(viewing.errorMinutes),
  ]
}

function conditionOf(query: ViewingQuery): { readonly where: string; readonly values: readonly Value[] } {
  const { channelId: channel, person, sourceId, reason, from, to } = query
  const parts: readonly (readonly [text: string, ...values: Value[]])[] = [
    ...(channel === null ? [] : [['channel_id = ?', channel] as const]),
    ...(person === null ? [] : [['lower(user) = lower(?)', person] as const]),
    ...(sourceId === null ? [] : [['source_id = ?', sourceId] as const]),
    ...(reason === null
      ? []
      : reason === 'running'
        ? [['ended_at is null'] as const]
        : [['reason = ?', reason] as const]),
    ...(from === null ? [] : [['(ended_at is null or ended_at >= ?)', from] as const]),
    ...(to === null ? [] : [['started_at < ?', to] as const]),
  ]
  const where = parts.length === 0 ? '' : `where ${parts.map(([text]) => text).join(' and ')}`
  return { where, values: parts.flatMap(([, ...values]) => values) }
}

/** None for one that another version of the program has written in its own words. */
function toViewing(row: Row): readonly Viewing[] {
  const kind = (['live', 'past', 'film'] as const).find((one) => one === row['kind'])
  const mode = (['ts', 'hls', 'hdhr', 'xtream', 'file'] as const).find((one) => one === row['mode'])
  const quality = QUALITIES.find((one) => one === row['quality'])
  if (kind === undefined || mode === undefined || quality === undefined) return []
  const failure = textOrNull(row['code'])
  const switches = v.safeParse(Switches, JSON.parse(String(row['switches'])))
  const minutes = v.safeParse(ErrorMinutes, JSON.parse(String(row['error_minutes'])))
  const channel = textOrNull(row['channel_id'])
  return [
    {
      id: String(row['id']),
      viewerId: String(row['viewer_id']),
      kind,
      channelId: channel === null ? null : parseChannelId(channel),
      title: String(row['title']),
      sourceId: textOrNull(row['source_id']) as SourceId | null,
      streamId: textOrNull(row['stream_id']) as StreamId | null,
      mode,
      quality,
      user: textOrNull(row['user']),
      player: textOrNull(row['player']),
      address: textOrNull(row['address']),
      startedAt: Number(row['started_at']),
      lastSeen: Number(row['last_seen']),
      endedAt: numberOrNull(row['ended_at']),
      bytes: Number(row['bytes']),
      reason: END_REASONS.find((one) => one === row['reason']) ?? null,
      code: failure !== null && isFailureCode(failure) ? failure : null,
      switchCount: Number(row['switch_count']),
      switches: switches.success ? switches.output : [],
      errors: Number(row['errors']),
      errorMinutes: minutes.success ? minutes.output : [],
    },
  ]
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)
