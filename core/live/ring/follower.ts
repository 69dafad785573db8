import type { PieceHead } from './piece.ts'

/** Where a picture starts, in ring time (radio: a unit of sound). */
export type PictureStart = { readonly time90k: number; readonly randomAccess: boolean }

/** Told of a ring's pictures as they start, for those who cut them otherwise than into pieces. Times are ring time. */
export interface RingFollower {
  /** A picture starts (radio: a unit of sound, complete); all before it is complete. */
  picture(start: PictureStart): void
  /** The picture with which a piece begins is complete. Its `picture` came before. */
  piece(head: PieceHead): void
  /** What was under way has broken off; the next picture is a random access point. */
  breaks(end90k: number): void
  /** Sound may have come. Gives whether the ring's listeners have to be told. */
  settle(): boolean
}
