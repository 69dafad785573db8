import { useSignal } from '@preact/signals'
import { useHouse } from '../api/house.ts'
import type { Problem } from '../api/problem.ts'
import { asProblem } from '../api/problem.ts'
import { Field } from './field.tsx'
import { ProblemNote } from './problem-note.tsx'
import { words } from './words.ts'

/** Name and password; on success the page around it changes by itself, or `onDone` says where to go. */
export function SignIn({ onDone }: { onDone?: () => void }) {
  const house = useHouse()
  const problem = useSignal<Problem | null>(null)
  const busy = useSignal(false)
  const submit = async (form: HTMLFormElement) => {
    const data = new FormData(form)
    busy.value = true
    problem.value = null
    try {
      await house.signIn(String(data.get('name')).trim(), String(data.get('password')))
      onDone?.()
    } catch (thrown) {
      problem.value = asProblem(thrown)
    } finally {
      busy.value = false
    }
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(event.currentTarget)
      }}
    >
      <Field label={words().name} name="name" autocomplete="username" autofocus />
      <Field label={words().password} name="password" type="password" autocomplete="current-password" />
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      <button class="button button-strong" disabled={busy.value}>
        {busy.value ? words().signingIn : words().signIn}
      </button>
    </form>
  )
}
