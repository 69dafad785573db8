import { foldLetters, undecorate } from '../match/fold.ts'
import type { ChannelSubject } from './subject.ts'

/** What somebody typed to find channels. */
export type Words = { readonly folded: readonly string[]; readonly number: string }

/** Reads a search: words without regard to case, accents and decoration. No word at all finds everything. */
export const readWords = (text: string): Words => ({
  folded: fold(text)
    .split(/\s+/)
    .filter((word) => word !== ''),
  number: text.trim(),
})

/** Whether every word is part of the name, or the number starts with the text. */
export function hasWords({ name, number }: Pick<ChannelSubject, 'name' | 'number'>, words: Words): boolean {
  if (words.folded.length === 0) return true
  const folded = fold(name)
  return words.folded.every((word) => folded.includes(word)) || number.startsWith(words.number)
}

const fold = (text: string): string => foldLetters(undecorate(text), 'a')
