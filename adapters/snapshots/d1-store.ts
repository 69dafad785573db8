import { toBase64Url } from '../../core/access/base64url.ts'
import { parseContentName } from '../../core/snapshots/content.ts'
import type { ContentName } from '../../core/snapshots/content.ts'
import { SWEEP_AT_ONCE } from '../../core/snapshots/store.ts'
import type { SnapshotStore } from '../../core/snapshots/store.ts'

/** What of a D1 database is used (its rows have at most 2 MB). */
export interface D1Database {
  prepare(sql: string): D1Statement
  batch(statements: D1Statement[]): Promise<unknown>
}

/** A statement and what is bound to it. */
export interface D1Statement {
  bind(...values: readonly (string | number)[]): D1Statement
  all(): Promise<{ readonly results: readonly Readonly<Record<string, unknown>>[] }>
  run(): Promise<{ readonly meta: { readonly changes?: number } }>
}

const TABLES = [
  'create table if not exists snapshot_content (name text primary key, bytes text not null, put_at integer not null) without rowid',
  'create table if not exists snapshot_site (site text primary key, pointer text not null) without rowid',
]

/**
 * Snapshots in two tables of a D1 database, which are made at the first use. Contents are kept as base64url: D1 hands out
 * blobs as lists of numbers, which costs a hundred times the time.
 */
export function createD1SnapshotStore({
  db,
  now,
}: {
  readonly db: D1Database
  readonly now: () => number
}): SnapshotStore {
  // Not a promise for all: the platform may stop the request whose promise it is.
  let isMade = false
  const ready = async (): Promise<void> => {
    if (isMade) return
    await db.batch(TABLES.map((sql) => db.prepare(sql)))
    isMade = true
  }
  const run = async (sql: string, ...values: readonly (string | number)[]): Promise<number> => {
    await ready()
    return (
      (
        await db
          .prepare(sql)
          .bind(...values)
          .run()
      ).meta.changes ?? 0
    )
  }
  const all = async (sql: string, ...values: readonly (string | number)[]) => {
    await ready()
    return (
      await db
        .prepare(sql)
        .bind(...values)
        .all()
    ).results
  }

  return {
    async missing(names) {
      // One parameter: D1 takes at most 100.
      const rows = await all(
        'select name from snapshot_content where name in (select value from json_each(?))',
        JSON.stringify(names),
      )
      const here = new Set(rows.map((row) => row['name']))
      return names.filter((name) => !here.has(name))
    },
    async put(name, bytes) {
      await run(
        'insert into snapshot_content (name, bytes, put_at) values (?, ?, ?) on conflict (name) do nothing',
        name,
        toBase64Url(bytes),
        now(),
      )
    },
    async get(name) {
      const [row] = await all('select bytes from snapshot_content where name = ?', name)
      return typeof row?.['bytes'] === 'string' ? readBase64(row['bytes']) : null
    },
    async pointer(site) {
      const [row] = await all('select pointer from snapshot_site where site = ?', site)
      return typeof row?.['pointer'] === 'string' ? row['pointer'] : null
    },
    async replace(site, text, before) {
      const changes =
        before === null
          ? await run(
              'insert into snapshot_site (site, pointer) values (?, ?) on conflict (site) do nothing',
              site,
              text,
            )
          : await run('update snapshot_site set pointer = ? where site = ? and pointer = ?', text, site, before)
      return changes > 0
    },
    async sweep(keep, before) {
      const rows = await all('select name from snapshot_content where put_at < ?', before)
      const names = rows.flatMap((row): readonly ContentName[] => {
        const name = parseContentName(String(row['name']))
        return name === null || keep.has(name) ? [] : [name]
      })
      const old = names.slice(0, SWEEP_AT_ONCE)
      if (old.length > 0)
        await run('delete from snapshot_content where name in (select value from json_each(?))', JSON.stringify(old))
      return old.length
    },
  }
}

/** Whoever reads a content checks its hash: here it only has to be fast. */
function readBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
