import { useEffect, useId, useRef } from 'preact/hooks'
import { trackFormat, trackTitle } from './sound-track.ts'
import type { SoundChoice } from './sound-track.ts'
import { words } from './words.ts'

/** The tracks of sound, one of which is heard. Takes the focus; Escape closes it. */
export function SoundPanel({
  choice: { tracks, chosen },
  onChoose,
  onClose,
}: {
  choice: SoundChoice
  onChoose: (id: string) => void
  onClose: () => void
}) {
  const panel = useRef<HTMLFieldSetElement>(null)
  const name = useId()
  useEffect(() => {
    const before = document.activeElement
    panel.current?.querySelector<HTMLInputElement>('input:checked, input')?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <aside class="sound-panel" aria-label={words().sound.title}>
      <fieldset
        ref={panel}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          onClose()
        }}
      >
        <legend class="visually-hidden">{words().sound.title}</legend>
        {tracks.map((track) => (
          <label key={track.id} class="sound-track">
            <input
              type="radio"
              name={name}
              checked={track.id === chosen}
              onInput={() => onChoose(track.id)}
              onClick={(event) => {
                // With the arrows one may want to go on; whoever clicks has chosen.
                if (event.detail === 0) return
                onChoose(track.id)
                onClose()
              }}
            />
            <span class="sound-name">{trackTitle(track)}</span>
            <span class="sound-format">{trackFormat(track)}</span>
          </label>
        ))}
      </fieldset>
    </aside>
  )
}
