import { DatabaseSync } from 'node:sqlite'
import * as v from 'valibot'
import { cleanProgrammes } from '../../core/guide/clean.ts'
import type { Programme } from '../../core/guide/programme.ts'
import type { Window } from '../../core/guide/window.ts'
import type { Row } from '../store/database.ts'
import { createListReader, Names } from '../store/list-reader.ts'
import { readProgrammeRow } from '../store/programme-row.ts'
import { FEED_FORMAT } from './feed-schema.ts'

/** A channel of a document. */
export type FeedChannel = {
  readonly id: string
  /** The first one is the one to show; none: the id is all there is. */
  readonly names: readonly string[]
}

/** One import of one document, for reading. */
export interface FeedFile extends Disposable {
  /** All channels, in the order of the document. */
  channels(): readonly FeedChannel[]
  /** Channels whose id or one of whose names contains the text, in the order of the document. */
  search(query: { readonly text: string; readonly offset: number; readonly limit: number }): {
    readonly total: number
    readonly items: readonly FeedChannel[]
  }
  /** The channel's id as the document spells it; null: it has none of this id. Ids are compared without case. */
  find(id: string): string | null
  /** Programmes that touch the window, ordered by start, without overlaps; none for a channel that it does not have. */
  programmes(id: string, window: Window): readonly Programme[]
}

/** Nothing on television lasts longer. */
const LONGEST_MS = 24 * 3_600_000
/** Where a document does not say when a programme ends and nothing follows it. */
const UNTOLD_MS = 3_600_000

/** Opens an import; null: the file is missing, damaged or of another layout, and has to be imported again. */
export function openFeedFile(path: string): FeedFile | null {
  let database: DatabaseSync
  try {
    database = new DatabaseSync(path, { readOnly: true })
  } catch {
    return null // not there
  }
  try {
    const format = database.prepare('pragma user_version').get()
    if (format?.['user_version'] === FEED_FORMAT) return createFeedFile(database)
  } catch {
    // damaged
  }
  database.close()
  return null
}

function createFeedFile(database: DatabaseSync): FeedFile {
  const words = createListReader(Names)
  const byId = database.prepare('select id, channel from channel where folded = ?')
  // The one behind the window says when the last one ends that does not say so itself.
  const inWindow = database.prepare(
    `select * from programme where channel_id = ?1 and start >= ?2 and start <= coalesce(
       (select min(start) from programme where channel_id = ?1 and start >= ?3), ?3) order by start`,
  )
  return {
    channels: () => database.prepare('select channel, names from channel order by id').all().map(readChannel),
    search({ text, offset, limit }) {
      const like = `%${text.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
      const where = String.raw`from channel where channel like ?1 escape '\' or names like ?1 escape '\'`
      const count = database.prepare(`select count(*) as total ${where}`).get(like)
      const rows = database
        .prepare(`select channel, names ${where} order by id limit ?2 offset ?3`)
        .all(like, limit, offset)
      return { total: Number(count?.['total'] ?? 0), items: rows.map(readChannel) }
    },
    find(id) {
      const row = byId.get(id.toLowerCase())
      return row === undefined ? null : String(row['channel'])
    },
    programmes(id, { from, to }) {
      const channel = byId.get(id.toLowerCase())
      if (channel === undefined) return []
      const rows = inWindow.all(Number(channel['id']), from - LONGEST_MS, to)
      const told = rows.map((row) => readProgrammeRow(row, words))
      const ended = told.map((programme, index) => {
        if (typeof rows[index]?.['stop'] === 'number') return programme
        const next = told.find((other, at) => at > index && other.start > programme.start)
        return { ...programme, stop: next?.start ?? programme.start + UNTOLD_MS }
      })
      return cleanProgrammes(ended).filter(({ start, stop }) => start < to && stop > from)
    },
    [Symbol.dispose]: () => database.close(),
  }
}

const readChannel = (row: Row): FeedChannel => ({
  id: String(row['channel']),
  names: v.parse(Names, JSON.parse(String(row['names']))),
})
