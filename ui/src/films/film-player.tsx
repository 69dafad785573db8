import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { at } from '../api/base.ts'
import { usePlaysAlone } from '../watching/use-plays-alone.ts'
import { wayFor } from './containers.ts'
import { words } from './words.ts'

/** Plays a file of a source in the page; says so where this browser cannot. `play`: path below the viewer's root. */
export function FilmPlayer({ title, play, container }: { title: string; play: string; container: string | null }) {
  usePlaysAlone()
  const video = useRef<HTMLVideoElement>(null)
  const failed = useSignal(false)
  const way = wayFor(container)
  useEffect(() => {
    const element = video.current
    if (element === null) return
    failed.value = false
    const fail = () => {
      failed.value = true
    }
    if (way === 'browser') {
      element.src = at(play)
      return () => {
        element.removeAttribute('src')
        element.load() // lets go of the connection, and with it of the source
      }
    }
    let close: (() => void) | null = null
    let gone = false
    void import('../parts/ts-file.ts').then(({ playTsFile }) => {
      if (!gone) close = playTsFile(element, at(play), fail)
    }, fail)
    return () => {
      gone = true
      close?.()
    }
  }, [play, way, failed])
  return (
    <div class="film-player">
      {/* Files of sources bring no captions that a browser could show. */}
      <video
        ref={video}
        controls
        autoplay
        playsInline
        aria-label={title}
        onError={() => {
          if (way === 'browser') failed.value = true
        }}
      />
      {failed.value && <p role="alert">{words().cannotPlay}</p>}
    </div>
  )
}
