import { useHouse } from '../api/house.ts'
import { ChannelsScreen } from '../channels/channels-screen.tsx'
import { words } from '../channels/words.ts'
import { Shell } from '../parts/shell.tsx'
import { SignIn } from '../parts/sign-in.tsx'

/** The channel list as its owner edits it. */
export function ChannelsPage() {
  const session = useHouse().session.value
  return (
    <Shell title={words().title}>
      {session?.role === 'admin' ? (
        <ChannelsScreen />
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
