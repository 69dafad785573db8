/** Writing MPEG transport streams: packets, sections, time stamps. Source: ISO/IEC 13818-1, 2.4. */

export const PACKET_SIZE = 188
/** First byte of every packet. */
export const SYNC = 0x47
/** PTS, DTS and PCR base count modulo this. */
export const TIME_MODULUS = 2 ** 33

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})

/** CRC-32/MPEG-2 of a section; 0 over a section that includes its own CRC. Source: ISO/IEC 13818-1, annex A. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = ((crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0
  return crc
}

/** A section with the long header (version, section number) and its CRC. */
export function longSection(table: {
  readonly id: number
  readonly extension: number
  readonly version: number
  readonly number?: number
  readonly last?: number
  readonly body: readonly number[]
}): Uint8Array<ArrayBuffer> {
  const length = table.body.length + 9
  if (length > 4093) throw new RangeError(`Section of table ${table.id} has ${length} bytes, at most 4093 fit`)
  const bytes = Uint8Array.from([
    table.id,
    0xb0 | (length >> 8), // syntax indicator 1, private 0; for DVB tables the second bit is "reserved" and ignored
    length & 0xff,
    table.extension >> 8,
    table.extension & 0xff,
    0xc1 | ((table.version & 31) << 1), // current_next = 1
    table.number ?? 0,
    table.last ?? 0,
    ...table.body,
    0,
    0,
    0,
    0,
  ])
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)))
  return bytes
}

/** Counts packets of one PID modulo 16. */
export type Continuity = { next: number }

/** Puts one section into as many packets as it needs, padded with 0xFF. */
export function sectionPackets(pid: number, section: Uint8Array, continuity: Continuity): Uint8Array<ArrayBuffer> {
  const count = Math.ceil((section.length + 1) / 184)
  const out = new Uint8Array(count * PACKET_SIZE).fill(0xff)
  let taken = 0
  for (let index = 0; index < count; index++) {
    const at = index * PACKET_SIZE
    const first = index === 0
    out[at] = SYNC
    out[at + 1] = (first ? 0x40 : 0) | (pid >> 8)
    out[at + 2] = pid & 0xff
    out[at + 3] = 0x10 | continuity.next
    continuity.next = (continuity.next + 1) & 15
    if (first) out[at + 4] = 0 // pointer_field
    const piece = section.subarray(taken, taken + (first ? 183 : 184))
    out.set(piece, at + (first ? 5 : 4))
    taken += piece.length
  }
  return out
}

/** Writes a PTS or DTS (90 kHz) over the five bytes at `at`, keeping the four marker bits in front. */
export function writeTimestamp(target: Uint8Array, at: number, ticks: number): void {
  const time = modulo(ticks, TIME_MODULUS)
  const high = Math.floor(time / 2 ** 30)
  const low = time % 2 ** 30
  target[at] = ((target[at] ?? 0) & 0xf0) | (high << 1) | 1
  target[at + 1] = (low >> 22) & 0xff
  target[at + 2] = ((low >> 14) & 0xfe) | 1
  target[at + 3] = (low >> 7) & 0xff
  target[at + 4] = ((low << 1) & 0xfe) | 1
}

/** Reads what `writeTimestamp` writes. */
export function readTimestamp(source: Uint8Array, at: number): number {
  const byte = (offset: number): number => source[at + offset] ?? 0
  return ((byte(0) >> 1) & 7) * 2 ** 30 + ((byte(1) << 22) | ((byte(2) >> 1) << 15) | (byte(3) << 7) | (byte(4) >> 1))
}

/** Writes a PCR of 90 kHz ticks (may be fractional) over the six bytes at `at`. */
export function writePcr(target: Uint8Array, at: number, ticks: number): void {
  const time = modulo(ticks, TIME_MODULUS)
  const base = Math.floor(time)
  const extension = Math.min(299, Math.floor((time - base) * 300))
  target[at] = Math.floor(base / 2 ** 25)
  target[at + 1] = Math.floor(base / 2 ** 17) & 0xff
  target[at + 2] = Math.floor(base / 2 ** 9) & 0xff
  target[at + 3] = Math.floor(base / 2) & 0xff
  target[at + 4] = ((base % 2) << 7) | 0x7e | (extension >> 8)
  target[at + 5] = extension & 0xff
}

/** The remainder that is never negative. */
export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
