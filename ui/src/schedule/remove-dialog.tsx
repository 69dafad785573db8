import { Dialog } from '../parts/dialog.tsx'
import { words } from './words.ts'

/** Asks before a channel goes. */
export function RemoveDialog({ name, onRemove, onClose }: { name: string; onRemove: () => void; onClose: () => void }) {
  return (
    <Dialog
      title={words().removeTitle(name)}
      open
      urgent
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {words().keep}
          </button>
          <button type="button" class="button button-danger" onClick={onRemove}>
            {words().remove}
          </button>
        </>
      }
    >
      <p>{words().removeText}</p>
    </Dialog>
  )
}
