import type { LogLine } from '../../core/logs/log-ring.ts'
import { printInstant } from '../status.ts'

/** A line of the log as the API shows it; instants in ISO 8601. */
export const printLine = ({ id, at, level, event, facts }: LogLine) => ({
  id,
  at: printInstant(at),
  level,
  event,
  facts: JSON.parse(facts) as unknown,
})
