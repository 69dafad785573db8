import { signal } from '@preact/signals'

/** The languages of the pages, as BCP 47 names them. */
export const LANGUAGES = ['en', 'de'] as const
/** One of them. */
export type Language = (typeof LANGUAGES)[number]

const KEY = 'downlink.language'

// One page is in one language: every text reads it, so it is no argument of each of them.
const chosen = signal<{ readonly language: Language; readonly locale: string }>({ language: 'en', locale: 'en-GB' })

/** The language of this page; whoever draws by it is drawn again when it changes. */
export const language = (): Language => chosen.value.language

/** The locale for numbers and times: the browser's own variant of the language (`de-AT`), else the language. */
export const locale = (): string => chosen.value.locale

const languageOf = (tag: string): Language | undefined =>
  LANGUAGES.find((known) => known === tag.toLowerCase().split('-')[0])

/** The language chosen on this device, else the first one of the browser's that the pages have, else English. */
export function wantedLanguage(storage: Pick<Storage, 'getItem'>, wished: readonly string[]): Language {
  const stored = storage.getItem(KEY)
  for (const tag of stored === null ? wished : [stored, ...wished]) {
    const found = languageOf(tag)
    if (found !== undefined) return found
  }
  return 'en'
}

/** Shows the pages in a language; `wished` are the browser's own tags, best first. */
export function applyLanguage(next: Language, wished: readonly string[]): void {
  chosen.value = { language: next, locale: wished.find((tag) => languageOf(tag) === next) ?? next }
  if ('document' in globalThis) document.documentElement.lang = next
}

/** Remembers a language on this device and shows it. */
export function chooseLanguage(next: Language, storage: Pick<Storage, 'setItem'>, wished: readonly string[]): void {
  storage.setItem(KEY, next)
  applyLanguage(next, wished)
}
