import type { ChannelKey, GuideRef } from '../lineup/channel.ts'

/** A channel of a guide as a channel of the line-up uses it. */
export type GuideLayer = GuideRef & {
  /** Minutes to be added to its times, for time-shifted channels and guides of another zone. */
  readonly shiftMinutes: number
}

/** What was decided about a channel's guide; nothing undoes it but another decision. */
export type GuideChoice = {
  /** `owner`: chosen by hand; `accepted`: a suggestion that was accepted with others. */
  readonly by: 'owner' | 'accepted'
  /** The first one counts most, the others fill its gaps; empty: no guide at all. */
  readonly layers: readonly GuideLayer[]
}

/** Port of the store: decisions by channel. */
export interface GuideChoiceStore {
  all(): Promise<ReadonlyMap<ChannelKey, GuideChoice>>
  /** Writes all of them or none; null: the decision is taken back. */
  put(changes: ReadonlyMap<ChannelKey, GuideChoice | null>): Promise<void>
}
