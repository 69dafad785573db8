import { Failure } from '../../core/errors.ts'

/** Fails with `live/no-adapter` when the adapter at home does not answer now; what was seen just now counts. */
export type AdapterWatch = (signal: AbortSignal) => Promise<void>

const ANSWER_WITHIN_MS = 2_500
/** Somebody who changes channels does not wait for the question each time. */
const UP_FOR_MS = 10_000
const DOWN_FOR_MS = 5_000

/**
 * Asks the adapter for a sign of life before viewers are sent there: a player that is sent to a house that sleeps waits for a
 * minute and shows nothing, one that is told so says it.
 *
 * Tunnels and proxies answer in place of a house with 502 to 530; any other answer is one.
 */
export function createAdapterWatch({
  adapterUrl,
  fetch,
  now,
}: {
  readonly adapterUrl: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly now: () => number
}): AdapterWatch {
  let seen = { isUp: false, until: Number.NEGATIVE_INFINITY }

  const ask = async (signal: AbortSignal): Promise<boolean> => {
    try {
      const until = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
      const { status, body } = await fetch(`${adapterUrl}/healthz`, { signal: until, redirect: 'manual' })
      await body?.cancel()
      return status < 500
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (!(error instanceof Error)) throw error
      return false // refused, unreachable, or silent: all the same to a viewer
    }
  }

  return async (signal) => {
    if (now() >= seen.until) {
      const isUp = await ask(signal)
      seen = { isUp, until: now() + (isUp ? UP_FOR_MS : DOWN_FOR_MS) }
    }
    if (!seen.isUp) throw new Failure('live/no-adapter', 'The adapter at home does not answer')
  }
}
