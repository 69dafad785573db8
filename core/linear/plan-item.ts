/** What a stretch of a channel is. `off`: nothing is planned; `slate`: a picture with a sentence, or with the channel's name. */
export const PLAN_KINDS = ['programme', 'filler', 'break', 'bumper', 'live', 'slate', 'off'] as const

/** One of them. */
export type PlanKind = (typeof PLAN_KINDS)[number]

/** How a stretch stands in the guide. Stretches of the same `group` that follow each other are one entry. */
export type PlanGuide = {
  readonly group: string
  /** False: no entry of its own; the entry before goes on over it. */
  readonly isShown: boolean
  readonly title: string
  readonly subtitle: string | null
  /** This channel has shown it before. */
  readonly isRepeat?: true
}

/**
 * A stretch of a channel: from `start` to `stop` (epoch milliseconds) this plays. Stretches follow each other without a
 * hole. The same document, catalogue and clock make the same items on every runtime.
 */
export type PlanItem = {
  /** Of start, channel and media (`itemId`), unique within the channel; stable as long as the plan is. */
  readonly id: string
  readonly start: number
  readonly stop: number
  readonly kind: PlanKind
  /** What plays; null for `live`, `slate`, `off`. */
  readonly media: string | null
  /** Where in the file it begins, milliseconds. */
  readonly inMs: number
  /** The channel of the house that is passed on (`live`); otherwise null. */
  readonly channel: string | null
  /** What the slate says; null: the title in `guide`. */
  readonly text: string | null
  readonly guide: PlanGuide
}
