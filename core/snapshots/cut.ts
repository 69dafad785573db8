/** The shortest and longest piece and the mask whose zeros end one: about 0.7 MiB each, of which a tenth is left when packed. */
const SHORTEST = 256 * 1024
const LONGEST = 1024 * 1024
const BOUNDARY = 0x7ffff000 >>> 0 // 19 bits: on average 512 KiB behind the shortest

/** 256 numbers of 32 bits, the same for ever: they say where texts are cut. Made by xorshift32 (Marsaglia, 2003). */
function gearTable(): Uint32Array {
  const table = new Uint32Array(256)
  let state = 0x9e3779b9
  for (let index = 0; index < table.length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    table[index] = state >>> 0
  }
  return table
}

/**
 * Cuts bytes into pieces where their content says so: what is put in or taken out changes the pieces around it alone, so that
 * the next snapshot shares nearly all with the one before.
 *
 * In: chunks of any size. Out: pieces of 256 KiB to 1 MiB (the last one may be shorter), which together are the bytes that
 * came in. Method: gear hash of FastCDC (Xia et al., 2016), over the last 32 bytes.
 */
export async function* cutByContent(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const gear = gearTable()
  const piece = new Uint8Array(LONGEST)
  let length = 0
  let hash = 0
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      piece[length++] = byte
      hash = ((hash << 1) + (gear[byte] ?? 0)) | 0
      const isEnd = length >= SHORTEST && ((hash & BOUNDARY) === 0 || length === LONGEST)
      if (!isEnd) continue
      yield piece.slice(0, length)
      length = 0
      hash = 0
    }
  }
  if (length > 0) yield piece.slice(0, length)
}
