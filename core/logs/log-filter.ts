import { LOG_LEVELS } from '../log.ts'
import type { LogLevel } from '../log.ts'
import type { LogLine } from './log-ring.ts'

/** Which lines are meant; what is absent does not matter. */
export type LogFilter = {
  /** At least so severe. */
  readonly level?: LogLevel | undefined
  /** The whole name, or the beginning of one with `*` at its end. */
  readonly event?: string | undefined
  /** Id of a channel. */
  readonly channel?: string | undefined
  /** Id of a source or guide. */
  readonly source?: string | undefined
  /** Name of a person. */
  readonly person?: string | undefined
  /** Somewhere in the event or the facts, whatever the case of its letters. */
  readonly text?: string | undefined
  /** From this instant on, and before that one; epoch milliseconds. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** Names under which lines tell of a thing. */
const NAMES = {
  channel: ['channelId', 'channel'],
  source: ['sourceId', 'source', 'feed'],
  person: ['user', 'who', 'person', 'askedBy'],
} as const

/** Gives the judge of a filter. */
export function logJudge(filter: LogFilter): (line: LogLine) => boolean {
  const lowest = LOG_LEVELS.indexOf(filter.level ?? 'debug')
  const events = filter.event === undefined ? null : eventJudge(filter.event)
  const pairs = (['channel', 'source', 'person'] as const).flatMap((about) => {
    const id = filter[about]
    return id === undefined ? [] : [NAMES[about].map((name) => `"${name}":${JSON.stringify(id)}`)]
  })
  const text = filter.text === undefined || filter.text === '' ? null : textJudge(filter.text)
  const { from = -Infinity, to = Infinity } = filter
  return (line) =>
    LOG_LEVELS.indexOf(line.level) >= lowest &&
    line.at >= from &&
    line.at < to &&
    (events === null || events(line.event)) &&
    pairs.every((names) => names.some((pair) => line.facts.includes(pair))) &&
    (text === null || text(line.event) || text(line.facts))
}

const eventJudge = (wish: string): ((event: string) => boolean) =>
  wish.endsWith('*') ? (event) => event.startsWith(wish.slice(0, -1)) : (event) => event === wish

/** Facts are JSON: what has to be escaped there is looked for as it is written there. */
function textJudge(wish: string): (text: string) => boolean {
  const written = JSON.stringify(wish).slice(1, -1)
  const pattern = new RegExp(written.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i')
  return (text) => pattern.test(text)
}
