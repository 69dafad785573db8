import { useSignal } from '@preact/signals'
import { SEVERITIES } from '../../../core/alerts/rule.ts'
import { order } from '../api/request.ts'
import { useToasts } from '../parts/toast.tsx'
import type { RuleShown } from './answers.ts'
import { words } from './words.ts'

/** The rules, each with its own button that saves it. */
export function RuleList({ rules, onSaved }: { rules: readonly RuleShown[]; onSaved: () => void }) {
  return (
    <ul class="plain rules">
      {rules.map((rule) => (
        <RuleForm key={`${rule.kind} ${JSON.stringify(rule)}`} rule={rule} onSaved={onSaved} />
      ))}
    </ul>
  )
}

function RuleForm({ rule, onSaved }: { rule: RuleShown; onSaved: () => void }) {
  const toasts = useToasts()
  const draft = useSignal(rule)
  const name = words().kinds[rule.kind]
  const unit = words().units[rule.kind]
  const isChanged = JSON.stringify(draft.value) !== JSON.stringify(rule)
  const save = async (event: Event) => {
    event.preventDefault()
    const { enabled, severity, threshold, holdSeconds } = draft.value
    try {
      await order(`/api/v1/alerts/rules/${rule.kind}`, {
        method: 'PATCH',
        json: { enabled, severity, threshold, holdSeconds },
      })
      toasts.show({ text: words().saved(name) })
      onSaved()
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }
  const change = (changes: Partial<RuleShown>) => {
    draft.value = { ...draft.value, ...changes }
  }
  return (
    <li>
      <form class="rule" aria-label={name} onSubmit={(event) => void save(event)}>
        <label class="rule-name">
          <input
            type="checkbox"
            checked={draft.value.enabled}
            onChange={({ currentTarget }) => change({ enabled: currentTarget.checked })}
          />
          {name}
        </label>
        <label class="field">
          <span>{words().severity}</span>
          <select
            value={draft.value.severity}
            onChange={({ currentTarget }) => {
              const found = SEVERITIES.find((one) => one === currentTarget.value)
              if (found !== undefined) change({ severity: found })
            }}
          >
            {SEVERITIES.map((one) => (
              <option key={one} value={one}>
                {words().severities[one]}
              </option>
            ))}
          </select>
        </label>
        {unit !== '' && (
          <label class="field">
            <span>
              {words().threshold} ({unit})
            </span>
            <input
              type="number"
              min="0"
              step="any"
              required
              value={draft.value.threshold}
              onInput={({ currentTarget }) => change({ threshold: currentTarget.valueAsNumber })}
            />
          </label>
        )}
        <label class="field">
          <span>{words().hold}</span>
          <input
            type="number"
            min="0"
            max="86400"
            required
            value={draft.value.holdSeconds}
            onInput={({ currentTarget }) => change({ holdSeconds: currentTarget.valueAsNumber })}
          />
        </label>
        <button type="submit" class="button" disabled={!isChanged} aria-label={words().saveNamed(name)}>
          {words().save}
        </button>
      </form>
    </li>
  )
}
