// A gateway that does not answer is asked less and less often.
const SLOWEST_MS = 30_000

/**
 * Calls `look` every `everyMs` while the page is visible, at once when it becomes visible again, never twice at a time.
 * A `look` that gives false doubles the pause, up to 30 s. Gives a function that stops it.
 */
export function pollWhileVisible(everyMs: number, look: (signal: AbortSignal) => Promise<boolean>): () => void {
  const stop = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let pause = everyMs
  let looking = false
  const next = async () => {
    clearTimeout(timer)
    if (looking || stop.signal.aborted || document.visibilityState !== 'visible') return
    looking = true
    const good = await look(stop.signal)
    looking = false
    pause = good ? everyMs : Math.min(pause * 2, SLOWEST_MS)
    if (!stop.signal.aborted) timer = setTimeout(() => void next(), pause)
  }
  const onVisible = () => {
    if (document.visibilityState === 'visible') void next()
  }
  document.addEventListener('visibilitychange', onVisible)
  void next()
  return () => {
    stop.abort()
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onVisible)
  }
}
