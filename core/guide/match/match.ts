import type { GuideRef } from '../../lineup/channel.ts'

/** What made a channel of a guide the one of a channel of the line-up. */
export type MatchKind = 'id' | 'service' | 'name' | 'words'

/** A channel of a guide that may be the one of a channel of the line-up. */
export type GuideMatch = GuideRef & {
  /** What the guide calls it. */
  readonly name: string
  /** 0 … 1: how sure it is. */
  readonly score: number
  readonly kind: MatchKind
  /** What was found to be the same, in words a person reads. */
  readonly reason: string
}

/** From here on a match is used without asking. */
export const SURE_MATCH = 0.84

/** From here on a match says the same as an id: it goes before the guide that a channel's own source has. */
export const CERTAIN_MATCH = 0.96
