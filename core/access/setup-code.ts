import type { RandomBytes } from './random.ts'

/** The one-time code that proves that somebody can read this machine's console. */
export interface SetupCode {
  /** To be printed on the console: three groups of four characters (60 bits), `ABCD-EFGH-JKMN`. */
  readonly text: string
  /** Uses the code up if it is the right one, within one hour and ten tries; case, blanks and dashes do not matter. */
  redeem(attempt: string): boolean
  /** Whether it is the right one; it stays. A wrong one is a try. */
  matches(attempt: string): boolean
}

// Crockford's base 32: no I, L, O, U, which are read as other characters or words.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 12 // × 5 bits = 60 bits
const LIFETIME_MS = 3_600_000
const TRIES = 10

/** Draws a code. */
export function createSetupCode({ random, now }: { random: RandomBytes; now: () => number }): SetupCode {
  const code = Array.from(random(LENGTH), (byte) => ALPHABET.charAt(byte & 31)).join('')
  const expiresAt = now() + LIFETIME_MS
  let tries = TRIES
  const isRight = (attempt: string): boolean => {
    if (tries === 0 || now() >= expiresAt) return false
    tries--
    return equalInConstantTime(normalize(attempt), code)
  }
  return {
    text: code.replace(/(.{4})(?=.)/g, '$1-'),
    redeem(attempt) {
      const isTaken = isRight(attempt)
      if (isTaken) tries = 0
      return isTaken
    },
    matches(attempt) {
      const isKnown = isRight(attempt)
      if (isKnown) tries++
      return isKnown
    },
  }
}

const normalize = (attempt: string): string =>
  attempt.slice(0, 64).toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')

/** Looks at every character, so that the time tells nothing of how many were right. */
function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let index = 0; index < b.length; index++) difference |= (a.charCodeAt(index) || 0) ^ b.charCodeAt(index)
  return difference === 0
}
