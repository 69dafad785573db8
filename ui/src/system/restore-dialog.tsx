import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { at } from '../api/base.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { order } from '../api/request.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { formatDateTime } from '../text/format.ts'
import type { Backup } from './answers.ts'
import { words } from './words.ts'

/** While the house starts anew nothing can be pushed: it is asked whether it is back. */
const LOOK_MS = 1000

/** Brings a backup back after saying what that means, and waits for the house of it. */
export function RestoreDialog({ backup, onClose }: { backup: Backup | null; onClose: () => void }) {
  const id = useId()
  const passphrase = useSignal('')
  const step = useSignal<'asking' | 'checking' | 'starting'>('asking')
  const problem = useSignal<Problem | null>(null)
  useEffect(() => {
    if (step.value !== 'starting') return
    const timer = setInterval(() => {
      fetch(at('/readyz')).then(
        // Everything that this page knows was of the old house.
        (answer) => answer.ok && location.reload(),
        () => undefined,
      )
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [step.value])
  const restore = async ({ name, locked }: Backup) => {
    step.value = 'checking'
    problem.value = null
    try {
      const json = { backup: name, ...(locked && { passphrase: passphrase.value }) }
      await order('/api/v1/system/restore', { method: 'POST', json })
      step.value = 'starting'
    } catch (thrown) {
      problem.value = asProblem(thrown)
      step.value = 'asking'
    }
  }
  const close = () => {
    if (step.value === 'asking') onClose()
  }
  return (
    <Dialog
      title={words().restoreTitle}
      open={backup !== null}
      onClose={close}
      urgent
      actions={
        backup !== null &&
        step.value === 'asking' && (
          <button type="button" class="button button-danger" onClick={() => void restore(backup)}>
            {words().restoreIt}
          </button>
        )
      }
    >
      {backup !== null && step.value === 'asking' && (
        <>
          <p>{words().restoreHelp(formatDateTime(backup.madeAt))}</p>
          {backup.locked && (
            <div class="field">
              <label class="label" for={id}>
                {words().itsPassphrase}
              </label>
              <input
                id={id}
                type="password"
                autocomplete="off"
                value={passphrase.value}
                onInput={(event) => (passphrase.value = event.currentTarget.value)}
              />
            </div>
          )}
          {problem.value !== null && <ProblemNote problem={problem.value} />}
        </>
      )}
      {step.value !== 'asking' && <Waiting what={step.value === 'checking' ? words().checking : words().starting} />}
    </Dialog>
  )
}
