import type { Socket } from 'node:net'
import type { StreamFault } from './faults.ts'
import { PACKET_SIZE } from './ts-writer.ts'

/** Carries chunks to a socket the way a box does: never waits, and loses data when the client is slow. */
export interface Delivery {
  send(chunk: Uint8Array): void
  /** Closes with FIN after what was written. */
  end(): void
}

/** What a delivery reports and what disturbs it. */
export type DeliveryOptions = {
  readonly socket: Socket
  readonly fault: StreamFault | null
  readonly now: () => number
  readonly onSent: (bytes: number) => void
  readonly onDropped: (bytes: number) => void
}

/** The body that says everything. 28 bytes. */
export const ERROR_TEXT = 'HTTP/1.0 400 Bad Request\r\n\r\n'

const UNSENT_LIMIT = 2_000_000
const RESUME_BELOW = 1_000_000
const RESET_PATIENCE_MS = 100

/** Starts delivering to a socket whose header was sent. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { socket, fault, now } = options
  const startedAtMs = now()
  let total = 0
  let unsent = 0
  let overrun = false
  let over = false

  const write = (bytes: Uint8Array): void => {
    if (bytes.length === 0) return
    total += bytes.length
    unsent += bytes.length
    options.onSent(bytes.length)
    socket.write(bytes, () => (unsent -= bytes.length))
  }
  const end = (): void => {
    if (over) return
    over = true
    hangUp(socket)
  }
  /** Sends what still fits before byte `limit`; true when the limit is reached. */
  const upTo = (chunk: Uint8Array, limit: number): boolean => {
    if (total + chunk.length < limit) {
      write(chunk)
      return false
    }
    write(chunk.subarray(0, limit - total))
    over = true
    return true
  }

  return {
    end,
    send(chunk) {
      if (over || socket.destroyed) return
      const elapsed = now() - startedAtMs
      switch (fault?.kind) {
        case 'stall-after':
          if (elapsed >= fault.afterMs && elapsed < fault.afterMs + (fault.forMs ?? Number.POSITIVE_INFINITY)) return
          break
        case 'half-open-after':
          if (elapsed < fault.afterMs) break
          over = true // nothing more in either direction; only the client's own FIN or RST still frees the tuner
          return
        case 'end-after':
          if (upTo(chunk, fault.bytes)) hangUp(socket)
          return
        case 'error-text-after':
          if (upTo(chunk, fault.bytes)) hangUp(socket, ERROR_TEXT)
          return
        case 'reset-after':
          if (upTo(chunk, fault.bytes)) reset(socket)
          return
        default:
          break
      }
      if (overrun && unsent > RESUME_BELOW) {
        options.onDropped(chunk.length)
        return
      }
      if (!overrun && unsent > UNSENT_LIMIT) {
        // The write is cancelled where it stands: half a packet has gone out.
        overrun = true
        write(chunk.subarray(0, PACKET_SIZE / 2))
        options.onDropped(chunk.length - PACKET_SIZE / 2)
        return
      }
      overrun = false
      write(chunk)
    },
  }
}

/** Says a last word, sends FIN and forgets the connection, as `close(2)` does: the client's own FIN is not waited for. */
export function hangUp(socket: Socket, lastWord = ''): void {
  socket.end(lastWord, () => socket.destroy())
}

/** Cuts a connection with RST where the runtime can, else without ceremony. */
export function reset(socket: Socket): void {
  // After FIN there is no RST, and Node first waits for what is unsent: a client that does not read would never be cut.
  // TLS has no RST of its own, and Bun throws where it cannot send one.
  if (socket.writableEnded || 'encrypted' in socket) return void socket.destroy()
  socket.resetAndDestroy()
  if (!socket.destroyed) setTimeout(() => socket.destroy(), RESET_PATIENCE_MS)
}
