import type { XtreamCall } from './house.ts'
import { jsonList } from './json-pieces.ts'
import { acceptsGzip } from '../guide.ts'
import { textStream } from '../text-stream.ts'

const JSON_HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** A small answer. */
export const jsonAnswer = (value: object): Response => new Response(JSON.stringify(value), { headers: JSON_HEADERS })

/** A list of rows as a long answer. */
export const listAnswer = (call: XtreamCall, rows: Iterable<object> | AsyncIterable<object>): Promise<Response> =>
  jsonStream(call, jsonList(rows))

/**
 * A long answer, written as it is read, compressed if the caller takes it. What fails before the first piece is the failure
 * of the call; later the answer breaks off.
 */
export async function jsonStream(
  { c, house }: Pick<XtreamCall, 'c' | 'house'>,
  pieces: AsyncGenerator<string, void, undefined>,
): Promise<Response> {
  const first = await pieces.next()
  const body = textStream(startingWith(first.value ?? '', pieces))
  const headers = new Headers({ ...JSON_HEADERS, vary: 'Accept-Encoding' })
  const mayPack = house.gateway.role !== 'gateway' // edge platforms do it themselves
  if (!mayPack || !acceptsGzip(c.req.header('accept-encoding'))) return new Response(body, { headers })
  headers.set('content-encoding', 'gzip')
  return new Response(body.pipeThrough(new CompressionStream('gzip')), { headers })
}

async function* startingWith(
  first: string,
  rest: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<string, void, undefined> {
  try {
    if (first !== '') yield first
    yield* rest
  } finally {
    await rest.return()
  }
}
