import { useEffect } from 'preact/hooks'
import type { Draft } from './draft.ts'

/** Ctrl+Z takes the last edit back, with Shift makes it again; in a field that is being typed in it is the field's own. */
export function useUndoKeys(draft: Pick<Draft, 'undo' | 'redo'>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isText = event.target instanceof Element && event.target.closest('input, textarea, select, [role="dialog"]')
      if (isText !== null && isText !== false) return
      const { key, ctrlKey, metaKey, shiftKey } = event
      if (key.toLowerCase() !== 'z' || !(ctrlKey || metaKey)) return
      event.preventDefault()
      if (shiftKey) draft.redo()
      else draft.undo()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [draft])
}
