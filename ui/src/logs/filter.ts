import { LOG_LEVELS } from '../../../core/log.ts'
import type { LogLevel } from '../../../core/log.ts'
import { logJudge } from '../../../core/logs/log-filter.ts'
import type { LogLine } from './answers.ts'

/** Names of what a line is filtered by, as the address of the page and the API spell them. */
export const FILTER_KEYS = ['text', 'event', 'channel', 'source', 'person', 'from', 'to'] as const

/** The filter of the page: what its address says. */
export type Filter = { readonly level: LogLevel } & Readonly<Record<(typeof FILTER_KEYS)[number], string>>

/** The filter in the query of an address; what is not known there is left alone. */
export function readFilter(query: Readonly<Record<string, string | undefined>>): Filter {
  const level = LOG_LEVELS.find((one) => one === query['level']) ?? 'debug'
  const [text, event, channel, source, person] = FILTER_KEYS.map((key) => query[key] ?? '')
  const [from, to] = [instantOf(query['from']), instantOf(query['to'])]
  return {
    level,
    text: text ?? '',
    event: event ?? '',
    channel: channel ?? '',
    source: source ?? '',
    person: person ?? '',
    from,
    to,
  }
}

/** An instant as an address has it, ISO 8601 in UTC; '' for what is none. */
function instantOf(text: string | undefined): string {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? '' : new Date(at).toISOString()
}

/** The query of an address, and of the API, for a filter; empty: everything. */
export function printFilter(filter: Filter): URLSearchParams {
  const query = new URLSearchParams()
  if (filter.level !== 'debug') query.set('level', filter.level)
  for (const key of FILTER_KEYS) if (filter[key] !== '') query.set(key, filter[key])
  return query
}

/** Whether a line is meant, as the gateway judges it. */
export function judgeOf(filter: Filter): (line: LogLine) => boolean {
  const { from, to, level, ...names } = filter
  const wish = Object.fromEntries(Object.entries(names).filter(([, value]) => value !== ''))
  const suits = logJudge({
    level,
    ...wish,
    ...(from !== '' && { from: Date.parse(from) }),
    ...(to !== '' && { to: Date.parse(to) }),
  })
  return (line) => suits({ ...line, facts: JSON.stringify(line.facts) })
}
