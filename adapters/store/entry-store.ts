import * as v from 'valibot'
import { Secret } from '../../core/secret.ts'
import type { Database } from './database.ts'
import type { SecretBox } from './secret-box.ts'

/** An entry of the configuration that is kept here and not in the file. */
export type StoredEntry = {
  readonly id: string
  /** As it may be shown. */
  readonly shown: Readonly<Record<string, unknown>>
  /** As its owner wrote it; null: the key file is another one now, and its secrets are lost. */
  readonly written: Readonly<Record<string, unknown>> | null
  /** Changes with every edit. */
  readonly revision: string
}

/** Entries of one list. An edit that has resolved is on the disk if the database was opened so. */
export interface EntryStore {
  /** In the order in which they were added. */
  all(): Promise<readonly StoredEntry[]>
  /** Adds or replaces an entry, and gives its revision. */
  put(entry: Omit<StoredEntry, 'revision' | 'written'> & { readonly written: object }): Promise<string>
  remove(id: string): Promise<void>
}

const Mapping = v.record(v.string(), v.unknown())

/** Entries in SQLite: encrypted, and beside that what may be shown of them. */
export function createEntryStore(
  database: Database,
  { box, list }: { readonly box: SecretBox; readonly list: 'source' | 'guide' },
): EntryStore {
  const placeOf = (id: string): string => `${list}-entry/${id}`
  const open = async (id: string, sealed: string): Promise<StoredEntry['written']> => {
    try {
      return v.parse(Mapping, JSON.parse((await box.open(sealed, placeOf(id))).reveal()))
    } catch (error) {
      if (error instanceof SyntaxError) return null
      throw error
    }
  }
  return {
    async all() {
      const rows = database.all(
        'select id, document, sealed, revision from config_entry where list = ? order by rowid',
        list,
      )
      const entries = rows.map(async (row): Promise<StoredEntry> => {
        const id = String(row['id'])
        return {
          id,
          shown: v.parse(Mapping, JSON.parse(String(row['document']))),
          written: await open(id, String(row['sealed'])),
          revision: String(row['revision']),
        }
      })
      return Promise.all(entries)
    },
    async put({ id, shown, written }) {
      const sealed = await box.seal(new Secret(JSON.stringify(written)), placeOf(id))
      const revision = crypto.randomUUID().slice(0, 8)
      database.run(
        `insert into config_entry (list, id, document, sealed, revision) values (?, ?, ?, ?, ?)
         on conflict (list, id) do update
           set document = excluded.document, sealed = excluded.sealed, revision = excluded.revision`,
        list,
        id,
        JSON.stringify(shown),
        sealed,
        revision,
      )
      return revision
    },
    async remove(id) {
      database.run('delete from config_entry where list = ? and id = ?', list, id)
    },
  }
}
