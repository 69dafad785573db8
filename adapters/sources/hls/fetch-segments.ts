import type { NextSegment } from './follow.ts'
import type { SegmentLoader } from './segment-loader.ts'
import { recognise } from '../stream-content.ts'
import { contentFailure } from '../stream-refusal.ts'

/** A segment as it came; `later`: how many are known already that come after it. */
export type FetchedSegment = NextSegment & { readonly bytes: Uint8Array; readonly durationMs: number }

/** What is fetched, and from where. */
export type FetchOptions = {
  readonly due: AsyncIterable<NextSegment>
  readonly loader: SegmentLoader
  readonly name: string
  /** Segments are to be MPEG-TS; false: anything. */
  readonly isPlain: boolean
  readonly signal: AbortSignal
}

/** So many segments in a row may be lost. */
export const MOST_LOST_SEGMENTS = 3

/** Fetches what is due; a segment that is lost is left out, three in a row are too many. Fails as the loader does. */
export async function* fetchSegments({
  due,
  loader,
  name,
  isPlain,
  signal,
}: FetchOptions): AsyncGenerator<FetchedSegment, void, undefined> {
  let lost = 0
  for await (const { segment, later } of due) {
    try {
      const bytes = await loader.load(segment)
      if (isPlain && bytes.length > 0) refuseOther(recognise(bytes, true), name)
      lost = 0
      yield { bytes, durationMs: segment.durationMs, segment, later }
    } catch (error) {
      signal.throwIfAborted()
      lost += 1
      if (lost >= MOST_LOST_SEGMENTS) throw error
    }
  }
}

/** Fails unless it is a transport stream. */
export function refuseOther(content: ReturnType<typeof recognise>, name: string): void {
  if (content === 'mpeg-ts') return
  throw contentFailure(content === 'more' || content === 'hls' ? 'unknown' : content, name)
}
