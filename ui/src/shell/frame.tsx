import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { lazy, useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { at, without } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { Icon } from '../parts/icon.tsx'
import { Mark } from '../parts/mark.tsx'
import { ToastShelf } from '../parts/toast.tsx'
import { Account, LanguageButton, ThemeButton } from './account.tsx'
import { LineNote } from './line-note.tsx'
import { PlaceLink } from './place-link.tsx'
import { SECTIONS, placesFor } from './places.ts'
import { words } from './words.ts'

const CommandKey = lazy(() => import('./command-key.tsx').then((file) => file.CommandKey))
const MoreDrawer = lazy(() => import('./more-drawer.tsx').then((file) => file.MoreDrawer))

/** What stands around every page but the player: places, account, messages. It stays while the page inside changes. */
export function Frame({ children }: { children: ComponentChildren }) {
  const path = without(useLocation().path)
  const session = useHouse().session.value
  const commanding = useSignal(false)
  const more = useSignal(false)
  useCommandKey(() => {
    commanding.value = true
  })
  useEffect(() => {
    more.value = false
    commanding.value = false
  }, [path, more, commanding])
  const bare = path.startsWith('/player/')
  const places = placesFor(session)
  if (bare) {
    return (
      <>
        {children}
        <ToastShelf />
      </>
    )
  }
  const inBar = places.filter(({ phone }) => phone)
  return (
    <div class="shell">
      <a class="skip" href="#main">
        {words().skip}
      </a>
      <header class="side">
        <a class="brand" href={at('/')} aria-label={words().home}>
          <Mark />
          <span>downlink</span>
        </a>
        <button
          type="button"
          class="go"
          aria-keyshortcuts="Control+K"
          onClick={() => {
            commanding.value = true
          }}
        >
          <Icon name="search" />
          <span>{words().go}</span>
          <kbd aria-hidden="true">Ctrl K</kbd>
        </button>
        <nav class="places" aria-label={words().pages}>
          {SECTIONS.map((section) => {
            const members = places.filter((place) => place.section === section)
            return (
              members.length > 0 && (
                <div key={section} class="places-section">
                  <h2 class="places-title">{words().sections[section]}</h2>
                  {members.map((place) => (
                    <PlaceLink key={place.path} place={place} path={path} />
                  ))}
                </div>
              )
            )
          })}
        </nav>
        <div class="side-end">
          <LineNote />
          <Account />
          <ThemeButton />
          <LanguageButton />
        </div>
      </header>
      <div class="shell-body">{children}</div>
      <nav class="bottom" aria-label={words().pages}>
        {inBar.map((place) => (
          <PlaceLink key={place.path} place={place} path={path} />
        ))}
        <button
          type="button"
          class="place"
          aria-haspopup="dialog"
          aria-expanded={more.value}
          onClick={() => {
            more.value = true
          }}
        >
          <Icon name="more" />
          <span>{words().more}</span>
        </button>
      </nav>
      {commanding.value && (
        <CommandKey
          onClose={() => {
            commanding.value = false
          }}
        />
      )}
      {more.value && (
        <MoreDrawer
          places={places}
          path={path}
          onClose={() => {
            more.value = false
          }}
        />
      )}
      <ToastShelf />
    </div>
  )
}

/** Ctrl+K (⌘K) anywhere, and `/` where the page has no search field of its own that takes it. */
function useCommandKey(open: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return
      const isCommand = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k'
      const target = event.target instanceof Element ? event.target : null
      const isSlash =
        event.key === '/' &&
        !event.ctrlKey &&
        !event.metaKey &&
        target?.closest('input, textarea, select, [contenteditable]') == null
      if (!isCommand && !isSlash) return
      event.preventDefault()
      open()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [open])
}
