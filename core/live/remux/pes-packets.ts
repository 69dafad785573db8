import { PACKET_SIZE, SYNC_BYTE } from '../packet.ts'
import { writePcr, writeStamp } from '../timestamps.ts'

/** What a packet carries. */
const PAYLOAD = PACKET_SIZE - 4

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

/** How many transport packets the PES packet takes. */
export function pesPackets(content: PesContent): number {
  const total = headLength(content) + content.bytes.length
  return 1 + Math.max(0, Math.ceil((total - (PAYLOAD - firstField(content))) / PAYLOAD))
}

/** One PES packet in whole transport packets; continuity counters run on from `counter`. */
export function packPes(content: PesContent, counter: number): Uint8Array {
  const out = new Uint8Array(pesPackets(content) * PACKET_SIZE)
  writePes(out, 0, { content, counter })
  return out
}

/**
 * Writes one PES packet as whole transport packets, of which there is room for `pesPackets`, and gives where they end. What
 * does not fill its packet stands behind stuffing. Source: ISO/IEC 13818-1, 2.4.3.3 and 2.4.3.7.
 */
export function writePes(
  out: Uint8Array,
  start: number,
  { content, counter }: { readonly content: PesContent; readonly counter: number },
): number {
  const { pid, bytes, clock90k } = content
  const head = pesHead(content)
  const total = head.length + bytes.length
  const end = start + pesPackets(content) * PACKET_SIZE
  let next = counter
  let from = 0
  for (let offset = start; offset < end; offset += PACKET_SIZE) {
    const isFirst = offset === start
    const field = Math.max(isFirst ? firstField(content) : 0, PAYLOAD - (total - from))
    out[offset] = SYNC_BYTE
    out[offset + 1] = (isFirst ? 0x40 : 0) | (pid >> 8)
    out[offset + 2] = pid & 0xff
    out[offset + 3] = (field > 0 ? 0x30 : 0x10) | next
    next = (next + 1) & 0x0f
    if (field > 0) out[offset + 4] = field - 1
    if (field > 1) {
      out.fill(0xff, offset + 6, offset + 4 + field)
      out[offset + 5] = isFirst ? (isMarked(content) ? 0x40 : 0) | (clock90k === null ? 0 : 0x10) : 0
    }
    if (isFirst && clock90k !== null) {
      out[offset + 10] = 0x7e
      out[offset + 11] = 0
      writePcr(out, offset, clock90k)
    }
    let at = offset + 4 + field
    for (; at < offset + PACKET_SIZE && from < head.length; at++, from++) out[at] = head[from] ?? 0
    const rest = bytes.subarray(from - head.length, from - head.length + offset + PACKET_SIZE - at)
    out.set(rest, at)
    from += rest.length
  }
  return end
}

const isMarked = ({ kind, isRandomAccess }: PesContent): boolean => kind === 'video' && isRandomAccess

/** Bytes of the adaptation field in the first packet. */
const firstField = (content: PesContent): number => (content.clock90k !== null ? 8 : isMarked(content) ? 2 : 0)

const hasDts = ({ kind, pts90k, dts90k }: PesContent): boolean => kind === 'video' && pts90k !== dts90k
const headLength = (content: PesContent): number => (hasDts(content) ? 19 : 14)

function pesHead(content: PesContent): Uint8Array {
  const { kind, streamType, pts90k, dts90k, bytes } = content
  const isPrivate = streamType === 0x06 || streamType === 0x81 || streamType === 0x87
  const streamId = kind === 'video' ? 0xe0 : isPrivate ? 0xbd : 0xc0
  const head = new Uint8Array(headLength(content))
  const times = head.length - 9
  const length = 3 + times + bytes.length
  // Pictures may be longer than the field can say (2.4.3.7).
  const told = kind === 'video' || length > 0xffff ? 0 : length
  head.set([0, 0, 1, streamId, told >> 8, told & 0xff, 0x84, times === 10 ? 0xc0 : 0x80, times])
  head.set([times === 10 ? 0x31 : 0x21, 0, 1, 0, 1], 9)
  writeStamp(head, 9, pts90k)
  if (times === 10) {
    head.set([0x11, 0, 1, 0, 1], 14)
    writeStamp(head, 14, dts90k)
  }
  return head
}
