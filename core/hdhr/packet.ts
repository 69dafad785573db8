import { crc32 } from './crc32.ts'

/** Types of packets on port 65001 (libhdhomerun, hdhomerun_pkt.h). */
export const PACKET = { discoverRequest: 2, discoverReply: 3, getSetRequest: 4, getSetReply: 5 } as const

/** A packet of port 65001, by UDP or TCP. */
export type HdhrPacket = { readonly type: number; readonly payload: Uint8Array }

/** The longest payload that clients take. */
export const MAX_PAYLOAD = 1452
const HEADER = 4
const CRC = 4

/** The packet as bytes: type and length in network order, payload, CRC-32 with the low byte first. Fails with `RangeError` when it is too long. */
export function writePacket({ type, payload }: HdhrPacket): Uint8Array<ArrayBuffer> {
  if (payload.length > MAX_PAYLOAD) throw new RangeError(`A payload has ${payload.length} of ${MAX_PAYLOAD} bytes`)
  const bytes = new Uint8Array(HEADER + payload.length + CRC)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, type)
  view.setUint16(2, payload.length)
  bytes.set(payload, HEADER)
  view.setUint32(HEADER + payload.length, crc32(bytes.subarray(0, HEADER + payload.length)), true)
  return bytes
}

/** The packet that a datagram begins with, whatever follows it; null: it is none, or the CRC is wrong. */
export function readPacket(bytes: Uint8Array): HdhrPacket | null {
  const length = packetLength(bytes)
  if (length === null || bytes.length < length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, length)
  const end = length - CRC
  if (view.getUint32(end, true) !== crc32(bytes.subarray(0, end))) return null
  return { type: view.getUint16(0), payload: bytes.subarray(HEADER, end) }
}

/** How long the packet is whose header these bytes begin with; null: the header is not there yet. */
function packetLength(bytes: Uint8Array): number | null {
  if (bytes.length < HEADER) return null
  return HEADER + (((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)) + CRC
}

/** Cuts what comes by TCP into packets; keeps at most one that is not whole. */
export class PacketCutter {
  #rest = new Uint8Array(0)

  /** The packets that are whole now. Fails with `SyntaxError` for a wrong CRC or a packet that is too long: close then. */
  push(chunk: Uint8Array): readonly HdhrPacket[] {
    let bytes = new Uint8Array(this.#rest.length + chunk.length)
    bytes.set(this.#rest)
    bytes.set(chunk, this.#rest.length)
    const packets: HdhrPacket[] = []
    for (;;) {
      const length = packetLength(bytes)
      if (length === null) break
      if (length > HEADER + MAX_PAYLOAD + CRC) throw new SyntaxError(`A packet of ${length} bytes is too long`)
      if (bytes.length < length) break
      const packet = readPacket(bytes)
      if (packet === null) throw new SyntaxError('The CRC of a packet is wrong')
      packets.push(packet)
      bytes = bytes.subarray(length)
    }
    this.#rest = bytes.slice()
    return packets
  }
}
