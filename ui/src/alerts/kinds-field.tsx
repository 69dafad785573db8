import { useSignal } from '@preact/signals'
import { RULE_KINDS } from '../../../core/alerts/rule.ts'
import type { RuleKind } from '../../../core/alerts/rule.ts'
import { words } from './words.ts'

/** By which rules a target hears: all of them, also those that are still to come, or a list of its own with at least one. */
export function KindsField({ kinds }: { kinds: readonly RuleKind[] | null }) {
  const isOwn = useSignal(kinds !== null)
  const chosen = useSignal<readonly RuleKind[]>(kinds ?? [])
  const choose = (kind: RuleKind, isOn: boolean) => {
    chosen.value = isOn ? [...chosen.peek(), kind] : chosen.peek().filter((one) => one !== kind)
  }
  return (
    <fieldset class="target-kinds">
      <legend>{words().hears}</legend>
      {([false, true] as const).map((own) => (
        <label key={String(own)} class="rule-name">
          <input
            type="radio"
            name="hears"
            value={own ? 'some' : 'all'}
            checked={isOwn.value === own}
            onInput={() => {
              isOwn.value = own
            }}
          />
          {own ? words().hearsSome : words().hearsAll}
        </label>
      ))}
      {isOwn.value && (
        <div class="target-kinds-list">
          {RULE_KINDS.map((kind, index) => (
            <label key={kind} class="rule-name">
              <input
                type="checkbox"
                name="kinds"
                value={kind}
                checked={chosen.value.includes(kind)}
                // The browser's own words ask for one: a list of nothing would be a target that never hears.
                required={index === 0 && chosen.value.length === 0}
                onChange={({ currentTarget }) => choose(kind, currentTarget.checked)}
              />
              {words().kinds[kind]}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  )
}
