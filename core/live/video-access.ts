import type { Codec } from './program.ts'

/** What the first bytes of a picture tell: a decoder may start here, may not, or more bytes are needed. */
export type PictureStart = 'random-access' | 'other' | 'undecided'

/**
 * Looks at the beginning of a video PES payload for a random access point.
 *
 * H.264: an IDR slice, a picture with a recovery point SEI (open GOP, as broadcasts have it, and gradual refresh), or an I
 * slice behind an SPS.
 * HEVC: NAL types 16 … 21. MPEG-2: an I picture behind a sequence or GOP header.
 * Source: ITU-T H.264 7.3/7.4, H.265 table 7-1, ISO/IEC 13818-2 6.2.
 */
export function inspectPicture(codec: Codec, bytes: Uint8Array, length: number): PictureStart {
  if (codec === 'h264') return inspectH264(bytes, length)
  if (codec === 'hevc') return inspectHevc(bytes, length)
  if (codec === 'mpeg2video') return inspectMpeg2(bytes, length)
  return 'other'
}

const at = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0

/** Index of the byte behind the next 00 00 01 at or after `from`; −1 if there is none below `length`. */
export function nextStartCode(bytes: Uint8Array, from: number, length: number): number {
  for (let index = from; index + 3 < length;) {
    const third = at(bytes, index + 2)
    if (third > 1) index += 3
    else if (third === 1 && at(bytes, index) === 0 && at(bytes, index + 1) === 0) return index + 3
    else index += 1
  }
  return -1
}

function inspectH264(bytes: Uint8Array, length: number): PictureStart {
  let mayRecover = false
  for (let nal = nextStartCode(bytes, 0, length); nal >= 0; nal = nextStartCode(bytes, nal, length)) {
    const type = at(bytes, nal) & 0x1f
    if (type === 5) return 'random-access'
    if (type === 7) mayRecover = true
    else if (type === 6) {
      if (nal + 16 > length && nextStartCode(bytes, nal, length) < 0) return 'undecided'
      if (hasRecoveryPoint(bytes, nal + 1, length)) return 'random-access'
    } else if (type === 1 || type === 2) {
      if (!mayRecover) return 'other'
      if (nal + 8 > length) return 'undecided'
      return isIntraSlice(bytes, nal + 1) ? 'random-access' : 'other'
    }
  }
  return 'undecided'
}

/** Whether a recovery point message (type 6) stands in this NAL. ITU-T H.264, 7.3.2.3.1, D.1.8. */
function hasRecoveryPoint(bytes: Uint8Array, from: number, length: number): boolean {
  const nal = unescape(bytes, from, length)
  for (let index = 0; index + 2 < nal.length;) {
    let type = 0
    for (; nal[index] === 0xff; index++) type += 255
    type += at(nal, index++)
    let size = 0
    for (; nal[index] === 0xff; index++) size += 255
    size += at(nal, index++)
    if (type === 6) return true
    // Behind the last message stand rbsp_trailing_bits.
    if (at(nal, index + size) === 0x80) return false
    index += size
  }
  return false
}

/** The NAL's bytes up to the next start code, without emulation_prevention_three_byte. */
function unescape(bytes: Uint8Array, from: number, length: number): Uint8Array {
  const end = nextStartCode(bytes, from, length)
  const nal = new Uint8Array((end < 0 ? length : end - 3) - from)
  let used = 0
  let zeros = 0
  for (let index = from; index < from + nal.length; index++) {
    const value = at(bytes, index)
    if (zeros >= 2 && value === 3) zeros = 0
    else {
      nal[used++] = value
      zeros = value === 0 ? zeros + 1 : 0
    }
  }
  return nal.subarray(0, used)
}

/** Reads first_mb_in_slice and slice_type (exp-Golomb) of a slice header; I and SI are 2, 4, 7, 9. */
function isIntraSlice(bytes: Uint8Array, from: number): boolean {
  let bit = 0
  const readBit = (): number => {
    const value = (at(bytes, from + (bit >> 3)) >> (7 - (bit & 7))) & 1
    bit += 1
    return value
  }
  const readGolomb = (): number => {
    let zeros = 0
    while (readBit() === 0) if (++zeros > 20) return -1
    let value = 1
    for (let index = 0; index < zeros; index++) value = value * 2 + readBit()
    return value - 1
  }
  readGolomb()
  const type = readGolomb() % 5
  return type === 2 || type === 4
}

function inspectHevc(bytes: Uint8Array, length: number): PictureStart {
  for (let nal = nextStartCode(bytes, 0, length); nal >= 0; nal = nextStartCode(bytes, nal, length)) {
    const type = (at(bytes, nal) >> 1) & 0x3f
    if (type <= 31) return type >= 16 && type <= 21 ? 'random-access' : 'other'
  }
  return 'undecided'
}

function inspectMpeg2(bytes: Uint8Array, length: number): PictureStart {
  let isGroupStart = false
  for (let code = nextStartCode(bytes, 0, length); code >= 0; code = nextStartCode(bytes, code, length)) {
    const value = at(bytes, code)
    if (value === 0xb3 || value === 0xb8) isGroupStart = true
    else if (value === 0x00) {
      if (code + 3 > length) return 'undecided'
      const codingType = (at(bytes, code + 2) >> 3) & 0x07
      return isGroupStart && codingType === 1 ? 'random-access' : 'other'
    }
  }
  return 'undecided'
}
