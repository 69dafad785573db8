import { pause } from '../timers.ts'
import type { Timers } from '../timers.ts'

/** Hands out segments at the pace at which they are watched, so that a list of long segments becomes a steady stream. */
export interface Pacer {
  /** Hands out the bytes of a segment in pieces of a fifth of a second; `speed` 1: as it is watched. */
  play(bytes: Uint8Array, durationMs: number, speed: number): Promise<void>
}

const PIECE_MS = 200
const PACKET = 188

/** Makes a pacer. Its clock starts with the first call; what is late is handed out at once. Fails with the signal's reason. */
export function createPacer(options: {
  readonly send: (piece: Uint8Array) => void
  readonly timers: Timers
  readonly now: () => number
  readonly signal: AbortSignal
}): Pacer {
  const { send, timers, now, signal } = options
  /** When the next piece is due. */
  let dueAt: number | null = null
  return {
    async play(bytes, durationMs, speed) {
      dueAt ??= now()
      const pieces = Math.max(1, Math.ceil(durationMs / PIECE_MS))
      const size = Math.max(PACKET, Math.ceil(bytes.length / pieces / PACKET) * PACKET)
      for (let at = 0; at < bytes.length; at += size) {
        const wait = dueAt - now()
        if (wait > 0) await pause(timers, wait, signal)
        signal.throwIfAborted()
        send(bytes.subarray(at, at + size))
        dueAt += (durationMs * size) / bytes.length / speed
      }
    },
  }
}
