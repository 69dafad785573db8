/** A picture at its place on a channel's line: when it is decoded and when it is shown, ticks of 90 kHz. Never wraps. */
export type Picture = {
  readonly at: number
  readonly shownAt: number
  readonly isKey: boolean
  /** As a decoder gets it (Annex B). */
  readonly bytes: Uint8Array
}

/**
 * What plays on a stretch of a channel's line: a file, another channel, a slate. Times are places on the line.
 *
 * It is asked with times that never go back, and may forget what lies before them. The same question has the same answer,
 * so that it may be asked before there is room for what comes.
 */
export interface Feed {
  /** The first picture at or behind this time (half a picture before it is near enough); null: not there yet. */
  picture(at: number): Picture | null
  /** A frame of sound of each track for this place, null where none will come; null alone: not there yet. */
  sound(at: number): readonly (Uint8Array | null)[] | null
  /** Nothing more comes behind what is there. */
  readonly isOver: boolean
}

/** A feed and the time of the line from which on it is asked. */
export type Entry = { readonly from: number; readonly feed: Feed }
