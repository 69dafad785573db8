import { Failure } from '../../../core/errors.ts'
import { pause } from '../timers.ts'
import type { Timers } from '../timers.ts'
import type { MediaPlaylist, Segment } from './playlist.ts'

/** A segment that is due, and how many that are known already come after it. */
export type NextSegment = { readonly segment: Segment; readonly later: number }

/** What following a playlist needs. */
export type FollowOptions = {
  readonly first: MediaPlaylist
  /** Loads the playlist again. Fails with `source/*` or `live/*`. */
  readonly reload: () => Promise<MediaPlaylist>
  /** A live stream is joined so many target durations before its end; absent: 3 (RFC 8216, 6.3.3). */
  readonly behindTargets?: number
  readonly timers: Timers
  readonly now: () => number
  readonly signal: AbortSignal
}

const BEHIND_TARGETS = 3
const MOST_FAILURES = 3
/** A playlist without a new segment for so many target durations has stopped. */
const STALE_TARGETS = 5
const STALE_AT_LEAST_MS = 20_000
/** So many times in a row a list that went back in time is taken for an old copy of a cache. */
const MOST_OLD_COPIES = 3
const SHORTEST_RELOAD_MS = 500

/**
 * Yields the segments of a media playlist in order, from near the live edge on, or from the start if it has ended
 * already. Loads the list again by RFC 8216, 6.3.4: after a target duration when it has changed, after half of one when
 * not. Segments that went by are skipped; a list that starts anew is followed from its live edge.
 *
 * Returns after the last segment of an ended list. Fails with `live/stalled`, or as `reload` does three times in a row.
 */
export async function* followPlaylist(options: FollowOptions): AsyncGenerator<NextSegment, void, undefined> {
  const { reload, behindTargets = BEHIND_TARGETS, timers, now, signal } = options
  let playlist = options.first
  let next = startOf(playlist, behindTargets)
  let loadedAt = now()
  let newAt = loadedAt
  let failures = 0
  let oldCopies = 0
  let hasChanged = true
  for (;;) {
    for (const [index, segment] of playlist.segments.entries()) {
      if (segment.sequence < next) continue
      next = segment.sequence + 1
      newAt = now()
      if (!segment.isGap) yield { segment, later: playlist.segments.length - 1 - index }
    }
    if (playlist.isEnded) return
    const { targetMs } = playlist
    if (now() - newAt > Math.max(STALE_AT_LEAST_MS, STALE_TARGETS * targetMs))
      throw new Failure('live/stalled', 'The playlist of the stream gets no new segments')
    const waitMs = Math.max(SHORTEST_RELOAD_MS, hasChanged ? targetMs : targetMs / 2)
    const elapsed = now() - loadedAt
    if (elapsed < waitMs) await pause(timers, waitMs - elapsed, signal)
    loadedAt = now()
    try {
      const loaded = await reload()
      failures = 0
      hasChanged = loaded.segments.length > 0 && lastOf(loaded) !== lastOf(playlist)
      if (loaded.segments.length > 0 || loaded.isEnded) playlist = loaded
      const last = lastOf(playlist)
      oldCopies = last < next - 1 ? oldCopies + 1 : 0
      const isAnew = oldCopies >= MOST_OLD_COPIES || last < next - 1 - playlist.segments.length
      const hasGoneBy = (playlist.segments[0]?.sequence ?? next) > next
      if (isAnew || hasGoneBy) next = startOf(playlist, behindTargets)
      if (isAnew) oldCopies = 0
    } catch (error) {
      signal.throwIfAborted()
      failures += 1
      hasChanged = false
      if (failures >= MOST_FAILURES) throw error
    }
  }
}

const lastOf = ({ segments }: MediaPlaylist): number => segments.at(-1)?.sequence ?? -1

/** The number of the segment to begin with. */
function startOf({ segments, targetMs, isEnded }: MediaPlaylist, behindTargets: number): number {
  let index = segments.length
  let behindMs = 0
  while (index > 0 && (isEnded || behindMs < behindTargets * targetMs)) {
    index -= 1
    behindMs += segments[index]?.durationMs ?? 0
  }
  return segments[index]?.sequence ?? 0
}
