import { Secret } from '../../core/secret.ts'
import type { Database } from './database.ts'
import type { SecretBox } from './secret-box.ts'

/** Settings and secrets of the house by key; secrets are encrypted at rest. */
export interface SettingStore {
  /** Null: never set, or kept as a secret. */
  text(key: string): Promise<string | null>
  setText(key: string, value: string): Promise<void>
  /** Null: never set, or kept as plain text. Fails with `SyntaxError` if the key file is another one now. */
  secret(key: string): Promise<Secret | null>
  setSecret(key: string, value: Secret): Promise<void>
  remove(key: string): Promise<void>
  /** Removes all keys that begin with `prefix`. */
  removeAll(prefix: string): Promise<void>
}

/** Settings in SQLite. */
export function createSettingStore(database: Database, box: SecretBox): SettingStore {
  const read = (key: string, sealed: boolean): string | null => {
    const [row] = database.all('select value from setting where key = ? and sealed = ?', key, Number(sealed))
    return row === undefined ? null : String(row['value'])
  }
  const write = (key: string, value: string, sealed: boolean): void => {
    database.run(
      `insert into setting (key, value, sealed) values (?, ?, ?)
       on conflict (key) do update set value = excluded.value, sealed = excluded.sealed`,
      key,
      value,
      Number(sealed),
    )
  }
  return {
    text: async (key) => read(key, false),
    setText: async (key, value) => write(key, value, false),
    async secret(key) {
      const sealed = read(key, true)
      return sealed === null ? null : box.open(sealed, key)
    },
    async setSecret(key, value) {
      write(key, await box.seal(value, key), true)
    },
    async remove(key) {
      database.run('delete from setting where key = ?', key)
    },
    async removeAll(prefix) {
      database.run('delete from setting where substr(key, 1, ?) = ?', prefix.length, prefix)
    },
  }
}
