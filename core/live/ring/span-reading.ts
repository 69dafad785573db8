import type { PesUnit } from '../pes-unit.ts'
import { diff90k } from '../timestamps.ts'
import type { ClosedPiece, OpenPiece, Piece, Span } from './piece.ts'

/** Sound is no further from its picture's piece than this, 90 kHz. */
const NEAR_90K = 90_000

/** Sound within a span, and the PTS of what comes behind it; null if that is not known. */
export type SpanSound = { readonly units: readonly PesUnit[]; readonly next90k: number | null }

/** Pictures that start within the span, in order. */
export function picturesWithin(
  { start90k, duration90k }: Pick<Span, 'start90k' | 'duration90k'>,
  pieces: Iterable<Piece | ClosedPiece | OpenPiece>,
): PesUnit[] {
  const end = start90k + duration90k
  const found: PesUnit[] = []
  for (const piece of pieces) {
    if (piece.start90k >= end || ('duration90k' in piece && piece.start90k + piece.duration90k <= start90k)) continue
    for (const unit of piece.video) {
      const time = piece.start90k + diff90k(unit.dts90k, piece.startDts90k)
      if (time >= start90k && time < end) found.push(unit)
    }
  }
  return found
}

/** Pieces in which sound of the span may be. */
export const piecesNear = ({ start90k, duration90k }: Span, pieces: readonly Piece[]): Piece[] =>
  pieces.filter(
    (piece) =>
      piece.start90k < start90k + duration90k + NEAR_90K && piece.start90k + piece.duration90k > start90k - NEAR_90K,
  )

/** Units of a track within the span, in order. `startedPts90k`: of the unit behind them all that is not complete yet. */
export function soundWithin(
  { duration90k, startPts90k }: Span,
  track: { readonly units: readonly PesUnit[]; readonly startedPts90k: number | null },
): SpanSound {
  const place = ({ pts90k }: PesUnit): number => diff90k(pts90k, startPts90k)
  const units = track.units.filter((unit) => place(unit) >= 0 && place(unit) < duration90k)
  const behind = track.units.find((unit) => place(unit) >= duration90k)?.pts90k ?? track.startedPts90k
  return { units, next90k: behind !== null && diff90k(behind, startPts90k) >= duration90k ? behind : null }
}

/** Ring times at which the pictures of a piece start; radio: those units of its leading track that lie in it. */
export function startsWithin(piece: Piece | ClosedPiece | OpenPiece, leading: readonly PesUnit[]): number[] {
  const { start90k, startDts90k } = piece
  if (piece.video.length > 0) return piece.video.map(({ dts90k }) => start90k + diff90k(dts90k, startDts90k))
  const end = 'duration90k' in piece ? start90k + piece.duration90k : Infinity
  return leading
    .map(({ pts90k }) => start90k + diff90k(pts90k, startDts90k))
    .filter((time) => time >= start90k && time < end)
}
