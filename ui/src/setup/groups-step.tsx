import { useSignal } from '@preact/signals'
import { GroupsAnswer } from '../api/answers.ts'
import type { Problem } from '../api/problem.ts'
import { asProblem } from '../api/problem.ts'
import { ask, order } from '../api/request.ts'
import { useEvent, useFresh } from '../live/use-events.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { formatNumber } from '../text/format.ts'
import * as v from 'valibot'
import { words } from './words.ts'

const LineupEvent = v.object({})

/** Which groups are wanted; the others are hidden when the button is pressed that says so. */
export function GroupsStep({ onDone }: { onDone: () => void }) {
  const groups = useSignal<readonly { name: string; channels: number }[]>([])
  const hidden = useSignal<ReadonlySet<string>>(new Set())
  const problem = useSignal<Problem | null>(null)
  const busy = useSignal(false)
  const load = (signal?: AbortSignal) => {
    ask('/api/v1/groups', GroupsAnswer, signal === undefined ? {} : { signal }).then(
      ({ items }) => {
        groups.value = items
      },
      (thrown: unknown) => {
        if (signal?.aborted !== true) problem.value = asProblem(thrown)
      },
    )
  }
  useFresh(load)
  // The source may still be on its way.
  useEvent('lineup', LineupEvent, () => load())
  const save = async () => {
    busy.value = true
    problem.value = null
    try {
      for (const name of hidden.peek())
        await order(`/api/v1/groups/${encodeURIComponent(name)}`, { method: 'PATCH', json: { hidden: true } })
      onDone()
    } catch (thrown) {
      problem.value = asProblem(thrown)
    } finally {
      busy.value = false
    }
  }
  const all = groups.value
  return (
    <>
      <h1>{words().groups.title}</h1>
      <p class="lead">{words().groups.lead}</p>
      {problem.value !== null && <ProblemNote problem={problem.value} onRetry={() => load()} />}
      {all.length === 0 ? (
        <p class="nothing">{words().groups.none}</p>
      ) : (
        <>
          <div class="row">
            <button
              type="button"
              class="button"
              onClick={() => {
                hidden.value = new Set()
              }}
            >
              {words().groups.all}
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                hidden.value = new Set(all.map(({ name }) => name))
              }}
            >
              {words().groups.nothing}
            </button>
          </div>
          <ul class="plain group-choice">
            {all.map(({ name, channels }) => (
              <li key={name}>
                <label>
                  <input
                    type="checkbox"
                    checked={!hidden.value.has(name)}
                    onChange={(event) => {
                      const next = new Set(hidden.peek())
                      if (event.currentTarget.checked) next.delete(name)
                      else next.add(name)
                      hidden.value = next
                    }}
                  />
                  <span>{name}</span>
                  <small>{formatNumber(channels)}</small>
                </label>
              </li>
            ))}
          </ul>
        </>
      )}
      <button type="button" class="button button-strong" disabled={busy.value} onClick={() => void save()}>
        {words().groups.save}
      </button>
    </>
  )
}
