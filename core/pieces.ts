/** A writer's step: enough to be worth a system call, little enough to let others have their turn. */
export const PIECE_LENGTH = 64 * 1024

/** Joins short texts to pieces of about `PIECE_LENGTH` characters, so that a stream is not made of single lines. */
export function* inPieces(lines: Iterable<string>): Generator<string, void, undefined> {
  let piece = ''
  for (const line of lines) {
    piece += line
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}
