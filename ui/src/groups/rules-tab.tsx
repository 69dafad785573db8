import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import type { Rule } from '../../../core/lineup/rule.ts'
import { PreviewAnswer } from '../channels/answers.ts'
import type { Preview } from '../channels/answers.ts'
import type { Edits } from '../channels/edits.ts'
import { PreviewTable } from '../channels/preview-table.tsx'
import { OrderList } from '../grid/order-list.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { RulesAnswer } from './answers.ts'
import { RuleForm } from './rule-form.tsx'
import { words } from './words.ts'

/** Standing wishes in their order; what they would change is shown before they are saved. */
export function RulesTab({ edits, revision }: { edits: Edits; revision: string }) {
  const texts = words().rules
  const saved = useSignal<readonly Rule[]>([])
  const draft = useSignal<readonly Rule[] | null>(null)
  const preview = useSignal<Preview | null>(null)
  const problem = useSignal<Problem | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    ask('/api/v1/rules', RulesAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        saved.value = items
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      },
    )
    return () => stop.abort()
  }, [revision, saved, problem])
  const rules = draft.value
  useEffect(() => {
    preview.value = null
    problem.value = null
    if (rules === null) return
    const stop = new AbortController()
    const request = { method: 'PUT', json: { items: rules }, signal: stop.signal } as const
    const timer = setTimeout(() => {
      ask('/api/v1/rules?preview=1', PreviewAnswer, request).then(
        (answer) => {
          preview.value = answer.preview
        },
        (thrown: unknown) => {
          if (!stop.signal.aborted) problem.value = asProblem(thrown)
        },
      )
    }, 250)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [rules, preview, problem])

  const shown = rules ?? saved.value
  const change = (next: readonly Rule[]) => {
    draft.value = next
  }
  const save = async () => {
    if (!(await edits.make('/api/v1/rules', { method: 'PUT', json: { items: rules } }, texts.saved))) return
    saved.value = shown
    draft.value = null
  }
  return (
    <div class="rules">
      <p class="lead">{texts.lead}</p>
      {shown.length === 0 && <p class="nothing">{texts.none}</p>}
      <OrderList
        items={shown}
        name={(rule) => `${texts.kinds[rule.kind]}: ${describe(rule)}`}
        onOrder={change}
        render={(rule) => (
          <span class="stream-line">
            <span class="stream-name">
              <span class="tag">{texts.kinds[rule.kind]}</span> {describe(rule)}
            </span>
            <small>{rule.filter ?? texts.every}</small>
          </span>
        )}
        actions={(rule) => (
          <button
            type="button"
            class="button button-quiet button-icon"
            aria-label={texts.remove(describe(rule))}
            onClick={() => change(shown.filter((one) => one !== rule))}
          >
            <Icon name="bin" />
          </button>
        )}
      />
      <RuleForm onAdd={(rule) => change([...shown, { ...rule, id: freeId(shown) }])} />
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {rules !== null && (
        <section class="bulk-preview" aria-live="polite">
          <h2>{texts.preview}</h2>
          {preview.value?.changed === 0 && <p class="help">{texts.nothing}</p>}
          {preview.value !== null && preview.value.changed > 0 && <PreviewTable preview={preview.value} />}
          <p class="row">
            <button
              type="button"
              class="button"
              onClick={() => {
                draft.value = null
              }}
            >
              {texts.reset}
            </button>
            <button
              type="button"
              class="button button-strong"
              disabled={preview.value === null}
              onClick={() => void save()}
            >
              {texts.save(preview.value?.changed ?? 0)}
            </button>
          </p>
        </section>
      )}
    </div>
  )
}

function describe(rule: Rule): string {
  const texts = words().rules
  switch (rule.kind) {
    case 'rename':
      return texts.rename(rule.pattern, rule.replacement)
    case 'numbers':
      return texts.range(rule.from, rule.to)
    case 'hide':
    case 'show':
      return rule.filter
    default:
      return rule satisfies never
  }
}

function freeId(rules: readonly Rule[]): string {
  const ids = new Set(rules.map(({ id }) => id))
  let next = rules.length + 1
  while (ids.has(`rule-${next}`)) next += 1
  return `rule-${next}`
}
