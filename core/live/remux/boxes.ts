/** A box of ISO base media as it lies in the bytes: `from` and `to` are its content. ISO/IEC 14496-12, 4.2. */
export type Box = { readonly type: string; readonly at: number; readonly from: number; readonly to: number }

const HEADER = 8

/** Walks the boxes of a part of the bytes; one that is cut off ends the walk. */
export function* boxesIn(bytes: Uint8Array, from = 0, to = bytes.length): Generator<Box, void, undefined> {
  const view = viewOf(bytes)
  for (let at = from; at + HEADER <= to;) {
    const told = view.getUint32(at)
    const isLong = told === 1 && at + 16 <= to
    const size = told === 0 ? to - at : isLong ? Number(view.getBigUint64(at + HEADER)) : told
    const start = at + (isLong ? 16 : HEADER)
    if (size < start - at || at + size > to) return
    yield { type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), at, from: start, to: at + size }
    at += size
  }
}

/** The first box of a path (`mdia/minf/stbl`) within another; null: there is none. */
export function findBox(bytes: Uint8Array, { from, to }: Pick<Box, 'from' | 'to'>, path: string): Box | null {
  let place: Pick<Box, 'from' | 'to'> = { from, to }
  let found: Box | null = null
  for (const type of path.split('/')) {
    found = null
    for (const box of boxesIn(bytes, place.from, place.to)) {
      if (box.type !== type) continue
      found = box
      break
    }
    if (found === null) return null
    place = found
  }
  return found
}

/** A view of the bytes, whatever buffer they lie in. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
