import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { Dialog } from '../parts/dialog.tsx'
import { words } from './words.ts'

/** While something is unsaved: asks before a link, a closed tab or a reload would throw it away. */
export function UnsavedGuard({ dirty }: { dirty: boolean }) {
  const { route } = useLocation()
  const wanted = useSignal<string | null>(null)
  useEffect(() => {
    if (!dirty) return
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault()
    // Before the router sees it.
    const onClick = (event: MouseEvent) => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
      const link = event.target instanceof Element ? event.target.closest('a') : null
      if (link === null || link.origin !== location.origin || link.target !== '' || link.download !== '') return
      if (link.pathname === location.pathname) return
      event.preventDefault()
      event.stopPropagation()
      wanted.value = link.pathname + link.search
    }
    addEventListener('beforeunload', onLeave)
    document.addEventListener('click', onClick, true)
    return () => {
      removeEventListener('beforeunload', onLeave)
      document.removeEventListener('click', onClick, true)
    }
  }, [dirty, wanted])
  const stay = () => {
    wanted.value = null
  }
  return (
    <Dialog
      title={words().leaveTitle}
      open={wanted.value !== null}
      urgent
      onClose={stay}
      actions={
        <>
          <button type="button" class="button" onClick={stay}>
            {words().stay}
          </button>
          <button
            type="button"
            class="button button-danger"
            onClick={() => {
              const { value } = wanted
              stay()
              if (value !== null) route(value)
            }}
          >
            {words().leave}
          </button>
        </>
      }
    >
      <p>{words().leaveText}</p>
    </Dialog>
  )
}
