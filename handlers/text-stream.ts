const encoder = new TextEncoder()

/** Longer than this nobody else waits for a text that is written. */
const SLICE_MS = 8

/**
 * The pieces as a body of UTF-8 that asks for the next piece when the reader wants it. A reader that is as fast as we are
 * would otherwise keep all others waiting until the last piece: now and then everybody has their turn.
 */
export function textStream(pieces: Iterator<string> | AsyncIterator<string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let until = performance.now() + SLICE_MS
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        if (performance.now() > until) {
          await new Promise((resolve) => setTimeout(resolve))
          until = performance.now() + SLICE_MS
        }
        const next = await pieces.next()
        if (next.done === true) controller.close()
        else controller.enqueue(encoder.encode(next.value))
      },
      async cancel() {
        await pieces.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
