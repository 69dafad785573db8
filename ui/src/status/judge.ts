import type { StatusAnswer } from '../api/answers.ts'
import type { Problem } from '../api/problem.ts'
import { words } from './words.ts'

/** How the house is, in one line. */
export type Judgement = { readonly level: 'good' | 'waiting' | 'warn' | 'bad'; readonly words: string }

/** One sentence from the last status and the last failure to get one. */
export function judge(status: StatusAnswer | null, problem: Problem | null): Judgement {
  if (problem !== null) {
    return problem.status === 0
      ? { level: 'bad', words: words().verdict.unreachable }
      : { level: 'warn', words: words().verdict.noStatus }
  }
  if (status === null) return { level: 'waiting', words: words().verdict.looking }
  if (status.sources === undefined) return { level: 'good', words: words().verdict.up }
  const enabled = status.sources.filter((source) => source.state !== 'disabled')
  const sick = enabled.filter((source) => source.problem !== null || source.state === 'failing')
  if (enabled.length === 0) return { level: 'waiting', words: words().verdict.noSource }
  if (sick.length === enabled.length)
    return { level: 'bad', words: sick.length === 1 ? words().verdict.sourceIll : words().verdict.allIll }
  if (sick.length > 0) return { level: 'warn', words: words().verdict.someIll(sick.length, enabled.length) }
  if (enabled.some((source) => source.state === 'starting'))
    return { level: 'waiting', words: words().verdict.starting }
  return { level: 'good', words: words().verdict.well }
}
