import { PACKET_SIZE, SYNC_BYTE } from '../packet.ts'
import { writePcr, writeStamp } from '../timestamps.ts'

/** A picture or a piece of sound that is to become a PES packet. Times are 90 kHz ticks modulo 2³³. */
export type PesContent = {
  readonly pid: number
  readonly kind: 'video' | 'audio'
  /** stream_type of the PMT, ISO/IEC 13818-1 table 2-34. */
  readonly streamType: number
  readonly pts90k: number
  readonly dts90k: number
  readonly isRandomAccess: boolean
  /** A clock that goes with its first packet; null: none. */
  readonly clock90k: number | null
  readonly bytes: Uint8Array
}

/**
 * One PES packet in whole transport packets; continuity counters run on from `counter`. What does not fill its packet stands
 * behind stuffing. Source: ISO/IEC 13818-1, 2.4.3.3 and 2.4.3.7.
 */
export function packPes(content: PesContent, counter: number): Uint8Array {
  const { pid, kind, bytes, clock90k } = content
  const head = pesHead(content)
  const total = head.length + bytes.length
  const isAccess = kind === 'video' && content.isRandomAccess
  const firstField = clock90k !== null ? 8 : isAccess ? 2 : 0
  const firstRoom = PACKET_SIZE - 4 - firstField
  const count = 1 + Math.max(0, Math.ceil((total - firstRoom) / (PACKET_SIZE - 4)))
  const out = new Uint8Array(count * PACKET_SIZE).fill(0xff)
  let next = counter
  let from = 0
  for (let offset = 0; offset < out.length; offset += PACKET_SIZE) {
    const isFirst = offset === 0
    const field = Math.max(isFirst ? firstField : 0, PACKET_SIZE - 4 - (total - from))
    out[offset] = SYNC_BYTE
    out[offset + 1] = (isFirst ? 0x40 : 0) | (pid >> 8)
    out[offset + 2] = pid & 0xff
    out[offset + 3] = (field > 0 ? 0x30 : 0x10) | next
    next = (next + 1) & 0x0f
    if (field > 0) out[offset + 4] = field - 1
    if (field > 1) out[offset + 5] = isFirst ? (isAccess ? 0x40 : 0) | (clock90k === null ? 0 : 0x10) : 0
    if (isFirst && clock90k !== null) {
      out.set([0, 0, 0, 0, 0x7e, 0], offset + 6)
      writePcr(out, offset, clock90k)
    }
    let at = offset + 4 + field
    if (from < head.length) {
      const part = head.subarray(from, from + offset + PACKET_SIZE - at)
      out.set(part, at)
      at += part.length
      from += part.length
    }
    const room = offset + PACKET_SIZE - at
    if (room > 0 && from >= head.length) {
      const part = bytes.subarray(from - head.length, from - head.length + room)
      out.set(part, at)
      from += part.length
    }
  }
  return out
}

function pesHead({ kind, streamType, pts90k, dts90k, bytes }: PesContent): Uint8Array {
  const hasDts = kind === 'video' && pts90k !== dts90k
  const isPrivate = streamType === 0x06 || streamType === 0x81 || streamType === 0x87
  const streamId = kind === 'video' ? 0xe0 : isPrivate ? 0xbd : 0xc0
  const times = hasDts ? 10 : 5
  const length = 3 + times + bytes.length
  const head = new Uint8Array(9 + times)
  // Pictures may be longer than the field can say (2.4.3.7).
  const told = kind === 'video' || length > 0xffff ? 0 : length
  head.set([0, 0, 1, streamId, told >> 8, told & 0xff, 0x84, hasDts ? 0xc0 : 0x80, times])
  head.set([hasDts ? 0x31 : 0x21, 0, 1, 0, 1], 9)
  writeStamp(head, 9, pts90k)
  if (hasDts) {
    head.set([0x11, 0, 1, 0, 1], 14)
    writeStamp(head, 14, dts90k)
  }
  return head
}
