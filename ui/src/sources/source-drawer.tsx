import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { askTagged } from '../api/request.ts'
import { SchemaForm } from '../forms/schema-form.tsx'
import type { Problem } from '../api/problem.ts'
import { asProblem } from '../api/problem.ts'
import { order } from '../api/request.ts'
import { useFresh } from '../live/use-events.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { NoticeLines } from '../parts/notice-lines.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { failureText } from '../text/failures.ts'
import { formatDateTime } from '../text/format.ts'
import { SourceDetailAnswer } from './answers.ts'
import { isSourceKind, schemaOf, specsOf } from './kind-forms.ts'
import { words } from './words.ts'

const MOST_EVENTS = 30

/** A source whole: its keys to edit, what its owner should know, what happened to it. */
export function SourceDrawer({
  id,
  name,
  onClose,
  onSaved,
}: {
  id: string
  name: string
  onClose: () => void
  onSaved: () => void
}) {
  const source = useSignal<SourceDetailAnswer | null>(null)
  const tag = useSignal<string | null>(null)
  const problem = useSignal<Problem | null>(null)
  useFresh((signal) => {
    askTagged(`/api/v1/sources/${encodeURIComponent(id)}`, SourceDetailAnswer, { signal }).then(
      (found) => {
        source.value = found.answer
        tag.value = found.tag
      },
      (thrown: unknown) => {
        if (!signal.aborted) problem.value = asProblem(thrown)
      },
    )
  })
  return (
    <Dialog title={name} open side wide onClose={onClose}>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {source.value === null && problem.value === null && <Waiting what={words().loading} />}
      {source.value !== null && (
        <>
          {source.value.notices.map((notice) => (
            <p class="note" key={notice.text}>
              <Icon name="info" />
              <span class="note-text">
                <NoticeLines notice={notice} isAlone={false} />
              </span>
            </p>
          ))}
          <EditSource source={source.value} tag={tag.value} onClose={onClose} onSaved={onSaved} />
          <History source={source.value} />
        </>
      )}
    </Dialog>
  )
}

function EditSource({
  source,
  tag,
  onClose,
  onSaved,
}: {
  source: SourceDetailAnswer
  tag: string | null
  onClose: () => void
  onSaved: () => void
}) {
  const toasts = useToasts()
  const { kind, entry, seats } = source
  const specs = useMemo(() => (isSourceKind(kind) ? specsOf(kind, seats ?? []) : []), [kind, seats])
  if (!isSourceKind(kind) || entry === null) return null
  const isOurs = source.managedBy === 'house'
  return (
    <>
      {!isOurs && <p class="help">{words().managed}</p>}
      <SchemaForm
        schema={schemaOf(kind)}
        specs={specs}
        before={entry}
        submit={words().save}
        disabled={!isOurs}
        onSubmit={async (json) => {
          const path = `/api/v1/sources/${encodeURIComponent(source.id)}`
          await order(path, { method: 'PATCH', json, ...(tag !== null && { ifMatch: tag }) })
          toasts.show({ text: words().saved })
          onSaved()
          onClose()
        }}
      />
    </>
  )
}

function History({ source }: { source: SourceDetailAnswer }) {
  if (source.events.length === 0) return null
  const names: Readonly<Record<string, string>> = words().events
  return (
    <section aria-labelledby="source-history">
      <h3 id="source-history">{words().history}</h3>
      <ul class="plain history">
        {source.events.slice(0, MOST_EVENTS).map(({ at, kind, problem }, index) => (
          <li key={index} class={problem === null ? 'history-good' : 'history-bad'}>
            <Icon name={problem === null ? 'check' : 'alert'} />
            <span>
              {names[kind] ?? kind}:{' '}
              {problem === null ? words().went : (failureText(problem.code)?.title ?? problem.title)}
            </span>
            <time>{formatDateTime(at)}</time>
          </li>
        ))}
      </ul>
    </section>
  )
}
