import { normalizeProps, useMachine } from '@zag-js/preact'
import * as tooltip from '@zag-js/tooltip'
import type { ComponentChildren } from 'preact'
import { createPortal } from 'preact/compat'
import { useId } from 'preact/hooks'

/** A few words more about something, shown on hover and on focus. What matters must stand on the page itself. */
export function Tooltip({ text, children }: { text: string; children: ComponentChildren }) {
  const service = useMachine(tooltip.machine, { id: useId(), openDelay: 300, closeDelay: 100 })
  const api = tooltip.connect(service, normalizeProps)
  return (
    <>
      <button class="hint" {...api.getTriggerProps()}>
        {children}
      </button>
      {api.open &&
        createPortal(
          <div class="layer" {...api.getPositionerProps()}>
            <div class="tooltip" {...api.getContentProps()}>
              {text}
            </div>
          </div>,
          document.body,
        )}
    </>
  )
}
