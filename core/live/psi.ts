import type { Codec, ElementaryStream, Program } from './program.ts'
import { PACKET_SIZE, payloadAt, startsUnit, SYNC_BYTE } from './packet.ts'

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  return crc >>> 0
})

/** CRC-32/MPEG-2 of a part of the bytes; over a whole section with its CRC it is 0. ISO/IEC 13818-1, annex A. */
export function crc32(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffffffff
  for (let index = from; index < to; index++)
    crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ (bytes[index] ?? 0)) & 0xff] ?? 0)
  return crc >>> 0
}

/** Longest PSI section, bytes. ISO/IEC 13818-1, 2.4.4.1. */
const MAX_SECTION = 1024

/** Puts the sections of one PID together. Sections with a wrong CRC or length are dropped. */
export class SectionReader {
  readonly #longest: number
  #pending: Uint8Array | null = null
  #filled = 0

  /** `longest`: bytes that a section of this table may have. */
  constructor(longest = MAX_SECTION) {
    this.#longest = longest
  }

  /** Takes one packet and gives the sections that it completes. */
  push(bytes: Uint8Array, offset: number): Uint8Array[] {
    const end = offset + PACKET_SIZE
    let at = payloadAt(bytes, offset)
    const done: Uint8Array[] = []
    if (at >= end) return done
    if (!startsUnit(bytes, offset)) {
      this.#append(bytes, at, end, done)
      return done
    }
    const start = at + 1 + (bytes[at] ?? 0)
    if (start > end) {
      this.#pending = null
      return done
    }
    this.#append(bytes, at + 1, start, done)
    this.#pending = null
    at = start
    while (at < end && bytes[at] !== 0xff) at = this.#begin(bytes, at, end, done)
    return done
  }

  #begin(bytes: Uint8Array, at: number, end: number, done: Uint8Array[]): number {
    if (at + 3 > end) {
      // A header that is cut by the packet border: its length is known with the next packet only.
      this.#pending = new Uint8Array(this.#longest)
      this.#pending.set(bytes.subarray(at, end))
      this.#filled = end - at
      return end
    }
    const length = 3 + ((((bytes[at + 1] ?? 0) & 0x0f) << 8) | (bytes[at + 2] ?? 0))
    if (length > this.#longest) return end
    this.#pending = new Uint8Array(length)
    this.#filled = 0
    const stop = Math.min(end, at + length)
    this.#append(bytes, at, stop, done)
    return stop
  }

  #append(bytes: Uint8Array, from: number, to: number, done: Uint8Array[]): void {
    const pending = this.#pending
    if (pending === null || from >= to) return
    const room = Math.min(to - from, pending.length - this.#filled)
    pending.set(bytes.subarray(from, from + room), this.#filled)
    this.#filled += room
    if (this.#filled < 3) return
    const length = 3 + ((((pending[1] ?? 0) & 0x0f) << 8) | (pending[2] ?? 0))
    if (length > pending.length) this.#pending = null
    else if (this.#filled >= length) {
      this.#pending = null
      const section = pending.subarray(0, length)
      if (length >= 12 && crc32(section) === 0) done.push(section)
    }
  }
}

/** The programmes of a PAT section: programme number → PMT PID; null if it is not a current PAT. */
export function parsePat(section: Uint8Array): ReadonlyMap<number, number> | null {
  if (section[0] !== 0x00 || ((section[5] ?? 0) & 0x01) === 0) return null
  const programs = new Map<number, number>()
  for (let at = 8; at + 4 <= section.length - 4; at += 4) {
    const number = word(section, at)
    // Programme 0 names the network information table.
    if (number !== 0) programs.set(number, word(section, at + 2) & 0x1fff)
  }
  return programs
}

/** What a PMT section says; `version` is the sender's. */
export type ParsedPmt = {
  readonly programNumber: number
  readonly version: number
  readonly pcrPid: number
  readonly streams: readonly ElementaryStream[]
}

/** Reads a PMT section; null if it is not a current PMT or its lengths are wrong. */
export function parsePmt(section: Uint8Array): ParsedPmt | null {
  if (section[0] !== 0x02 || section.length < 16 || ((section[5] ?? 0) & 0x01) === 0) return null
  const end = section.length - 4
  let at = 12 + (word(section, 10) & 0x0fff)
  const streams: ElementaryStream[] = []
  while (at + 5 <= end) {
    const streamType = section[at] ?? 0
    const pid = word(section, at + 1) & 0x1fff
    const length = word(section, at + 3) & 0x0fff
    if (at + 5 + length > end) return null
    streams.push(describeStream(streamType, pid, section.slice(at + 5, at + 5 + length)))
    at += 5 + length
  }
  return {
    programNumber: word(section, 3),
    version: ((section[5] ?? 0) >> 1) & 0x1f,
    pcrPid: word(section, 8) & 0x1fff,
    streams,
  }
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

/** Walks a descriptor loop: tag and body of each descriptor. */
export function* descriptors(loop: Uint8Array): Generator<{ readonly tag: number; readonly body: Uint8Array }> {
  for (let at = 0; at + 2 <= loop.length; at += 2 + (loop[at + 1] ?? 0))
    yield { tag: loop[at] ?? 0, body: loop.subarray(at + 2, at + 2 + (loop[at + 1] ?? 0)) }
}

type Kind = ElementaryStream['kind']

/** stream_type → codec, for types that say all. ISO/IEC 13818-1, table 2-34; ATSC A/53 for AC-3. */
const BY_TYPE: ReadonlyMap<number, readonly [Kind, Codec]> = new Map<number, readonly [Kind, Codec]>([
  [0x01, ['video', 'mpeg2video']],
  [0x02, ['video', 'mpeg2video']],
  [0x1b, ['video', 'h264']],
  [0x24, ['video', 'hevc']],
  [0x03, ['audio', 'mp2']],
  [0x04, ['audio', 'mp2']],
  [0x0f, ['audio', 'aac']],
  [0x11, ['audio', 'aac_latm']],
  [0x81, ['audio', 'ac3']],
  [0x87, ['audio', 'eac3']],
])

/** Descriptor tag → codec, for private data (stream_type 6). ETSI EN 300 468, table 12. */
const BY_DESCRIPTOR: ReadonlyMap<number, readonly [Kind, Codec]> = new Map<number, readonly [Kind, Codec]>([
  [0x6a, ['audio', 'ac3']],
  [0x7a, ['audio', 'eac3']],
  [0x7c, ['audio', 'aac']],
  [0x56, ['teletext', 'dvb_teletext']],
  [0x59, ['subtitle', 'dvb_subtitle']],
])

function describeStream(streamType: number, pid: number, loop: Uint8Array): ElementaryStream {
  let [kind, codec]: readonly [Kind, Codec] = BY_TYPE.get(streamType) ?? ['data', 'other']
  let language: string | null = null
  for (const { tag, body } of descriptors(loop)) {
    const found = streamType === 0x06 ? BY_DESCRIPTOR.get(tag) : undefined
    if (found && kind === 'data') [kind, codec] = found
    // ISO_639_language, teletext and subtitling descriptors all begin with the language.
    if (language === null && (tag === 0x0a || tag === 0x56 || tag === 0x59) && body.length >= 3)
      language = String.fromCharCode(...body.subarray(0, 3)).toLowerCase()
    // registration_descriptor
    if (tag === 0x05 && kind === 'data' && streamType === 0x06) {
      const format = String.fromCharCode(...body.subarray(0, 4))
      if (format === 'AC-3') [kind, codec] = ['audio', 'ac3']
      else if (format === 'EAC3') [kind, codec] = ['audio', 'eac3']
      else if (format === 'HEVC') [kind, codec] = ['video', 'hevc']
    }
  }
  return {
    pid,
    kind,
    codec,
    streamType,
    language: /^[a-z]{3}$/.test(language ?? '') ? language : null,
    descriptors: loop,
  }
}

/** A PAT section with one programme. */
export function buildPat(program: Pick<Program, 'programNumber' | 'pmtPid'>, transportStreamId: number): Uint8Array {
  const { programNumber, pmtPid } = program
  return withCrc([
    0x00,
    0xb0,
    0x0d,
    transportStreamId >> 8,
    transportStreamId & 0xff,
    0xc1,
    0x00,
    0x00,
    programNumber >> 8,
    programNumber & 0xff,
    0xe0 | (pmtPid >> 8),
    pmtPid & 0xff,
  ])
}

/** Our PMT section of a programme. Descriptors are written as they are; CA descriptors should be gone already. */
export function buildPmt({ programNumber, version, pcrPid, streams }: Program): Uint8Array {
  const body = streams.flatMap(({ streamType, pid, descriptors: loop }) => [
    streamType,
    0xe0 | (pid >> 8),
    pid & 0xff,
    0xf0 | (loop.length >> 8),
    loop.length & 0xff,
    ...loop,
  ])
  const length = 9 + body.length + 4
  return withCrc([
    0x02,
    0xb0 | (length >> 8),
    length & 0xff,
    programNumber >> 8,
    programNumber & 0xff,
    0xc1 | (version << 1),
    0x00,
    0x00,
    0xe0 | (pcrPid >> 8),
    pcrPid & 0xff,
    0xf0,
    0x00,
    ...body,
  ])
}

function withCrc(head: readonly number[]): Uint8Array {
  const section = new Uint8Array(head.length + 4)
  section.set(head)
  new DataView(section.buffer).setUint32(head.length, crc32(section, 0, head.length))
  return section
}

/** A section as whole packets of one PID; continuity counters run on from `counter`. */
export function packetize(section: Uint8Array, pid: number, counter: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((section.length + 1) / (PACKET_SIZE - 4)) * PACKET_SIZE).fill(0xff)
  let from = 0
  for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
    const isFirst = offset === 0
    bytes.set(
      [SYNC_BYTE, (isFirst ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10 | ((counter + offset / PACKET_SIZE) & 0x0f)],
      offset,
    )
    if (isFirst) bytes[offset + 4] = 0
    const at = offset + (isFirst ? 5 : 4)
    const piece = section.subarray(from, from + offset + PACKET_SIZE - at)
    bytes.set(piece, at)
    from += piece.length
  }
  return bytes
}
