import { get as getHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import { Failure } from '../../../core/errors.ts'
import type { UpstreamSink } from '../../../core/live/upstream.ts'
import type { Timers } from '../timers.ts'
import type { OpenStream } from './stream-client.ts'

/** A stream of an IPTV line. */
export type UrlStream = {
  readonly url: URL
  /** Whether we may connect to this host; asked again for every redirect. */
  readonly isAllowed: (host: string) => boolean
  readonly firstByteMs: number
  readonly sink: UpstreamSink
  readonly timers: Timers
  readonly signal: AbortSignal
}

const MOST_REDIRECTS = 5

/**
 * Opens a stream of MPEG-TS by HTTP: follows up to 5 redirects to allowed hosts, resolves with the first payload bytes.
 *
 * Fails with `source/not-supported` (host not allowed, HLS), `live/refused`, `live/silent`, `source/unreachable`, or
 * the signal's reason. No message carries the URL, which holds passwords.
 */
export function openUrlStream(stream: UrlStream): Promise<OpenStream> {
  const { firstByteMs, sink, timers, signal } = stream
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    let state: 'starting' | 'open' | 'closed' = 'starting'
    let stopRequest: (() => void) | null = null
    const leave = (): void => {
      state = 'closed'
      cancelTimer()
      signal.removeEventListener('abort', abort)
      stopRequest?.()
    }
    const fail = (failure: unknown): void => {
      if (state === 'closed') return
      const wasOpen = state === 'open'
      leave()
      if (!wasOpen) reject(failure)
      else
        sink.end(
          failure instanceof Failure
            ? failure
            : new Failure('live/ended', 'The connection to the stream broke', {}, failure),
        )
    }
    const abort = (): void => fail(signal.reason)
    const cancelTimer = timers.after(firstByteMs, () =>
      fail(new Failure('live/silent', `The stream sends nothing for ${firstByteMs} ms`)),
    )

    const receive = (incoming: IncomingMessage): void => {
      incoming.on('data', (chunk: Uint8Array) => {
        if (state === 'closed') return
        if (state === 'starting') {
          state = 'open'
          cancelTimer()
          signal.removeEventListener('abort', abort)
          resolve({ close: leave })
        }
        sink.data(chunk)
      })
      incoming.on('end', () => fail(streamOver(state === 'starting')))
      incoming.on('close', () => fail(streamOver(state === 'starting')))
      incoming.on('error', (error) => fail(streamOver(state === 'starting', error)))
    }
    const go = (url: URL, redirects: number): void => {
      if (!stream.isAllowed(url.hostname)) return fail(notAllowed())
      const outgoing = (url.protocol === 'https:' ? getHttps : getHttp)(withoutLogin(url), {
        agent: false,
        insecureHTTPParser: true, // IPTV servers are as careless with line ends as receivers
        headers: { 'User-Agent': 'downlink', Accept: '*/*', 'Accept-Encoding': 'identity', ...loginOf(url) },
      })
      stopRequest = () => void outgoing.destroy()
      outgoing.on('error', (error) =>
        fail(new Failure('source/unreachable', 'The host of the stream cannot be reached', {}, error)),
      )
      outgoing.on('response', (incoming) => {
        const status = incoming.statusCode ?? 0
        const target = status >= 300 && status < 400 ? URL.parse(incoming.headers.location ?? '', url) : null
        if (target !== null && /^https?:$/.test(target.protocol) && redirects < MOST_REDIRECTS) {
          stopRequest = null
          outgoing.removeAllListeners('error').on('error', () => {}) // what happens to a connection that is done with
          outgoing.destroy()
          return go(target, redirects + 1)
        }
        if (status !== 200)
          return fail(new Failure('live/refused', `The stream answers with status ${status}`, { status }))
        if (/mpegurl/i.test(incoming.headers['content-type'] ?? '')) {
          return fail(
            new Failure(
              'source/not-supported',
              'The stream is an HLS playlist; only MPEG-TS can be taken from a receiver',
            ),
          )
        }
        receive(incoming)
      })
    }
    signal.addEventListener('abort', abort, { once: true })
    go(stream.url, 0)
  })
}

const streamOver = (isOpening: boolean, cause?: unknown): Failure =>
  new Failure(isOpening ? 'live/refused' : 'live/ended', 'The stream ended', {}, cause)

const notAllowed = (): Failure =>
  new Failure(
    'source/not-supported',
    'The channel leads to another host; name it in "allowHosts" of the source if that is right',
  )

function withoutLogin(url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
}

function loginOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {}
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { Authorization: `Basic ${Buffer.from(login, 'utf8').toString('base64')}` }
}
