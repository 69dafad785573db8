import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask, askTagged, order } from '../api/request.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { PersonAnswer } from './answers.ts'
import type { Person } from './answers.ts'
import { Devices } from './devices.tsx'
import { PersonForm } from './person-form.tsx'
import { words } from './words.ts'

/** Somebody's limits and devices, or a new account (`id` null). `onChanged`: the list is to be looked at again. */
export function PersonDrawer({
  id,
  onChanged,
  onClose,
}: {
  id: string | null
  onChanged: () => void
  onClose: () => void
}) {
  const toasts = useToasts()
  const person = useSignal<Person | null>(null)
  const tag = useSignal<string | null>(null)
  const problem = useSignal<Problem | null>(null)
  const removing = useSignal(false)
  const path = id === null ? '/api/v1/users' : `/api/v1/users/${encodeURIComponent(id)}`
  useEffect(() => {
    if (id === null) return
    const stop = new AbortController()
    askTagged(path, PersonAnswer, { signal: stop.signal }).then(
      (found) => {
        person.value = found.answer
        tag.value = found.tag
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      },
    )
    return () => stop.abort()
  }, [id, path, person, tag, problem])

  const save = async (values: Readonly<Record<string, unknown>>) => {
    if (id === null) {
      const made = await ask(path, PersonAnswer, { method: 'POST', json: instants(values) })
      toasts.show({ text: words().created(made.name) })
      onChanged()
      return onClose()
    }
    const ifMatch = tag.peek()
    const saved = await askTagged(path, PersonAnswer, {
      method: 'PATCH',
      json: instants(values),
      ...(ifMatch !== null && { ifMatch }),
    })
    person.value = saved.answer
    tag.value = saved.tag
    toasts.show({ text: words().saved(saved.answer.name) })
    onChanged()
  }
  const remove = async () => {
    removing.value = false
    try {
      await order(path, { method: 'DELETE' })
      toasts.show({ text: words().removed(person.peek()?.name ?? '') })
      onChanged()
      onClose()
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }
  const known = person.value
  return (
    <Dialog title={id === null ? words().add : (known?.name ?? id)} open side wide onClose={onClose}>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {known?.managed === true && <p class="note">{words().managed}</p>}
      {(id === null || known !== null) && <PersonForm person={known} onSubmit={save} />}
      {id !== null && known !== null && <Devices person={id} />}
      {known !== null && !known.managed && (
        <button
          type="button"
          class="button"
          onClick={() => {
            removing.value = true
          }}
        >
          {words().remove}
        </button>
      )}
      {removing.value && known !== null && (
        <Confirm
          title={words().removeTitle(known.name)}
          text={words().removeText}
          action={words().removeNow(known.name)}
          keep={words().keep}
          onDo={() => void remove()}
          onClose={() => {
            removing.value = false
          }}
        />
      )}
    </Dialog>
  )
}

/** A day becomes the instant at which it begins here. */
function instants(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { expires } = values
  return typeof expires === 'string' ? { ...values, expires: new Date(expires).toISOString() } : { ...values }
}
