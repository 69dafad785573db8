import type { Piece, Pools } from '../pool/pools.ts'

/** Places between the first pieces of two gaps that follow each other: repeats are as far apart as can be. */
const STEP = 7

/**
 * Pieces that fill a gap of so many milliseconds, as far as they fit. `gap`: the number of the gap on its day. Pools are
 * used up one after the other; a piece comes again only when all others that fit have been shown; the last one is changed
 * for the longest that fits in its place, so that little time is left over. No history is needed,
 * so guide, picture and front agree (protocols/linear-channels.md §16, rule 5).
 */
export function fillGap(
  pools: Pools,
  names: readonly string[],
  gap: { readonly day: number; readonly gap: number; readonly ms: number },
): readonly Piece[] {
  const found: Piece[] = []
  let left = gap.ms
  for (const name of names) {
    const { pieces, offset, shortestMs } = pools.piecesOf(name, gap.day)
    const first = pieces.length === 0 ? 0 : (offset + STEP * gap.gap) % pieces.length
    for (let before = -1; before !== found.length && left >= shortestMs;) {
      before = found.length
      for (let index = 0; index < pieces.length && left >= shortestMs; index++) {
        const piece = pieces[first + index < pieces.length ? first + index : first + index - pieces.length]
        if (piece === undefined || piece.ms > left) continue
        found.push(piece)
        left -= piece.ms
      }
    }
  }
  const last = found.at(-1)
  if (last === undefined || left === 0) return found
  let better = last
  for (const name of names) {
    const piece = pools.longestOf(name, last.ms + left)
    if (piece !== null && piece.ms > better.ms) better = piece
  }
  if (better !== last) found[found.length - 1] = better
  return found
}

/** The piece of a pool that the `number`-th bumper of a day is; null: there is none. */
export function bumper(pools: Pools, name: string | null, day: number, number: number): Piece | null {
  if (name === null) return null
  const { pieces, offset } = pools.piecesOf(name, day)
  return pieces[(offset + number) % pieces.length] ?? null
}
