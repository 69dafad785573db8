import type { Failure } from '../core/errors.ts'
import type { GuideChoice, GuideLayer } from '../core/guide/choice.ts'
import type { GuideMatch } from '../core/guide/match/match.ts'
import type { Programme } from '../core/guide/programme.ts'
import type { JobId } from '../core/jobs/job.ts'
import type { Channel, ChannelKey } from '../core/lineup/channel.ts'

/** A guide that comes as a document, as pages show it. Instants are epoch milliseconds. */
export type GuideFeedStatus = {
  readonly id: string
  readonly name: string
  /** What is used now; null: nothing yet. */
  readonly imported: {
    readonly fetchedAt: number
    readonly importedAt: number
    readonly channels: number
    readonly programmes: number
    readonly firstStart: number | null
    readonly lastStart: number | null
    /** The first broken places of the document. */
    readonly problems: readonly { readonly line: number; readonly message: string }[]
  } | null
  /** What runs now; null: nothing. */
  readonly progress: {
    readonly step: 'waiting' | 'fetching' | 'importing'
    readonly bytes: number
    readonly totalBytes: number | null
    readonly programmes: number
  } | null
  readonly problem: Failure | null
}

/** A channel of a guide. */
export type GuideFeedChannel = { readonly id: string; readonly names: readonly string[] }

/** Port of the LAN: the guides and what the owner decides about them. */
export interface GuideDesk {
  feeds(): readonly GuideFeedStatus[]
  /** Starts a refresh; what becomes of it is told by the job and in `feeds`. Fails with `guide/unknown-feed`. */
  refresh(feed: string, options: { readonly acceptCutOff: boolean; readonly askedBy: string | null }): JobId | null
  /** Ends a refresh, if one runs; resolves when it has. */
  cancel(feed: string): Promise<void>
  /** Channels of a feed whose id or name contains the text. Fails with `guide/unknown-feed`. */
  search(
    feed: string,
    query: { readonly text: string; readonly offset: number; readonly limit: number },
  ): { readonly total: number; readonly items: readonly GuideFeedChannel[] }
  /** Whether a feed has a channel of this id. */
  has(feed: string, channel: string): boolean
  /** Programmes of a feed's channel. */
  preview(
    feed: string,
    channel: string,
    window: { readonly from: number; readonly to: number },
  ): Promise<readonly Programme[]>
  layers(channel: Channel): readonly GuideLayer[]
  choice(key: ChannelKey): GuideChoice | null
  /** The surest match of each feed. */
  matches(key: ChannelKey): readonly GuideMatch[]
  candidates(channel: Channel): readonly GuideMatch[]
  decide(changes: ReadonlyMap<ChannelKey, GuideChoice | null>): Promise<void>
}
