import type { EndedSessionStore } from './accounts.ts'

const CAPACITY = 10_000

/** Ended sessions in memory, for a front that has no store; the oldest are forgotten beyond 10,000. */
export function createEndedSessions(now: () => number): EndedSessionStore {
  const ended = new Map<string, number>()
  return {
    end(id, expiresAt) {
      for (const [old, until] of ended) if (until <= now()) ended.delete(old)
      ended.set(id, expiresAt)
      if (ended.size > CAPACITY) {
        const [oldest] = ended.keys()
        if (oldest !== undefined) ended.delete(oldest)
      }
      return Promise.resolve()
    },
    ended: (id) => Promise.resolve(ended.has(id)),
  }
}
