/** Bytes that are made once and read by any number of readers, each at its own speed, also while they are being made. */
export interface SharedDocument {
  /** A new reader, from the beginning. It errors if the making fails. */
  read(): ReadableStream<Uint8Array<ArrayBuffer>>
  /** Bytes in all; null while they are being made. */
  size(): number | null
  /** Bytes that are held now. */
  held(): number
  /** Whether it was made to the end; resolves when that is known, never fails. */
  readonly finished: Promise<boolean>
}

/** Reads `source` to its end at once, whoever reads along, and keeps its bytes. */
export function shareDocument(source: ReadableStream<Uint8Array<ArrayBuffer>>): SharedDocument {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let held = 0
  let state: { readonly kind: 'making' | 'made' } | { readonly kind: 'failed'; readonly cause: unknown } = {
    kind: 'making',
  }
  let news = Promise.withResolvers<void>()
  const announce = (): void => {
    news.resolve()
    news = Promise.withResolvers<void>()
  }

  const make = async (): Promise<boolean> => {
    try {
      for await (const chunk of source) {
        chunks.push(chunk)
        held += chunk.length
        announce()
      }
      state = { kind: 'made' }
    } catch (cause) {
      state = { kind: 'failed', cause } // every reader gets it
    }
    announce()
    return state.kind === 'made'
  }

  return {
    finished: make(),
    size: () => (state.kind === 'made' ? held : null),
    held: () => held,
    read() {
      let next = 0
      return new ReadableStream<Uint8Array<ArrayBuffer>>(
        {
          async pull(controller) {
            while (next >= chunks.length && state.kind === 'making') await news.promise
            const chunk = chunks[next++]
            if (chunk !== undefined) controller.enqueue(chunk)
            else if (state.kind === 'failed') controller.error(state.cause)
            else controller.close()
          },
        },
        { highWaterMark: 0 },
      )
    },
  }
}
