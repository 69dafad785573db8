import type { Piece } from './ring/piece.ts'
import { SegmentWindow } from './hls-window.ts'
import type { WindowRules, WindowSegment } from './hls-window.ts'

/** A segment of a delivery: a run of pieces. `last` is included. */
export type Segment = WindowSegment & {
  readonly first: number
  readonly last: number
  readonly dateMs: number
}

/** Segments of one delivery over a ring; its numbers only rise, and what was listed never changes. */
export interface DeliveryView {
  /** Takes new pieces in. */
  update(pieces: readonly Piece[]): void
  /** Segments of the window, oldest first; begins at a random access point if there is one. */
  window(): readonly Segment[]
  /**
   * Seconds that the ring has to keep: a segment that left the list can be fetched for its own time and that of the longest
   * list that it was in. RFC 8216, 6.2.2.
   */
  keepSeconds(): number
  /** A segment that is listed, or was a window ago. */
  segment(msn: number): Segment | null
  /** Number of the segment from which a viewer who comes now starts; the next one if there is nothing to start with yet. */
  start(): number
  /** Seconds that a viewer's first list holds at least, so that the next segment comes before they are over. */
  readonly leastSeconds: number
  /** The server may hold a request for a list until it has a certain segment (`CAN-BLOCK-RELOAD`). */
  readonly canBlock: boolean
  /** EXT-X-TARGETDURATION; fixed once the first segment was made. */
  targetSeconds(): number
  /** All segments so far start at a random access point. */
  isIndependent(): boolean
  /** Discontinuities of segments before this one: EXT-X-DISCONTINUITY-SEQUENCE of a list that starts with it. */
  discontinuitiesBefore(msn: number): number
}

type Rules = WindowRules & {
  /** Whether the segment under way is complete with its newest piece. */
  readonly isWhole: (
    open: readonly Piece[],
    view: { readonly segments: number; readonly target: number; readonly longestGap: number },
  ) => boolean
  /** EXT-X-TARGETDURATION for GOPs of at most `longestGap` seconds, whose last piece starts `lastPiece` seconds behind. */
  readonly target: (gops: { readonly longestGap: number; readonly lastPiece: number }) => number
  readonly leastSeconds: number
  readonly canBlock: boolean
}

const seconds = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { duration90k }) => sum + duration90k, 0) / 90_000

/** A segment may be this much longer than the target duration: EXTINF is rounded. RFC 8216, 4.3.3.1. */
const OVER_TARGET = 0.49
/** The longest piece is a little over half a second. */
const NEXT_PIECE_SECONDS = 0.6
/** Durations of whole pictures never come out even. */
const PICTURE_SECONDS = 0.02
/** A cold start does not wait for whole segments: this many may be shorter, of about a second. */
const SHORT_SEGMENTS = 3
const SHORT_SECONDS = 0.9

/** Pieces as they are: 0.5 s segments for our own player (`hls-ffmpeg.md` §7). */
export const instantDelivery = (options: { readonly windowSeconds: number }): DeliveryView =>
  createView({
    isWhole: () => true,
    target: () => 1,
    startBehind: 1,
    // One piece: the next one is there half a second later, before a browser has shown the first (measured, 0 stalls).
    leastSeconds: 0.4,
    canBlock: true,
    windowSeconds: options.windowSeconds,
    minSegments: 6,
  })

/**
 * Whole GOPs of about `segmentSeconds`, for native players: cut where it is nearest to that. The first three may be single
 * GOPs, so that a cold start does not wait; a GOP that would break the target duration is cut inside.
 */
export const standardDelivery = (options: {
  readonly segmentSeconds: number
  readonly windowSeconds: number
}): DeliveryView => {
  const { segmentSeconds } = options
  return createView({
    isWhole(open, { segments, target, longestGap }) {
      const duration = seconds(open)
      const most = target + OVER_TARGET
      if (open.at(-1)?.endsAtAccess !== true) return duration + NEXT_PIECE_SECONDS > most
      const wanted =
        segments < SHORT_SEGMENTS ? Math.min(SHORT_SECONDS, segmentSeconds) : segmentSeconds - longestGap / 2
      // Another GOP that would not fit starts a segment of its own.
      return duration >= wanted - PICTURE_SECONDS || duration + longestGap > most
    },
    target({ longestGap, lastPiece }) {
      const gops = Math.max(1, Math.round(segmentSeconds / Math.max(longestGap, 0.1)))
      // Where the last piece of a GOP starts, nobody knows yet that it is the last one: another whole one must fit.
      const unsure = (gops - 1) * longestGap + lastPiece + NEXT_PIECE_SECONDS - OVER_TARGET
      return Math.max(Math.ceil(segmentSeconds), Math.round(gops * longestGap), Math.ceil(unsure))
    },
    startBehind: 3 * segmentSeconds,
    leastSeconds: 0.9 * segmentSeconds,
    canBlock: false,
    windowSeconds: options.windowSeconds,
    minSegments: 6,
  })
}

/** Before the target duration is known a segment grows up to this: a first list must not take as long as players wait. */
const LONGEST_SECONDS = 6

function createView(rules: Rules): DeliveryView {
  const window = new SegmentWindow<Segment>(rules)
  let open: Piece[] = []
  let newest = -1
  let target: number | null = null
  let gap = 0
  let longestGap = 0
  let lastPiece = 0

  const close = (): void => {
    const [first] = open
    const last = open.at(-1)
    if (first === undefined || last === undefined) return
    // What is made from here on keeps to it, listed or not yet.
    target ??= Math.max(rules.target({ longestGap, lastPiece }), Math.round(seconds(open)))
    window.push({
      msn: window.nextMsn,
      first: first.index,
      last: last.index,
      start90k: first.start90k,
      durationSeconds: seconds(open),
      randomAccess: first.randomAccess,
      discontinuity: first.discontinuity,
      dateMs: first.dateMs,
    })
    open = []
  }

  return {
    leastSeconds: rules.leastSeconds,
    canBlock: rules.canBlock,
    update(pieces) {
      for (const piece of pieces) {
        if (piece.index <= newest) continue
        newest = piece.index
        if (piece.discontinuity) close()
        gap = (piece.randomAccess ? 0 : gap) + piece.duration90k / 90_000
        longestGap = Math.max(longestGap, gap)
        if (!piece.endsAtAccess) lastPiece = Math.max(lastPiece, gap)
        open.push(piece)
        if (rules.isWhole(open, { segments: window.nextMsn, target: target ?? LONGEST_SECONDS, longestGap })) close()
      }
      window.forgetBefore(pieces[0]?.start90k ?? 0)
    },
    keepSeconds() {
      const longest = target ?? LONGEST_SECONDS
      const list = Math.max(rules.windowSeconds, rules.minSegments * longest) + longest
      return 2 * list + longest + NEXT_PIECE_SECONDS
    },
    window: () => window.listed(),
    segment: (msn) => window.segment(msn),
    start: () => window.start(),
    targetSeconds: () => target ?? rules.target({ longestGap, lastPiece }),
    isIndependent: () => window.isIndependent,
    discontinuitiesBefore: (msn) => window.discontinuitiesBefore(msn),
  }
}
