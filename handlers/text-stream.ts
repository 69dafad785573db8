const encoder = new TextEncoder()

/** The pieces as a body of UTF-8 that asks for the next piece when the reader wants it. */
export function textStream(pieces: Iterator<string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const next = pieces.next()
        if (next.done === true) controller.close()
        else controller.enqueue(encoder.encode(next.value))
      },
      cancel() {
        pieces.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
