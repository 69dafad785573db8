import { useLocation } from 'preact-iso'
import { at } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { Shell } from '../parts/shell.tsx'
import { SignIn } from '../parts/sign-in.tsx'
import { AccountStep } from '../setup/account-step.tsx'
import { words } from '../setup/words.ts'

/** The owner's account with the code from the console; in a house that has an owner, the way in. */
export function SetupPage() {
  const house = useHouse()
  const { route } = useLocation()
  const session = house.session.value
  if (session?.setupNeeded === true) {
    return (
      <Shell title={words().title}>
        <section class="sheet sheet-narrow">
          <h1>{words().account.title}</h1>
          <p class="lead">{words().account.lead}</p>
          <AccountStep onDone={() => route(at('/'))} />
        </section>
      </Shell>
    )
  }
  return (
    <Shell title={words().signIn}>
      <section class="sheet sheet-narrow">
        {session?.user == null ? (
          <>
            <h1>{words().signIn}</h1>
            <SignIn onDone={() => route(at('/'))} />
          </>
        ) : (
          <>
            <h1>{words().signedIn}</h1>
            <p class="lead">{words().as(session.user, session.role === 'admin')}</p>
            <div class="row">
              <a class="button button-strong" href={at('/')}>
                {words().toChannels}
              </a>
              <button type="button" class="button" onClick={() => void house.signOut().catch(() => house.reload())}>
                {words().signOut}
              </button>
            </div>
          </>
        )}
      </section>
    </Shell>
  )
}
