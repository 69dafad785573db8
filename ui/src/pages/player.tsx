import { lazy, useLocation } from 'preact-iso'
import { useEffect, useLayoutEffect } from 'preact/hooks'
import { at } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { Shell } from '../parts/shell.tsx'
import { SignIn } from '../parts/sign-in.tsx'
import { PlayerScreen } from '../player/player-screen.tsx'
import { readSpan } from '../replay/span.ts'
import { useWatching } from '../watching/watching.ts'
import { words } from './words.ts'

const ReplayScreen = lazy(() => import('../replay/replay-screen.tsx').then((file) => file.ReplayScreen))

/** Plays one channel, or what it has shown (`?start=…&stop=…`); whoever may not watch signs in first and is then where he wanted to be. */
export function PlayerPage({ channelId }: { channelId?: string }) {
  const session = useHouse().session.value
  const { route, query } = useLocation()
  useEffect(() => {
    if (channelId === undefined) route(at('/'), true)
  }, [channelId, route])
  if (channelId === undefined) return null
  if (session?.mayWatch !== true) {
    return (
      <Shell title={words().signIn}>
        <section class="sheet sheet-narrow">
          <h1>{words().signInToWatch}</h1>
          <SignIn />
        </section>
      </Shell>
    )
  }
  const span = readSpan(query)
  if (span !== null) return <ReplayScreen channelId={channelId} span={span} prefix={session.prefix} />
  return <Live channelId={channelId} />
}

/** The channel plays beside the pages (`WatchingSlot`), so that it can go on when this one is left. */
function Live({ channelId }: { channelId: string }) {
  const watching = useWatching()
  useLayoutEffect(() => watching.show(channelId, PlayerScreen), [channelId, watching])
  return null
}
