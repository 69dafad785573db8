import type { Database } from './database.ts'

/** The revision of what a file holds: a counter, and a mark of the file, so that a new data folder never repeats one. */
export interface Revision {
  current(): string
  /** Counts one up, inside the caller's transaction. `settle` makes it current once that is committed. */
  advance(): { readonly settle: () => string }
}

/** Reads the revision of a file, and gives a new file its mark. */
export function openRevision(database: Database): Revision {
  const mark = named(database, 'mark') ?? crypto.randomUUID().slice(0, 8)
  let count = Number(named(database, 'revision') ?? 0)
  put(database, 'mark', mark)
  return {
    current: () => `${count}-${mark}`,
    advance() {
      const next = count + 1
      put(database, 'revision', String(next))
      return {
        settle() {
          count = next
          return `${count}-${mark}`
        },
      }
    },
  }
}

/** A value of the file's own table of names; undefined: not there. */
export function named(database: Database, name: string): string | undefined {
  const [row] = database.all('select value from store where name = ?', name)
  return row === undefined ? undefined : String(row['value'])
}

/** Writes a value of the file's own table of names. */
export function put(database: Database, name: string, value: string): void {
  database.run(
    'insert into store (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
    name,
    value,
  )
}
