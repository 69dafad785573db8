import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import { Failure } from '../../../core/errors.ts'
import type { PanelAnswer, PanelHttp, PanelRequest } from '../../../adapters/sources/xtream/panel-http.ts'

const MOST_HOPS = 5

/** A client for tests of what is above it: HTTP to loopback, redirects, MPEG-TS; no HLS, no checks of addresses. */
export function createPlainHttp(): PanelHttp {
  const http: PanelHttp = {
    async get(asked) {
      let { url } = asked
      for (let hop = 0; hop <= MOST_HOPS; hop++) {
        const answer = await once(url, asked)
        const location = answer.headers.get('location')
        if (answer.status < 300 || answer.status >= 400 || answer.status === 304 || location === null) return answer
        await answer.close()
        url = new URL(location, url)
      }
      throw new Failure('source/bad-answer', 'Too many redirects')
    },
    async stream({ url, headers, firstByteMs, sink, signal }) {
      const answer = await http.get({ url, headers, headersWithinMs: firstByteMs, signal })
      let isClosed = false
      const close = (): Promise<void> => {
        isClosed = true
        return answer.close()
      }
      if (answer.status !== 200) {
        await close()
        throw new Failure('live/refused', 'refused', { status: answer.status })
      }
      const abort = (): void => void close()
      signal.addEventListener('abort', abort, { once: true })
      const first = Promise.withResolvers<void>()
      let isOpen = false
      const pump = async (): Promise<void> => {
        try {
          for await (const chunk of answer.body) {
            if (isClosed) return
            if (!isOpen && chunk[0] !== 0x47) {
              await close()
              return first.reject(new Failure('live/not-mpeg-ts', 'no TS'))
            }
            isOpen = true
            first.resolve()
            sink.data(chunk)
          }
        } catch {
          // as an end
        }
        if (isClosed) return
        await close()
        if (isOpen) sink.end(new Failure('live/ended', 'ended'))
        else first.reject(new Failure('live/refused', 'nothing came'))
      }
      void pump()
      const { promise: aborted, reject } = Promise.withResolvers<never>()
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      aborted.catch(() => {})
      await Promise.race([first.promise, aborted])
      return { close }
    },
  }
  return http
}

function once(url: URL, { headers, signal, headersWithinMs }: PanelRequest): Promise<PanelAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const outgoing = request(url, { headers, agent: false })
    const gone = new Promise<void>((done) => outgoing.once('close', done))
    const fail = (error: unknown): void => {
      clearTimeout(timer)
      outgoing.destroy()
      reject(error)
    }
    const abort = (): void => fail(signal.reason)
    const timer = setTimeout(() => fail(new Failure('source/timeout', 'The head is late')), headersWithinMs)
    signal.addEventListener('abort', abort, { once: true })
    outgoing.on('error', (cause) => reject(new Failure('source/unreachable', 'No connection', {}, cause)))
    outgoing.on('response', (incoming) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      const stop = (): void => void incoming.destroy(signal.reason)
      signal.addEventListener('abort', stop, { once: true })
      resolve({
        status: incoming.statusCode ?? 0,
        headers: readHeaders(incoming),
        body: bodyOf(incoming, signal),
        async close() {
          signal.removeEventListener('abort', stop)
          incoming.destroy()
          outgoing.destroy()
          await Promise.race([gone, new Promise((done) => setTimeout(done, 200))])
        },
      })
    })
    outgoing.end()
  })
}

async function* bodyOf(incoming: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const source = incoming.headers['content-encoding'] === 'gzip' ? incoming.pipe(createGunzip()) : incoming
  try {
    for await (const chunk of source) yield new Uint8Array(chunk as Uint8Array)
  } catch (cause) {
    if (signal.aborted) throw signal.reason
    throw new Failure('source/unreachable', 'The connection broke', {}, cause)
  }
}

function readHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  return headers
}
