import * as v from 'valibot'
import type { DocumentVersion } from '../../core/guide/document.ts'
import type { XmltvProblem } from '../../core/guide/xmltv/reader.ts'
import type { Database, Row } from './database.ts'

/** The import of a document that counts. */
export type StoredImport = {
  readonly feed: string
  /** Name of its file, without the folder. */
  readonly file: string
  readonly version: DocumentVersion
  /** Of the content: the same content again changes nothing. */
  readonly digest: string
  /** When the document was last known to be the newest, epoch milliseconds. */
  readonly fetchedAt: number
  readonly importedAt: number
  readonly channels: number
  readonly programmes: number
  /** Starts of the first and the last programme; null: there are none. */
  readonly firstStart: number | null
  readonly lastStart: number | null
  /** The first broken places of the document. */
  readonly problems: readonly XmltvProblem[]
}

/** Which imports count. Writing one is what makes it count. */
export interface ImportStore {
  all(): readonly StoredImport[]
  put(stored: StoredImport): void
  remove(feed: string): void
}

const Problems = v.array(v.object({ line: v.number(), message: v.string() }))

/** Imports in SQLite. */
export function createImportStore(database: Database): ImportStore {
  return {
    all: () => database.all('select * from document_feed order by name').map(toImport),
    put(stored) {
      database.run(
        `insert or replace into document_feed (name, file, etag, last_modified, digest, fetched_at, imported_at,
           channels, programmes, first_start, last_start, problems) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        stored.feed,
        stored.file,
        stored.version.etag,
        stored.version.lastModified,
        stored.digest,
        stored.fetchedAt,
        stored.importedAt,
        stored.channels,
        stored.programmes,
        stored.firstStart,
        stored.lastStart,
        JSON.stringify(stored.problems),
      )
    },
    remove: (feed) => void database.run('delete from document_feed where name = ?', feed),
  }
}

const toImport = (row: Row): StoredImport => ({
  feed: String(row['name']),
  file: String(row['file']),
  version: { etag: textOrNull(row['etag']), lastModified: textOrNull(row['last_modified']) },
  digest: String(row['digest']),
  fetchedAt: Number(row['fetched_at']),
  importedAt: Number(row['imported_at']),
  channels: Number(row['channels']),
  programmes: Number(row['programmes']),
  firstStart: numberOrNull(row['first_start']),
  lastStart: numberOrNull(row['last_start']),
  problems: v.parse(Problems, JSON.parse(String(row['problems']))),
})

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)
