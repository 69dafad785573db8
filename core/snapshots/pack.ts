/** Bytes packed with gzip (RFC 1952). */
export const pack = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await new Response(bytesOf(bytes).pipeThrough(new CompressionStream('gzip'))).arrayBuffer())

/** Unpacks into `into` from `at` on, and gives where it ends. Fails with `RangeError` when it is more than fits. */
export async function unpack(packed: Uint8Array<ArrayBuffer>, into: Uint8Array, at: number): Promise<number> {
  const reader = bytesOf(packed).pipeThrough(new DecompressionStream('gzip')).getReader()
  let end = at
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (end + part.value.length > into.length) {
      await reader.cancel()
      throw new RangeError(`A content unpacks to more than the ${into.length} bytes of its part`)
    }
    into.set(part.value, end)
    end += part.value.length
  }
  return end
}

const bytesOf = (bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> => new Blob([bytes]).stream()
