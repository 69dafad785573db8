import { useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ChannelDetailAnswer } from '../api/answers.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { askChannel, askNeighbours } from './zap.ts'
import type { Neighbours } from './zap.ts'

// What is on now changes while a channel plays.
const RENEW_MS = 60_000

/** The channel on screen, its neighbours for zapping, and why it is not known. */
export function useChannel(channelId: string): {
  readonly channel: ReadonlySignal<ChannelDetailAnswer | null>
  readonly neighbours: ReadonlySignal<Neighbours | null>
  readonly problem: ReadonlySignal<Problem | null>
  readonly renew: () => Promise<ChannelDetailAnswer | null>
} {
  const channel = useSignal<ChannelDetailAnswer | null>(null)
  const neighbours = useSignal<Neighbours | null>(null)
  const problem = useSignal<Problem | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    const load = async (withNeighbours: boolean) => {
      try {
        const answer = await askChannel(channelId, signal)
        channel.value = answer
        problem.value = null
        if (withNeighbours && answer.position !== null) neighbours.value = await askNeighbours(answer.position, signal)
      } catch (thrown) {
        if (!signal.aborted && channel.peek()?.id !== channelId) problem.value = asProblem(thrown)
      }
    }
    problem.value = null
    neighbours.value = null
    void load(true)
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void load(false)
    }, RENEW_MS)
    return () => {
      stop.abort()
      clearInterval(timer)
    }
  }, [channelId, channel, neighbours, problem])
  const renew = async () => {
    const answer = await askChannel(channelId, AbortSignal.timeout(5000)).catch(() => null)
    if (answer !== null) channel.value = answer
    return answer
  }
  return { channel, neighbours, problem, renew }
}
