import { PIECE_LENGTH } from '../../core/pieces.ts'

/** A JSON list in pieces of about 64 KiB, made row by row as its reader wants them. */
export const jsonList = (rows: Iterable<object> | AsyncIterable<object>): AsyncGenerator<string, void, undefined> =>
  jsonPieces(rows, { open: '[', close: ']', print: JSON.stringify })

/** The members of a JSON object, without its braces, in the same way. Keys stand as they come. */
export const jsonMembers = (
  members: Iterable<readonly [string, object]> | AsyncIterable<readonly [string, object]>,
): AsyncGenerator<string, void, undefined> =>
  jsonPieces(members, {
    open: '',
    close: '',
    print: ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  })

async function* jsonPieces<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { open, close, print }: { readonly open: string; readonly close: string; readonly print: (item: T) => string },
): AsyncGenerator<string, void, undefined> {
  let piece = open
  let isFirst = true
  for await (const item of items) {
    piece += isFirst ? print(item) : `,${print(item)}`
    isFirst = false
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  yield piece + close
}
