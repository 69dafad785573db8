import { useSignal } from '@preact/signals'
import { useHouse } from '../api/house.ts'
import { Problem, asProblem } from '../api/problem.ts'
import { Field } from '../parts/field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { words } from './words.ts'

/** The owner's account, with the code from the console; signed in at once. */
export function AccountStep({ onDone }: { onDone: () => void }) {
  const house = useHouse()
  const problem = useSignal<Problem | null>(null)
  const busy = useSignal(false)
  const submit = async (form: HTMLFormElement) => {
    const data = new FormData(form)
    const text = (name: string) => String(data.get(name) ?? '')
    problem.value = null
    if (text('password') !== text('again')) {
      const { differ: title, differAdvice: advice } = words().account
      problem.value = new Problem({ code: null, status: 0, title, advice })
      return
    }
    busy.value = true
    try {
      await house.setUp(text('code').trim(), text('name').trim(), text('password'))
      onDone()
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
      <Field
        label={words().account.code}
        name="code"
        autocomplete="one-time-code"
        help={words().account.codeHelp}
        autofocus
      />
      <Field
        label={words().account.name}
        name="name"
        autocomplete="username"
        defaultValue={words().account.ownerName}
      />
      <Field
        label={words().account.password}
        name="password"
        type="password"
        autocomplete="new-password"
        minLength={8}
        help={words().account.passwordHelp}
      />
      <Field label={words().account.again} name="again" type="password" autocomplete="new-password" minLength={8} />
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      <button class="button button-strong" disabled={busy.value}>
        {busy.value ? words().account.creating : words().account.create}
      </button>
    </form>
  )
}
