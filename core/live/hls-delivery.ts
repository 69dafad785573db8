import type { Piece } from './hls-ring.ts'

/** A segment of a delivery: a run of pieces. `last` is included. */
export type Segment = {
  readonly msn: number
  readonly first: number
  readonly last: number
  readonly durationSeconds: number
  readonly randomAccess: boolean
  readonly discontinuity: boolean
  readonly dateMs: number
}

/** Segments of one delivery over a ring; its numbers only rise, and what was listed never changes. */
export interface DeliveryView {
  /** Takes new pieces in. */
  update(pieces: readonly Piece[]): void
  /** Segments of the window, oldest first. */
  window(): readonly Segment[]
  /** A segment that is listed, or was a window ago. */
  segment(msn: number): Segment | null
  /** Number of the segment from which a viewer who comes now starts; the next one if there is nothing to start with yet. */
  start(): number
  /** EXT-X-TARGETDURATION; fixed once the first list was made. */
  targetSeconds(): number
  /** Discontinuities of segments that left the window. */
  discontinuitiesBefore(): number
}

type Rules = {
  /** Whether the segment under way, with this newest piece, is complete. */
  readonly isWhole: (
    open: readonly Piece[],
    view: { readonly segments: number; readonly target: number | null },
  ) => boolean
  /** EXT-X-TARGETDURATION for GOPs of at most `longestGap` seconds. */
  readonly target: (longestGap: number) => number
  /** Seconds that a viewer should have before the edge. */
  readonly startBehind: number
  readonly windowSeconds: number
  readonly minSegments: number
}

const seconds = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { duration90k }) => sum + duration90k, 0) / 90_000

/** Pieces as they are: 0.5 s segments for our own player (`hls-ffmpeg.md` §7). */
export const instantDelivery = (options: { readonly windowSeconds: number }): DeliveryView =>
  createView({
    isWhole: () => true,
    target: () => 1,
    startBehind: 1,
    windowSeconds: options.windowSeconds,
    minSegments: 6,
  })

/** The longest piece is a little over half a second: the next one must still fit under the target duration. */
const NEXT_PIECE_SECONDS = 0.6

/**
 * Whole GOPs of at least `segmentSeconds`, for native players. The first three may be single GOPs, so that a cold start
 * does not wait; a GOP that would break the target duration is cut inside.
 */
export const standardDelivery = (options: {
  readonly segmentSeconds: number
  readonly windowSeconds: number
}): DeliveryView =>
  createView({
    isWhole(open, { segments, target }) {
      const duration = seconds(open)
      const least = segments < 3 ? Math.min(0.9, options.segmentSeconds) : options.segmentSeconds
      if (open.at(-1)?.endsAtAccess === true && duration >= least - 0.02) return true
      return duration + NEXT_PIECE_SECONDS > (target ?? 10) + 0.49
    },
    target: (longestGap) => {
      const gap = Math.max(longestGap, 0.1)
      const gops = Math.max(1, Math.ceil((options.segmentSeconds - 0.02) / gap))
      return Math.max(1, Math.round(gops * gap), Math.ceil(options.segmentSeconds - 0.02))
    },
    startBehind: 3 * options.segmentSeconds,
    windowSeconds: options.windowSeconds,
    minSegments: 6,
  })

function createView(rules: Rules): DeliveryView {
  let segments: Segment[] = []
  let open: Piece[] = []
  let lastPiece = -1
  let nextMsn = 0
  let target: number | null = null
  let since = 0
  let longestGap = 0
  let forgotten = 0

  const close = (): void => {
    const [first] = open
    const last = open.at(-1)
    if (first === undefined || last === undefined) return
    segments.push({
      msn: nextMsn,
      first: first.index,
      last: last.index,
      durationSeconds: seconds(open),
      randomAccess: first.randomAccess,
      discontinuity: first.discontinuity,
      dateMs: first.dateMs,
    })
    nextMsn += 1
    open = []
  }

  /** Index of the first segment of the window: as few as fill its time, but not under the least number. */
  const windowStart = (): number => {
    let index = segments.length
    let total = 0
    while (index > 0 && (total < rules.windowSeconds || segments.length - index < rules.minSegments)) {
      index -= 1
      total += segments[index]?.durationSeconds ?? 0
    }
    return index
  }

  return {
    update(pieces) {
      for (const piece of pieces) {
        if (piece.index <= lastPiece) continue
        lastPiece = piece.index
        if (piece.discontinuity) close()
        since = piece.randomAccess ? 0 : since
        since += piece.duration90k / 90_000
        longestGap = Math.max(longestGap, since)
        open.push(piece)
        if (rules.isWhole(open, { segments: nextMsn, target })) close()
      }
      // As long again as it was listed, a segment stays to be fetched.
      const from = windowStart()
      const oldest = pieces[0]?.index ?? 0
      const keep = segments.findIndex((segment) => segment.first >= oldest)
      const cut = Math.min(from, keep < 0 ? segments.length : keep)
      forgotten += segments.slice(0, cut).filter(({ discontinuity }) => discontinuity).length
      segments = segments.slice(cut)
    },
    window: () => segments.slice(windowStart()),
    segment: (msn) => segments.find((segment) => segment.msn === msn) ?? null,
    start() {
      const window = segments.slice(windowStart())
      let behind = 0
      let found: Segment | null = null
      for (const segment of window.toReversed()) {
        behind += segment.durationSeconds
        if (!segment.randomAccess) continue
        found = segment
        if (behind >= rules.startBehind) break
      }
      return found?.msn ?? nextMsn
    },
    targetSeconds() {
      target ??= rules.target(longestGap)
      return target
    },
    discontinuitiesBefore: () =>
      forgotten + segments.slice(0, windowStart()).filter(({ discontinuity }) => discontinuity).length,
  }
}
