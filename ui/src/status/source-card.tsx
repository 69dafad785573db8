import type { SourceAnswer } from '../api/answers.ts'
import { formatSpan } from '../text/format.ts'

const STATES: Readonly<Record<string, string>> = {
  starting: 'starting',
  ready: 'ready',
  refreshing: 'refreshing',
  failing: 'has a problem',
  disabled: 'switched off',
}

/** One source: how it is, what of it is in use, and what to do when it ails. */
export function SourceCard({ source }: { source: SourceAnswer }) {
  const { slots, problem } = source
  const ill = problem !== null || source.state === 'failing'
  const age = source.lastRefresh === null ? null : (Date.now() - source.lastRefresh) / 1000
  return (
    <li class="card">
      <header class="card-head">
        <h3>{source.name}</h3>
        <span class={`state state-${ill ? 'bad' : source.state === 'ready' ? 'good' : 'idle'}`}>
          {STATES[source.state] ?? source.state}
        </span>
      </header>
      <p class="card-facts">
        {source.kind} · {source.channels.toLocaleString()} channels
        {age !== null && <> · read {formatSpan(age)} ago</>}
      </p>
      {slots !== null && <Slots total={slots.total} used={slots.used} />}
      {problem !== null && (
        <div class="card-problem">
          <strong>{problem.title}</strong>
          {problem.detail !== null && problem.detail !== problem.title && <p>{problem.detail}</p>}
          {problem.advice !== null && <p>{problem.advice}</p>}
          {problem.code !== null && <code class="code-tag">{problem.code}</code>}
        </div>
      )}
    </li>
  )
}

// More boxes than this say less than a number.
const MOST_BOXES = 16

function Slots({ total, used }: { total: number; used: number }) {
  return (
    <div class="slots">
      <span>
        {used} of {total} slots in use
      </span>
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
