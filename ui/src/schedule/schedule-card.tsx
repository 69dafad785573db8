import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { at } from '../api/base.ts'
import { ask } from '../api/request.ts'
import { Icon } from '../parts/icon.tsx'
import { formatClockRange } from '../text/format.ts'
import { ProgrammesAnswer } from './answers.ts'
import type { ScheduleAnswer } from './answers.ts'
import { words } from './words.ts'

const AHEAD_MS = 12 * 3_600_000

/** A channel of one's own in the list: what is on, what is next, and the ways to it. */
export function ScheduleCard({ schedule }: { schedule: ScheduleAnswer }) {
  const { id, document, managedBy, problem, channelId, revision } = schedule
  const programmes = useSignal<ProgrammesAnswer['programmes'] | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    const now = Date.now()
    const window = new URLSearchParams({
      from: new Date(now).toISOString(),
      to: new Date(now + AHEAD_MS).toISOString(),
    })
    const path = `/api/v1/schedules/${encodeURIComponent(id)}/plan?${window.toString()}`
    ask(path, ProgrammesAnswer, { signal: stop.signal }).then(
      (answer) => {
        programmes.value = answer.programmes
      },
      () => undefined,
    )
    return () => stop.abort()
  }, [id, revision, programmes])
  const name = String(document['name'] ?? id)
  const number = typeof document['number'] === 'string' ? document['number'] : null
  const [current, next] = programmes.value ?? []
  return (
    <li class="card schedule-card">
      <header class="card-head">
        <h2>
          {number !== null && <span class="channel-number">{number}</span>} {name}
        </h2>
      </header>
      {problem !== null && <p class="card-problem">{problem.detail ?? problem.title}</p>}
      {programmes.value !== null && current === undefined && problem === null && (
        <p class="card-facts">{words().nothingOn}</p>
      )}
      <dl class="schedule-on">
        {[current, next].map(
          (programme, index) =>
            programme !== undefined && (
              <div key={programme.start}>
                <dt>{index === 0 ? words().now : words().next}</dt>
                <dd>
                  {programme.title}
                  {programme.subtitle !== null && <span> · {programme.subtitle}</span>}
                  <small>{formatClockRange(programme.start, programme.stop)}</small>
                </dd>
              </div>
            ),
        )}
      </dl>
      {managedBy === 'file' && <p class="help">{words().byFile}</p>}
      <div class="card-actions">
        {channelId !== null && (
          <a class="button" href={at(`/player/any/${encodeURIComponent(channelId)}`)}>
            <Icon name="play" />
            {words().watch}
          </a>
        )}
        <a class="button" href={at(`/schedules/${encodeURIComponent(id)}`)} aria-label={words().scheduleOf(name)}>
          <Icon name="edit" />
          {words().schedule}
        </a>
      </div>
    </li>
  )
}
