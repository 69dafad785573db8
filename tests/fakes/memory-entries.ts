import type { EntryStore, StoredEntry } from '../../adapters/store/entry-store.ts'

/** Entries in memory; the revision counts edits. */
export function createMemoryEntries(given: readonly StoredEntry[] = []): EntryStore {
  const entries = new Map(given.map((entry) => [entry.id, entry]))
  let last = 0
  return {
    all: async () => [...entries.values()],
    async put({ id, shown, written }) {
      const revision = `r${(last += 1)}`
      // As SQLite would: nothing is shared with whoever put it.
      entries.set(id, {
        id,
        revision,
        ...(structuredClone({ shown, written }) as Pick<StoredEntry, 'shown' | 'written'>),
      })
      return revision
    },
    async remove(id) {
      entries.delete(id)
    },
  }
}
