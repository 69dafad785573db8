import { useHouse } from '../api/house.ts'
import { GroupsScreen } from '../groups/groups-screen.tsx'
import { words } from '../groups/words.ts'
import { Shell } from '../parts/shell.tsx'
import { SignIn } from '../parts/sign-in.tsx'

/** Groups, selections and rules as their owner edits them. */
export function GroupsPage() {
  const session = useHouse().session.value
  return (
    <Shell title={words().title}>
      {session?.role === 'admin' ? (
        <GroupsScreen />
      ) : (
        <section class="sheet sheet-narrow">
          <h1>{words().title}</h1>
          <p>{words().adminOnly}</p>
          {session?.user == null && <SignIn />}
        </section>
      )}
    </Shell>
  )
}
