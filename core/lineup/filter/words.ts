import { foldLetters, undecorate } from '../match/fold.ts'

/** What somebody typed to find channels. */
export type Words = { readonly folded: readonly string[]; readonly number: string }

/** Reads a search: words without regard to case, accents and decoration. No word at all finds everything. */
export const readWords = (text: string): Words => ({
  folded: foldName(text)
    .split(/\s+/)
    .filter((word) => word !== ''),
  number: text.trim(),
})

/** Whether every word is part of the name, or the number starts with the text. */
export function hasWords(
  { folded, number }: { readonly folded: string; readonly number: string },
  words: Words,
): boolean {
  if (words.folded.length === 0) return true
  return words.folded.every((word) => folded.includes(word)) || number.startsWith(words.number)
}

/** A name as searches compare it. */
export const foldName = (name: string): string => foldLetters(undecorate(name), 'a')
