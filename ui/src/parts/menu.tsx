import * as menu from '@zag-js/menu'
import { normalizeProps, useMachine } from '@zag-js/preact'
import type { ComponentChildren } from 'preact'
import { createPortal } from 'preact/compat'
import { useId } from 'preact/hooks'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

/** One thing that a menu offers. */
export type MenuItem = {
  readonly id: string
  readonly label: string
  readonly icon?: IconName
  readonly disabled?: boolean
  /** What it does cannot easily be taken back. */
  readonly danger?: boolean
  readonly run: () => void
}

/** A button with a list of what can be done; arrows and first letters move in it, Escape closes it. */
export function Menu({
  label,
  items,
  children,
  quiet = true,
}: {
  /** Name of the button when `children` is a drawing only. */
  label: string
  items: readonly MenuItem[]
  /** Content of the button; three dots unless given. */
  children?: ComponentChildren
  quiet?: boolean
}) {
  const service = useMachine(menu.machine, {
    id: useId(),
    'aria-label': label,
    positioning: { placement: 'bottom-end', gutter: 4 },
    onSelect: ({ value }) => items.find(({ id }) => id === value)?.run(),
  })
  const api = menu.connect(service, normalizeProps)
  return (
    <>
      <button
        class={`button${quiet ? ' button-quiet' : ''}${children === undefined ? ' button-icon' : ''}`}
        aria-label={children === undefined ? label : undefined}
        {...api.getTriggerProps()}
      >
        {children ?? <Icon name="more" />}
      </button>
      {api.open &&
        createPortal(
          <div class="layer" {...api.getPositionerProps()}>
            <ul class="menu" {...api.getContentProps()}>
              {items.map(({ id, label: name, icon, disabled = false, danger = false }) => (
                <li
                  key={id}
                  class={`menu-item${danger ? ' menu-danger' : ''}`}
                  {...api.getItemProps({ value: id, disabled })}
                >
                  {icon !== undefined && <Icon name={icon} />}
                  {name}
                </li>
              ))}
            </ul>
          </div>,
          document.body,
        )}
    </>
  )
}
