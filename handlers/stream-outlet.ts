import type { BodyOutlet } from './gateway.ts'

/** The body's own queue; what is more waits in the viewer's. */
const QUEUE_BYTES = 262_144

/** Pushes into a `ReadableStream`: works wherever there is fetch. */
export const streamOutlet: BodyOutlet = {
  open(_context, headers, { drained, gone }) {
    let isOver = false
    let isFull = false
    let out: ReadableStreamDefaultController<Uint8Array> | null = null
    const end = (): void => {
      if (isOver) return
      isOver = true
      gone()
    }
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          out = controller
        },
        pull() {
          if (!isFull) return
          isFull = false
          drained()
        },
        cancel: end,
      },
      { highWaterMark: QUEUE_BYTES, size: (bytes) => bytes?.byteLength ?? 0 },
    )
    return {
      response: new Response(body, { headers }),
      sink: {
        write(bytes) {
          if (isOver || out === null) return true
          out.enqueue(bytes)
          isFull = (out.desiredSize ?? 0) <= 0
          return !isFull
        },
        close(failure) {
          if (isOver || out === null) return
          isOver = true
          if (failure === null) out.close()
          // Deno prints the reason of every body that breaks: one line is enough.
          else out.error(`${failure.code}: ${failure.message}`)
          gone()
        },
      },
    }
  },
}
