import type { ComponentChildren } from 'preact'
import { useHouse } from '../api/house.ts'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'

/** What only those who may watch see; others sign in first, and then are where they wanted to be. */
export function WatchersOnly({ title, children }: { title: string; children: ComponentChildren }) {
  if (useHouse().session.value?.mayWatch === true) return <>{children}</>
  return (
    <Shell title={title}>
      <section class="sheet sheet-narrow">
        <h1>{title}</h1>
        <SignIn />
      </section>
    </Shell>
  )
}
