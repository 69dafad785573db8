import { box, fullBox, u16, u32, zeros } from './box.ts'

/** One track of an initialization section. Its id is its place in the list, from 1 on. */
export type Fmp4Track = {
  readonly kind: 'video' | 'audio'
  /** Ticks a second of its times. */
  readonly timescale: number
  /** The one entry of its sample table: codec and configuration. */
  readonly sampleEntry: Uint8Array
  /** Of the picture; 0 for sound. */
  readonly width: number
  readonly height: number
  /** ISO 639-2 code; null if unknown. */
  readonly language: string | null
}

const UNITY_MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].flatMap(u32)

/**
 * The initialization section (EXT-X-MAP) of these tracks: no samples and no edit lists, which some players turn into a
 * constant delay of the sound (`hls-ffmpeg.md` §5). ISO/IEC 14496-12, 8.
 */
export function buildInitSection(tracks: readonly Fmp4Track[]): Uint8Array<ArrayBuffer> {
  const brands = ['iso6', 'mp41', 'hlsf'].flatMap((brand) => [...brand].map((letter) => letter.charCodeAt(0)))
  const movie = fullBox(
    'mvhd',
    0,
    0,
    zeros(8),
    u32(90_000),
    u32(0),
    u32(0x10000),
    u16(0x100),
    zeros(10),
    UNITY_MATRIX,
    zeros(24),
    u32(tracks.length + 1),
  )
  const extensions = tracks.map((_, index) => fullBox('trex', 0, 0, u32(index + 1), u32(1), zeros(12)))
  const moov = box(
    'moov',
    movie,
    ...tracks.map((track, index) => trackBox(track, index + 1)),
    box('mvex', ...extensions),
  )
  const ftyp = box('ftyp', brands.slice(0, 4), u32(0), brands)
  const bytes = new Uint8Array(ftyp.length + moov.length)
  bytes.set(ftyp)
  bytes.set(moov, ftyp.length)
  return bytes
}

function trackBox({ kind, timescale, sampleEntry, width, height, language }: Fmp4Track, id: number): Uint8Array {
  const isVideo = kind === 'video'
  const header = fullBox(
    'tkhd',
    0,
    // Enabled, in the movie.
    3,
    zeros(8),
    u32(id),
    zeros(16),
    u16(0),
    // Alternatives share a group; ours are never alternatives of each other.
    u16(0),
    u16(isVideo ? 0 : 0x100),
    u16(0),
    UNITY_MATRIX,
    u32(width * 0x10000),
    u32(height * 0x10000),
  )
  const name = isVideo ? 'vide' : 'soun'
  const media = box(
    'mdia',
    fullBox('mdhd', 0, 0, zeros(8), u32(timescale), u32(0), packedLanguage(language), u16(0)),
    fullBox('hdlr', 0, 0, zeros(4), letters(name), zeros(12), letters(isVideo ? 'Picture' : 'Sound'), [0]),
    box(
      'minf',
      isVideo ? fullBox('vmhd', 0, 1, zeros(8)) : fullBox('smhd', 0, 0, zeros(4)),
      box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
      box(
        'stbl',
        fullBox('stsd', 0, 0, u32(1), sampleEntry),
        fullBox('stts', 0, 0, u32(0)),
        fullBox('stsc', 0, 0, u32(0)),
        fullBox('stsz', 0, 0, u32(0), u32(0)),
        fullBox('stco', 0, 0, u32(0)),
      ),
    ),
  )
  return box('trak', header, media)
}

const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))

/** Three letters of five bits each. ISO/IEC 14496-12, 8.4.2. */
function packedLanguage(code: string | null): number[] {
  const known = code !== null && /^[a-z]{3}$/.test(code) ? code : 'und'
  return u16([...known].reduce((sum, letter) => sum * 32 + letter.charCodeAt(0) - 0x60, 0))
}
