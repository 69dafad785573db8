import { Failure, isFailureCode } from '../../core/errors.ts'
import type { SourceEvent } from '../../core/lineup/source-check.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { Database, Row } from './database.ts'

/** Events of each source that are kept: a day of failures every five minutes. */
export const KEPT_EVENTS = 288

/** Events of each source. */
export interface SourceEventTable {
  add(source: SourceId, event: SourceEvent): void
  /** The newest first. */
  of(source: SourceId): readonly SourceEvent[]
  /** Forgets a source. */
  remove(source: SourceId): void
}

/** What became of the sources, in `guide.db`: nobody was promised that it is on the disk, and it may be lost. */
export function createSourceEventStore(database: Database): SourceEventTable {
  return {
    add(source, { at, kind, ms, problem }) {
      database.transaction(() => {
        database.run(
          'insert into source_event (source_id, at, kind, ms, code, detail) values (?, ?, ?, ?, ?, ?)',
          source,
          at,
          kind,
          ms === null ? null : Math.round(ms),
          problem?.code ?? null,
          problem?.message ?? null,
        )
        database.run(
          `delete from source_event where source_id = ? and id <=
             (select id from source_event where source_id = ? order by id desc limit 1 offset ?)`,
          source,
          source,
          KEPT_EVENTS,
        )
      })
    },
    of: (source) =>
      database.all('select * from source_event where source_id = ? order by id desc', source).map(toEvent),
    remove: (source) => void database.run('delete from source_event where source_id = ?', source),
  }
}

function toEvent(row: Row): SourceEvent {
  const { at, kind, ms, code, detail } = row
  return {
    at: Number(at),
    kind: kind === 'refresh' || kind === 'test' ? kind : 'stream',
    ms: typeof ms === 'number' ? ms : null,
    problem: code === null ? null : readFailure(String(code), String(detail)),
  }
}

/** A failure as it was written; a code that another version of the program had becomes a common one. */
export const readFailure = (code: string, detail: string): Failure =>
  new Failure(isFailureCode(code) ? code : 'source/bad-answer', detail)
