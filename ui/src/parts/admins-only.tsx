import type { ComponentChildren } from 'preact'
import { useHouse } from '../api/house.ts'
import { words } from '../shell/words.ts'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'

/** A page for those who look after the house; others are told so, and sign in first if they have not. */
export function AdminsOnly({ title, children }: { title: string; children: ComponentChildren }) {
  const session = useHouse().session.value
  return (
    <Shell title={title}>
      {session?.role === 'admin' ? (
        children
      ) : (
        <section class="sheet sheet-narrow">
          <h1>{title}</h1>
          <p>{words().adminOnly}</p>
          {session?.user == null && <SignIn />}
        </section>
      )}
    </Shell>
  )
}
