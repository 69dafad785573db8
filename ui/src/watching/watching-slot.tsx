import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { without } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { useWatching } from './watching.ts'

/**
 * Where television stands, beside the pages and not in one of them: going from page to page changes its size and leaves the
 * video element, and with it the running stream, as it is.
 */
export function WatchingSlot() {
  const watching = useWatching()
  const mayWatch = useHouse().session.value?.mayWatch === true
  const path = without(useLocation().path)
  useEffect(() => {
    if (!mayWatch) watching.stop()
  }, [mayWatch, watching])
  const now = watching.now.value
  if (now === null || !mayWatch) return null
  return <now.Screen channelId={now.channelId} small={!path.startsWith('/player/')} />
}
