import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../api/request.ts'
import { failureText } from '../text/failures.ts'
import { words } from '../running/words.ts'
import { SourceEventsAnswer } from './source-health.ts'
import type { SourceBeat, SourceHealth } from './source-health.ts'

/** Bars in a row; the newest is at the right. */
const BARS = 40

/** A source: its slots, and a bar for each of the last things that showed whether it works. */
export function Heartbeats({ source }: { source: SourceHealth }) {
  const beats = useSignal<readonly SourceBeat[]>([])
  const { id, name, slots, problem, health } = source
  useEffect(() => {
    const stop = new AbortController()
    ask(`/api/v1/sources/${encodeURIComponent(id)}`, SourceEventsAnswer, { signal: stop.signal })
      .then(({ events }) => {
        beats.value = events.slice(0, BARS).toReversed()
      })
      .catch(() => {}) // the counts say it too
    return () => stop.abort()
  }, [id, health.good, health.bad])
  const text = failureText(problem?.code ?? null)
  return (
    <li class="card">
      <header class="card-head">
        <h3>{name}</h3>
        <span class={`state state-${problem === null ? 'good' : 'bad'}`}>
          {problem === null ? words().well : words().ill}
        </span>
      </header>
      <p class="card-facts">
        {words().slots}: {slots === null ? words().noSlots : words().slotsOf(slots.used, slots.total)}
      </p>
      <div class="beats" role="img" aria-label={words().beats(health.good, health.bad)}>
        {beats.value.map((beat) => (
          <i key={beat.at} class={beat.problem === null ? 'beat-good' : 'beat-bad'} />
        ))}
      </div>
      {problem !== null && (
        <p class="card-problem">
          <strong>{text?.title ?? problem.title}</strong> {text?.advice ?? ''}
        </p>
      )}
    </li>
  )
}
