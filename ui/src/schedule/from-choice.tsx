import { useSignal } from '@preact/signals'
import type { Draft } from './draft.ts'
import { addDays } from './week.ts'
import { words } from './words.ts'

const KINDS = ['tomorrow', 'now', 'day'] as const

/** From when on the changes hold: what was on the air until then stays in the guide as it was. */
export function FromChoice({ draft, today }: { draft: Draft; today: string }) {
  const texts = words().from
  const kind = useSignal<(typeof KINDS)[number]>('tomorrow')
  const choose = (next: (typeof KINDS)[number]) => {
    kind.value = next
    draft.from.value = next === 'now' ? Date.now() : addDays(today, 1)
  }
  return (
    <div class="from-choice">
      <label class="field">
        <span class="label">{texts.label}</span>
        <select
          value={kind.value}
          onChange={(event) => choose(KINDS.find((one) => one === event.currentTarget.value) ?? 'tomorrow')}
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {texts[one]}
            </option>
          ))}
        </select>
      </label>
      {kind.value === 'day' && (
        <input
          type="date"
          aria-label={texts.date}
          min={addDays(today, 1)}
          value={typeof draft.from.value === 'string' ? draft.from.value : ''}
          onInput={(event) => {
            if (event.currentTarget.value > today) draft.from.value = event.currentTarget.value
          }}
        />
      )}
    </div>
  )
}
