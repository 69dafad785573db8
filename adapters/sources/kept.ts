import { unless } from './timers.ts'

/** Values that are fetched once for all who ask, and kept for a while. */
export interface Kept<T> {
  /** The kept value, or a fresh one. A failure is not kept. */
  get(key: string, signal: AbortSignal): Promise<T>
  /** What is kept now, however old; undefined: nothing. */
  peek(key: string): T | undefined
}

/** How values are kept. */
export type KeptOptions<T> = {
  readonly fetch: (key: string, signal: AbortSignal) => Promise<T>
  readonly keepMs: number
  /** The oldest give way. */
  readonly most: number
  readonly now: () => number
  /** Ends what is being fetched. */
  readonly closing: AbortSignal
}

/** A cache over `fetch`. Who gives up waiting does not end the fetch for the others. */
export function createKept<T>({ fetch, keepMs, most, now, closing }: KeptOptions<T>): Kept<T> {
  const values = new Map<string, { readonly value: T; readonly until: number }>()
  const running = new Map<string, Promise<T>>()

  const fetchNow = async (key: string): Promise<T> => {
    try {
      const value = await fetch(key, closing)
      values.delete(key)
      values.set(key, { value, until: now() + keepMs })
      const [oldest] = values.keys()
      if (values.size > most && oldest !== undefined) values.delete(oldest)
      return value
    } finally {
      running.delete(key)
    }
  }

  return {
    async get(key, signal) {
      signal.throwIfAborted()
      const kept = values.get(key)
      if (kept !== undefined && now() < kept.until) return kept.value
      const fetched = running.get(key) ?? fetchNow(key)
      running.set(key, fetched)
      fetched.catch(() => {}) // everybody may have left
      return unless(signal, fetched)
    },
    peek: (key) => values.get(key)?.value,
  }
}
