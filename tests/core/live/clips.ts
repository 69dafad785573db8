import { readFileSync } from 'node:fs'

/** Names of the committed streams; see `tests/fixtures/ts/make.ts`. */
export const CLIPS = [
  'h264-closed-ac3-mp2',
  'h264-open-ac3',
  'mpeg2-mp2',
  'hevc-aac',
  'radio-mp2',
  'radio-aac',
] as const

/** Name of a committed stream. */
export type ClipName = (typeof CLIPS)[number]

/** The bytes of a committed stream, a copy of its own. */
export const clip = (name: ClipName): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/ts/${name}.ts`, import.meta.url)))

/** The service id of all of them. */
export const SERVICE_ID = 0x132f
