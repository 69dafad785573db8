import type { VodFile } from './vod.ts'

/** The same file, that also tells once when it is over: read to its end, broken off, or closed. */
export function heldFile(file: VodFile, ended: () => void): VodFile {
  const reader = file.body.getReader()
  let isOver = false
  const finish = (): void => {
    if (!isOver) ended()
    isOver = true
  }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          finish()
          controller.close()
        } catch (error) {
          finish()
          controller.error(error)
        }
      },
      async cancel(reason) {
        finish()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return {
    ...file,
    body,
    close() {
      finish()
      return file.close()
    },
  }
}
