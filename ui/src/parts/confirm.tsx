import { Dialog } from './dialog.tsx'

/** Asks before what cannot be taken back, with a button that names it; `keep` names the other one. */
export function Confirm({
  title,
  text,
  action,
  keep,
  onDo,
  onClose,
}: {
  title: string
  text: string
  action: string
  keep: string
  onDo: () => void
  onClose: () => void
}) {
  return (
    <Dialog
      title={title}
      open
      urgent
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {keep}
          </button>
          <button type="button" class="button button-danger" onClick={onDo}>
            {action}
          </button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  )
}
