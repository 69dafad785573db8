import { adaptationFlags, continuityAt, hasPayload, PACKET_SIZE } from './packet.ts'

/** Counts the continuity errors of one upstream, and knows repeated packets. ISO/IEC 13818-1, 2.4.3.3. */
export class ContinuityCheck {
  readonly #lastCounter = new Int8Array(8192).fill(-1)
  readonly #lastTail = new Int32Array(8192)

  /** Another upstream begins. */
  reset(): void {
    this.#lastCounter.fill(-1)
  }

  /** What the packet at `offset` is to the one before it on its PID. */
  see(bytes: Uint8Array, offset: number, pid: number): 'next' | 'repeated' | 'behind-loss' {
    if (!hasPayload(bytes, offset)) return 'next'
    const counter = continuityAt(bytes, offset)
    const last = this.#lastCounter[pid] ?? -1
    const tail = tailOf(bytes, offset)
    const isSame = counter === last && tail === this.#lastTail[pid]
    this.#lastCounter[pid] = counter
    this.#lastTail[pid] = tail
    if (last < 0 || counter === ((last + 1) & 0x0f)) return 'next'
    if ((adaptationFlags(bytes, offset) & 0x80) !== 0) return 'next'
    // Only equal packets are repetitions: there are senders that do not count at all.
    return isSame ? 'repeated' : 'behind-loss'
  }
}

/** Twelve bytes of a packet's end, mixed: equal for a repetition, seldom for anything else. */
function tailOf(bytes: Uint8Array, offset: number): number {
  const a = offset + PACKET_SIZE - 4
  const b = offset + 100
  return (
    ((bytes[a] ?? 0) | ((bytes[a + 1] ?? 0) << 8) | ((bytes[a + 2] ?? 0) << 16) | ((bytes[a + 3] ?? 0) << 24)) ^
    (((bytes[b] ?? 0) << 3) | ((bytes[b + 1] ?? 0) << 11) | ((bytes[b + 2] ?? 0) << 19) | ((bytes[b + 3] ?? 0) << 23))
  )
}
