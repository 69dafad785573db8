import { useSignal } from '@preact/signals'
import { at } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { Icon } from '../parts/icon.tsx'
import { chooseTheme, nextTheme, storedTheme } from '../parts/theme.ts'
import { chooseLanguage, language } from '../text/language.ts'
import { words } from './words.ts'

/** Who is signed in, and the way out; or the way in. */
export function Account() {
  const house = useHouse()
  const session = house.session.value
  if (session === null) return null
  if (session.user === null) {
    return (
      <a class="button button-quiet account" href={at('/setup')}>
        <Icon name="user" />
        <span>{session.setupNeeded ? words().setUp : words().signIn}</span>
      </a>
    )
  }
  return (
    <button
      type="button"
      class="button button-quiet account"
      title={words().signedInAs(session.user)}
      onClick={() => void house.signOut().catch(() => house.reload())}
    >
      <Icon name="user" />
      <span class="account-name">{session.user}</span>
      <span>{words().signOut}</span>
    </button>
  )
}

const THEME_ICONS = { auto: 'half', light: 'sun', dark: 'moon' } as const

/** Colours as the system has them, always light, always dark: one press each. */
export function ThemeButton() {
  const theme = useSignal(storedTheme(localStorage))
  const label = words().colours(words().themes[theme.value])
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

/** The other language, by its own name. */
export function LanguageButton() {
  const other = language() === 'en' ? 'de' : 'en'
  return (
    <button
      type="button"
      class="button button-quiet button-icon language"
      lang={other}
      title={words().otherLanguage}
      aria-label={`${other.toUpperCase()}: ${words().otherLanguage}`}
      onClick={() => chooseLanguage(other, localStorage, navigator.languages)}
    >
      {other.toUpperCase()}
    </button>
  )
}
