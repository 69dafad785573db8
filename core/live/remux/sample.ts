import { CLOCK_MODULUS } from '../timestamps.ts'

/** An elementary stream as it goes into a transport stream. */
export type Track = {
  readonly kind: 'video' | 'audio'
  /** stream_type of the PMT, ISO/IEC 13818-1 table 2-34. */
  readonly streamType: number
  /** Descriptor loop of the PMT entry. */
  readonly descriptors: Uint8Array
}

/** A picture, or a piece of sound, as a transport stream carries it (Annex B, ADTS, frames of AC-3). */
export type Sample = {
  readonly track: Track
  /** 90 kHz ticks modulo 2³³. */
  readonly pts90k: number
  readonly dts90k: number
  readonly isRandomAccess: boolean
  readonly bytes: Uint8Array
}

/** A time in seconds as 90 kHz ticks modulo 2³³. */
export function ticksOf(seconds: number): number {
  const ticks = Math.round(seconds * 90_000) % CLOCK_MODULUS
  return ticks < 0 ? ticks + CLOCK_MODULUS : ticks
}

/** Descriptor loop of a track with this language; empty without one. ETSI EN 300 468 calls it ISO_639_language. */
export const languageDescriptor = (language: string | null): number[] =>
  language === null || !/^[a-z]{3}$/.test(language) || language === 'und'
    ? []
    : [0x0a, 4, ...Array.from(language, (letter) => letter.charCodeAt(0)), 0]
