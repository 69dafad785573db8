/**
 * The bytes of a file as a body that flows only as fast as it is read. Its end, a break and a reader who leaves all close
 * the connection behind it; `broken` says what a break means to the reader.
 */
export function fileBody(
  chunks: AsyncIterator<Uint8Array, void>,
  {
    close,
    broken = (cause) => cause,
  }: { readonly close: () => Promise<void>; readonly broken?: (cause: unknown) => unknown },
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await chunks.next()
          if (next.done !== true) return controller.enqueue(next.value)
          await close()
          controller.close()
        } catch (cause) {
          await close()
          controller.error(broken(cause))
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  )
}
