import { startFfmpeg } from '../../ffmpeg/process.ts'

/** What a short run of FFmpeg is given, and what it may take. */
export type ShortRunOptions = {
  /** Its standard input; null: nothing. */
  readonly input: Uint8Array | null
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/**
 * The whole standard output of an FFmpeg that ends by itself; null: it failed, took too long, gave nothing or too much, or
 * the signal aborted. Never rejects.
 */
export async function outputOf(
  path: string,
  args: readonly string[],
  { input, timeoutMs, maxBytes, signal }: ShortRunOptions,
): Promise<Uint8Array | null> {
  if (signal.aborted) return null
  const parts: Uint8Array[] = []
  let length = 0
  let isBroken = false
  const ended = Promise.withResolvers<number | null>()
  const stop = (): void => {
    isBroken = true
    void ffmpeg[Symbol.asyncDispose]()
  }
  const ffmpeg = startFfmpeg(path, args, {
    output(bytes) {
      length += bytes.length
      if (length <= maxBytes) parts.push(bytes.slice())
      else stop()
    },
    ended: ({ code }) => ended.resolve(code),
  })
  const late = setTimeout(stop, timeoutMs)
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (input !== null) ffmpeg.write(input)
    ffmpeg.end()
    if ((await ended.promise) !== 0 || isBroken || length === 0) return null
    return new Uint8Array(Buffer.concat(parts))
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', stop)
  }
}
