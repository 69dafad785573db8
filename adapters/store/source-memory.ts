import type { SourceMemory } from '../sources/driver.ts'
import type { SettingStore } from './setting-store.ts'

/** What a source keeps, among the settings of the house, encrypted. A memory that cannot be opened any more is empty. */
export function sourceMemory(settings: SettingStore, source: string): SourceMemory {
  const keyOf = (key: string): string => placeOf(source) + key
  return {
    async read(key) {
      try {
        return await settings.secret(keyOf(key))
      } catch (error) {
        if (error instanceof SyntaxError) return null // another key file: what was kept is asked for anew
        throw error
      }
    },
    write: (key, value) => settings.setSecret(keyOf(key), value),
  }
}

/** Forgets all that a source has kept. */
export const forgetSourceMemory = (settings: SettingStore, source: string): Promise<void> =>
  settings.removeAll(placeOf(source))

const placeOf = (source: string): string => `source/${source}/`
