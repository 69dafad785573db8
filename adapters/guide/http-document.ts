import { Failure } from '../../core/errors.ts'
import type { GuideDocument } from '../../core/guide/document.ts'
import type { Secret } from '../../core/secret.ts'
import type { NamedBy } from '../net/address-guard.ts'
import type { HttpClient } from '../net/http-client.ts'

/** Big panels make their guide when it is asked for. */
const HEADERS_MS = 120_000
const IDLE_MS = 60_000
/** Unpacked as the server packed it on the way; larger ones are no guide. */
const MOST_BYTES = 4 * 1024 ** 3

/**
 * A guide document behind an address. Asked for with `If-None-Match` and `If-Modified-Since` (RFC 9110, section 13), so
 * that an unchanged one is not fetched again. `name` is for messages; the address is in none.
 */
export function createHttpDocument(options: {
  readonly client: HttpClient
  readonly url: Secret
  readonly name: string
  /** Who named the address; default: the owner. */
  readonly named?: NamedBy
}): GuideDocument {
  const { client, url, name, named = 'typed' } = options
  return {
    async open(known, signal) {
      const answer = await client.request(new URL(url.reveal()), {
        named,
        signal,
        headers: {
          ...(known === null || known.etag === null ? {} : { 'If-None-Match': known.etag }),
          ...(known === null || known.lastModified === null ? {} : { 'If-Modified-Since': known.lastModified }),
        },
        headersMs: HEADERS_MS,
        idleMs: IDLE_MS,
        maxBytes: MOST_BYTES,
      })
      if (answer.status === 200) {
        const size = Number(answer.headers.get('content-length') ?? Number.NaN)
        const isPacked = (answer.headers.get('content-encoding') ?? 'identity') !== 'identity'
        return {
          version: { etag: answer.headers.get('etag'), lastModified: answer.headers.get('last-modified') },
          size: Number.isSafeInteger(size) && size > 0 && !isPacked ? size : null,
          bytes: answer.body,
        }
      }
      answer.close()
      if (answer.status === 304 && known !== null) return null
      const isRefusal = answer.status === 401 || answer.status === 403
      throw new Failure(
        isRefusal ? 'source/login' : 'source/bad-answer',
        `The server of the guide "${name}" answers with status ${answer.status}`,
        { status: answer.status },
      )
    },
  }
}
