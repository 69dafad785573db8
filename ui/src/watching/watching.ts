import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

/** What shows a channel: the whole screen, or `small` in a corner of another page. */
export type WatchScreen = ComponentType<{ channelId: string; small: boolean }>

/** What is being watched, on whatever page. */
export type Watching = {
  /** Null: nothing. The screen comes with the first channel, so that pages without television do not carry it. */
  readonly now: ReadonlySignal<{ readonly channelId: string; readonly Screen: WatchScreen } | null>
  show(channelId: string, Screen: WatchScreen): void
  /** Another channel in the same place. */
  zap(channelId: string): void
  stop(): void
}

/** Makes the place for what is being watched; it lives as long as the pages do. */
export function createWatching(): Watching {
  const now = signal<{ channelId: string; Screen: WatchScreen } | null>(null)
  return {
    now,
    show(channelId, Screen) {
      if (now.peek()?.channelId !== channelId) now.value = { channelId, Screen }
    },
    zap(channelId) {
      const before = now.peek()
      if (before !== null && before.channelId !== channelId) now.value = { ...before, channelId }
    },
    stop() {
      now.value = null
    },
  }
}

/** Hands it down the page tree. */
export const WatchingContext = createContext<Watching | null>(null)

/** What is being watched. Throws outside of `WatchingContext.Provider`. */
export function useWatching(): Watching {
  const watching = useContext(WatchingContext)
  if (watching === null) throw new TypeError('useWatching() needs a WatchingContext.Provider above it')
  return watching
}
