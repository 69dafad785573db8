import { toBase64Url } from './base64url.ts'

/** Gives that many unpredictable bytes; handed in, so that tests can foresee them. */
export type RandomBytes = (count: number) => Uint8Array

/** The platform's own source of randomness. */
export const systemRandom: RandomBytes = (count) => crypto.getRandomValues(new Uint8Array(count))

/** Name of a link's session: 16 random bytes as base64url. */
export const newJti = (random: RandomBytes): string => toBase64Url(random(16))

/** Id of a token or session: 12 random bytes as base64url, 16 characters. */
export const newId = (random: RandomBytes): string => toBase64Url(random(12))
