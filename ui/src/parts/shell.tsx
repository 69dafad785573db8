import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { useHouse } from '../api/house.ts'
import { Icon } from './icon.tsx'
import { Mark } from './mark.tsx'
import { chooseTheme, nextTheme, storedTheme } from './theme.ts'
import type { Theme } from './theme.ts'

const THEME_ICONS = { auto: 'half', light: 'sun', dark: 'moon' } as const
const THEME_NAMES: Readonly<Record<Theme, string>> = { auto: 'as the system', light: 'light', dark: 'dark' }

/** The frame of every page but the player: name, places, account, colours. */
export function Shell({ title, children }: { title: string; children: ComponentChildren }) {
  const { path } = useLocation()
  useEffect(() => {
    document.title = `${title} · downlink`
  }, [title])
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="bar">
        <a class="brand" href="/" aria-label="downlink, home">
          <Mark />
          <span>downlink</span>
        </a>
        <nav class="places" aria-label="Pages">
          <a href="/" aria-current={path === '/' ? 'page' : undefined}>
            Watch
          </a>
          <a href="/status" aria-current={path === '/status' ? 'page' : undefined}>
            Status
          </a>
        </nav>
        <div class="bar-end">
          <Account />
          <ThemeButton />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function Account() {
  const house = useHouse()
  const session = house.session.value
  if (session === null) return null
  if (session.user === null) {
    return (
      <a class="button button-quiet" href="/setup">
        <Icon name="user" />
        {session.setupNeeded ? 'Set up' : 'Sign in'}
      </a>
    )
  }
  return (
    <button
      type="button"
      class="button button-quiet"
      title={`Signed in as ${session.user}`}
      onClick={() => void house.signOut().catch(() => house.reload())}
    >
      <Icon name="user" />
      <span class="account-name">{session.user}</span>
      Sign out
    </button>
  )
}

function ThemeButton() {
  const theme = useSignal(storedTheme(localStorage))
  const label = `Colours: ${THEME_NAMES[theme.value]}`
  return (
    <button
      type="button"
      class="button button-quiet button-icon"
      aria-label={label}
      title={label}
      onClick={() => {
        theme.value = nextTheme(theme.value)
        chooseTheme(theme.value, localStorage)
      }}
    >
      <Icon name={THEME_ICONS[theme.value]} />
    </button>
  )
}
