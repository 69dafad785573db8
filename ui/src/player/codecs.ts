/** What a browser can decode by Media Source Extensions, by our codec names (as FFmpeg names them). */
export type Decoders = Readonly<Record<DecodableCodec, boolean>>

/** Codecs that are worth asking a browser for. */
export type DecodableCodec = 'h264' | 'hevc' | 'mpeg2video' | 'aac' | 'ac3' | 'eac3' | 'mp2'

// One common profile each. MPEG-2 video has no place in MSE; asking with its RFC 6381 name costs nothing and stays honest.
const TYPES: Readonly<Record<DecodableCodec, string>> = {
  h264: 'video/mp4; codecs="avc1.640028"',
  hevc: 'video/mp4; codecs="hvc1.1.6.L120.90"',
  mpeg2video: 'video/mp4; codecs="mp4v.61"',
  aac: 'audio/mp4; codecs="mp4a.40.2"',
  ac3: 'audio/mp4; codecs="ac-3"',
  eac3: 'audio/mp4; codecs="ec-3"',
  mp2: 'audio/mpeg',
}

/** Asks `isTypeSupported` (of MediaSource or ManagedMediaSource) for each codec. */
export function decodersOf(isTypeSupported: (type: string) => boolean): Decoders {
  const can = (codec: DecodableCodec) => isTypeSupported(TYPES[codec])
  return {
    h264: can('h264'),
    hevc: can('hevc'),
    mpeg2video: can('mpeg2video'),
    aac: can('aac'),
    ac3: can('ac3'),
    eac3: can('eac3'),
    mp2: can('mp2'),
  }
}

const NAMES: Readonly<Record<string, string>> = {
  h264: 'H.264',
  hevc: 'HEVC (H.265)',
  // No line break inside: it is one word on the screen.
  mpeg2video: 'MPEG\u20112',
  aac: 'AAC',
  aac_latm: 'AAC (LATM)',
  ac3: 'Dolby Digital (AC-3)',
  eac3: 'Dolby Digital Plus (E-AC-3)',
  mp2: 'MPEG audio layer II',
  mp3: 'MP3',
}

/** Name of a codec for people. */
export const codecName = (codec: string): string => NAMES[codec] ?? codec

/**
 * Our codec name for one entry of a CODECS attribute (RFC 6381), null if it is none we know.
 * Object types: ISO/IEC 14496-1, MP4 registration authority (0x60…0x65 MPEG-2 video, 0x69/0x6b MPEG audio).
 */
export function codecOfRfc6381(text: string): string | null {
  const name = text.trim().toLowerCase()
  if (/^avc[13]/.test(name)) return 'h264'
  if (/^h[ev][cv]1|^hev1|^hvc1/.test(name)) return 'hevc'
  if (/^mp4v\.6[0-5]/.test(name)) return 'mpeg2video'
  if (/^mp4a\.(69|6b)$|^mp4a\.40\.(32|33)$/.test(name)) return 'mp2'
  if (name === 'mp4a.40.34' || name === 'mp3') return 'mp3'
  if (name.startsWith('mp4a')) return 'aac'
  if (/^(ac-3|dac3|mp4a\.a5)$/.test(name)) return 'ac3'
  if (/^(ec-3|dec3|mp4a\.a6)$/.test(name)) return 'eac3'
  return null
}

/** One elementary stream as the channel's detail names it. */
export type StreamFact = { readonly kind: string; readonly codec: string }

/** The channel's picture codec when this browser is known not to decode it; null: it does, or nobody knows yet. */
export function undecodablePicture(streams: readonly StreamFact[], decoders: Decoders): string | null {
  const picture = streams.find((stream) => stream.kind === 'video')
  if (picture === undefined || !Object.hasOwn(decoders, picture.codec)) return null
  return decoders[picture.codec as DecodableCodec] ? null : picture.codec
}
