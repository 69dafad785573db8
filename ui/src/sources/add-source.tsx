import { useSignal } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import type { Problem } from '../api/problem.ts'
import { asProblem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { SchemaForm } from '../forms/schema-form.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { DraftAnswer, SourceAddedAnswer, SourcesAnswer } from './answers.ts'
import { DraftReport } from './draft-report.tsx'
import { SOURCE_KINDS, schemaOf, specsOf } from './kind-forms.ts'
import { NetworkSearch } from './network-search.tsx'
import { freeId, readPasted } from './paste.ts'
import type { Pasted } from './paste.ts'
import { words } from './words.ts'

type Added = { readonly id: string; readonly jobId: string | null }

/** From what somebody pasted or what was found in the network to a source that was tested and added. */
export function AddSource({ onAdded }: { onAdded: (added: Added) => void }) {
  const chosen = useSignal<Pasted | null>(null)
  if (chosen.value === null) {
    return (
      <ChooseSource
        onChoose={(pasted) => {
          chosen.value = pasted
        }}
      />
    )
  }
  return (
    <DescribeSource
      pasted={chosen.value}
      onBack={() => {
        chosen.value = null
      }}
      onAdded={onAdded}
    />
  )
}

function ChooseSource({ onChoose }: { onChoose: (pasted: Pasted) => void }) {
  const wrong = useSignal(false)
  const say = words().adding
  const take = (text: string) => {
    const pasted = readPasted(text)
    wrong.value = pasted === null
    if (pasted !== null) onChoose(pasted)
  }
  return (
    <div class="form">
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          take(String(new FormData(event.currentTarget).get('pasted') ?? ''))
        }}
      >
        <p class="lead">{say.lead}</p>
        <div class="field">
          <label class="label" for="pasted">
            {say.field}
          </label>
          <textarea
            id="pasted"
            name="pasted"
            rows={2}
            placeholder={say.example}
            spellcheck={false}
            autocapitalize="none"
            aria-invalid={wrong.value ? true : undefined}
            aria-describedby={wrong.value ? 'pasted-wrong' : undefined}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey) return
              event.preventDefault()
              take(event.currentTarget.value)
            }}
          />
          {wrong.value && (
            <p class="field-wrong" id="pasted-wrong" role="alert">
              {say.unknown}
            </p>
          )}
        </div>
        <button class="button button-strong">{say.next}</button>
      </form>
      <NetworkSearch onChoose={onChoose} />
      <div class="kinds">
        <p class="help">{say.orKind}</p>
        <div class="row">
          {SOURCE_KINDS.map((kind) => (
            <button type="button" key={kind} class="button" onClick={() => onChoose({ kind, entry: {} })}>
              {words().kinds[kind]}
            </button>
          ))}
        </div>
      </div>
    </div>
  )
}

function DescribeSource({
  pasted,
  onBack,
  onAdded,
}: {
  pasted: Pasted
  onBack: () => void
  onAdded: (added: Added) => void
}) {
  const { kind, entry } = pasted
  const say = words().adding
  const specs = useMemo(() => specsOf(kind), [kind])
  const report = useSignal<DraftAnswer | null>(null)
  const tested = useRef<Readonly<Record<string, unknown>>>({})
  const problem = useSignal<Problem | null>(null)
  const busy = useSignal(false)
  const test = async (values: Readonly<Record<string, unknown>>) => {
    report.value = null
    problem.value = null
    tested.current = values
    report.value = await ask('/api/v1/sources/test', DraftAnswer, { method: 'POST', json: { kind, ...values } })
  }
  const add = async () => {
    busy.value = true
    problem.value = null
    try {
      const { items } = await ask('/api/v1/sources', SourcesAnswer)
      const id = freeId(
        kind,
        items.map((one) => one.id),
      )
      const json = { id, kind, ...tested.current }
      const added = await ask('/api/v1/sources', SourceAddedAnswer, { method: 'POST', json })
      onAdded({ id: added.id, jobId: added.job?.id ?? null })
    } catch (thrown) {
      problem.value = asProblem(thrown)
    } finally {
      busy.value = false
    }
  }
  return (
    <div class="form">
      <div class="row">
        <span class="tag">{words().kinds[kind]}</span>
        <button type="button" class="link" onClick={onBack}>
          {say.back}
        </button>
      </div>
      <SchemaForm
        schema={schemaOf(kind)}
        specs={specs}
        before={null}
        initial={entry}
        submit={say.tryIt}
        busyLabel={say.testing}
        guard={false}
        onSubmit={test}
        onTyped={() => {
          // What was tested is not what stands there now.
          report.value = null
        }}
      />
      {report.value !== null && (
        <>
          <DraftReport report={report.value} />
          {problem.value !== null && <ProblemNote problem={problem.value} />}
          <button
            type="button"
            class={`button${report.value.ok ? ' button-strong' : ''}`}
            disabled={busy.value}
            onClick={() => void add()}
          >
            {report.value.ok ? say.addIt : say.addAnyway}
          </button>
        </>
      )}
    </div>
  )
}
