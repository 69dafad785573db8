import { useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask, order } from '../api/request.ts'
import { useEvent, useFresh } from '../live/use-events.ts'
import { ClosedAnswer, FiguresAnswer, RunningAnswer, RunningListAnswer } from './answers.ts'
import type { Figures, Running } from './answers.ts'

/** What runs, kept up to date by events. `streams` null: not known yet. */
export function useRunning(): {
  readonly streams: ReadonlySignal<readonly Running[] | null>
  readonly problem: ReadonlySignal<Problem | null>
} {
  const streams = useSignal<readonly Running[] | null>(null)
  const problem = useSignal<Problem | null>(null)
  useFresh(async (signal) => {
    try {
      streams.value = (await ask('/api/v1/streams', RunningListAnswer, { signal })).items
      problem.value = null
    } catch (thrown) {
      if (!signal.aborted) problem.value = asProblem(thrown)
    }
  })
  useEvent('stream', RunningAnswer, (stream) => {
    const known = streams.value ?? []
    streams.value = known.some(({ id }) => id === stream.id)
      ? known.map((one) => (one.id === stream.id ? stream : one))
      : [...known, stream]
  })
  useEvent('stream-closed', ClosedAnswer, ({ id }) => {
    streams.value = (streams.value ?? []).filter((one) => one.id !== id)
  })
  return { streams, problem }
}

/** The gateway tells figures for 30 s after it was asked. */
const ASK_MS = 20_000
/** So many seconds are kept for graphs. */
export const KEPT_FIGURES = 120

/** What flows, second by second, the newest last; the gateway is asked for it only while the page is seen. */
export function useFigures(): ReadonlySignal<readonly Figures[]> {
  const figures = useSignal<readonly Figures[]>([])
  useEvent('figures', FiguresAnswer, (latest) => {
    figures.value = [...figures.value.slice(-KEPT_FIGURES + 1), latest]
  })
  useEffect(() => {
    const wish = () => {
      if (document.visibilityState !== 'visible') return
      // The line says by itself when the gateway is away.
      order('/api/v1/history/figures', { method: 'POST' }).catch(() => {})
    }
    wish()
    const timer = setInterval(wish, ASK_MS)
    document.addEventListener('visibilitychange', wish)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', wish)
    }
  }, [])
  return figures
}
