/** Length of a transport packet, bytes. ISO/IEC 13818-1, 2.4.3.2. */
export const PACKET_SIZE = 188
/** First byte of every packet. */
export const SYNC_BYTE = 0x47
/** PID of stuffing packets. ISO/IEC 13818-1, table 2-3. */
export const NULL_PID = 0x1fff

/** PID of the packet at `offset`. */
export const pidAt = (bytes: Uint8Array, offset: number): number =>
  (((bytes[offset + 1] ?? 0) & 0x1f) << 8) | (bytes[offset + 2] ?? 0)

/** Whether the packet starts a PES packet or a section (`payload_unit_start_indicator`). */
export const startsUnit = (bytes: Uint8Array, offset: number): boolean => ((bytes[offset + 1] ?? 0) & 0x40) !== 0

/** Whether the sender marked the packet as damaged (`transport_error_indicator`). */
export const isDamaged = (bytes: Uint8Array, offset: number): boolean => ((bytes[offset + 1] ?? 0) & 0x80) !== 0

/** Whether the payload is encrypted (`transport_scrambling_control`). */
export const isScrambled = (bytes: Uint8Array, offset: number): boolean => ((bytes[offset + 3] ?? 0) & 0xc0) !== 0

/** Continuity counter, 0 … 15. */
export const continuityAt = (bytes: Uint8Array, offset: number): number => (bytes[offset + 3] ?? 0) & 0x0f

/** Whether the packet carries payload; only such packets count up the continuity counter. */
export const hasPayload = (bytes: Uint8Array, offset: number): boolean => ((bytes[offset + 3] ?? 0) & 0x10) !== 0

/** Flags byte of the adaptation field; 0 if there is none or it is empty. */
export const adaptationFlags = (bytes: Uint8Array, offset: number): number =>
  ((bytes[offset + 3] ?? 0) & 0x20) !== 0 && (bytes[offset + 4] ?? 0) > 0 ? (bytes[offset + 5] ?? 0) : 0

/** Offset of the first payload byte; the end of the packet if there is no payload or the adaptation field is broken. */
export function payloadAt(bytes: Uint8Array, offset: number): number {
  const control = (bytes[offset + 3] ?? 0) & 0x30
  if (control === 0x10) return offset + 4
  if (control !== 0x30) return offset + PACKET_SIZE
  return Math.min(offset + 5 + (bytes[offset + 4] ?? 0), offset + PACKET_SIZE)
}

/** Writes the PID of a packet. */
export function writePid(bytes: Uint8Array, offset: number, pid: number): void {
  bytes[offset + 1] = ((bytes[offset + 1] ?? 0) & 0xe0) | (pid >> 8)
  bytes[offset + 2] = pid & 0xff
}

/** Writes the continuity counter of a packet. */
export function writeContinuity(bytes: Uint8Array, offset: number, counter: number): void {
  bytes[offset + 3] = ((bytes[offset + 3] ?? 0) & 0xf0) | (counter & 0x0f)
}

/** Writes a packet without payload: an adaptation field with these flags (0x80: discontinuity, 0x10: a PCR, still to be written). */
export function writeEmptyPacket(
  bytes: Uint8Array,
  offset: number,
  packet: { pid: number; counter: number; flags: number },
): void {
  bytes.fill(0xff, offset, offset + PACKET_SIZE)
  bytes[offset] = SYNC_BYTE
  bytes[offset + 1] = packet.pid >> 8
  bytes[offset + 2] = packet.pid & 0xff
  bytes[offset + 3] = 0x20 | (packet.counter & 0x0f)
  bytes[offset + 4] = PACKET_SIZE - 5
  bytes[offset + 5] = packet.flags
  // Where a PCR will stand: reserved bits 1, extension 0.
  bytes[offset + 10] = 0x7e
  bytes[offset + 11] = 0
}
