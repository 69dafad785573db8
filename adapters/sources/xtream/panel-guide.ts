import { Failure } from '../../../core/errors.ts'
import type { GuideDocument } from '../../../core/guide/document.ts'
import type { Account } from './account.ts'
import type { PanelAnswer, PanelHttp } from './panel-http.ts'
import { apiRefusal } from './refusal.ts'

/** Panels write the document while we wait. */
const HEADERS_WITHIN_MS = 120_000

/**
 * `xmltv.php`: the guide of all channels in one download, several hundred MB on big panels.
 *
 * Fails with `source/not-supported` where there is none. Source: protocols/xtream.md §4.
 */
export function createPanelGuide(options: {
  readonly account: Account
  readonly http: PanelHttp
  readonly userAgent: string
  readonly closing: AbortSignal
}): GuideDocument {
  const { account, http, userAgent, closing } = options
  return {
    async open(known, wanted) {
      const signal = AbortSignal.any([wanted, closing])
      const answer = await http.get({
        url: account.guide(),
        headers: {
          'User-Agent': userAgent,
          Accept: '*/*',
          'Accept-Encoding': 'gzip',
          ...(known?.etag != null && { 'If-None-Match': known.etag }),
          ...(known?.lastModified != null && { 'If-Modified-Since': known.lastModified }),
        },
        headersWithinMs: HEADERS_WITHIN_MS,
        signal,
      })
      if (answer.status !== 200) await answer.close()
      if (answer.status === 304) return null
      if (answer.status === 404) throw new Failure('source/not-supported', 'The panel has no guide document')
      if (answer.status !== 200) throw apiRefusal(answer.status, 'the guide', false)
      const { headers } = answer
      const length =
        headers.get('content-encoding') === null ? Number(headers.get('content-length') ?? Number.NaN) : Number.NaN
      return {
        version: { etag: headers.get('etag'), lastModified: headers.get('last-modified') },
        size: Number.isFinite(length) ? length : null,
        bytes: bytesOf(answer),
      }
    },
  }
}

async function* bytesOf(answer: PanelAnswer): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    // An XMLTV document begins with "<" as web pages do: its reader tells the two apart.
    for await (const chunk of answer.body) if (chunk.length > 0) yield chunk
  } finally {
    await answer.close()
  }
}
