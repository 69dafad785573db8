import { useSignal } from '@preact/signals'
import type { Problem } from '../api/problem.ts'
import { asProblem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { SearchAnswer } from './answers.ts'
import type { Pasted } from './paste.ts'
import { words } from './words.ts'

/** Looks for receivers and tuners when asked to, and offers what it found. */
export function NetworkSearch({ onChoose }: { onChoose: (found: Pasted) => void }) {
  const answer = useSignal<SearchAnswer | null>(null)
  const problem = useSignal<Problem | null>(null)
  const busy = useSignal(false)
  const say = words().adding
  const search = async () => {
    busy.value = true
    problem.value = null
    try {
      answer.value = await ask('/api/v1/sources/search', SearchAnswer, { method: 'POST' })
    } catch (thrown) {
      problem.value = asProblem(thrown)
    } finally {
      busy.value = false
    }
  }
  return (
    <div class="search-network">
      <button type="button" class="button" disabled={busy.value} onClick={() => void search()}>
        <Icon name="antenna" /> {say.search}
      </button>
      {busy.value && <Waiting what={say.searching} />}
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {answer.value !== null && !busy.value && (
        <div role="status">
          <p class="help">
            {say.searched(answer.value.tried)} {answer.value.items.length === 0 && say.nothingFound}
          </p>
          <ul class="plain">
            {answer.value.items.map((one) => (
              <li key={one.host}>
                <button type="button" class="find" disabled={one.known} onClick={() => onChoose(meant(one))}>
                  <Icon name={one.kind === 'enigma2' ? 'antenna' : 'tv'} />
                  <span>
                    <strong>{one.name}</strong>
                    <small>{say.foundFacts(one.host, one.tuners)}</small>
                  </span>
                  {one.known && <span class="tag">{say.known}</span>}
                  {one.needsLogin && <span class="tag">{say.wantsLogin}</span>}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

/** A tuner that speaks as HDHomeRun does offers its channels as a list. */
const meant = ({ kind, host, name }: SearchAnswer['items'][number]): Pasted =>
  kind === 'enigma2'
    ? { kind: 'enigma2', entry: { name, url: `http://${host}` } }
    : { kind: 'm3u', entry: { name, url: `http://${host}/lineup.m3u` } }
