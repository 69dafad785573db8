import * as combobox from '@zag-js/combobox'
import { normalizeProps, useMachine } from '@zag-js/preact'
import type { ComponentChildren } from 'preact'
import { createPortal } from 'preact/compat'
import { useId, useMemo } from 'preact/hooks'
import { Icon } from './icon.tsx'

/** One thing to choose. */
export type Choice = { readonly id: string; readonly label: string; readonly note?: string }

/**
 * A field with a list that shrinks while one types. The list is given by whoever asks for it (`onType` says what was typed), so
 * that it may come from the gateway.
 */
export function Combobox({
  label,
  choices,
  value,
  onType,
  onChoose,
  placeholder,
  empty,
  disabled = false,
}: {
  label: string
  choices: readonly Choice[]
  /** Id of what is chosen; null: nothing yet. */
  value: string | null
  onType: (text: string) => void
  onChoose: (id: string | null) => void
  placeholder?: string
  /** What to say when there is nothing to choose. */
  empty: ComponentChildren
  disabled?: boolean
}) {
  const collection = useMemo(
    () =>
      combobox.collection({
        items: [...choices],
        itemToValue: ({ id }) => id,
        itemToString: (choice) => choice.label,
      }),
    [choices],
  )
  const service = useMachine(combobox.machine as combobox.Machine<Choice>, {
    id: useId(),
    collection,
    disabled,
    value: value === null ? [] : [value],
    openOnClick: true,
    ...(placeholder !== undefined && { placeholder }),
    onInputValueChange: ({ inputValue, reason }) => {
      if (reason === 'input-change' || reason === 'clear-trigger') onType(inputValue)
    },
    onValueChange: (details) => onChoose(details.value[0] ?? null),
  })
  const api = combobox.connect(service, normalizeProps)
  // Stated again below: the types know an input's role only by its type.
  const { role: _role, type: _type, ...input } = api.getInputProps()
  return (
    <div class="field" {...api.getRootProps()}>
      <label class="label" {...api.getLabelProps()}>
        {label}
      </label>
      <div class="combobox" {...api.getControlProps()}>
        <input type="text" role="combobox" {...input} />
        <button class="button button-quiet button-icon" {...api.getTriggerProps()} aria-label={label} tabIndex={-1}>
          <Icon name="down" />
        </button>
      </div>
      {api.open &&
        createPortal(
          <div class="layer" {...api.getPositionerProps()}>
            <ul class="menu menu-scroll" {...api.getContentProps()}>
              {choices.map((choice) => (
                <li key={choice.id} class="menu-item" {...api.getItemProps({ item: choice })}>
                  <span {...api.getItemTextProps({ item: choice })}>{choice.label}</span>
                  {choice.note !== undefined && <small>{choice.note}</small>}
                </li>
              ))}
              {choices.length === 0 && <li class="menu-empty">{empty}</li>}
            </ul>
          </div>,
          document.body,
        )}
    </div>
  )
}
