import { useSignal } from '@preact/signals'
import { order } from '../api/request.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { useToasts } from '../parts/toast.tsx'
import type { TargetShown } from './answers.ts'
import { words } from './words.ts'

/** Who is told: each with a test, its form, and its end. */
export function TargetList({
  targets,
  onEdit,
  onChanged,
}: {
  targets: readonly TargetShown[]
  onEdit: (target: TargetShown) => void
  onChanged: () => void
}) {
  return (
    <ul class="plain targets">
      {targets.map((target) => (
        <TargetRow key={target.id} target={target} onEdit={onEdit} onChanged={onChanged} />
      ))}
    </ul>
  )
}

function TargetRow({
  target,
  onEdit,
  onChanged,
}: {
  target: TargetShown
  onEdit: (target: TargetShown) => void
  onChanged: () => void
}) {
  const toasts = useToasts()
  const isAsked = useSignal(false)
  const isBusy = useSignal(false)
  const { id, name, kind } = target
  const path = `/api/v1/alerts/targets/${encodeURIComponent(id)}`
  const attempt = async (work: Promise<void>, done: string) => {
    isBusy.value = true
    try {
      await work
      toasts.show({ text: done })
    } catch (thrown) {
      toasts.fail(thrown)
    } finally {
      isBusy.value = false
      isAsked.value = false
      onChanged()
    }
  }
  const close = () => {
    isAsked.value = false
  }
  return (
    <li class="card target">
      <header class="card-head">
        <h3>{name}</h3>
        <span class="tag">{words().kindNames[kind]}</span>
      </header>
      <p class="card-facts">
        {target.shownHost} · {words().severities[target.leastSeverity]}
        {target.kinds !== null && <> · {target.kinds.map((one) => words().kinds[one]).join(', ')}</>}
        {!target.enabled && <> · –</>}
      </p>
      <div class="card-actions">
        <button
          type="button"
          class="button"
          disabled={isBusy.value}
          aria-label={words().testNamed(name)}
          onClick={() => void attempt(order(`${path}/test`, { method: 'POST' }), words().tested(name))}
        >
          <Icon name="bell" /> {words().test}
        </button>
        <button type="button" class="button" aria-label={words().editNamed(name)} onClick={() => onEdit(target)}>
          <Icon name="edit" /> {words().edit}
        </button>
        <button
          type="button"
          class="button button-quiet"
          aria-label={words().removeNamed(name)}
          onClick={() => {
            isAsked.value = true
          }}
        >
          <Icon name="bin" /> {words().remove}
        </button>
      </div>
      <Dialog
        urgent
        title={words().removeTitle(name)}
        open={isAsked.value}
        onClose={close}
        actions={
          <>
            <button type="button" class="button button-quiet" onClick={close}>
              {words().cancel}
            </button>
            <button
              type="button"
              class="button button-danger"
              disabled={isBusy.value}
              onClick={() => void attempt(order(path, { method: 'DELETE' }), words().removed(name))}
            >
              {words().removeNamed(name)}
            </button>
          </>
        }
      >
        <p>{words().removeText}</p>
      </Dialog>
    </li>
  )
}
