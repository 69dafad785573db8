import type { ElementaryStream } from '../program.ts'

/**
 * What a track of sound is for, beside its language: `plain`; `description`: tells what is to be seen; `hearing`: made for
 * people who hear badly; `clean`: without speech; `original`: as it was made, whatever language that is.
 */
export type SoundRole = 'plain' | 'description' | 'hearing' | 'clean' | 'original'

/** ISO 639 language descriptor: code and audio_type in turn. ISO/IEC 13818-1, 2.6.18. */
const LANGUAGE = 0x0a
/** audio_type. ISO/IEC 13818-1, table 2-60. */
const AUDIO_TYPES: Readonly<Record<number, SoundRole>> = { 1: 'clean', 2: 'hearing', 3: 'description' }
/** Extension descriptor, and in it the one for supplementary sound. ETSI EN 300 468, 6.2.16 and 6.4.11. */
const EXTENSION = 0x7f
const SUPPLEMENTARY = 0x06
/** editorial_classification. ETSI EN 300 468, table 111. */
const CLASSES: Readonly<Record<number, SoundRole>> = { 1: 'description', 2: 'hearing' }
/** Codes that broadcasters use for a purpose: `qaa` by ETSI EN 300 468 annex F, the others by habit. */
const CODES: Readonly<Record<string, SoundRole>> = {
  qaa: 'original',
  qad: 'description',
  nar: 'description',
  qks: 'hearing',
}

/** What a track of sound is for, as its descriptors or its language code say. */
export function soundRole({ descriptors, language }: Pick<ElementaryStream, 'descriptors' | 'language'>): SoundRole {
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + (descriptors[at + 1] ?? 0)) {
    const body = descriptors.subarray(at + 2, at + 2 + (descriptors[at + 1] ?? 0))
    const [first = 0, second = 0, , fourth = 0] = body
    const told =
      descriptors[at] === LANGUAGE
        ? AUDIO_TYPES[fourth]
        : descriptors[at] === EXTENSION && first === SUPPLEMENTARY
          ? CLASSES[(second >> 2) & 0x1f]
          : undefined
    if (told !== undefined) return told
  }
  return CODES[language ?? ''] ?? 'plain'
}
