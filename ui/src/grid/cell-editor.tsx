import { useLayoutEffect, useRef } from 'preact/hooks'

/** How an edit in a cell ends. `goOn`: where the next one begins. */
export type EditEnd = { readonly value: string | null; readonly goOn: 'stay' | 'next' | 'previous' }

/** The field in a cell: Enter and Tab keep what was typed, Escape does not; going elsewhere keeps it. */
export function CellEditor({
  label,
  value,
  inputMode = 'text',
  onEnd,
}: {
  label: string
  value: string
  inputMode?: 'decimal' | 'text'
  onEnd: (end: EditEnd) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  // Rows may move while one types: what the field began with stays.
  const { current: before } = useRef(value)
  const isOver = useRef(false)
  // Before the next key: whoever types fast has begun to.
  useLayoutEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const end = (goOn: EditEnd['goOn'], isKept: boolean) => {
    if (isOver.current) return
    isOver.current = true
    const typed = input.current?.value.trim() ?? before
    onEnd({ value: isKept && typed !== before ? typed : null, goOn })
  }
  return (
    <input
      ref={input}
      class="grid-editor"
      type="text"
      inputMode={inputMode}
      aria-label={label}
      defaultValue={before}
      autocomplete="off"
      spellcheck={false}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape') end('stay', false)
        else if (event.key === 'Enter') end('stay', true)
        else if (event.key === 'Tab') end(event.shiftKey ? 'previous' : 'next', true)
        else return
        event.preventDefault()
      }}
      onClick={(event) => event.stopPropagation()}
      onBlur={() => end('stay', true)}
    />
  )
}
