/**
 * How far a pool has come. The place is kept by what was shown last, not by number, so that additions move nothing;
 * `index` is where that stood, for the time when it is gone.
 */
export type Cursor = { readonly round: number; readonly last: string | null; readonly index: number }

/** Before anything was shown. */
export const START: Cursor = { round: 0, last: null, index: -1 }

/** What comes next, the place after it, and whether it has been shown before on this channel. */
export type Drawn = { readonly id: string; readonly cursor: Cursor; readonly isRepeat: boolean }

/** An endless order of ids. Null: there are none. */
export interface Draw {
  next(cursor: Cursor): Drawn | null
}
