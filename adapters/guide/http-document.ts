import { Failure } from '../../core/errors.ts'
import type { GuideDocument } from '../../core/guide/document.ts'
import type { Secret } from '../../core/secret.ts'

/** What fetching a document asks of an HTTP client: redirects followed, every address checked at each hop. */
export interface DocumentHttp {
  /** Resolves with the answer after the last redirect. Fails with `source/unreachable|timeout` or the signal's reason. */
  get(request: {
    readonly url: URL
    readonly headers: Readonly<Record<string, string>>
    readonly headersWithinMs: number
    readonly signal: AbortSignal
  }): Promise<DocumentAnswer>
}

/** An answer under way. Whoever got it reads it to its end or closes it. */
export type DocumentAnswer = {
  readonly status: number
  readonly headers: Headers
  /** Content codings are undone. Fails when the other side breaks off. */
  readonly body: AsyncIterable<Uint8Array>
  close(): void
}

/** Where a document is and how it is asked for. */
export type HttpDocumentOptions = {
  readonly http: DocumentHttp
  readonly url: Secret
  /** For messages. */
  readonly name: string
  readonly userAgent: string | null
  readonly headers: Readonly<Record<string, Secret>>
}

/** Big panels make their guide when it is asked for. */
const HEADERS_WITHIN_MS = 120_000
const DEFAULT_USER_AGENT = 'downlink'

/**
 * A guide document behind an address. Asked for with `If-None-Match` and `If-Modified-Since` (RFC 9110, section 13), so
 * that an unchanged one is not fetched again.
 */
export function createHttpDocument({ http, url, name, userAgent, headers }: HttpDocumentOptions): GuideDocument {
  return {
    async open(known, signal) {
      const own = Object.entries(headers).map(([field, value]): [string, string] => [
        field.toLowerCase(),
        value.reveal(),
      ])
      const answer = await http.get({
        url: new URL(url.reveal()),
        headers: {
          'user-agent': userAgent ?? DEFAULT_USER_AGENT,
          accept: '*/*',
          // Packed documents come packed; a second packing on the way would only cost both sides.
          'accept-encoding': 'identity',
          ...(known?.etag == null ? {} : { 'if-none-match': known.etag }),
          ...(known?.lastModified == null ? {} : { 'if-modified-since': known.lastModified }),
          ...Object.fromEntries(own),
        },
        headersWithinMs: HEADERS_WITHIN_MS,
        signal,
      })
      if (answer.status === 200) {
        const size = Number(answer.headers.get('content-length') ?? Number.NaN)
        const isCoded = (answer.headers.get('content-encoding') ?? 'identity') !== 'identity'
        return {
          version: { etag: answer.headers.get('etag'), lastModified: answer.headers.get('last-modified') },
          size: Number.isSafeInteger(size) && size > 0 && !isCoded ? size : null,
          bytes: answer.body,
        }
      }
      answer.close()
      if (answer.status === 304 && known !== null) return null
      if (answer.status === 401 || answer.status === 403)
        throw new Failure('source/login', `The server of the guide "${name}" refuses us with status ${answer.status}`)
      throw new Failure('source/bad-answer', `The server of the guide "${name}" answers with status ${answer.status}`)
    },
  }
}
