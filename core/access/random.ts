import { toBase64Url } from './base64url.ts'

/** Gives that many unpredictable bytes; handed in, so that tests can foresee them. */
export type RandomBytes = (count: number) => Uint8Array

/** The platform's own source of randomness. */
export const systemRandom: RandomBytes = (count) => crypto.getRandomValues(new Uint8Array(count))

/** Name of a link's session: 16 random bytes as base64url. */
export const newJti = (random: RandomBytes): string => toBase64Url(random(16))

/** A public id of a token, session or account: 16 characters of base64url, the first one a letter or digit. */
export function newId(random: RandomBytes): string {
  // An id is typed at the command line, where a dash in front means an option.
  for (;;) {
    const id = toBase64Url(random(12))
    if (/^[A-Za-z0-9]/.test(id)) return id
  }
}
