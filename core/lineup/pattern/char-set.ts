/** Whether a character (one code point, in lower case) is meant. */
export type CharSet = (sign: string) => boolean

/** Patterns do not tell upper from lower case. */
export const foldSign = (sign: string): string => sign.toLowerCase()

/** The character itself. */
export function literal(sign: string): CharSet {
  const folded = foldSign(sign)
  return (other) => other === folded
}

/** All characters from one to another, in either case. */
export function rangeSet(from: string, to: string): CharSet {
  return (sign) => isBetween(sign, from, to) || isBetween(sign.toUpperCase(), from, to)
}

const isBetween = (sign: string, from: string, to: string): boolean =>
  pointOf(sign) >= pointOf(from) && pointOf(sign) <= pointOf(to)

const pointOf = (sign: string): number => sign.codePointAt(0) ?? 0

/** What is in any of the sets. */
export const unionSet =
  (sets: readonly CharSet[]): CharSet =>
  (sign) =>
    sets.some((set) => set(sign))

const DIGIT = /^\p{Nd}$/u
const WORD = /^[\p{L}\p{M}\p{N}_]$/u
const SPACE = /^\s$/u

/** Whether the character belongs to a word: a letter or digit of any script, or `_`. */
export const isWordSign: CharSet = (sign) => WORD.test(sign)

/** The class that a letter behind `\` names (`d w s` and their opposites `D W S`); null: none. */
export function classOf(letter: string): CharSet | null {
  switch (letter) {
    case 'd':
      return (sign) => DIGIT.test(sign)
    case 'D':
      return (sign) => !DIGIT.test(sign)
    case 'w':
      return isWordSign
    case 'W':
      return (sign) => !isWordSign(sign)
    case 's':
      return (sign) => SPACE.test(sign)
    case 'S':
      return (sign) => !SPACE.test(sign)
    default:
      return null
  }
}
