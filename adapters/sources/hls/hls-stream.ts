import { Failure } from '../../../core/errors.ts'
import type { UpstreamSink } from '../../../core/live/upstream.ts'
import { recognise } from '../stream-content.ts'
import type { Timers } from '../timers.ts'
import { followPlaylist } from './follow.ts'
import type { NextSegment } from './follow.ts'
import { isJoined, joinSegments } from './join-segments.ts'
import type { JoinedSegment } from './join-segments.ts'
import { createPacer } from './pacer.ts'
import type { Pacer } from './pacer.ts'
import { openMediaList } from './media-list.ts'
import type { MediaListOptions, StreamLists } from './media-list.ts'
import { fetchSegments, MOST_LOST_SEGMENTS, refuseOther } from './fetch-segments.ts'
import { createSegmentLoader } from './segment-loader.ts'
import type { SegmentLoader } from './segment-loader.ts'

/** An HLS stream to be made into one transport stream. */
export type HlsStream = MediaListOptions & {
  readonly sink: UpstreamSink
  readonly timers: Timers
  readonly now: () => number
  /** Ends everything. */
  readonly signal: AbortSignal
}

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
  const list = await openMediaList(stream)
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

async function play(stream: HlsStream, list: StreamLists, send: (bytes: Uint8Array) => void): Promise<void> {
  if (isJoined(list)) return playJoined(stream, list, send)
  const { ask, name, timers, now, signal } = stream
  const loader = createSegmentLoader(ask, name)
  const pacer = createPacer({ send, timers, now, signal })
  const due = followPlaylist({ ...list, timers, now, signal })

  if (!(await playFirst(due, loader, name, send))) return
  await playOn(fetchSegments({ due, loader, name, isPlain: true, signal }), pacer)
}

/** Plays what is put together: the first piece at once. */
async function playJoined(stream: HlsStream, lists: StreamLists, send: (bytes: Uint8Array) => void): Promise<void> {
  const { ask, name, timers, now, signal } = stream
  const joined = joinSegments({ lists, loader: createSegmentLoader(ask, name), name, timers, now, signal })
  const first = await joined.next()
  if (first.done === true) return
  send(first.value.bytes)
  await playOn(joined, createPacer({ send, timers, now, signal }))
}

/** Plays segments at the pace at which they are watched, one being fetched while the one before is handed out. */
async function playOn(fetched: AsyncGenerator<JoinedSegment, void, undefined>, pacer: Pacer): Promise<void> {
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
