import { FAILURES } from '../errors.ts'
import type { FailureCode, FailureKind } from '../errors.ts'

/** What stands in a sentence: a name, a count, a day (`2026-03-04`) or a minute (`2026-03-04 20:15 UTC`). */
export type NoticeFact = string | number

/** English sentences by code (`slice/what`), with a place `{name}` for each fact. */
export type NoticeTable = Readonly<Record<string, string>>

/** The places for facts in a sentence. */
type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never

/** Places that the failure behind a notice fills, in the language of the sentence. */
type OfFailure = 'title' | 'advice'

/**
 * A sentence for owners: its code and facts are the same in every language, `text` is English.
 *
 * The pages say it in their own language by the code. A fact called `detail` is English as it came (from a device, a
 * provider, FFmpeg), and stands beside the sentence in other languages.
 */
export type Notice = {
  readonly code: string
  readonly facts: Readonly<Record<string, NoticeFact>>
  /** Name of the source that it is about, with which `text` begins; null: it is about the house. */
  readonly source: string | null
  /** The failure behind it. */
  readonly failure: FailureCode | null
  readonly text: string
}

/** The sentence with its places filled by `print`; what is left of an empty end goes. */
export const fillPlaces = (sentence: string, print: (place: string) => NoticeFact): string =>
  sentence.replace(/\{(\w+)\}/g, (_, place: string) => String(print(place))).replace(/[.:] *$/, '')

/** The notice that a table has for a code. */
export function notice<const Table extends NoticeTable, Code extends keyof Table & string>(
  table: Table,
  code: Code,
  facts: Readonly<Record<Exclude<Places<Table[Code]>, OfFailure>, NoticeFact>>,
  about: { readonly source?: string; readonly failure?: FailureCode } = {},
): Notice {
  const { source = null, failure = null } = about
  const kind: Pick<FailureKind, 'title' | 'advice'> | null = failure === null ? null : FAILURES[failure]
  const known: Readonly<Record<string, NoticeFact>> = facts
  const all: typeof known = { ...known, title: kind?.title ?? '', advice: kind?.advice ?? '' }
  const sentence = fillPlaces(table[code] ?? '', (place) => all[place] ?? '')
  return { code, facts: known, source, failure, text: source === null ? sentence : `Source "${source}": ${sentence}` }
}
