import * as dialog from '@zag-js/dialog'
import { normalizeProps, useMachine } from '@zag-js/preact'
import type { ComponentChildren } from 'preact'
import { createPortal } from 'preact/compat'
import { useId } from 'preact/hooks'
import { words } from '../shell/words.ts'
import { Icon } from './icon.tsx'
import { ToastShelf } from './toast.tsx'

/**
 * A window above the page: keeps the focus inside, Escape and the cross close it, the focus returns to where it was.
 *
 * `side`: a drawer at the edge (at the bottom of a phone) instead of the middle. `urgent`: an answer is needed, a click
 * beside it does not close it.
 */
export function Dialog({
  title,
  open,
  onClose,
  side = false,
  urgent = false,
  wide = false,
  children,
  actions,
}: {
  title: string
  open: boolean
  onClose: () => void
  side?: boolean
  urgent?: boolean
  wide?: boolean
  children: ComponentChildren
  /** Buttons at the end, the one that does it last. */
  actions?: ComponentChildren
}) {
  const service = useMachine(dialog.machine, {
    id: useId(),
    open,
    role: urgent ? 'alertdialog' : 'dialog',
    closeOnInteractOutside: !urgent,
    onOpenChange: (details) => {
      if (!details.open) onClose()
    },
  })
  const api = dialog.connect(service, normalizeProps)
  if (!open) return null
  return createPortal(
    <div class="layer">
      <div class="backdrop" {...api.getBackdropProps()} />
      <div class={`dialog-place${side ? ' dialog-side' : ''}`} {...api.getPositionerProps()}>
        <div class={`dialog${wide ? ' dialog-wide' : ''}`} {...api.getContentProps()} data-kind="dialog">
          <header class="dialog-head">
            <h2 {...api.getTitleProps()}>{title}</h2>
            <button class="button button-quiet button-icon" aria-label={words().close} {...api.getCloseTriggerProps()}>
              <Icon name="close" />
            </button>
          </header>
          <div class="dialog-body">{children}</div>
          {actions !== undefined && <footer class="dialog-foot">{actions}</footer>}
          <ToastShelf />
        </div>
      </div>
    </div>,
    document.body,
  )
}
