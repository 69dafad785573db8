import type { StatusAnswer } from '../api/answers.ts'
import type { Problem } from '../api/problem.ts'

/** How the house is, in one line. */
export type Judgement = { readonly level: 'good' | 'waiting' | 'warn' | 'bad'; readonly words: string }

/** One sentence from the last status and the last failure to get one. */
export function judge(status: StatusAnswer | null, problem: Problem | null): Judgement {
  if (problem !== null) {
    return problem.status === 0 ? { level: 'bad', words: 'Not reachable' } : { level: 'warn', words: 'No status' }
  }
  if (status === null) return { level: 'waiting', words: 'Looking …' }
  if (status.sources === undefined) return { level: 'good', words: 'Up and running' }
  const enabled = status.sources.filter((source) => source.state !== 'disabled')
  const sick = enabled.filter((source) => source.problem !== null || source.state === 'failing')
  if (enabled.length === 0) return { level: 'waiting', words: 'Running, without a source yet' }
  if (sick.length === enabled.length)
    return { level: 'bad', words: sick.length === 1 ? 'The source has a problem' : 'All sources have a problem' }
  if (sick.length > 0) return { level: 'warn', words: `${sick.length} of ${enabled.length} sources have a problem` }
  if (enabled.some((source) => source.state === 'starting')) return { level: 'waiting', words: 'Starting' }
  return { level: 'good', words: 'All is well' }
}
