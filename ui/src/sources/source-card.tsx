import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { ProblemLines } from '../parts/problem-lines.tsx'
import { SlotMap } from '../parts/slot-map.tsx'
import { formatAgo } from '../text/format.ts'
import type { JobAnswer, SourceAnswer } from './answers.ts'
import { JobProgress } from './job-progress.tsx'
import { words } from './words.ts'

/** What can be done with a source. */
export type SourceActions = {
  readonly edit: (source: SourceAnswer) => void
  readonly refresh: (source: SourceAnswer, acceptShrunk: boolean) => void
  readonly toggle: (source: SourceAnswer) => void
  readonly remove: (source: SourceAnswer) => void
}

/** One source: how it is, what of it is in use, what is being done with it, and what to do when it ails. */
export function SourceCard({
  source,
  job,
  now,
  actions,
}: {
  source: SourceAnswer
  job: JobAnswer | null
  now: number
  actions: SourceActions
}) {
  const isOurs = source.managedBy === 'house'
  const isOff = source.state === 'disabled'
  const ill = source.problem !== null || source.entryProblem !== null || source.state === 'failing'
  const names: Readonly<Record<string, string>> = words().states
  const kinds: Readonly<Record<string, string>> = words().kinds
  const problem = source.entryProblem ?? source.problem
  return (
    <li class="card source-card" data-source={source.id}>
      <header class="card-head">
        <h2>
          <button type="button" class="link card-link" onClick={() => actions.edit(source)}>
            {source.name}
          </button>
        </h2>
        <span class={`state state-${isOff ? 'idle' : ill ? 'bad' : source.state === 'ready' ? 'good' : 'idle'}`}>
          {names[source.state] ?? source.state}
        </span>
        <Menu
          label={words().actions(source.name)}
          items={[
            { id: 'edit', label: words().edit, icon: 'edit', run: () => actions.edit(source) },
            {
              id: 'refresh',
              label: words().refresh,
              icon: 'refresh',
              disabled: isOff || job !== null,
              run: () => actions.refresh(source, false),
            },
            {
              id: 'toggle',
              label: isOff ? words().switchOn : words().switchOff,
              icon: isOff ? 'play' : 'pause',
              disabled: !isOurs,
              run: () => actions.toggle(source),
            },
            {
              id: 'remove',
              label: words().remove,
              icon: 'bin',
              disabled: !isOurs,
              danger: true,
              run: () => actions.remove(source),
            },
          ]}
        />
      </header>
      <p class="card-facts">
        {[
          kinds[source.kind] ?? source.kind,
          source.hosts['url'] ?? null,
          words().channels(source.channels),
          source.lastRefresh === null ? null : words().read(formatAgo(source.lastRefresh, now)),
        ]
          .filter((part) => part !== null)
          .join(' · ')}
      </p>
      {source.slots !== null && (
        <SlotMap
          total={source.slots.total}
          used={source.slots.used}
          words={words().slots(source.slots.used, source.slots.total)}
        />
      )}
      {source.health != null && <Heartbeat good={source.health.good} bad={source.health.bad} />}
      {job !== null && <JobProgress job={job} />}
      {problem !== null && <ProblemLines problem={problem} />}
      {problem?.code === 'lineup/shrunk' && (
        <button type="button" class="button" onClick={() => actions.refresh(source, true)}>
          {words().acceptShrunk}
        </button>
      )}
      {!isOurs && <p class="help">{words().managed}</p>}
    </li>
  )
}

function Heartbeat({ good, bad }: { good: number; bad: number }) {
  const all = good + bad
  if (all === 0) return null
  return (
    <p class="heartbeat" title={words().heartbeat(good, bad)}>
      <Icon name="pulse" />
      <span class="visually-hidden">{words().heartbeat(good, bad)}</span>
      <span class="heartbeat-bar" aria-hidden="true">
        <i style={{ '--share': (good / all).toFixed(3) }} />
      </span>
    </p>
  )
}
