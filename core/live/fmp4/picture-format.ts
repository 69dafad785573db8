import { unescapeNal } from '../bit-reader.ts'
import { readH264Sequence, readHevcSequence, videoFacts } from '../codec-strings.ts'
import type { Codec } from '../program.ts'
import { nextStartCode } from '../video-access.ts'
import { box, u16 } from './box.ts'
import { elementaryStreamBox, visualEntry } from './sample-entry.ts'

/** How pictures of a stream are written into fragments, as its parameter sets say. */
export type PictureFormat = {
  readonly codec: Codec
  readonly width: number
  readonly height: number
  readonly sampleEntry: Uint8Array
  /** NAL units that stand in the sample entry, and so in no sample. */
  readonly parameterSets: readonly Uint8Array[]
}

/** A NAL unit's place in an elementary stream. */
type NalPlace = { readonly from: number; readonly to: number }

/** The NAL units of a picture in Annex B form, without zeros behind them. ITU-T H.264, annex B. */
export function nalUnits(bytes: Uint8Array): NalPlace[] {
  const places: NalPlace[] = []
  let from = nextStartCode(bytes, 0, bytes.length)
  while (from >= 0) {
    const next = nextStartCode(bytes, from, bytes.length)
    let to = next < 0 ? bytes.length : next - 3
    while (to > from && bytes[to - 1] === 0) to -= 1
    places.push({ from, to })
    from = next
  }
  return places
}

/** The format as a random access point says it; null if it has no parameter sets, or the codec has no place in fragments. */
export function pictureFormat(codec: Codec, bytes: Uint8Array): PictureFormat | null {
  if (codec === 'mpeg2video') return mpeg2Format(bytes)
  const units = nalUnits(bytes).map(({ from, to }) => bytes.slice(from, to))
  if (codec === 'h264') return h264Format(units)
  return codec === 'hevc' ? hevcFormat(units) : null
}

const withLength = (unit: Uint8Array): Uint8Array => Uint8Array.from([...u16(unit.length), ...unit])

/** Byte by byte the same, so that what is sent again and again stands in the entry once. */
const distinct = (units: readonly Uint8Array[]): Uint8Array[] =>
  units.filter((unit, index) => units.findIndex((other) => isSame(other, unit)) === index)

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

/** ISO/IEC 14496-15, 5.3.3.1. */
function h264Format(units: readonly Uint8Array[]): PictureFormat | null {
  const ofType = (type: number): Uint8Array[] => distinct(units.filter((unit) => ((unit[0] ?? 0) & 0x1f) === type))
  const sequences = ofType(7)
  const pictures = ofType(8)
  const [sequence] = sequences
  if (sequence === undefined || pictures.length === 0 || sequences.length > 31 || pictures.length > 255) return null
  const { facts, format } = readH264Sequence(unescapeNal(sequence.subarray(1)).payload)
  const profile = sequence[1] ?? 0
  // Baseline, Main and Extended are 4:2:0 of eight bits, and say nothing of it.
  const isHigh = ![66, 77, 88].includes(profile)
  const config = box(
    'avcC',
    [1, profile, sequence[2] ?? 0, sequence[3] ?? 0, 0xff, 0xe0 | sequences.length],
    ...sequences.map(withLength),
    [pictures.length],
    ...pictures.map(withLength),
    isHigh ? [0xfc | format.chroma, 0xf8 | (format.lumaBits - 8), 0xf8 | (format.chromaBits - 8), 0] : [],
  )
  return {
    codec: 'h264',
    width: facts.width,
    height: facts.height,
    sampleEntry: visualEntry('avc1', facts, config),
    parameterSets: [...sequences, ...pictures],
  }
}

/** VPS, SPS, PPS. ITU-T H.265, table 7-1. */
const HEVC_SETS = [32, 33, 34] as const

/** ISO/IEC 14496-15, 8.3.3.1; `hvc1`, since Safari plays no other: all parameter sets stand in the entry. */
function hevcFormat(units: readonly Uint8Array[]): PictureFormat | null {
  const sets = HEVC_SETS.map((type) => ({
    type,
    units: distinct(units.filter((unit) => (((unit[0] ?? 0) >> 1) & 0x3f) === type)),
  }))
  const [sequence] = sets[1]?.units ?? []
  if (sequence === undefined || sets.some((set) => set.units.length === 0)) return null
  const payload = unescapeNal(sequence.subarray(2)).payload
  const { facts, format } = readHevcSequence(payload)
  const head = payload[0] ?? 0
  const layers = ((head >> 1) & 7) + 1
  const config = box(
    'hvcC',
    [1],
    // general_profile_space … general_level_idc, as the SPS has them.
    payload.subarray(1, 13),
    // No least segmentation, parallelism unknown.
    [0xf0, 0x00, 0xfc],
    [0xfc | format.chroma, 0xf8 | (format.lumaBits - 8), 0xf8 | (format.chromaBits - 8)],
    // Rate unknown; layers; nesting; lengths of four bytes.
    [0, 0, (layers << 3) | ((head & 1) << 2) | 3, sets.length],
    ...sets.flatMap((set) => [
      Uint8Array.from([0x80 | set.type, ...u16(set.units.length)]),
      ...set.units.map(withLength),
    ]),
  )
  return {
    codec: 'hevc',
    width: facts.width,
    height: facts.height,
    sampleEntry: visualEntry('hvc1', facts, config),
    parameterSets: sets.flatMap((set) => set.units),
  }
}

/** Start codes of MPEG-2: the sequence header and its extension are what a decoder needs first. ISO/IEC 13818-2, 6.2. */
const SEQUENCE_HEADER = 0xb3
const EXTENSION = 0xb5

function mpeg2Format(bytes: Uint8Array): PictureFormat | null {
  const facts = videoFacts('mpeg2video', bytes)
  const units = nalUnits(bytes)
  const start = units.findIndex(({ from }) => bytes[from] === SEQUENCE_HEADER)
  if (facts === null || start < 0) return null
  const end = units.find(({ from }, index) => index > start && bytes[from] !== EXTENSION)
  const setup = bytes.subarray((units[start]?.from ?? 0) - 3, end === undefined ? bytes.length : end.from - 3)
  return {
    codec: 'mpeg2video',
    width: facts.width,
    height: facts.height,
    sampleEntry: visualEntry('mp4v', facts, elementaryStreamBox('mpeg2video', [...setup.subarray(0, 1024)])),
    parameterSets: [],
  }
}

/** Access unit delimiters and filler: a fragment has other ways to say where a picture begins. */
const H264_DROPPED: ReadonlySet<number> = new Set([9, 12])
const HEVC_DROPPED: ReadonlySet<number> = new Set([35, 38])

/**
 * A picture as a sample: each NAL unit behind its length of four bytes. Parameter sets that stand in the sample entry are
 * left out; others stay, for a decoder that follows them. MPEG-2 stays as it is. ISO/IEC 14496-15, 4.3.
 */
export function pictureSample({ codec, parameterSets }: PictureFormat, bytes: Uint8Array): Uint8Array {
  if (codec === 'mpeg2video') return bytes
  const kept = nalUnits(bytes).filter(({ from, to }) => {
    const header = bytes[from] ?? 0
    const type = codec === 'h264' ? header & 0x1f : (header >> 1) & 0x3f
    if ((codec === 'h264' ? H264_DROPPED : HEVC_DROPPED).has(type) || from === to) return false
    const isSet = codec === 'h264' ? type === 7 || type === 8 : type >= 32 && type <= 34
    return !isSet || !parameterSets.some((set) => isSame(set, bytes.subarray(from, to)))
  })
  const sample = new Uint8Array(kept.reduce((sum, { from, to }) => sum + 4 + to - from, 0))
  const view = new DataView(sample.buffer)
  let at = 0
  for (const { from, to } of kept) {
    view.setUint32(at, to - from)
    sample.set(bytes.subarray(from, to), at + 4)
    at += 4 + to - from
  }
  return sample
}
