/** Texts in few large pieces of memory: a text of its own costs its reader more in managing it than in letters. */
export interface TextStore {
  /** Keeps a text and says where it is. */
  put(text: string): number
  /** The text that was put there. */
  get(place: number): string
}

const BLOCK_BYTES = 256 * 1024
/** Before each text: its length in bytes. */
const HEAD_BYTES = 4
/** UTF-8 needs so many bytes for a UTF-16 code unit at most. */
const MOST_BYTES_A_UNIT = 3

/** An empty store. Texts come back well-formed. */
export function createTextStore(): TextStore {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  const blocks: { readonly from: number; readonly bytes: Uint8Array; readonly view: DataView }[] = []
  let end = 0

  const blockFor = (bytes: number) => {
    const last = blocks.at(-1)
    if (last !== undefined && end - last.from + bytes <= last.bytes.length) return last
    const from = last === undefined ? 0 : last.from + last.bytes.length
    const memory = new Uint8Array(Math.max(BLOCK_BYTES, bytes))
    const block = { from, bytes: memory, view: new DataView(memory.buffer) }
    blocks.push(block)
    end = from
    return block
  }

  return {
    put(text) {
      const { from, bytes, view } = blockFor(HEAD_BYTES + text.length * MOST_BYTES_A_UNIT)
      const place = end
      const { written } = encoder.encodeInto(text, bytes.subarray(place - from + HEAD_BYTES))
      view.setUint32(place - from, written)
      end += HEAD_BYTES + written
      return place
    },
    get(place) {
      const block = blocks.findLast(({ from }) => from <= place)
      if (block === undefined) throw new RangeError(`There is no text at ${place}`)
      const start = place - block.from + HEAD_BYTES
      return decoder.decode(block.bytes.subarray(start, start + block.view.getUint32(start - HEAD_BYTES)))
    },
  }
}

/**
 * Makes texts that stand alone. A piece that was cut from a text keeps all of that text in memory, which matters where
 * pieces outlive what they were cut from.
 */
export function createTextCopier(): (text: string) => string {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let scratch = new Uint8Array(1024)
  return (text) => {
    if (text.length * MOST_BYTES_A_UNIT > scratch.length) scratch = new Uint8Array(text.length * MOST_BYTES_A_UNIT)
    return decoder.decode(scratch.subarray(0, encoder.encodeInto(text, scratch).written))
  }
}
