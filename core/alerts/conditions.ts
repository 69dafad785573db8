import type { FailureCode } from '../errors.ts'
import type { HouseFacts } from './facts.ts'
import type { Rule } from './rule.ts'

/** Something that a rule finds wrong now. */
export type Condition = {
  /** What it is about: the id of a source, guide or channel, the name of a front; '' for the house. */
  readonly subject: string
  readonly name: string
  /** What was measured, in the unit of the rule; null: it is so or not. */
  readonly value: number | null
  readonly code: FailureCode | null
}

const HOUR_MS = 3_600_000
const GIB = 1024 ** 3

/** All that a rule finds wrong, one condition for each subject. */
export function conditionsOf({ kind, threshold }: Rule, facts: HouseFacts, now: number): readonly Condition[] {
  switch (kind) {
    case 'source-down':
      return facts.sources.flatMap(({ id, name, problem }) =>
        problem === null ? [] : [{ subject: id, name, value: null, code: problem }],
      )
    case 'slots-exhausted':
      return facts.sources.flatMap(({ id, name, slots }) => {
        if (slots === null || slots.total === 0) return []
        const percent = Math.round((slots.used / slots.total) * 100)
        return percent >= threshold ? [{ subject: id, name, value: percent, code: null }] : []
      })
    case 'guide-stale':
      return facts.guides.flatMap(({ id, name, freshAt, problem }) => {
        const hours = (now - (freshAt ?? facts.startedAt)) / HOUR_MS
        return hours > threshold ? [{ subject: id, name, value: Math.floor(hours), code: problem }] : []
      })
    case 'error-burst':
      return facts.channels.flatMap(({ id, name, errorsPerMinute }) =>
        errorsPerMinute > threshold ? [{ subject: id, name, value: errorsPerMinute, code: null }] : [],
      )
    case 'decoder-errors':
      return facts.channels.flatMap(({ id, name, decoderErrorsPerMinute }) =>
        decoderErrorsPerMinute > threshold ? [{ subject: id, name, value: decoderErrorsPerMinute, code: null }] : [],
      )
    case 'channel-failed':
      return [...Map.groupBy(facts.failures, ({ channelId }) => channelId)].flatMap(([id, failures]) => {
        const last = failures.at(-1)
        if (last === undefined || failures.length < threshold) return []
        return [{ subject: id, name: last.name, value: failures.length, code: last.code }]
      })
    case 'disk-low': {
      if (facts.diskFreeBytes === null || facts.diskFreeBytes >= threshold * GIB) return []
      const value = Math.round((facts.diskFreeBytes / GIB) * 100) / 100
      return [{ subject: '', name: '', value, code: null }]
    }
    case 'job-failed':
      return failedInARow(facts.jobs).flatMap((found) => (found.value >= Math.max(1, threshold) ? [found] : []))
    case 'front-away':
      return facts.fronts.flatMap(({ name, problem }) =>
        problem === null ? [] : [{ subject: name, name, value: null, code: problem }],
      )
    default:
      return kind satisfies never
  }
}

/** How often the newest jobs of each kind and subject have failed without one between that went well. */
function failedInARow(jobs: HouseFacts['jobs']): readonly (Condition & { readonly value: number })[] {
  const over = jobs.filter(({ state }) => state === 'failed' || state === 'done')
  return [...Map.groupBy(over, ({ kind, subject }) => `${kind}/${subject ?? ''}`)].flatMap(([subject, alike]) => {
    const good = alike.findIndex(({ state }) => state === 'done')
    const value = good < 0 ? alike.length : good
    const [last] = alike
    return value === 0 || last === undefined
      ? []
      : [{ subject, name: last.name, value, code: last.problem?.code ?? null }]
  })
}
