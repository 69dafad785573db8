import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { numberOf, typeDigit } from './digits.ts'
import { askNumber } from './zap.ts'
import type { Neighbours } from './zap.ts'

// As long as televisions wait for the next digit.
const DIGIT_PAUSE_MS = 1600
// Far enough to hear a sentence again; forward over what was just missed.
const BACK_SECONDS = -10
const FORWARD_SECONDS = 30

/** What the keys do. */
export type PlayerActions = {
  readonly zap: (to: { id: string; sources: string[] } | null | undefined) => void
  readonly neighbours: Neighbours | null
  readonly toggleMute: () => void
  readonly toggleFull: () => void
  readonly togglePause: () => void
  readonly toggleFacts: () => void
  /** Shows the tracks of sound; null: there is nothing to choose. */
  readonly toggleTracks: (() => void) | null
  /** The browser's own small window; null: it has none. */
  readonly toggleAbove: (() => void) | null
  /** Goes back (negative) or forward in the channel, seconds. */
  readonly jump: (seconds: number) => void
  readonly leave: () => void
}

/** The remote control: keys of the whole page. Gives the number being typed and the last one that no channel has. */
export function usePlayerKeys(
  actions: PlayerActions,
  /** The picture has the whole page, and with it all keys. */
  enabled: boolean,
): { readonly typed: string; readonly notFound: string | null } {
  const typed = useSignal('')
  const notFound = useSignal<string | null>(null)
  // The listener stays; what it calls is always of the latest drawing.
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => {
    if (!enabled) return
    const stop = new AbortController()
    const { signal } = stop
    let pause: ReturnType<typeof setTimeout> | undefined
    const commit = async () => {
      clearTimeout(pause)
      const number = numberOf(typed.peek())
      typed.value = ''
      if (number === null) return
      const found = await askNumber(number, signal).catch(() => null)
      if (signal.aborted) return
      if (found !== null) return latest.current.zap(found)
      notFound.value = number
      pause = setTimeout(() => {
        notFound.value = null
      }, DIGIT_PAUSE_MS)
    }
    const keys: Readonly<Record<string, () => void>> = {
      ArrowUp: () => latest.current.zap(latest.current.neighbours?.next),
      PageUp: () => latest.current.zap(latest.current.neighbours?.next),
      ChannelUp: () => latest.current.zap(latest.current.neighbours?.next),
      ArrowDown: () => latest.current.zap(latest.current.neighbours?.previous),
      PageDown: () => latest.current.zap(latest.current.neighbours?.previous),
      ChannelDown: () => latest.current.zap(latest.current.neighbours?.previous),
      ArrowLeft: () => latest.current.jump(BACK_SECONDS),
      ArrowRight: () => latest.current.jump(FORWARD_SECONDS),
      m: () => latest.current.toggleMute(),
      f: () => latest.current.toggleFull(),
      i: () => latest.current.toggleFacts(),
      a: () => latest.current.toggleTracks?.(),
      p: () => latest.current.toggleAbove?.(),
      k: () => latest.current.togglePause(),
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const target = event.target instanceof Element ? event.target : null
      // The volume slider keeps its arrows, and buttons their space and Enter.
      if (target?.matches('input, select, textarea') === true) return
      const number = typeDigit(typed.peek(), event.key)
      if (number !== null) {
        event.preventDefault()
        notFound.value = null
        typed.value = number
        clearTimeout(pause)
        pause = setTimeout(() => void commit(), DIGIT_PAUSE_MS)
        return
      }
      if (event.key === 'Enter' && typed.peek() !== '') {
        event.preventDefault()
        return void commit()
      }
      if (event.key === 'Escape') {
        if (typed.peek() === '') return latest.current.leave()
        clearTimeout(pause)
        typed.value = ''
        return
      }
      if (event.key === ' ' && target?.matches('button, a') !== true) {
        event.preventDefault()
        return latest.current.togglePause()
      }
      const action = keys[event.key]
      if (action === undefined || event.repeat) return
      event.preventDefault()
      action()
    }
    addEventListener('keydown', onKeyDown)
    return () => {
      stop.abort()
      clearTimeout(pause)
      typed.value = ''
      notFound.value = null
      removeEventListener('keydown', onKeyDown)
    }
  }, [enabled, typed, notFound])
  return { typed: typed.value, notFound: notFound.value }
}
