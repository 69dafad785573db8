import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

const PIECE = 64 * 1024

/**
 * A short name of a file's content: of its size and 64 KiB each of its beginning, middle and end. The same for a file
 * that was moved, also to another disk; null: it cannot be read.
 */
export async function fingerprintOf(path: string): Promise<string | null> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    const hash = createHash('sha256').update(String(size))
    const bytes = new Uint8Array(PIECE)
    for (const at of new Set([0, Math.max(0, Math.floor((size - PIECE) / 2)), Math.max(0, size - PIECE)])) {
      const { bytesRead } = await file.read(bytes, 0, PIECE, at)
      hash.update(bytes.subarray(0, bytesRead))
    }
    return hash.digest('base64url').slice(0, 27)
  } catch {
    return null // gone or not readable: it is then told apart by its path alone
  }
}
