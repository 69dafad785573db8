import type { Database } from './database.ts'

/** The document of a channel of one's own, as it is kept. `document` is JSON and not read yet. */
export type StoredSchedule = {
  readonly id: string
  /** The library (source of kind `media`) whose files it plays. */
  readonly library: string
  readonly document: unknown
  /** Changes with every edit. */
  readonly revision: string
}

/**
 * Documents of channels, and emergency overrides of any channel, those of the configuration file included. An edit that
 * has returned is on the disk if the database was opened so.
 */
export interface ScheduleStore {
  /** In the order in which they were added. */
  all(): readonly StoredSchedule[]
  /** Adds or replaces a document, and gives its revision. */
  put(schedule: Omit<StoredSchedule, 'revision'>): string
  /** Removes a document with its overrides. */
  remove(id: string): void
  /** Overrides by the channel's id: JSON values, the oldest first. */
  overrides(): ReadonlyMap<string, readonly unknown[]>
  /** Replaces the overrides of a channel. */
  putOverrides(id: string, overrides: readonly unknown[]): void
  /** What was published of a channel last; null: nothing. */
  publication(id: string): StoredPublication | null
  putPublication(id: string, publication: StoredPublication): void
}

/** What is planned on a channel, with the files that its filters found when it was published. `revisions` is JSON. */
export type StoredPublication = {
  /** Names what was written then. */
  readonly key: string
  readonly revisions: unknown
}

/** Schedules in SQLite. */
export function createScheduleStore(database: Database): ScheduleStore {
  return {
    all: () =>
      database.all('select id, library, document, revision from schedule order by rowid').map((row) => ({
        id: String(row['id']),
        library: String(row['library']),
        document: JSON.parse(String(row['document'])) as unknown,
        revision: String(row['revision']),
      })),
    put({ id, library, document }) {
      const revision = crypto.randomUUID().slice(0, 8)
      database.run(
        `insert into schedule (id, library, document, revision) values (?, ?, ?, ?)
         on conflict (id) do update
           set library = excluded.library, document = excluded.document, revision = excluded.revision`,
        id,
        library,
        JSON.stringify(document),
        revision,
      )
      return revision
    },
    remove(id) {
      database.transaction(() => {
        database.run('delete from schedule where id = ?', id)
        database.run('delete from schedule_override where id = ?', id)
        database.run('delete from schedule_publication where id = ?', id)
      })
    },
    overrides: () =>
      new Map(
        database.all('select id, overrides from schedule_override').map((row) => {
          const read: unknown = JSON.parse(String(row['overrides']))
          return [String(row['id']), Array.isArray(read) ? read : []]
        }),
      ),
    putOverrides(id, overrides) {
      if (overrides.length === 0) database.run('delete from schedule_override where id = ?', id)
      else
        database.run(
          `insert into schedule_override (id, overrides) values (?, ?)
           on conflict (id) do update set overrides = excluded.overrides`,
          id,
          JSON.stringify(overrides),
        )
    },
    publication(id) {
      const [row] = database.all('select key, revisions from schedule_publication where id = ?', id)
      return row === undefined
        ? null
        : { key: String(row['key']), revisions: JSON.parse(String(row['revisions'])) as unknown }
    },
    putPublication(id, { key, revisions }) {
      database.run(
        `insert into schedule_publication (id, key, revisions) values (?, ?, ?)
         on conflict (id) do update set key = excluded.key, revisions = excluded.revisions`,
        id,
        key,
        JSON.stringify(revisions),
      )
    },
  }
}
