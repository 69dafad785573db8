import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect, useId, useRef } from 'preact/hooks'
import { ChannelsAnswer } from '../api/answers.ts'
import { at } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { ask } from '../api/request.ts'
import { playerPath } from '../lineup/channel-row.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import type { IconName } from '../parts/icon.tsx'
import { placesFor } from './places.ts'
import { words } from './words.ts'

type Target = { readonly key: string; readonly name: string; readonly note: string; readonly icon: IconName }

const PAUSE_MS = 120
const MOST_CHANNELS = 8

/** One field that leads to any page and any channel: type, arrows, Enter. */
export function CommandKey({ onClose }: { onClose: () => void }) {
  const { route } = useLocation()
  const session = useHouse().session.value
  const typed = useSignal('')
  const channels = useSignal<readonly Target[]>([])
  const chosen = useSignal(0)
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const text = typed.value.trim()

  useEffect(() => {
    const stop = new AbortController()
    if (text === '' || session?.mayWatch !== true) {
      channels.value = []
      return
    }
    const query = new URLSearchParams({ q: text, limit: String(MOST_CHANNELS) })
    const timer = setTimeout(() => {
      ask(`/api/v1/channels?${query.toString()}`, ChannelsAnswer, { signal: stop.signal }).then(
        ({ items }) => {
          channels.value = items.map((channel) => ({
            key: playerPath(channel),
            name: channel.name,
            note: words().goChannel(channel.number),
            icon: channel.media === 'radio' ? 'radio' : 'tv',
          }))
        },
        // Pages are found without the gateway.
        () => undefined,
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [text, session?.mayWatch, channels])

  const lower = text.toLocaleLowerCase()
  const places: readonly Target[] = placesFor(session)
    .filter(({ name }) => name().toLocaleLowerCase().includes(lower))
    .map(({ path, name, icon }) => ({ key: at(path), name: name(), note: words().goPlace, icon }))
  const found = [...places, ...channels.value]
  const current = Math.min(chosen.value, found.length - 1)

  const go = (target: Target | undefined) => {
    if (target === undefined) return
    onClose()
    route(target.key)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && found.length > 0) {
      event.preventDefault()
      chosen.value = (current + step + found.length) % found.length
      document.getElementById(`${id}-${chosen.value}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') {
      event.preventDefault()
      go(found[current])
    }
  }
  useEffect(() => field.current?.focus(), [])

  return (
    <Dialog title={words().go} open onClose={onClose}>
      <div class="command">
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label={words().goHelp}
          placeholder={words().goHelp}
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value
            chosen.value = 0
          }}
          onKeyDown={onKeyDown}
        />
        <ul id={`${id}-list`} role="listbox" aria-label={words().go} class="command-list">
          {found.map((target, index) => (
            <li
              key={target.key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === current}
              class="menu-item"
              onClick={() => go(target)}
              onMouseMove={() => {
                chosen.value = index
              }}
            >
              <Icon name={target.icon} />
              <span>{target.name}</span>
              <small>{target.note}</small>
            </li>
          ))}
        </ul>
        <p class="help" role="status">
          {found.length === 0 ? words().goNothing : ''}
        </p>
      </div>
    </Dialog>
  )
}
