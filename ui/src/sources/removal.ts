import { at } from '../api/base.ts'
import { order } from '../api/request.ts'
import type { Toasts } from '../parts/toast.tsx'

// As long as the message with the way back stands there.
const WAIT_MS = 12_000

/**
 * Removes an entry so that it can be taken back: it is switched off at once, and deleted with its secrets (which nobody could
 * bring back) only when the way back is gone, or when the page is.
 */
export async function removeEntry(options: {
  readonly path: string
  readonly text: string
  readonly wasOn: boolean
  readonly toasts: Toasts
  /** Something has changed: ask again. */
  readonly onChange: () => void
}): Promise<void> {
  const { path, text, wasOn, toasts, onChange } = options
  await order(path, { method: 'PATCH', json: { enabled: false } })
  let over = false
  const remove = () => {
    if (over) return
    over = true
    removeEventListener('pagehide', onPageHide)
    order(path, { method: 'DELETE' }).then(onChange, (thrown: unknown) => toasts.fail(thrown))
  }
  const onPageHide = () => {
    if (over) return
    over = true
    void fetch(at(path), { method: 'DELETE', keepalive: true, credentials: 'same-origin' }).catch(() => {
      // It stays switched off, which is what one sees next time.
    })
  }
  addEventListener('pagehide', onPageHide)
  const timer = setTimeout(remove, WAIT_MS)
  toasts.show({
    text,
    undo: async () => {
      clearTimeout(timer)
      over = true
      removeEventListener('pagehide', onPageHide)
      if (wasOn) await order(path, { method: 'PATCH', json: { enabled: true } })
      onChange()
    },
  })
}
