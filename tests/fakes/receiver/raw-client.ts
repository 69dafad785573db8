import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { joinBytes } from './bytes.ts'

/** A connection that does nothing by itself: what came in, byte by byte, and how it ended. */
export interface RawClient {
  readonly socket: Socket
  /** Everything received so far. */
  bytes(): Uint8Array
  /** How the connection ended; null while it lives. */
  ended(): 'fin' | 'reset' | null
  /** Resolves once so many bytes are in, or the connection ended. Rejects after ten seconds. */
  atLeast(count: number): Promise<Uint8Array>
  /** Resolves with everything once the connection ended. Rejects after ten seconds. */
  end(): Promise<Uint8Array>
  /** Closes; idempotent. */
  close(): void
}

const PATIENCE_MS = 10_000

/** Connects to 127.0.0.1 and sends the pieces, each in its own write. */
export function openRaw(port: number, ...pieces: readonly string[]): RawClient {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const chunks: Uint8Array[] = []
  const waiting = new Set<() => void>()
  let size = 0
  let ending: 'fin' | 'reset' | null = null
  const wake = (): void => {
    for (const check of waiting) check()
  }
  const finish = (how: 'fin' | 'reset'): void => {
    ending ??= how
    wake()
  }
  socket.setNoDelay(true)
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    size += chunk.length
    wake()
  })
  socket.on('end', () => finish('fin'))
  socket.on('error', () => finish('reset'))
  socket.on('close', () => finish('fin'))
  void sendAll(socket, pieces)

  const until = (isDone: () => boolean, what: string): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(check)
        reject(new Error(`Waited for ${what}, got ${size} bytes, ended: ${ending}`))
      }, PATIENCE_MS)
      const check = (): void => {
        if (!isDone()) return
        clearTimeout(timer)
        waiting.delete(check)
        resolve(joinBytes(chunks))
      }
      waiting.add(check)
      check()
    })

  return {
    socket,
    bytes: () => joinBytes(chunks),
    ended: () => ending,
    atLeast: (count) => until(() => size >= count || ending !== null, `${count} bytes`),
    end: () => until(() => ending !== null, 'the end'),
    close: () => socket.destroy(),
  }
}

async function sendAll(socket: Socket, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve))
    // One segment each: the next piece leaves when the first has had time to arrive.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Bytes as text, one letter a byte. */
export function asText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

/** Resolves when `isTrue` says so; rejects after ten seconds. */
export async function eventually(isTrue: () => boolean, what: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  while (!isTrue()) {
    if (Date.now() > until) throw new Error(`Never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
