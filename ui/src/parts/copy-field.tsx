import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

/** An address to take along: select it, or press the button. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const copied = useSignal(false)
  const field = useRef<HTMLInputElement>(null)
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
    <label class="copy-field">
      <span class="label">{label}</span>
      <span class="copy-row">
        <input ref={field} readOnly value={text} spellcheck={false} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button button-icon" aria-label={`Copy: ${label}`} onClick={() => void copy()}>
          <Icon name={copied.value ? 'check' : 'copy'} />
        </button>
      </span>
      <span class="visually-hidden" role="status">
        {copied.value ? 'Copied' : ''}
      </span>
    </label>
  )
}

function copyBySelection(field: HTMLInputElement | null): void {
  field?.select()
  document.execCommand('copy')
}
