import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { at } from '../api/base.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { askTagged } from '../api/request.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { ScheduleAnswer } from './answers.ts'
import { createDraft } from './draft.ts'
import type { Draft } from './draft.ts'
import { ScheduleEditor } from './schedule-editor.tsx'
import { addDays, dayIn } from './week.ts'
import { words } from './words.ts'

/** A schedule that is open: what was saved, the tag for saving it, the draft, and how many times it was loaded. */
type Opened = {
  readonly schedule: ScheduleAnswer
  readonly tag: string | null
  readonly draft: Draft
  readonly loads: number
}

/** One channel of one's own: loads its schedule and opens the editor. */
export function ScheduleScreen({ id }: { id: string }) {
  const { route } = useLocation()
  const opened = useSignal<Opened | null>(null)
  const problem = useSignal<Problem | null>(null)
  const load = async (signal?: AbortSignal) => {
    try {
      const options = signal === undefined ? {} : { signal }
      const { answer, tag } = await askTagged(`/api/v1/schedules/${encodeURIComponent(id)}`, ScheduleAnswer, options)
      const doc = readChannelDoc(answer.document)
      const today = dayIn(doc.zone, Date.now())
      const draft = createDraft(doc, { today, from: addDays(today, 1) })
      opened.value = { schedule: answer, tag, draft, loads: (opened.peek()?.loads ?? 0) + 1 }
      problem.value = null
    } catch (thrown) {
      if (signal?.aborted !== true) problem.value = asProblem(thrown)
    }
  }
  /** After an override: the draft with all its changes stays. */
  const lookAgain = async () => {
    const { answer } = await askTagged(`/api/v1/schedules/${encodeURIComponent(id)}`, ScheduleAnswer)
    const { value } = opened
    if (value !== null) opened.value = { ...value, schedule: answer }
  }
  useEffect(() => {
    const stop = new AbortController()
    void load(stop.signal)
    return () => stop.abort()
  }, [id])
  const { value } = opened
  if (problem.value !== null) return <ProblemNote problem={problem.value} onRetry={() => void load()} />
  if (value === null) return <Waiting what={words().loading} />
  return (
    <ScheduleEditor
      key={value.loads}
      schedule={value.schedule}
      tag={value.tag}
      draft={value.draft}
      onReload={() => void load()}
      onOverridden={() => void lookAgain().catch((thrown: unknown) => (problem.value = asProblem(thrown)))}
      onSaved={(schedule, tag) => {
        value.draft.begin(readChannelDoc(schedule.document))
        opened.value = { ...value, schedule, tag }
      }}
      onRemoved={() => route(at('/schedules'))}
    />
  )
}
