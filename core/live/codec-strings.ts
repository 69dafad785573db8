import { BitReader, skipScalingList, unescapeNal } from './bit-reader.ts'
import type { Codec } from './program.ts'
import { nextStartCode } from './video-access.ts'

/** What the first picture of a stream tells of it. */
export type VideoFacts = {
  /** RFC 6381 name, `avc1.64001f`; null if the codec has none that players know. */
  readonly codec: string | null
  readonly width: number
  readonly height: number
  /** Pictures a second; null if the stream does not say. */
  readonly frameRate: number | null
}

/** How samples of a picture are coded. */
export type SampleFormat = {
  /** chroma_format_idc: 1 is 4:2:0. */
  readonly chroma: number
  readonly lumaBits: number
  readonly chromaBits: number
}

/** RFC 6381 names of audio codecs in HLS; AAC profiles are all written as LC, which every player takes. */
export const AUDIO_CODEC_STRINGS: Readonly<Partial<Record<Codec, string>>> = {
  aac: 'mp4a.40.2',
  aac_latm: 'mp4a.40.2',
  ac3: 'ac-3',
  eac3: 'ec-3',
  mp2: 'mp4a.40.34',
}

/** Facts of a picture that carries its parameter sets; null if it does not. `bytes` is the elementary stream. */
export function videoFacts(codec: Codec, bytes: Uint8Array): VideoFacts | null {
  const end = Math.min(bytes.length, 65_536)
  for (let at = nextStartCode(bytes, 0, end); at >= 0; at = nextStartCode(bytes, at, end)) {
    const byte = bytes[at] ?? 0
    const body = (skip: number): Uint8Array => unescapeNal(bytes.subarray(at + skip, Math.min(at + 512, end))).payload
    if (codec === 'h264' && (byte & 0x1f) === 7) return readH264Sequence(body(1)).facts
    if (codec === 'hevc' && ((byte >> 1) & 0x3f) === 33) return readHevcSequence(body(2)).facts
    if (codec === 'mpeg2video' && byte === 0xb3) return mpeg2Facts(bytes.subarray(at + 1, at + 9))
  }
  return null
}

const hex = (value: number): string => value.toString(16).padStart(2, '0')

/** Reads a sequence parameter set behind its NAL header, unescaped. ITU-T H.264, 7.3.2.1.1 and E.1.1. */
export function readH264Sequence(sps: Uint8Array): { readonly facts: VideoFacts; readonly format: SampleFormat } {
  const reader = new BitReader(sps)
  const profile = reader.u(8)
  const constraints = reader.u(8)
  const level = reader.u(8)
  reader.ue()
  let chroma = 1
  let lumaBits = 8
  let chromaBits = 8
  if ([100, 110, 122, 244, 44, 83, 86, 118, 128].includes(profile)) {
    chroma = reader.ue()
    if (chroma === 3) reader.u(1)
    lumaBits += reader.ue()
    chromaBits += reader.ue()
    reader.u(1)
    if (reader.flag())
      for (let list = 0; list < (chroma === 3 ? 12 : 8); list++)
        if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64)
  }
  reader.ue()
  const order = reader.ue()
  if (order === 0) reader.ue()
  else if (order === 1) {
    reader.u(1)
    reader.se()
    reader.se()
    const count = reader.ue()
    for (let index = 0; index < Math.min(count, 255); index++) reader.se()
  }
  reader.ue()
  reader.u(1)
  const widthInBlocks = reader.ue() + 1
  const heightInUnits = reader.ue() + 1
  const isFrames = reader.flag()
  if (!isFrames) reader.u(1)
  reader.u(1)
  const crop = reader.flag() ? [reader.ue(), reader.ue(), reader.ue(), reader.ue()] : [0, 0, 0, 0]
  const [left = 0, right = 0, top = 0, bottom = 0] = crop
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1
  const unitY = (chroma === 1 ? 2 : 1) * (isFrames ? 1 : 2)
  const facts = {
    codec: `avc1.${hex(profile)}${hex(constraints)}${hex(level)}`,
    width: widthInBlocks * 16 - (left + right) * unitX,
    height: heightInUnits * 16 * (isFrames ? 1 : 2) - (top + bottom) * unitY,
    frameRate: reader.flag() ? h264FrameRate(reader) : null,
  }
  return { facts, format: { chroma, lumaBits, chromaBits } }
}

function h264FrameRate(reader: BitReader): number | null {
  if (reader.flag() && reader.u(8) === 255) reader.u(32)
  if (reader.flag()) reader.u(1)
  if (reader.flag()) {
    reader.u(4)
    if (reader.flag()) reader.u(24)
  }
  if (reader.flag()) {
    reader.ue()
    reader.ue()
  }
  if (!reader.flag()) return null
  const tick = reader.u(32)
  const scale = reader.u(32)
  return tick === 0 ? null : scale / tick / 2
}

/**
 * Reads a sequence parameter set behind its NAL header, unescaped. ITU-T H.265, 7.3.2.2.1; the name by ISO/IEC 14496-15,
 * annex E.
 */
export function readHevcSequence(sps: Uint8Array): { readonly facts: VideoFacts; readonly format: SampleFormat } {
  const reader = new BitReader(sps)
  reader.u(4)
  const layers = reader.u(3)
  reader.u(1)
  const space = reader.u(2)
  const tier = reader.u(1)
  const profile = reader.u(5)
  const compatibility = reader.u(32)
  const constraints = Array.from({ length: 6 }, () => reader.u(8))
  const level = reader.u(8)
  if (layers > 0) {
    const present = Array.from({ length: 8 }, (_, layer) =>
      layer < layers ? [reader.flag(), reader.flag()] : [reader.u(2) > 3, false],
    )
    for (const [hasProfile, hasLevel] of present.slice(0, layers)) {
      if (hasProfile) reader.u(88)
      if (hasLevel) reader.u(8)
    }
  }
  reader.ue()
  const chroma = reader.ue()
  if (chroma === 3) reader.u(1)
  const width = reader.ue()
  const height = reader.ue()
  const [left = 0, right = 0, top = 0, bottom = 0] = reader.flag()
    ? [reader.ue(), reader.ue(), reader.ue(), reader.ue()]
    : []
  const lumaBits = reader.ue() + 8
  const chromaBits = reader.ue() + 8
  let reversed = 0
  for (let bit = 0; bit < 32; bit++) reversed = reversed * 2 + (Math.floor(compatibility / 2 ** bit) % 2)
  while (constraints.length > 0 && constraints.at(-1) === 0) constraints.pop()
  const parts = [
    'hvc1',
    `${['', 'A', 'B', 'C'][space]}${profile}`,
    reversed.toString(16),
    `${tier === 1 ? 'H' : 'L'}${level}`,
  ]
  const facts = {
    codec: [...parts, ...constraints.map((byte) => byte.toString(16))].join('.'),
    width: width - (left + right) * (chroma === 1 || chroma === 2 ? 2 : 1),
    height: height - (top + bottom) * (chroma === 1 ? 2 : 1),
    frameRate: null,
  }
  return { facts, format: { chroma, lumaBits, chromaBits } }
}

/** ISO/IEC 13818-2, table 6-4. */
const MPEG2_RATES = [null, 24_000 / 1001, 24, 25, 30_000 / 1001, 30, 50, 60_000 / 1001, 60]

/** ISO/IEC 13818-2, 6.2.2.1. No browser plays it; `mp4v.61` is Main profile by ISO/IEC 14496-1, table 5. */
function mpeg2Facts(header: Uint8Array): VideoFacts {
  const reader = new BitReader(header)
  const width = reader.u(12)
  const height = reader.u(12)
  reader.u(4)
  return { codec: 'mp4v.61', width, height, frameRate: MPEG2_RATES[reader.u(4)] ?? null }
}
