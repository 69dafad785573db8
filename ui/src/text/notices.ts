import { signal } from '@preact/signals'
import { fillPlaces } from '../../../core/notices/notice.ts'
import type { NoticeAnswer } from '../api/answers.ts'
import { failureText } from './failures.ts'
import { formatDate, formatDateTime, formatNumber } from './format.ts'
import { language } from './language.ts'
import { words } from './words.ts'
import { GERMAN_OF_FRONTS } from './notices-of-fronts.ts'

/** Sentences by the code of a notice, with places for its facts. */
type Sentences = Readonly<Record<string, string>>

/** A notice in words. `text` null: the page does not know the code. `english`: what the sentence could not say in this language. */
export type NoticeText = { readonly text: string | null; readonly english: string | null }

// They are fetched once for all: most pages have no notice, and those in English need none.
const german = signal<{ readonly sentences: Sentences; readonly state: 'not asked' | 'asked' | 'there' }>({
  sentences: GERMAN_OF_FRONTS,
  state: 'not asked',
})

/** Sentences in the language of the page, null for English; `isOnTheWay`: more are being fetched. */
export function sentencesNow(): { readonly sentences: Sentences | null; readonly isOnTheWay: boolean } {
  if (language() === 'en') return { sentences: null, isOnTheWay: false }
  const { sentences, state } = german.value
  return { sentences, isOnTheWay: state !== 'there' }
}

/** Fetches the sentences of the language of the page, unless they are there. Without them notices stay English. */
export async function fetchSentences(): Promise<void> {
  if (language() === 'en' || german.peek().state !== 'not asked') return
  german.value = { sentences: GERMAN_OF_FRONTS, state: 'asked' }
  const { GERMAN } = await import('./notices-german.ts').catch(() => ({ GERMAN: GERMAN_OF_FRONTS }))
  german.value = { sentences: GERMAN, state: 'there' }
}

/** The notice by these sentences (null: English); `isAlone`: it does not stand below the name of its source. */
export function noticeText(
  { code, facts, source, failure, text }: NoticeAnswer,
  sentences: Sentences | null,
  isAlone = true,
): NoticeText {
  if (sentences === null)
    return { text: isAlone || source === null ? text : withoutSource(text, source), english: null }
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined
  if (sentence === undefined) return { text: null, english: text }
  const { title = '', advice = null } = failureText(failure) ?? {}
  const all: Readonly<Record<string, string | number>> = { ...facts, title, advice: advice ?? '' }
  const said = fillPlaces(sentence, (place) => print(all[place] ?? ''))
  const { detail } = facts
  return {
    text: isAlone && source !== null ? `${words().source(source)}: ${said}` : said,
    english: detail === undefined || detail === '' ? null : String(detail),
  }
}

const withoutSource = (text: string, source: string): string => {
  const prefix = `Source "${source}": `
  if (!text.startsWith(prefix)) return text
  const rest = text.slice(prefix.length)
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}

/** Days and minutes come as ISO 8601 writes them, the minute with a space and `UTC`. */
function print(fact: string | number): string {
  if (typeof fact === 'number') return formatNumber(fact, Number.isInteger(fact) ? 0 : 1)
  if (/^\d{4}-\d\d-\d\d$/.test(fact)) return formatDate(Date.parse(`${fact}T12:00:00`))
  const [, day, clock] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC$/.exec(fact) ?? []
  return day === undefined || clock === undefined ? fact : formatDateTime(Date.parse(`${day}T${clock}:00Z`))
}
