import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { at } from '../api/base.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { useFresh } from '../live/use-events.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { LibrariesAnswer, SchedulesAnswer } from './answers.ts'
import type { LibraryAnswer, ScheduleAnswer } from './answers.ts'
import { NewChannel } from './new-channel.tsx'
import { ScheduleCard } from './schedule-card.tsx'
import { words } from './words.ts'

/** All channels of one's own: what each shows now, and the way to a new one. */
export function SchedulesScreen() {
  const { route } = useLocation()
  const toasts = useToasts()
  const schedules = useSignal<readonly ScheduleAnswer[] | null>(null)
  const libraries = useSignal<readonly LibraryAnswer[]>([])
  const problem = useSignal<Problem | null>(null)
  const isMaking = useSignal(false)
  const load = async (signal?: AbortSignal) => {
    try {
      const options = signal === undefined ? {} : { signal }
      const [all, folders] = await Promise.all([
        ask('/api/v1/schedules?limit=500', SchedulesAnswer, options),
        ask('/api/v1/media/libraries', LibrariesAnswer, options),
      ])
      schedules.value = all.items
      libraries.value = folders.items
      problem.value = null
    } catch (thrown) {
      if (signal?.aborted !== true) problem.value = asProblem(thrown)
    }
  }
  useFresh((signal) => void load(signal))
  const hasLibrary = libraries.value.length > 0
  return (
    <div class="schedules">
      <header class="schedules-head">
        <div>
          <h1>{words().title}</h1>
          <p class="lead">{words().lead}</p>
        </div>
        {hasLibrary && (
          <button
            type="button"
            class="button button-strong"
            onClick={() => {
              isMaking.value = true
            }}
          >
            <Icon name="plus" />
            {words().add}
          </button>
        )}
      </header>
      {problem.value !== null && <ProblemNote problem={problem.value} onRetry={() => void load()} />}
      {schedules.value === null && problem.value === null && <Waiting what={words().loading} />}
      {schedules.value?.length === 0 && (
        <div class="nothing">
          <p>{hasLibrary ? words().none : words().noLibrary}</p>
          {!hasLibrary && (
            <a class="button button-strong" href={at('/sources')}>
              {words().addLibrary}
            </a>
          )}
        </div>
      )}
      <ul class="plain cards">
        {schedules.value?.map((schedule) => (
          <ScheduleCard key={schedule.id} schedule={schedule} />
        ))}
      </ul>
      {isMaking.value && (
        <NewChannel
          libraries={libraries.value}
          taken={schedules.value?.map(({ id }) => id) ?? []}
          onMade={({ id, document }) => {
            toasts.show({ text: words().create.made(String(document['name'] ?? id)) })
            route(at(`/schedules/${encodeURIComponent(id)}`))
          }}
          onClose={() => {
            isMaking.value = false
          }}
        />
      )}
    </div>
  )
}
