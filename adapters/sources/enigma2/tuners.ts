import type { Log } from '../../../core/log.ts'
import type { ReceiverFacts } from './facts.ts'

/**
 * How many transponders a receiver can give us at once.
 *
 * The number of its tuners is an upper bound: what the family watches, what is recorded, and the wiring of FBC tuners
 * (eight tuners behind two cables) make it less, and the box tells none of it beforehand. So refusals lower the estimate
 * for a while, never below what is open and never below one: the next refusal is the box's own.
 */
export interface TunerBudget {
  /** Null: not known. */
  total(): number | null
  /** The box refused a further transponder while `open` others of ours were open. */
  refused(open: number): void
}

const LEARNED_FOR_MS = 120_000

/** Makes the budget; `limit` is the owner's own and counts before all else. */
export function createTunerBudget(options: {
  readonly limit: number | null
  readonly facts: () => ReceiverFacts
  readonly now: () => number
  readonly log: Log
}): TunerBudget {
  const { limit, facts, now, log } = options
  let learned: { readonly total: number; readonly until: number } | null = null
  const tuners = (): number | null => facts().tuners?.length || null // no tuner at all: the list was not understood
  return {
    total() {
      if (limit !== null) return limit
      const count = tuners()
      if (learned === null || learned.until <= now()) return count
      return count === null ? learned.total : Math.min(count, learned.total)
    },
    refused(open) {
      const total = Math.max(1, open)
      const count = tuners()
      if (count !== null && total >= count) return
      learned = { total, until: now() + LEARNED_FOR_MS }
      log('info', 'tuners-estimated', { tuners: count, estimate: total, forMs: LEARNED_FOR_MS, isFbc: facts().isFbc })
    },
  }
}
