import { Failure } from '../../errors.ts'
import { boxesIn } from './boxes.ts'
import type { Box } from './boxes.ts'
import { languageDescriptor } from './sample.ts'
import type { Track } from './sample.ts'

/** A codec of fragments: its track, and what makes a sample of it into one of a transport stream. */
export type CodecSetup = {
  readonly track: Track
  readonly convert: (
    sample: Uint8Array,
    isSync: boolean,
  ) => { readonly bytes: Uint8Array; readonly isRandomAccess: boolean }
}

const VISUAL_HEAD = 78
const SOUND_HEAD = 28
const START_CODE = [0, 0, 0, 1] as const

/**
 * What a sample entry says about its codec. Null: a track that a transport stream of ours has no place for (subtitles).
 *
 * Fails with `source/not-supported` for pictures and sound that are encrypted or of another codec.
 */
export function readSampleEntry(bytes: Uint8Array, entry: Box, language: string | null): CodecSetup | null {
  const config = (type: string, head: number): Uint8Array => {
    for (const box of boxesIn(bytes, entry.from + head, entry.to))
      if (box.type === type) return bytes.slice(box.from, box.to)
    throw new Failure('source/bad-answer', `The stream does not say how its "${entry.type}" is to be decoded`)
  }
  switch (entry.type) {
    case 'avc1':
    case 'avc3':
      return pictures(0x1b, avcSetup(config('avcC', VISUAL_HEAD)))
    case 'hvc1':
    case 'hev1':
      return pictures(0x24, hevcSetup(config('hvcC', VISUAL_HEAD)))
    case 'mp4a':
      return sound(0x0f, languageDescriptor(language), adtsWriter(config('esds', SOUND_HEAD)))
    case 'ac-3':
      return sound(0x06, [...languageDescriptor(language), 0x6a, 1, 0])
    case 'ec-3':
      return sound(0x06, [...languageDescriptor(language), 0x7a, 1, 0])
    case 'stpp':
    case 'wvtt':
    case 'tx3g':
    case 'c608':
      return null
    default:
      throw new Failure('source/not-supported', `The stream is "${entry.type}", which cannot be put into MPEG-TS`)
  }
}

function sound(
  streamType: number,
  descriptors: readonly number[],
  write: (frame: Uint8Array) => Uint8Array = (frame) => frame,
): CodecSetup {
  const track: Track = { kind: 'audio', streamType, descriptors: Uint8Array.from(descriptors) }
  return { track, convert: (frame) => ({ bytes: write(frame), isRandomAccess: true }) }
}

type PictureSetup = {
  /** Bytes of the length before each NAL unit. */
  readonly lengthSize: number
  /** Parameter sets, in Annex B. */
  readonly parameters: Uint8Array
  /** An access unit delimiter, in Annex B. */
  readonly delimiter: Uint8Array
  readonly typeOf: (firstByte: number) => 'delimiter' | 'parameters' | 'access' | 'other'
}

function pictures(streamType: number, setup: PictureSetup): CodecSetup {
  const track: Track = { kind: 'video', streamType, descriptors: new Uint8Array() }
  return { track, convert: (sample, isSync) => toAnnexB(sample, isSync, setup) }
}

/** ISO/IEC 14496-15, 5.3.3.1. */
function avcSetup(config: Uint8Array): PictureSetup {
  const parameters: number[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    const count = (config[at++] ?? 0) & mask
    for (let index = 0; index < count; index++) at = takeUnit(config, at, parameters)
  }
  return {
    lengthSize: ((config[4] ?? 3) & 3) + 1,
    parameters: Uint8Array.from(parameters),
    delimiter: Uint8Array.from([...START_CODE, 0x09, 0xf0]),
    // ITU-T H.264, table 7-1
    typeOf: (first) => ({ 5: 'access', 7: 'parameters', 9: 'delimiter' } as const)[first & 0x1f] ?? 'other',
  }
}

/** ISO/IEC 14496-15, 8.3.3.1. */
function hevcSetup(config: Uint8Array): PictureSetup {
  const parameters: number[] = []
  let at = 23
  for (let array = 0; array < (config[22] ?? 0); array++) {
    const count = ((config[at + 1] ?? 0) << 8) | (config[at + 2] ?? 0)
    at += 3
    for (let index = 0; index < count; index++) at = takeUnit(config, at, parameters)
  }
  return {
    lengthSize: ((config[21] ?? 3) & 3) + 1,
    parameters: Uint8Array.from(parameters),
    delimiter: Uint8Array.from([...START_CODE, 0x46, 0x01, 0x50]),
    // ITU-T H.265, table 7-1
    typeOf(first) {
      const type = (first >> 1) & 0x3f
      if (type >= 16 && type <= 21) return 'access'
      return type === 35 ? 'delimiter' : type === 33 ? 'parameters' : 'other'
    },
  }
}

/** Puts the unit behind its 16-bit length to the others, and gives where it ends. */
function takeUnit(config: Uint8Array, at: number, into: number[]): number {
  const length = ((config[at] ?? 0) << 8) | (config[at + 1] ?? 0)
  into.push(...START_CODE, ...config.subarray(at + 2, at + 2 + length))
  return at + 2 + length
}

/** Units behind lengths become units behind start codes; parameter sets stand before each place to start at. */
function toAnnexB(sample: Uint8Array, isSync: boolean, { lengthSize, parameters, delimiter, typeOf }: PictureSetup) {
  const units: Uint8Array[] = []
  const types = new Set<string>()
  for (let at = 0; at + lengthSize < sample.length;) {
    let length = 0
    for (let index = 0; index < lengthSize; index++) length = length * 256 + (sample[at + index] ?? 0)
    const from = at + lengthSize
    const unit = sample.subarray(from, from + length)
    at = from + length
    if (unit.length === 0) continue
    types.add(typeOf(unit[0] ?? 0))
    units.push(unit)
  }
  const isRandomAccess = isSync || types.has('access')
  const head: Uint8Array[] = []
  if (!types.has('delimiter')) head.push(delimiter)
  const needsParameters = isRandomAccess && !types.has('parameters')
  const size = units.reduce((sum, { length }) => sum + length + START_CODE.length, 0)
  const bytes = new Uint8Array(size + (head[0]?.length ?? 0) + (needsParameters ? parameters.length : 0))
  let used = 0
  const put = (part: ArrayLike<number>): void => {
    bytes.set(part, used)
    used += part.length
  }
  for (const part of head) put(part)
  for (const [index, unit] of units.entries()) {
    // A delimiter is the first unit of a picture (ITU-T H.264, 7.4.1.2.3).
    const isDelimiter = index === 0 && typeOf(unit[0] ?? 0) === 'delimiter'
    if (needsParameters && index === 0 && !isDelimiter) put(parameters)
    put(START_CODE)
    put(unit)
    if (needsParameters && isDelimiter) put(parameters)
  }
  return { bytes: bytes.subarray(0, used), isRandomAccess }
}

const ADTS_HEAD = 7

/** Writes ADTS headers by what an `esds` box says. ISO/IEC 14496-1, 7.2.6; ISO/IEC 14496-3, 1.6.2.1 and 1.A.3.2. */
function adtsWriter(esds: Uint8Array): (frame: Uint8Array) => Uint8Array {
  const { objectType, setup } = readDecoderConfig(esds)
  // 0x40: AAC of MPEG-4; 0x66 … 0x68: of MPEG-2.
  if (objectType !== 0x40 && (objectType < 0x66 || objectType > 0x68))
    throw new Failure('source/not-supported', 'The sound of the stream is in "mp4a" but no AAC')
  const [first = 0x12, second = 0x10] = setup
  const coded = first >> 3
  // With SBR the outer type says so, and decoders find it out by themselves: ADTS tells the AAC within.
  const profile = coded === 5 || coded === 29 || coded < 1 || coded > 4 ? 2 : coded
  const rate = ((first & 7) << 1) | (second >> 7)
  const layout = (second >> 3) & 0x0f
  return (frame) => {
    const length = frame.length + ADTS_HEAD
    const bytes = new Uint8Array(length)
    bytes.set([
      0xff,
      0xf1,
      ((profile - 1) << 6) | (rate << 2) | ((layout >> 2) & 1),
      ((layout & 3) << 6) | (length >> 11),
      (length >> 3) & 0xff,
      ((length & 7) << 5) | 0x1f,
      0xfc,
    ])
    bytes.set(frame, ADTS_HEAD)
    return bytes
  }
}

/** Finds DecoderConfigDescriptor and DecoderSpecificInfo. */
function readDecoderConfig(esds: Uint8Array): { readonly objectType: number; readonly setup: Uint8Array } {
  let objectType = 0
  let setup = new Uint8Array()
  for (let at = 4; at + 2 <= esds.length;) {
    const tag = esds[at++]
    let length = 0
    for (let more = true; more && at < esds.length;) {
      const byte = esds[at++] ?? 0
      length = length * 128 + (byte & 0x7f)
      more = (byte & 0x80) !== 0
    }
    if (tag === 0x03) {
      const flags = esds[at + 2] ?? 0
      at +=
        3 +
        ((flags & 0x80) === 0 ? 0 : 2) +
        ((flags & 0x40) === 0 ? 0 : 1 + (esds[at + 3] ?? 0)) +
        ((flags & 0x20) === 0 ? 0 : 2)
    } else if (tag === 0x04) {
      objectType = esds[at] ?? 0
      at += 13
    } else {
      if (tag === 0x05) setup = esds.slice(at, at + length)
      at += length
    }
  }
  return { objectType, setup }
}
