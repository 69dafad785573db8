import { useLayoutEffect } from 'preact/hooks'
import { useWatching } from './watching.ts'

/** For what plays something itself: television that goes on in a corner ends, nobody hears two things at a time. */
export function usePlaysAlone(): void {
  const watching = useWatching()
  useLayoutEffect(() => watching.stop(), [watching])
}
