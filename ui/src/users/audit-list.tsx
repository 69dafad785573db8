import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { formatDateTime } from '../text/format.ts'
import { AuditAnswer } from './answers.ts'
import { words } from './words.ts'

const PAGE = 25

/** Who changed what, newest first, as far back as one wants to see. */
export function AuditList() {
  const items = useSignal<AuditAnswer['items'] | null>(null)
  const isWhole = useSignal(false)
  const problem = useSignal<Problem | null>(null)
  const more = async () => {
    const known = items.peek() ?? []
    const last = known.at(-1)
    const query = new URLSearchParams({ limit: String(PAGE), ...(last !== undefined && { before: String(last.id) }) })
    try {
      const answer = await ask(`/api/v1/audit?${query.toString()}`, AuditAnswer)
      items.value = [...known, ...answer.items]
      isWhole.value = answer.items.length < PAGE
      problem.value = null
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  useEffect(() => void more(), [])
  const { audit } = words()
  return (
    <section class="audit">
      <h2>{audit.title}</h2>
      {problem.value !== null && <ProblemNote problem={problem.value} onRetry={() => void more()} />}
      {items.value?.length === 0 && <p class="help">{audit.none}</p>}
      <ul class="plain audit-list">
        {items.value?.map(({ id, at, who, address, action }) => (
          <li key={id}>
            <time dateTime={new Date(at).toISOString()}>{formatDateTime(at)}</time>
            <span>{audit.by(who ?? audit.nobody, address)}</span>
            <code>{action}</code>
          </li>
        ))}
      </ul>
      {items.value !== null && items.value.length > 0 && !isWhole.value && (
        <button type="button" class="button" onClick={() => void more()}>
          {audit.more}
        </button>
      )}
    </section>
  )
}
