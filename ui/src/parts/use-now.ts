import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/** The time of day, renewed every `everyMs` milliseconds while the page is looked at. */
export function useNow(everyMs: number): number {
  const now = useSignal(Date.now())
  useEffect(() => {
    const renew = () => {
      if (document.visibilityState === 'visible') now.value = Date.now()
    }
    const timer = setInterval(renew, everyMs)
    document.addEventListener('visibilitychange', renew)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', renew)
    }
  }, [everyMs, now])
  return now.value
}
