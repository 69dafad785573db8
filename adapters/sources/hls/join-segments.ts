import { SegmentSamples } from '../../../core/live/remux/segment-samples.ts'
import { inDecodingOrder, SoundQueue, spanOf } from '../../../core/live/remux/sound-queue.ts'
import type { Sample } from '../../../core/live/remux/sample.ts'
import { TransportWriter } from '../../../core/live/remux/transport-writer.ts'
import { pause } from '../timers.ts'
import type { Timers } from '../timers.ts'
import { fetchSegments } from './fetch-segments.ts'
import type { FetchedSegment } from './fetch-segments.ts'
import { followPlaylist } from './follow.ts'
import type { MediaList, StreamLists } from './media-list.ts'
import type { SegmentLoader } from './segment-loader.ts'

/** Lists whose segments are to be put together. */
export type JoinOptions = {
  readonly lists: StreamLists
  readonly loader: SegmentLoader
  readonly name: string
  readonly timers: Timers
  readonly now: () => number
  readonly signal: AbortSignal
}

/** A piece of one transport stream. */
export type JoinedSegment = Pick<FetchedSegment, 'bytes' | 'durationMs' | 'later'>

/** Sound is joined a little earlier than the pictures, so that they are never without. */
const SOUND_BEHIND_TARGETS = 4
/** So many segments of sound are fetched for one of pictures, then the pictures go on without. */
const MOST_SOUND_SEGMENTS = 8
/** So long pictures wait for sound that is not there yet. */
const SOUND_WITHIN_MS = 6000

const PACKED_AUDIO = /\.(aac|ac3|ec3|eac3|adts)$/i

/** Whether segments have to be put together; else they are a transport stream as they are. */
export const isJoined = ({ first, sound }: StreamLists): boolean =>
  sound !== null || first.segments.some(({ init, url }) => init !== null || PACKED_AUDIO.test(url.pathname))

/**
 * Makes one transport stream of fragments of MP4, of sound alone, or of pictures and sound from two lists, which belong
 * together by their time stamps. Sound that is lost or late is left out; pictures go on.
 *
 * Fails as `fetchSegments` and `followPlaylist` do for the pictures, with `source/not-supported` for what has no place in a
 * transport stream.
 */
export async function* joinSegments(options: JoinOptions): AsyncGenerator<JoinedSegment, void, undefined> {
  const { lists, loader, signal } = options
  const samplesOf = createSampleReader(loader)
  const sound = lists.sound === null ? null : createSound(lists.sound, options)
  const writer = new TransportWriter()
  for await (const part of fetchSegments({ ...options, due: follow(lists, options), isPlain: false })) {
    const samples = await samplesOf(part)
    const hasBoth = samples.some(({ track }) => track.kind === 'audio')
    const beside = sound === null || hasBoth ? [] : await sound.beside(samples, part.segment.discontinuity)
    signal.throwIfAborted()
    const { durationMs, later } = part
    yield { bytes: writer.write(inDecodingOrder([...samples, ...beside])), durationMs, later }
  }
}

const follow = (list: MediaList, { timers, now, signal }: JoinOptions, behindTargets?: number) =>
  followPlaylist({ ...list, ...(behindTargets === undefined ? {} : { behindTargets }), timers, now, signal })

function createSampleReader(loader: SegmentLoader): (part: FetchedSegment) => Promise<readonly Sample[]> {
  const reader = new SegmentSamples()
  return async ({ bytes, segment }) =>
    reader.read(bytes, segment.init === null ? null : await loader.init(segment.init))
}

/** The sound that belongs to pictures, from a list of its own. */
function createSound(list: MediaList, options: JoinOptions) {
  const { loader, timers, signal } = options
  const parts = fetchSegments({ ...options, due: follow(list, options, SOUND_BEHIND_TARGETS), isPlain: false })
  const samplesOf = createSampleReader(loader)
  const queue = new SoundQueue()
  let coming: Promise<IteratorResult<FetchedSegment, void>> | null = null
  /** What has come for pictures after the next break. */
  let held: FetchedSegment | null = null
  let isOver = false
  let known = 0

  /** The next segment; null: there is none, or none yet. */
  const next = async (): Promise<FetchedSegment | null> => {
    if (held !== null) return held
    coming ??= parts.next()
    coming.catch(() => {}) // looked at when somebody waits for it
    const late = new AbortController()
    try {
      const waiting = pause(timers, SOUND_WITHIN_MS, AbortSignal.any([signal, late.signal])).then(() => null)
      waiting.catch(() => {}) // the race is over
      const result = await Promise.race([coming, waiting])
      if (result === null) return null
      coming = null
      if (result.done === true) isOver = true
      return result.done === true ? null : result.value
    } catch {
      signal.throwIfAborted()
      isOver = true // pictures alone are better than nothing
      return null
    } finally {
      late.abort()
    }
  }

  return {
    async beside(pictures: readonly Sample[], discontinuity: number): Promise<readonly Sample[]> {
      const span = spanOf(pictures)
      if (span === null) return []
      if (discontinuity !== known) queue.clear()
      known = discontinuity
      for (let count = 0; count < MOST_SOUND_SEGMENTS && !isOver && !queue.reaches(span.to); count++) {
        const part = await next()
        if (part === null) break
        held = null
        if (part.segment.discontinuity > discontinuity) {
          held = part
          break
        }
        if (part.segment.discontinuity === discontinuity) queue.push(await samplesOf(part))
      }
      return queue.take(span.from, span.to)
    },
  }
}
