import type { HttpClient } from '../../net/http-client.ts'
import { openHttpStream } from '../http-stream.ts'
import { openPastFile } from '../past-file.ts'
import type { Timers } from '../timers.ts'
import type { PanelHttp } from './panel-http.ts'
import { streamRefusal } from './refusal.ts'

/** An answer may take its time between two pieces: films are read as fast as they are watched. */
const IDLE_MS = 30_000

/**
 * The panel's way out through the guarded client. What lies at the panel's own host was named by the owner, everything
 * else by an answer.
 */
export function createClientHttp(options: {
  readonly client: HttpClient
  /** Host of the panel. */
  readonly host: string
  readonly timers: Timers
  readonly now: () => number
}): PanelHttp {
  const { client, host, timers, now } = options
  const namedBy = (url: URL): 'typed' | 'answered' => (url.hostname === host ? 'typed' : 'answered')
  return {
    async get({ url, headers, headersWithinMs, alone = false, signal }) {
      const answer = await client.request(url, {
        named: namedBy(url),
        headers,
        stream: alone,
        headersMs: headersWithinMs,
        idleMs: IDLE_MS,
        maxBytes: Infinity, // whoever reads knows how much it may be
        signal,
      })
      const { status, headers: fields, body } = answer
      return { status, headers: fields, body, close: async () => answer.close() }
    },
    past: ({ url, name, headers, firstByteMs, range, signal }) =>
      openPastFile({
        client,
        url,
        named: namedBy(url),
        headers,
        name,
        range,
        refusal: streamRefusal,
        firstByteMs,
        timers,
        now,
        signal,
      }),
    async stream({ url, name, headers, firstByteMs, sink, signal }) {
      const open = await openHttpStream({
        client,
        url,
        named: namedBy(url),
        headers,
        name,
        refusal: streamRefusal,
        firstByteMs,
        sink,
        timers,
        now,
        signal,
      })
      return { isHls: open.kind === 'hls', close: async () => open.close() }
    },
  }
}
