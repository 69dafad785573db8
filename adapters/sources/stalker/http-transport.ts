import { Failure } from '../../../core/errors.ts'
import type { HttpAnswer, HttpClient } from '../../net/http-client.ts'
import { openHttpStream } from '../http-stream.ts'
import type { Timers } from '../timers.ts'
import type { PortalFile, PortalTransport } from './transport.ts'

/** What a transport is made of. `client` knows the proxy; there is no other way out. */
export type HttpTransportOptions = {
  readonly client: HttpClient
  /** The host that the owner typed: what an answer names may be private only if it is the same. */
  readonly host: string
  readonly timers: Timers
  readonly now: () => number
}

const CONNECT_MS = 5000
const FILE_IDLE_MS = 30_000
/** Nobody reads a film for longer than that at one go. */
const FILE_BYTES = Number.MAX_SAFE_INTEGER

/** The way to a portal by the HTTP client of its source. */
export function createHttpTransport({ client, host, timers, now }: HttpTransportOptions): PortalTransport {
  const named = (url: URL) => (url.hostname === host ? 'typed' : 'answered')
  return {
    async get({ url, headers, timeoutMs, maxBytes, signal }) {
      const answer = await client.request(url, {
        named: named(url),
        headers,
        bare: true,
        redirects: 0,
        headersMs: timeoutMs,
        idleMs: timeoutMs,
        maxBytes,
        signal,
      })
      const { status } = answer
      return { status, location: answer.headers.get('location'), body: await answer.bytes(maxBytes) }
    },
    stream: ({ url, headersFor, firstByteMs, name, sink, signal }) =>
      openHttpStream({
        client,
        url,
        named: named(url),
        headers: headersFor,
        bare: true,
        name,
        refusal,
        connectMs: CONNECT_MS,
        firstByteMs,
        sink,
        timers,
        now,
        signal,
      }),
    async file({ url, headersFor, firstByteMs, range, signal }) {
      const part: Readonly<Record<string, string>> =
        range === null ? {} : { Range: `bytes=${range.first}-${range.last ?? ''}` }
      const answer = await client.request(url, {
        named: named(url),
        headers: (target) => ({ ...headersFor(target), ...part }),
        bare: true,
        stream: true,
        connectMs: CONNECT_MS,
        headersMs: firstByteMs,
        idleMs: FILE_IDLE_MS,
        maxBytes: FILE_BYTES,
        signal,
      })
      return toFile(answer)
    },
  }
}

function toFile(answer: HttpAnswer): PortalFile {
  const chunks = answer.body[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      cancel: () => answer.close(),
    },
    { highWaterMark: 0 },
  )
  return { status: answer.status, headers: answer.headers, body, close: async () => answer.close() }
}

/** Stream hosts refuse a MAC with all sorts of numbers; another MAC may do better. */
const refusal = (status: number, name: string): Failure | null =>
  status >= 500 ? null : new Failure('live/refused', `The provider refuses "${name}" (HTTP ${status})`, { status })
