import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ViewingsAnswer } from '../running/answers.ts'
import type { Viewing } from '../running/answers.ts'
import { words } from '../running/words.ts'
import { failureText } from '../text/failures.ts'
import { formatBytes, formatDateTime, formatSpan } from '../text/format.ts'

const PAGE = 25

/** Who watched what, page by page; `version` rises when something came to an end. */
export function Watched({ version }: { version: number }) {
  const page = useSignal<{ total: number; days: number; items: readonly Viewing[] } | null>(null)
  const problem = useSignal<Problem | null>(null)
  const offset = useSignal(0)
  const reason = useSignal('')
  useEffect(() => {
    const stop = new AbortController()
    const query = new URLSearchParams({ offset: String(offset.value), limit: String(PAGE) })
    if (reason.value !== '') query.set('reason', reason.value)
    ask(`/api/v1/history/streams?${query}`, ViewingsAnswer, { signal: stop.signal })
      .then((answer) => {
        page.value = answer
        problem.value = null
      })
      .catch((thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      })
    return () => stop.abort()
  }, [version, offset.value, reason.value])
  const known = page.value
  return (
    <section aria-labelledby="watched" class="watched">
      <header class="watched-head">
        <h2 id="watched">
          {words().watched} {known !== null && <small>{words().watchedLead(known.days)}</small>}
        </h2>
        <label class="field watched-filter">
          <span>{words().reason}</span>
          <select
            value={reason.value}
            onChange={({ currentTarget }) => {
              reason.value = currentTarget.value
              offset.value = 0
            }}
          >
            <option value="">{words().allReasons}</option>
            <option value="running">{words().goesOn}</option>
            {Object.entries(words().reasons).map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </header>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {known?.items.length === 0 && <p class="nothing">{words().none}</p>}
      {known !== null && known.items.length > 0 && (
        <div class="watched-table" tabIndex={0} role="region" aria-label={words().watched}>
          <table>
            <thead>
              <tr>
                {[words().when, words().what, words().who, words().how, words().howLong, words().ended].map((name) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {known.items.map((viewing) => (
                <Row key={viewing.id} viewing={viewing} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {known !== null && known.total > PAGE && (
        <nav class="watched-pages" aria-label={words().watched}>
          <button
            type="button"
            class="button"
            disabled={offset.value === 0}
            onClick={() => {
              offset.value = Math.max(0, offset.value - PAGE)
            }}
          >
            {words().newer}
          </button>
          <span>{words().page(offset.value + 1, Math.min(known.total, offset.value + PAGE), known.total)}</span>
          <button
            type="button"
            class="button"
            disabled={offset.value + PAGE >= known.total}
            onClick={() => {
              offset.value += PAGE
            }}
          >
            {words().older}
          </button>
        </nav>
      )}
    </section>
  )
}

function Row({ viewing }: { viewing: Viewing }) {
  const reasons: Readonly<Record<string, string>> = words().reasons
  const place = [viewing.address, viewing.player].filter((text) => text !== null).join(' · ')
  const problem = failureText(viewing.code)?.title ?? viewing.code
  return (
    <tr>
      <td>
        <time dateTime={new Date(viewing.startedAt).toISOString()}>{formatDateTime(viewing.startedAt)}</time>
      </td>
      <th scope="row">
        {viewing.title} <small>{viewing.sourceId ?? ''}</small>
      </th>
      <td>
        {viewing.user ?? words().anonymous} <small>{place}</small>
      </td>
      <td>
        {viewing.mode} {viewing.quality !== 'original' && <small>{viewing.quality}</small>}
      </td>
      <td>
        {formatSpan(viewing.seconds)}{' '}
        <small>
          {formatBytes(viewing.bytes)}
          {viewing.errors > 0 && <> · {words().lost(viewing.errors)}</>}
          {viewing.switchCount > 0 && <> · {words().switches(viewing.switchCount)}</>}
        </small>
      </td>
      <td>
        {viewing.reason === null ? words().goesOn : (reasons[viewing.reason] ?? viewing.reason)}
        {problem !== null && <small> {problem}</small>}
      </td>
    </tr>
  )
}
