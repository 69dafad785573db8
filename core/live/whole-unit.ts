import { PACKET_SIZE, payloadAt } from './packet.ts'
import type { PesHeader } from './pes-header.ts'

/** More packets are no picture of any format. */
const MAX_PACKETS = 64_000

/** What tells a picture from all others: how long it is, and its last packet behind the header. */
export type Likeness = { readonly packets: number; readonly tail: Uint8Array }

/** Whether two pictures are the same, as two receivers of one broadcast send them. */
export const isSamePicture = (a: Likeness, b: Likeness): boolean =>
  a.packets === b.packets && a.tail.every((byte, index) => byte === b.tail[index])

/** A packet behind its header: PID and counter are each sender's own. */
const tailPacket = (bytes: Uint8Array, offset: number): Uint8Array => bytes.slice(offset + 4, offset + PACKET_SIZE)

/** The likeness with one packet more. */
export const withPacket = ({ packets }: Likeness, bytes: Uint8Array, offset: number): Likeness => ({
  packets: packets + 1,
  tail: tailPacket(bytes, offset),
})

/** Nothing of a picture has come yet. */
export const NO_PACKETS: Likeness = { packets: 0, tail: new Uint8Array(0) }

/** One PES packet that is kept until all of it has come. */
export class WholeUnit {
  readonly #packets: Uint8Array[] = []
  /** Bytes that are still to come, as the header says; null: it ends where the next one starts. */
  #missing: number | null

  constructor(bytes: Uint8Array, { at }: Pick<PesHeader, 'at'>) {
    const length = ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0)
    this.#missing = length === 0 ? null : length + 6
  }

  /** Takes the next packet; true: that was the last one. */
  push(bytes: Uint8Array, offset: number): boolean {
    this.#packets.push(bytes.slice(offset, offset + PACKET_SIZE))
    if (this.#missing !== null) this.#missing -= offset + PACKET_SIZE - payloadAt(bytes, offset)
    return (this.#missing !== null && this.#missing <= 0) || this.#packets.length > MAX_PACKETS
  }

  get packets(): readonly Uint8Array[] {
    return this.#packets
  }

  /** Its packets in one row. */
  joined(): Uint8Array {
    const bytes = new Uint8Array(this.#packets.length * PACKET_SIZE)
    for (const [index, packet] of this.#packets.entries()) bytes.set(packet, index * PACKET_SIZE)
    return bytes
  }

  likeness(): Likeness {
    const last = this.#packets.at(-1)
    return { packets: this.#packets.length, tail: last === undefined ? NO_PACKETS.tail : tailPacket(last, 0) }
  }
}
