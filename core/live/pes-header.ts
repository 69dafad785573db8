import { PACKET_SIZE, payloadAt } from './packet.ts'
import { add90k, readStamp, writeStamp } from './timestamps.ts'

/** A PES header: where it begins, its times (DTS is the PTS where none is written), and where the payload begins. */
export type PesHeader = {
  readonly at: number
  readonly pts90k: number | null
  readonly dts90k: number | null
  /** A DTS is written. */
  readonly hasDts: boolean
  readonly payloadAt: number
}

/** stream_id values without times: program_stream_map, padding, private_stream_2, ECM, EMM, directory, DSM-CC, H.222.1 E. */
const WITHOUT_HEADER: ReadonlySet<number> = new Set([0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff])

/**
 * Reads the PES header in a packet that starts a unit; null if there is none, or if it does not end in this packet: that is
 * what garbage and wrongly decrypted payload look like. Source: ISO/IEC 13818-1, 2.4.3.6, table 2-21.
 */
export function readPesHeader(bytes: Uint8Array, offset: number): PesHeader | null {
  const at = payloadAt(bytes, offset)
  const end = offset + PACKET_SIZE
  if (at + 9 > end || bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) return null
  if (WITHOUT_HEADER.has(bytes[at + 3] ?? 0))
    return { at, pts90k: null, dts90k: null, hasDts: false, payloadAt: at + 6 }
  if (((bytes[at + 6] ?? 0) & 0xc0) !== 0x80) return null
  const behind = at + 9 + (bytes[at + 8] ?? 0)
  const flags = (bytes[at + 7] ?? 0) >> 6
  if (behind > end || (flags === 2 && behind < at + 14) || (flags === 3 && behind < at + 19)) return null
  const pts90k = (flags & 2) === 0 ? null : readStamp(bytes, at + 9)
  const hasDts = flags === 3
  return { at, pts90k, dts90k: hasDts ? readStamp(bytes, at + 14) : pts90k, hasDts, payloadAt: behind }
}

/** Moves the times of the header by `delta` ticks. */
export function moveTimes(bytes: Uint8Array, { at, pts90k, dts90k, hasDts }: PesHeader, delta: number): void {
  if (pts90k === null || dts90k === null || delta === 0) return
  writeStamp(bytes, at + 9, add90k(pts90k, delta))
  if (hasDts) writeStamp(bytes, at + 14, add90k(dts90k, delta))
}

/** Takes the times out of the header; stuffing stands in their place. */
export function removeTimes(bytes: Uint8Array, { at, hasDts }: PesHeader): void {
  bytes[at + 7] = (bytes[at + 7] ?? 0) & 0x3f
  bytes.fill(0xff, at + 9, at + (hasDts ? 19 : 14))
}
