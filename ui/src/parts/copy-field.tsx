import { useSignal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'
import { words } from './words.ts'

/** An address to take along: one click selects it whole, the button copies it. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const id = useId()
  const copied = useSignal(false)
  const field = useRef<HTMLElement>(null)
  const copy = async () => {
    // navigator.clipboard exists only on https and localhost; by LAN address the old way must do.
    try {
      if ('clipboard' in navigator) await navigator.clipboard.writeText(text)
      else copyBySelection(field.current)
    } catch {
      copyBySelection(field.current)
    }
    copied.value = true
    setTimeout(() => {
      copied.value = false
    }, 1800)
  }
  return (
    <div class="copy-field">
      <span class="label" id={id}>
        {label}
      </span>
      <span class="copy-row">
        <code ref={field} aria-labelledby={id} role="textbox" aria-readonly="true" tabIndex={0}>
          {text.split(/(?<=[/?])(?![/?])/).map((part) => (
            <>
              {part}
              <wbr />
            </>
          ))}
        </code>
        <button type="button" class="button button-icon" aria-label={words().copy(label)} onClick={() => void copy()}>
          <Icon name={copied.value ? 'check' : 'copy'} />
        </button>
      </span>
      <span class="visually-hidden" role="status">
        {copied.value ? words().copied : ''}
      </span>
    </div>
  )
}

function copyBySelection(field: HTMLElement | null): void {
  if (field === null) return
  getSelection()?.selectAllChildren(field)
  document.execCommand('copy')
}
