import type { VideoFacts } from '../codec-strings.ts'
import type { PesUnit } from '../pes-unit.ts'
import type { Program } from '../program.ts'

/** Half a second of a channel: what all deliveries are made of. Times count 90 kHz ticks from the ring's first picture. */
export type Piece = {
  readonly index: number
  readonly start90k: number
  readonly duration90k: number
  /** DTS of its first picture, 90 kHz ticks modulo 2³³. */
  readonly startDts90k: number
  /** PTS that belongs to its start, 90 kHz ticks modulo 2³³: sound from here on belongs to it. */
  readonly startPts90k: number
  /** A decoder may start with its first picture (radio: always). */
  readonly randomAccess: boolean
  /** The picture behind it is a random access point: a GOP is complete. */
  readonly endsAtAccess: boolean
  /** Something broke off before it: programme, codec or clock. */
  readonly discontinuity: boolean
  /** Wall clock of its first picture, epoch milliseconds, counted on by media time. */
  readonly dateMs: number
  /** When it was listed, epoch milliseconds. */
  readonly listedAtMs: number
  readonly program: Program
  readonly facts: VideoFacts | null
  readonly video: readonly PesUnit[]
  /** Sound, teletext and subtitles as they came, by PID. */
  readonly audio: ReadonlyMap<number, readonly PesUnit[]>
  readonly bytes: number
}

/** What is known of a piece when it begins. */
export type PieceHead = Omit<Piece, 'duration90k' | 'endsAtAccess' | 'listedAtMs' | 'video' | 'audio' | 'bytes'>

/** A piece under way: its complete pictures. */
export type OpenPiece = PieceHead & { readonly video: readonly PesUnit[] }

/** A piece whose pictures are complete, and whose sound may still come. `closedAtMs`: when the last picture was there. */
export type ClosedPiece = OpenPiece & Pick<Piece, 'duration90k' | 'endsAtAccess'> & { readonly closedAtMs: number }

/** A stretch of a ring: pictures by ring time, sound by PTS. `listedAtMs`: when all of it was there. */
export type Span = Pick<Piece, 'start90k' | 'duration90k' | 'startDts90k' | 'startPts90k' | 'listedAtMs'>

/** What may be kept of a piece for long: no pictures. */
export const headOf = (piece: PieceHead): PieceHead => ({
  index: piece.index,
  start90k: piece.start90k,
  startDts90k: piece.startDts90k,
  startPts90k: piece.startPts90k,
  randomAccess: piece.randomAccess,
  discontinuity: piece.discontinuity,
  dateMs: piece.dateMs,
  program: piece.program,
  facts: piece.facts,
})
