import { Failure } from '../../core/errors.ts'
import type { VodFile, VodRange } from '../../core/lineup/vod.ts'
import type { NamedBy } from '../net/address-guard.ts'
import type { HttpAnswer, HttpClient } from '../net/http-client.ts'
import { withoutCredentials } from '../net/request-headers.ts'
import { fileBody } from './file-body.ts'
import { fetchSegments } from './hls/fetch-segments.ts'
import { followPlaylist } from './hls/follow.ts'
import { isJoined, joinSegments } from './hls/join-segments.ts'
import { openMediaList } from './hls/media-list.ts'
import { createSegmentLoader } from './hls/segment-loader.ts'
import { recognise } from './stream-content.ts'
import { contentFailure, emptyAnswer, refusalOf } from './stream-refusal.ts'
import type { StreamRefusal } from './stream-refusal.ts'
import type { Timers } from './timers.ts'

/** A stretch of the past at an address: MPEG-TS, or HLS with MPEG-TS in it. */
export type PastAddress = {
  readonly client: HttpClient
  /** Redirects are followed anew with every opening. */
  readonly url: URL
  readonly named: NamedBy
  readonly headers: Readonly<Record<string, string>>
  /** What it is called in messages. */
  readonly name: string
  readonly range: VodRange | null
  /** What statuses mean to this kind of source, before the common table. */
  readonly refusal?: StreamRefusal
  /** From the start to the first bytes, all redirects and playlists included. Default 25,000. */
  readonly firstByteMs?: number
  readonly timers: Timers
  readonly now: () => number
  /** Ends the opening, and what came of it. */
  readonly signal: AbortSignal
}

const FIRST_BYTE_MS = 25_000
/** The file may be read as slowly as it is watched. */
const IDLE_MS = 30_000
const CHILD_MS = 10_000
const LARGEST_PLAYLIST = 4 * 1024 * 1024

/**
 * Opens a stretch of the past as a file: one connection for MPEG-TS, and one after the other for HLS. What it is, is told
 * by its bytes. They flow only as fast as they are read. A file of HLS has no known length, and begins at its beginning.
 *
 * Fails with `vod/range`, `live/refused|silent|not-mpeg-ts`, `source/*`, or the signal's reason.
 */
export async function openPastFile(past: PastAddress): Promise<VodFile> {
  const { timers, firstByteMs = FIRST_BYTE_MS, name } = past
  past.signal.throwIfAborted()
  const line = new AbortController()
  const signal = AbortSignal.any([past.signal, line.signal])
  const cancelTimer = timers.after(firstByteMs, () =>
    line.abort(new Failure('live/silent', `The provider sends nothing of the past of "${name}" for ${firstByteMs} ms`)),
  )
  try {
    return await start(past, signal, () => line.abort(new Failure('live/stopped', 'The file was closed')))
  } catch (error) {
    line.abort(error)
    throw error
  } finally {
    cancelTimer()
  }
}

async function start(past: PastAddress, signal: AbortSignal, cut: () => void): Promise<VodFile> {
  const { name } = past
  const answer = await ask(past, signal)
  const chunks = answer.body[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array()
  for (;;) {
    const { done = false, value } = await chunks.next()
    if (value !== undefined) head = head.length === 0 ? value : Buffer.concat([head, value])
    if (done && head.length === 0) throw emptyAnswer(name)
    const content = recognise(head, done)
    if (content === 'more') continue
    if (content === 'mpeg-ts') return { ...placeOf(answer, past.range), ...opened(joined(head, chunks), cut) }
    if (content !== 'hls') throw contentFailure(content, name)
    const bytes = segmentsOf(past, { text: await rest(head, chunks), url: answer.url }, signal)
    // Whether there is anything shows with the first segment.
    const first = await bytes.next()
    if (first.done === true) throw emptyAnswer(name)
    return { first: 0, last: null, size: null, partial: false, ...opened(joined(first.value, bytes), cut) }
  }
}

/** The answer to the address, if it is a good one. */
async function ask(past: PastAddress, signal: AbortSignal): Promise<HttpAnswer> {
  const { client, url, named, headers, range, name, firstByteMs = FIRST_BYTE_MS } = past
  const answer = await client.request(url, {
    named,
    headers: { ...headers, ...(range === null ? {} : { Range: `bytes=${range.first}-${range.last ?? ''}` }) },
    headersMs: 2 * firstByteMs, // the start as a whole has its own limit, which is named better
    idleMs: IDLE_MS,
    maxBytes: Infinity,
    stream: true,
    signal,
  })
  const { status } = answer
  if (status === 200 || status === 206) return answer
  answer.close()
  if (status !== 416) throw past.refusal?.(status, name) ?? refusalOf(status, name)
  const size = Number(/^bytes\s+\*\/(\d+)$/i.exec(answer.headers.get('content-range') ?? '')?.[1] ?? Number.NaN)
  throw new Failure('vod/range', `"${name}" has no byte ${range?.first ?? 0}`, Number.isNaN(size) ? {} : { size })
}

/** Which bytes of what come. */
function placeOf({ status, headers }: HttpAnswer, range: VodRange | null) {
  const text = headers.get('content-length') ?? ''
  const length = /^\d{1,15}$/.test(text) ? Number(text) : null
  const [, from, to, whole] = /^bytes\s+(\d+)-(\d+)\/(\d+|\*)/i.exec(headers.get('content-range') ?? '') ?? []
  const isPart = status === 206 && (from !== undefined || length !== null)
  const first = isPart ? Number(from ?? range?.first ?? 0) : 0
  const last = to !== undefined && isPart ? Number(to) : length === null ? null : first + length - 1
  const size = isPart ? (whole === undefined || whole === '*' ? null : Number(whole)) : length
  return { first, last, size, partial: isPart }
}

/** Bytes as the body of a file. Closing it, or its end, cuts the line. */
function opened(bytes: AsyncGenerator<Uint8Array, void, undefined>, cut: () => void) {
  const close = async (): Promise<void> => cut()
  const body = fileBody(bytes, {
    close,
    broken: (cause) =>
      cause instanceof Failure ? cause : new Failure('live/ended', 'The provider broke off', {}, cause),
  })
  return { contentType: 'video/mp2t', body, close }
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield head
  for (;;) {
    const { done, value } = await rest.next()
    if (done === true) return
    yield value
  }
}

/** The whole of a playlist that has begun. */
async function rest(head: Uint8Array, chunks: AsyncIterator<Uint8Array>): Promise<string> {
  let all = head
  for await (const chunk of joined(new Uint8Array(), chunks)) {
    all = Buffer.concat([all, chunk])
    if (all.length > LARGEST_PLAYLIST) throw new Failure('source/bad-answer', 'The playlist is too large')
  }
  return new TextDecoder().decode(all)
}

/** The segments of a playlist one after the other, each fetched when the one before has been read. */
async function* segmentsOf(
  past: PastAddress,
  first: { readonly text: string; readonly url: URL },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { client, url, named, headers, name, timers, now } = past
  const askChild = (child: URL, more: Readonly<Record<string, string>>): Promise<HttpAnswer> =>
    client.request(child, {
      named: child.hostname === url.hostname ? named : 'answered',
      headers: { ...(child.hostname === url.hostname ? headers : withoutCredentials(headers)), ...more },
      headersMs: CHILD_MS,
      idleMs: CHILD_MS,
      maxBytes: Infinity,
      signal,
    })
  const reopen = async () => {
    const again = await ask({ ...past, range: null }, signal)
    return { text: await again.text(LARGEST_PLAYLIST), url: again.url }
  }
  const list = await openMediaList({ first, reopen, ask: askChild, name, maxBandwidth: null })
  const common = { loader: createSegmentLoader(askChild, name), name, timers, now, signal }
  const parts = isJoined(list)
    ? joinSegments({ lists: list, ...common })
    : fetchSegments({ due: followPlaylist({ ...list, timers, now, signal }), isPlain: true, ...common })
  for await (const { bytes } of parts) if (bytes.length > 0) yield bytes
}
