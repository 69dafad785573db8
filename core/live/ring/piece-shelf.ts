import { hasPayload, PACKET_SIZE, writeContinuity } from '../packet.ts'
import type { PesUnit } from '../pes-unit.ts'
import type { ClosedPiece, Piece } from './piece.ts'

/** More is never kept, however many bits a second a channel has: 32 s of UHD. */
const MAX_BYTES = 96 * 1024 * 1024

/** The complete pieces of a ring, oldest first; bounded by time and by bytes. */
export class PieceShelf {
  readonly #now: () => number
  readonly #pieces: Piece[] = []
  /** Continuity counter of the last packet of each PID. */
  readonly #counters = new Map<number, number>()
  #bytes = 0
  /** Pieces are kept for so long. */
  keepSeconds: number

  constructor(keepSeconds: number, now: () => number) {
    this.keepSeconds = keepSeconds
    this.#now = now
  }

  /** The pieces, oldest first. */
  get pieces(): readonly Piece[] {
    return this.#pieces
  }

  /** Bytes of all pieces. */
  get bytes(): number {
    return this.#bytes
  }

  /** Takes a piece with its sound, whose continuity counters it rewrites; the oldest ones go. */
  push(closed: ClosedPiece, sound: ReadonlyMap<number, readonly PesUnit[]>): void {
    const { closedAtMs: _, ...piece } = closed
    const lists = [piece.video, ...sound.values()]
    for (const units of lists) for (const unit of units) this.#count(unit)
    const packed = pack(lists)
    const [video = [], ...tracks] = packed.lists
    const audio = new Map([...sound.keys()].map((pid, index) => [pid, tracks[index] ?? []]))
    this.#pieces.push({ ...piece, listedAtMs: this.#now(), video, audio, bytes: packed.bytes })
    this.#bytes += packed.bytes
    this.#forget(piece.start90k + piece.duration90k)
  }

  #forget(end90k: number): void {
    for (let oldest = this.#pieces[0]; oldest !== undefined && this.#pieces.length > 1; oldest = this.#pieces[0]) {
      if (end90k - oldest.start90k <= this.keepSeconds * 90_000 && this.#bytes <= MAX_BYTES) break
      this.#pieces.shift()
      this.#bytes -= oldest.bytes
    }
  }

  /** Continuity counters run on over what was left out between units. ISO/IEC 13818-1, 2.4.3.3. */
  #count({ pid, bytes }: PesUnit): void {
    let counter = this.#counters.get(pid) ?? 15
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
      if (hasPayload(bytes, offset)) counter = (counter + 1) & 0x0f
      writeContinuity(bytes, offset, counter)
    }
    this.#counters.set(pid, counter)
  }
}

/** The same units with their bytes in one buffer: a buffer for each picture costs more than many a picture. */
function pack(lists: readonly (readonly PesUnit[])[]): { readonly lists: PesUnit[][]; readonly bytes: number } {
  const total = lists.reduce((sum, units) => units.reduce((all, { bytes }) => all + bytes.length, sum), 0)
  const buffer = new Uint8Array(total)
  let at = 0
  const packed = lists.map((units) =>
    units.map((unit) => {
      const from = at
      buffer.set(unit.bytes, from)
      at += unit.bytes.length
      return { ...unit, bytes: buffer.subarray(from, at) }
    }),
  )
  return { lists: packed, bytes: total }
}
