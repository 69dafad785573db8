import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { Failure } from '../../../core/errors.ts'
import type { VodFile, VodRange } from '../../../core/lineup/vod.ts'
import { fileBody } from '../file-body.ts'

const CHUNK_BYTES = 256 * 1024

/**
 * Opens a file of a library at the asked place. It is read only as fast as somebody takes it, and closed at its end, by
 * `close`, by a reader who leaves, or when `signal` is aborted.
 *
 * Fails with `vod/unknown-item` when it is not there any more, with `vod/range` beyond its end.
 */
export async function openMediaFile(
  path: string,
  { range, signal }: { readonly range: VodRange | null; readonly signal: AbortSignal },
): Promise<VodFile> {
  signal.throwIfAborted()
  const handle = await open(path).catch((cause: unknown) => {
    throw new Failure('vod/unknown-item', 'The file is not there now', {}, cause)
  })
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    signal.removeEventListener('abort', abort)
    return (closing ??= handle.close())
  }
  const abort = (): void => void close()
  try {
    const { size } = await handle.stat()
    const first = range?.first ?? 0
    if (range !== null && first >= size) throw new Failure('vod/range', `The file has no byte ${first}`, { size })
    const last = Math.min(range?.last ?? Infinity, size - 1)
    signal.addEventListener('abort', abort, { once: true })
    signal.throwIfAborted()
    const body = fileBody(chunksOf(handle, first, last), { close })
    return { first, last, size, partial: range !== null, contentType: 'application/octet-stream', body, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function* chunksOf(handle: FileHandle, first: number, last: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = first; at <= last;) {
    const wanted = Math.min(CHUNK_BYTES, last + 1 - at)
    const { bytesRead, buffer } = await handle.read(new Uint8Array(wanted), 0, wanted, at)
    if (bytesRead === 0) throw new Failure('live/ended', 'The file has become shorter while it was read')
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
