import type { SourceAnswer } from '../api/answers.ts'
import { ProblemLines } from '../parts/problem-lines.tsx'
import { SlotMap } from '../parts/slot-map.tsx'
import { formatAgo } from '../text/format.ts'
import { words } from './words.ts'

/** One source: how it is, what of it is in use, and what to do when it ails. */
export function SourceCard({ source }: { source: SourceAnswer }) {
  const { slots, problem } = source
  const ill = problem !== null || source.state === 'failing'
  return (
    <li class="card">
      <header class="card-head">
        <h3>{source.name}</h3>
        <span class={`state state-${ill ? 'bad' : source.state === 'ready' ? 'good' : 'idle'}`}>
          {stateName(source.state)}
        </span>
      </header>
      <p class="card-facts">
        {source.kind} · {words().channels(source.channels)}
        {source.lastRefresh !== null && <> · {words().read(formatAgo(source.lastRefresh, Date.now()))}</>}
      </p>
      {slots !== null && (
        <SlotMap total={slots.total} used={slots.used} words={words().slots(slots.used, slots.total)} />
      )}
      {problem !== null && <ProblemLines problem={problem} />}
    </li>
  )
}

const stateName = (state: string): string => {
  const names: Readonly<Record<string, string>> = words().states
  return names[state] ?? state
}
