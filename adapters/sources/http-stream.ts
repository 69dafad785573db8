import { Failure } from '../../core/errors.ts'
import type { UpstreamSink } from '../../core/live/upstream.ts'
import type { NamedBy } from '../net/address-guard.ts'
import type { HttpAnswer, HttpClient, HttpRequest } from '../net/http-client.ts'
import { withoutCredentials } from '../net/request-headers.ts'
import { unlessAborted } from '../net/unless-aborted.ts'
import { playHls } from './hls/hls-stream.ts'
import type { LoadedText } from './hls/media-list.ts'
import { recognise } from './stream-content.ts'
import { contentFailure, emptyAnswer, refusalOf } from './stream-refusal.ts'
import type { StreamRefusal } from './stream-refusal.ts'
import type { Timers } from './timers.ts'

/** A stream at an address, whatever it turns out to be: MPEG-TS, or HLS with MPEG-TS in it. */
export type HttpStream = {
  readonly client: HttpClient
  /** The lasting address: redirects are followed anew with every start. */
  readonly url: URL
  /** Who named it; an entry of a list was named by an answer. */
  readonly named: NamedBy
  /** As `HttpRequest.headers`. */
  readonly headers?: NonNullable<HttpRequest['headers']>
  readonly bare?: boolean
  /** What it is called in messages. */
  readonly name: string
  /** What statuses mean to this kind of source, before the common table. */
  readonly refusal?: StreamRefusal
  readonly connectMs?: number
  /** From the start to the first bytes, all redirects and playlists included. Default 20,000 (protocols/xtream.md §5). */
  readonly firstByteMs?: number
  /** Of an HLS stream the best variant of at most so many bits a second is taken; null: the best. */
  readonly maxBandwidth?: number | null
  readonly sink: UpstreamSink
  readonly timers: Timers
  readonly now: () => number
  readonly signal: AbortSignal
}

/** An open stream; `close()` is idempotent and cuts its connections at once. */
export type OpenHttpStream = { readonly kind: 'mpeg-ts' | 'hls'; close(): void }

const FIRST_BYTE_MS = 20_000
const LARGEST_PLAYLIST = 4 * 1024 * 1024
/** Playlists and segments come from a server that has shown to be quick. */
const CHILD_HEADERS_MS = 10_000
const CHILD_IDLE_MS = 10_000

/**
 * Opens a stream over HTTP(S): one connection for MPEG-TS, and one after the other for HLS. Resolves when its first
 * payload bytes are there (they may reach the sink before); what it is, is told by its bytes.
 *
 * The sink gets bytes as they come, without back-pressure, and is told once how the other side ended it: `live/ended`,
 * for HLS also `live/refused|stalled` and `source/*`. Fails with `live/refused` (a status, an empty or a wrong answer),
 * `live/silent`, `live/not-mpeg-ts`, `source/not-supported` (other containers), `source/*` of the client, or the signal's reason.
 */
export async function openHttpStream(stream: HttpStream): Promise<OpenHttpStream> {
  const { timers, firstByteMs = FIRST_BYTE_MS } = stream
  stream.signal.throwIfAborted()
  const line = new AbortController()
  const abort = (): void => line.abort(stream.signal.reason)
  stream.signal.addEventListener('abort', abort, { once: true })
  const cancelTimer = timers.after(firstByteMs, () =>
    line.abort(new Failure('live/silent', `The provider sends nothing of "${stream.name}" for ${firstByteMs} ms`)),
  )
  try {
    const kind = await unlessAborted(line.signal, start(stream, line.signal))
    return { kind, close: () => line.abort(new Failure('live/stopped', 'The stream was closed')) }
  } catch (error) {
    line.abort(error)
    throw error
  } finally {
    cancelTimer()
    stream.signal.removeEventListener('abort', abort)
  }
}

async function start(stream: HttpStream, signal: AbortSignal): Promise<OpenHttpStream['kind']> {
  const answer = await askForStream(stream, signal)
  const found = await begin(answer, stream)
  if (found === null) return 'mpeg-ts'
  const { client, url, sink, timers, now, name, maxBandwidth = null } = stream
  await playHls({
    first: found,
    async reopen() {
      const again = await askForStream(stream, signal)
      return { text: await again.text(LARGEST_PLAYLIST), url: again.url }
    },
    ask: (child, headers) =>
      client.request(child, {
        named: child.hostname === url.hostname ? stream.named : 'answered',
        headers: { ...headersFor(stream, child), ...headers },
        ...(stream.bare === undefined ? {} : { bare: stream.bare }),
        headersMs: CHILD_HEADERS_MS,
        idleMs: CHILD_IDLE_MS,
        maxBytes: Infinity,
        signal,
      }),
    name,
    maxBandwidth,
    sink,
    timers,
    now,
    signal,
  })
  return 'hls'
}

/** The answer to the address of the stream, if it is a good one. */
async function askForStream(stream: HttpStream, signal: AbortSignal): Promise<HttpAnswer> {
  const { client, url, named, headers, bare, connectMs, firstByteMs = FIRST_BYTE_MS, name } = stream
  const answer = await client.request(url, {
    named,
    ...(headers === undefined ? {} : { headers }),
    ...(bare === undefined ? {} : { bare }),
    ...(connectMs === undefined ? {} : { connectMs }),
    headersMs: 2 * firstByteMs, // the start as a whole has its own limit, which is named better
    stream: true,
    signal,
  })
  if (answer.status === 200 || answer.status === 206) return answer
  answer.close()
  throw stream.refusal?.(answer.status, name) ?? refusalOf(answer.status, name)
}

/** What goes to a host that a playlist names. */
function headersFor({ headers = {}, url }: HttpStream, child: URL): Readonly<Record<string, string>> {
  if (typeof headers === 'function') return headers(child)
  return child.hostname === url.hostname ? headers : withoutCredentials(headers)
}

/**
 * Reads until it is known what comes. MPEG-TS goes to the sink from there on, and null is the answer; a playlist is read
 * to its end.
 */
function begin(answer: HttpAnswer, { name, sink }: HttpStream): Promise<LoadedText | null> {
  const { promise, resolve, reject } = Promise.withResolvers<LoadedText | null>()
  let state: 'looking' | 'playing' | 'reading' | 'over' = 'looking'
  let held: Uint8Array = new Uint8Array()
  const fail = (failure: Failure): void => {
    state = 'over'
    answer.close()
    reject(failure)
  }
  const look = (isWhole: boolean): void => {
    const content = recognise(held, isWhole)
    if (content === 'more') return
    if (content === 'hls') state = 'reading'
    else if (content !== 'mpeg-ts') fail(contentFailure(content, name))
    else {
      state = 'playing'
      resolve(null)
      sink.data(held)
      held = new Uint8Array()
    }
  }
  answer.flow({
    data(chunk) {
      if (state === 'playing') return sink.data(chunk)
      if (state === 'over') return
      held = Buffer.concat([held, chunk])
      if (state === 'looking') look(false)
      if (state === 'reading' && held.length > LARGEST_PLAYLIST)
        fail(new Failure('source/bad-answer', `The playlist of "${name}" is too large`))
    },
    end(cause) {
      if (state === 'looking' && held.length > 0) look(true)
      if (state === 'reading') resolve({ text: new TextDecoder().decode(held), url: answer.url })
      else if (state === 'looking') fail(emptyAnswer(name))
      else if (state === 'playing')
        sink.end(new Failure('live/ended', `The provider ended "${name}"`, {}, cause ?? undefined))
      state = 'over'
    },
  })
  return promise
}
