import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useHouse } from '../api/house.ts'
import { Problem, asProblem } from '../api/problem.ts'
import { Field } from '../parts/field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Shell } from '../parts/shell.tsx'
import { SignIn } from '../parts/sign-in.tsx'

/** The owner's account with the code from the console; in a house that has an owner, the way in. */
export function SetupPage() {
  const house = useHouse()
  const { route } = useLocation()
  const session = house.session.value
  if (session?.setupNeeded === true) {
    return (
      <Shell title="Set up">
        <section class="sheet sheet-narrow">
          <h1>Make this house yours</h1>
          <p class="lead">
            downlink printed a set-up code on its console when it started. With it you create the owner’s account: it
            may stop streams, make viewing links and manage everything.
          </p>
          <SetupForm onDone={() => route('/')} />
        </section>
      </Shell>
    )
  }
  return (
    <Shell title="Sign in">
      <section class="sheet sheet-narrow">
        {session?.user == null ? (
          <>
            <h1>Sign in</h1>
            <SignIn onDone={() => route('/')} />
          </>
        ) : (
          <>
            <h1>You are signed in</h1>
            <p class="lead">
              as <strong>{session.user}</strong>
              {session.role === 'admin' ? ', the owner of this house.' : '.'}
            </p>
            <div class="row">
              <a class="button button-strong" href="/">
                To the channels
              </a>
              <button type="button" class="button" onClick={() => void house.signOut().catch(() => house.reload())}>
                Sign out
              </button>
            </div>
          </>
        )}
      </section>
    </Shell>
  )
}

function SetupForm({ onDone }: { onDone: () => void }) {
  const house = useHouse()
  const problem = useSignal<Problem | null>(null)
  const busy = useSignal(false)
  const submit = async (form: HTMLFormElement) => {
    const data = new FormData(form)
    const text = (name: string) => String(data.get(name) ?? '')
    problem.value = null
    if (text('password') !== text('again')) {
      problem.value = new Problem({
        code: null,
        status: 0,
        title: 'The two passwords differ',
        advice: 'Type them again',
      })
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
        label="Set-up code"
        name="code"
        autocomplete="one-time-code"
        help="From the console or log, good for one hour. Restart downlink for a new one."
        autofocus
      />
      <Field label="Name" name="name" autocomplete="username" defaultValue="owner" />
      <Field
        label="Password"
        name="password"
        type="password"
        autocomplete="new-password"
        minLength={8}
        help="At least 8 characters."
      />
      <Field label="Password again" name="again" type="password" autocomplete="new-password" minLength={8} />
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      <button class="button button-strong" disabled={busy.value}>
        {busy.value ? 'Creating …' : 'Create the account'}
      </button>
    </form>
  )
}
