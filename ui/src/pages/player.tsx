import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { useHouse } from '../api/house.ts'
import { Shell } from '../parts/shell.tsx'
import { SignIn } from '../parts/sign-in.tsx'
import { PlayerScreen } from '../player/player-screen.tsx'

/** Plays one channel; whoever may not watch signs in first and is then where he wanted to be. */
export function PlayerPage({ channelId }: { channelId?: string }) {
  const session = useHouse().session.value
  const { route } = useLocation()
  useEffect(() => {
    if (channelId === undefined) route('/', true)
  }, [channelId, route])
  if (channelId === undefined) return null
  if (session?.mayWatch !== true) {
    return (
      <Shell title="Sign in">
        <section class="sheet sheet-narrow">
          <h1>Sign in to watch</h1>
          <SignIn />
        </section>
      </Shell>
    )
  }
  const canConvert = session.qualities.includes('720p')
  return <PlayerScreen channelId={channelId} prefix={session.prefix} canConvert={canConvert} />
}
