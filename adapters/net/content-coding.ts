import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { Failure } from '../../core/errors.ts'

/** The content codings that `decoded` can undo, as `Accept-Encoding` says it. */
export const ACCEPTED_CODINGS = 'gzip, deflate, br'

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}
const MOST_CODINGS = 3

/**
 * The body without its content codings (RFC 9110, 8.4.1). Bytes of it fail with the stream's own errors.
 *
 * Fails with `source/bad-answer` for a coding that we did not ask for.
 */
export function decoded(incoming: IncomingMessage): Readable {
  const codings = (incoming.headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity' && coding !== 'none' && coding !== 'utf-8')
  const decoders = codings.toReversed().map((coding) => DECODERS[coding])
  if (decoders.length > MOST_CODINGS || decoders.includes(undefined))
    throw new Failure('source/bad-answer', 'The answer of the source is packed in an unknown way')
  let body: Readable = incoming
  for (const make of decoders) if (make !== undefined) body = pipeline(body, make(), () => {}) // the reader hears of errors
  return body
}
