import { plainText } from '../plain-text.ts'

/** Whether every word of `search` is part of a name, without regard to case and accents; '' finds everything. */
export function nameMatcher(search: string): (name: string) => boolean {
  const words = foldName(plainText(search))
    .split(' ')
    .filter((word) => word !== '')
  if (words.length === 0) return () => true
  return (name) => {
    const folded = foldName(name)
    return words.every((word) => folded.includes(word))
  }
}

/** A name without regard to case and accents, for comparing. */
export const foldName = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
