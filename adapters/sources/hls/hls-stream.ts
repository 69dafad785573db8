import { Failure } from '../../../core/errors.ts'
import type { UpstreamSink } from '../../../core/live/upstream.ts'
import { recognise } from '../stream-content.ts'
import { contentFailure } from '../stream-refusal.ts'
import type { Timers } from '../timers.ts'
import { followPlaylist } from './follow.ts'
import type { NextSegment } from './follow.ts'
import { createPacer } from './pacer.ts'
import { readPlaylist } from './playlist.ts'
import type { MediaPlaylist, Variant } from './playlist.ts'
import { createSegmentLoader } from './segment-loader.ts'
import type { AskChild, SegmentLoader } from './segment-loader.ts'

/** A playlist as it came, and from where. */
export type LoadedText = { readonly text: string; readonly url: URL }

/** An HLS stream to be made into one transport stream. */
export type HlsStream = {
  /** What the address of the stream answered. */
  readonly first: LoadedText
  /** Asks the address of the stream anew, redirects and all. */
  readonly reopen: () => Promise<LoadedText>
  /** Asks what a playlist names. */
  readonly ask: AskChild
  readonly name: string
  /** The best variant of at most so many bits a second is taken; null: the best. */
  readonly maxBandwidth: number | null
  readonly sink: UpstreamSink
  readonly timers: Timers
  readonly now: () => number
  /** Ends everything. */
  readonly signal: AbortSignal
}

const LARGEST_PLAYLIST = 4 * 1024 * 1024
const MOST_LOST_SEGMENTS = 3
/** With so many segments waiting we are slower than the source: its clock and ours are not the same. */
const MANY_LATER = 4
const CATCH_UP = 1.1

/**
 * Plays an HLS stream into the sink as one transport stream: the first segment at once, the others at the pace at which
 * they are watched, one being fetched while the one before is handed out. Encrypted segments (AES-128) are decrypted.
 *
 * Resolves with the first bytes. Later the sink is told once how it ended: `live/ended` after an ended list. A segment
 * that is lost is left out; three in a row end the stream. Fails with `source/*`, `live/refused|stalled`, or the
 * signal's reason.
 */
export async function playHls(stream: HlsStream): Promise<void> {
  const { sink, signal } = stream
  const list = await openList(stream)
  const { promise: started, resolve, reject } = Promise.withResolvers<void>()
  let hasStarted = false
  const send = (bytes: Uint8Array): void => {
    if (signal.aborted || bytes.length === 0) return
    hasStarted = true
    resolve()
    sink.data(bytes)
  }
  play(stream, list, send).then(
    () => {
      if (!hasStarted) reject(new Failure('live/refused', `The playlist of "${stream.name}" is empty`))
      else if (!signal.aborted)
        sink.end(
          new Failure('live/ended', `The playlist of "${stream.name}" came to its end`, { reason: 'end-of-list' }),
        )
    },
    (error: unknown) => {
      if (!hasStarted) reject(error)
      else if (!signal.aborted)
        sink.end(
          error instanceof Failure
            ? error
            : new Failure('live/ended', 'The segments of the stream broke off', {}, error),
        )
    },
  )
  return started
}

/** A media playlist, and how it is loaded again. */
type List = { readonly first: MediaPlaylist; readonly reload: () => Promise<MediaPlaylist> }

async function openList({ first, reopen, ask, name, maxBandwidth }: HlsStream): Promise<List> {
  const load = async (url: URL): Promise<LoadedText> => {
    const answer = await ask(url, {})
    if (answer.status === 200) return { text: await answer.text(LARGEST_PLAYLIST), url: answer.url }
    answer.close()
    throw new Failure('live/refused', `The provider answers the playlist of "${name}" with HTTP ${answer.status}`, {
      status: answer.status,
    })
  }
  /** From what the stream's address answers to the list of segments. */
  const descend = async ({ text, url }: LoadedText): Promise<{ list: MediaPlaylist; url: URL }> => {
    const playlist = readPlaylist(text, url)
    if (playlist.kind === 'media') return { list: playlist, url }
    const child = await load(chooseVariant(playlist.variants, maxBandwidth).url)
    const inner = readPlaylist(child.text, child.url)
    if (inner.kind === 'media') return { list: inner, url: child.url }
    throw new Failure('source/bad-answer', `The playlist of "${name}" leads to playlists only`)
  }

  let { list, url } = await descend(first)
  return {
    first: list,
    async reload() {
      try {
        const { text, url: from } = await load(url)
        const loaded = readPlaylist(text, from)
        if (loaded.kind === 'media') return loaded
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'live/refused') throw error
        // Addresses behind redirects live for seconds: what was refused may be had from the start.
      }
      ;({ list, url } = await descend(await reopen()))
      return list
    },
  }
}

/** The best variant with its sound within. Fails with `source/not-supported` if there is none. */
function chooseVariant(variants: readonly Variant[], maxBandwidth: number | null): Variant {
  const sounding = variants.filter(({ isSilent }) => !isSilent).toSorted((a, b) => b.bandwidth - a.bandwidth)
  const chosen = sounding.find(({ bandwidth }) => bandwidth <= (maxBandwidth ?? Infinity)) ?? sounding.at(-1)
  if (chosen !== undefined) return chosen
  if (variants.length === 0) throw new Failure('source/bad-answer', 'The playlist of the stream is empty')
  throw new Failure('source/not-supported', 'The stream has its sound in a playlist of its own')
}

async function play(stream: HlsStream, list: List, send: (bytes: Uint8Array) => void): Promise<void> {
  const { ask, name, timers, now, signal } = stream
  const loader = createSegmentLoader(ask, name)
  const pacer = createPacer({ send, timers, now, signal })
  const due = followPlaylist({ ...list, timers, now, signal })

  if (!(await playFirst(due, loader, name, send))) return
  const fetched = fetchAll(due, loader, name, signal)
  let coming = fetched.next()
  for (;;) {
    const { done, value } = await coming
    if (done === true) return
    coming = fetched.next()
    coming.catch(() => {}) // looked at in the next round
    const speed = value.later >= MANY_LATER ? CATCH_UP : 1
    await pacer.play(value.bytes, value.durationMs, speed)
  }
}

/** Plays the first segment that can be had; nobody should wait for its end. False: there is none. */
async function playFirst(
  due: AsyncIterator<NextSegment>,
  loader: SegmentLoader,
  name: string,
  send: (bytes: Uint8Array) => void,
): Promise<boolean> {
  for (let lost = 1; ; lost++) {
    const { done, value } = await due.next()
    if (done === true) return false
    let hasBegun = false
    try {
      for await (const bytes of transportStream(loader.stream(value.segment), name)) {
        hasBegun = true
        send(bytes)
      }
      return true
    } catch (error) {
      if (hasBegun) return true // the next one goes on where this broke off
      const isLost =
        error instanceof Failure && ['live/refused', 'source/timeout', 'source/unreachable'].includes(error.code)
      if (!isLost || lost >= MOST_LOST_SEGMENTS) throw error
    }
  }
}

/** The same bytes from where they are known to be a transport stream. Fails if they are none. */
async function* transportStream(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Uint8Array | null = new Uint8Array()
  for await (const chunk of chunks) {
    if (held === null) {
      yield chunk
      continue
    }
    held = Buffer.concat([held, chunk])
    const content = recognise(held, false)
    if (content === 'more') continue
    refuseOther(content, name)
    yield held
    held = null
  }
  if (held === null) return
  refuseOther(recognise(held, true), name)
  yield held
}

type Fetched = { readonly bytes: Uint8Array; readonly durationMs: number; readonly later: number }

async function* fetchAll(
  due: AsyncIterable<NextSegment>,
  loader: SegmentLoader,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Fetched, void, undefined> {
  let lost = 0
  for await (const { segment, later } of due) {
    try {
      const bytes = await loader.load(segment)
      if (bytes.length > 0) refuseOther(recognise(bytes, true), name)
      lost = 0
      yield { bytes, durationMs: segment.durationMs, later }
    } catch (error) {
      signal.throwIfAborted()
      lost += 1
      if (lost >= MOST_LOST_SEGMENTS) throw error
    }
  }
}

/** Fails unless it is a transport stream. */
function refuseOther(content: ReturnType<typeof recognise>, name: string): void {
  if (content === 'mpeg-ts') return
  throw contentFailure(content === 'more' || content === 'hls' ? 'unknown' : content, name)
}
