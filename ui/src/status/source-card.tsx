import type { SourceAnswer } from '../api/answers.ts'
import { formatAgo } from '../text/format.ts'
import { failureText } from '../text/failures.ts'
import { words } from './words.ts'

/** One source: how it is, what of it is in use, and what to do when it ails. */
export function SourceCard({ source }: { source: SourceAnswer }) {
  const { slots, problem } = source
  const text = failureText(problem?.code ?? null)
  const advice = text?.advice ?? problem?.advice ?? null
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
      {slots !== null && <Slots total={slots.total} used={slots.used} />}
      {problem !== null && (
        <div class="card-problem">
          <strong>{text?.title ?? problem.title}</strong>
          {problem.detail !== null && problem.detail !== problem.title && <p lang="en">{problem.detail}</p>}
          {advice !== null && <p>{advice}</p>}
          {problem.code !== null && <code class="code-tag">{problem.code}</code>}
        </div>
      )}
    </li>
  )
}

const stateName = (state: string): string => {
  const names: Readonly<Record<string, string>> = words().states
  return names[state] ?? state
}

// More boxes than this say less than a number.
const MOST_BOXES = 16

function Slots({ total, used }: { total: number; used: number }) {
  return (
    <div class="slots">
      <span>{words().slots(used, total)}</span>
      {total <= MOST_BOXES && (
        <span class="slot-boxes" aria-hidden="true">
          {Array.from({ length: total }, (_, index) => (
            <i key={index} class={index < used ? 'slot-used' : ''} />
          ))}
        </span>
      )}
    </div>
  )
}
