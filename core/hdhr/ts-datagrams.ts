const PACKET_SIZE = 188
/** What fits into a frame of Ethernet. */
const PACKETS = 7
const RTP_HEADER = 12

/** Cuts a stream of whole TS packets into datagrams of seven. */
export interface TsDatagrams {
  push(bytes: Uint8Array): void
}

/**
 * Datagrams for `udp` (bare packets) or `rtp` (RFC 2250: payload type 33, a clock of 90 kHz; the time stamp counts
 * packets, because receivers of television go by the PCR). What is less than seven packets waits for the rest.
 */
export function createTsDatagrams(protocol: 'rtp' | 'udp', send: (datagram: Uint8Array) => void): TsDatagrams {
  const header = protocol === 'rtp' ? RTP_HEADER : 0
  const size = PACKETS * PACKET_SIZE
  let sequence = 0
  let datagram = new Uint8Array(header + size)
  let filled = 0

  const flush = (): void => {
    if (header > 0) {
      const view = new DataView(datagram.buffer)
      view.setUint16(0, 0x8021)
      view.setUint16(2, sequence & 0xffff)
      view.setUint32(4, (sequence * PACKETS) >>> 0)
      view.setUint32(8, 0x444c4e4b)
    }
    sequence += 1
    send(datagram)
    datagram = new Uint8Array(header + size)
    filled = 0
  }

  return {
    push(bytes) {
      for (let at = 0; at < bytes.length;) {
        const piece = bytes.subarray(at, at + size - filled)
        datagram.set(piece, header + filled)
        filled += piece.length
        at += piece.length
        if (filled === size) flush()
      }
    },
  }
}
