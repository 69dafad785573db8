import type { Database } from './database.ts'

/** Pictures of the owner's own, in SQLite beside the line-up that names them: a backup has both. */
export type PictureStore = {
  /** Keeps bytes under a name that says what is in them; what is there already stays. */
  put(name: string, bytes: Uint8Array): void
  /** Null: there is none of this name. */
  get(name: string): Uint8Array<ArrayBuffer> | null
  /** Forgets what no channel of the stored line-up has. Undo names pictures of before: only while nothing can be undone. */
  forgetUnused(): void
}

/** Pictures in this database. */
export const createPictureStore = (database: Database): PictureStore => ({
  put(name, bytes) {
    database.transaction(() =>
      database.run('insert into picture (name, bytes) values (?, ?) on conflict (name) do nothing', name, bytes),
    )
  },
  get(name) {
    const [row] = database.all('select bytes from picture where name = ?', name)
    const bytes = row?.['bytes']
    return bytes instanceof Uint8Array ? new Uint8Array(bytes) : null
  },
  forgetUnused() {
    database.run('delete from picture where name not in (select own_logo from channel where own_logo is not null)')
  },
})
