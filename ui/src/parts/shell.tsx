import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'

/** A page inside the frame: its title in the browser's tab, its content in `main`. */
export function Shell({ title, children }: { title: string; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · downlink`
  }, [title])
  return (
    <main id="main" tabIndex={-1}>
      {children}
    </main>
  )
}
