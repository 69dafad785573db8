import { lazy, useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { at } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { Shell } from '../parts/shell.tsx'
import { SignIn } from '../parts/sign-in.tsx'
import { AccountStep } from '../setup/account-step.tsx'
import { RestorePart } from '../setup/restore-part.tsx'
import { STEPS, Stepper } from '../setup/stepper.tsx'
import type { Step } from '../setup/stepper.tsx'
import { WatchStep } from '../setup/watch-step.tsx'
import { words } from '../setup/words.ts'
import '../setup/setup.css'
import '../sources/sources.css'

// Only owners come as far as this; who signs in, on a front too, needs neither.
const GroupsStep = lazy(() => import('../setup/groups-step.tsx').then((file) => file.GroupsStep))
const SourceStep = lazy(() => import('../setup/source-step.tsx').then((file) => file.SourceStep))

/** The first run, step by step (`?step=source`); for others the way in and out. */
export function SetupPage() {
  const house = useHouse()
  const { route, query } = useLocation()
  const session = house.session.value
  const isOwner = session?.role === 'admin'
  const asked = STEPS.find((one) => one === query['step'])
  const step: Step | null =
    session?.setupNeeded === true ? 'account' : isOwner && asked !== 'account' ? (asked ?? null) : null
  const go = (next: Step) => route(at(`/setup?step=${next}`))
  useEffect(() => scrollTo({ top: 0 }), [step])
  if (step !== null) {
    return (
      <Shell title={words().title}>
        <section class="sheet setup">
          <Stepper step={step} />
          {step === 'account' && (
            <>
              <h1>{words().account.title}</h1>
              <p class="lead">{words().account.lead}</p>
              <AccountStep onDone={() => go('source')} />
              <RestorePart />
            </>
          )}
          {step === 'source' && <SourceStep onDone={() => go('groups')} />}
          {step === 'groups' && <GroupsStep onDone={() => go('watch')} />}
          {step === 'watch' && <WatchStep />}
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
            <p class="lead">{words().as(session.user, isOwner)}</p>
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
