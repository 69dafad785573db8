import { Failure } from '../errors.ts'
import { PACKET_SIZE, SYNC_BYTE } from './packet.ts'

/** Packets in a row that must carry the sync byte before the stream counts as found. */
const SYNC_PACKETS = 4
/** Bytes without sync after which the stream counts as not being MPEG-TS. */
const MAX_GARBAGE = 65_536

const NOTHING = new Uint8Array(0)

/**
 * Cuts a byte stream at packet borders and drops bytes before the first sync and after a loss of it.
 *
 * In: chunks of any size. Out: chunks whose length is a multiple of 188, each packet starting with 0x47; a chunk may be a
 * view of the one that was put in, and is a plain `Uint8Array` whatever that was. Keeps at most 751 bytes between chunks. Throws `live/not-mpeg-ts` after 64 KiB without
 * sync. Source: ISO/IEC 13818-1, 2.4.3.2.
 */
export class PacketAligner {
  #rest: Uint8Array = NOTHING
  #inSync = false
  #garbage = 0

  /** How often the sync was lost after it had been found. */
  losses = 0

  /** Takes a chunk and gives its whole packets; possibly none. */
  push(chunk: Uint8Array): Uint8Array {
    const bytes = this.#rest.length === 0 ? plain(chunk) : join(this.#rest, chunk)
    if (this.#inSync && isAligned(bytes)) return this.#keepRest(bytes, 0)
    return this.#search(bytes)
  }

  #keepRest(bytes: Uint8Array, from: number): Uint8Array {
    const whole = from + Math.floor((bytes.length - from) / PACKET_SIZE) * PACKET_SIZE
    // A copy: the chunk's memory may be large and is not ours to hold.
    this.#rest = whole === bytes.length ? NOTHING : bytes.slice(whole)
    return bytes.subarray(from, whole)
  }

  /** Collects the aligned runs of a chunk in which the sync is lost, or not found yet. */
  #search(bytes: Uint8Array): Uint8Array {
    const runs: Uint8Array[] = []
    let at = 0
    while (at < bytes.length) {
      if (!this.#inSync) {
        const found = findSync(bytes, at)
        this.#count(found - at)
        at = found
        if (bytes.length - at < SYNC_PACKETS * PACKET_SIZE) break
        this.#inSync = true
        this.#garbage = 0
      }
      let end = at
      while (end + PACKET_SIZE <= bytes.length && bytes[end] === SYNC_BYTE) end += PACKET_SIZE
      const isLost = end < bytes.length && bytes[end] !== SYNC_BYTE
      // Bytes are lost within packets: the one before holds the beginning of the next one.
      if (isLost && end > at) end -= PACKET_SIZE
      if (end > at) runs.push(bytes.subarray(at, end))
      at = end
      if (!isLost) break
      this.#inSync = false
      this.losses += 1
      at += 1
    }
    this.#rest = bytes.slice(at)
    return runs.length === 1 ? (runs[0] ?? NOTHING) : runs.reduce(join, NOTHING)
  }

  #count(bytes: number): void {
    this.#garbage += bytes
    if (this.#garbage > MAX_GARBAGE)
      throw new Failure('live/not-mpeg-ts', `Found no MPEG transport stream in ${this.#garbage} bytes`)
  }
}

/**
 * The same memory as a plain array. What sockets and files of Node give is a `Buffer`, and its `slice()` copies nothing: who
 * keeps such a copy would see headers change that are written behind it.
 */
const plain = (chunk: Uint8Array): Uint8Array => new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)

function isAligned(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += PACKET_SIZE) if (bytes[at] !== SYNC_BYTE) return false
  return true
}

/** First place from which all packets that are there (at most `SYNC_PACKETS`) carry the sync byte; the length if none does. */
function findSync(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(SYNC_BYTE, from); at >= 0; at = bytes.indexOf(SYNC_BYTE, at + 1)) {
    let isFound = true
    for (let n = 1; n < SYNC_PACKETS && isFound; n++) {
      const next = at + n * PACKET_SIZE
      if (next >= bytes.length) break
      isFound = bytes[next] === SYNC_BYTE
    }
    if (isFound) return at
  }
  return bytes.length
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length)
  bytes.set(a)
  bytes.set(b, a.length)
  return bytes
}
