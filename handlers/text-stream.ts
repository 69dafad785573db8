const encoder = new TextEncoder()

/** The pieces as a body of UTF-8 that asks for the next piece when the reader wants it. */
export function textStream(pieces: Iterator<string> | AsyncIterator<string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
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
