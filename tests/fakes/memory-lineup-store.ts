import { Failure } from '../../core/errors.ts'
import type { LineupStore } from '../../core/lineup/store.ts'
import { EMPTY_STORED_LINEUP } from '../../core/lineup/stored.ts'
import type { StoredLineup } from '../../core/lineup/stored.ts'

/** The line-up in memory: the port's second implementation. */
export function createMemoryLineupStore(): LineupStore {
  let stored: StoredLineup = EMPTY_STORED_LINEUP
  return {
    load: async () => stored,
    async save(before, after) {
      if (before.revision !== stored.revision) throw new Failure('lineup/changed', 'The line-up has changed')
      stored = { ...after, revision: String(Number(stored.revision) + 1) }
      return stored
    },
  }
}
