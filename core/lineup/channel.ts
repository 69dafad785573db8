import type { Brand } from '../brand.ts'
import type { Media, Stream } from './stream.ts'

/** Key of a channel: one integer from one sequence, 1 … 2³¹−1, never reused. */
export type ChannelKey = Brand<number, 'ChannelKey'>

/** Public id of a channel: `c{key}`. */
export type ChannelId = Brand<string, 'ChannelId'>

/** Where a channel's guide comes from: a feed (source id or guide id) and the channel's name in it. */
export type GuideRef = { readonly feed: string; readonly channel: string }

/** What viewers pick: an ordered list of streams, the first that works is played. */
export type Channel = {
  readonly key: ChannelKey
  readonly id: ChannelId
  /** Channel number as text, `\d+(\.\d+)?`; kept for ever once given. */
  readonly number: string
  readonly name: string
  readonly media: Media
  /** Names of its groups, the main one first; may be empty. */
  readonly groups: readonly string[]
  readonly enabled: boolean
  /** Whether some stream's source can give a picture for it. */
  readonly hasLogo: boolean
  readonly guide: GuideRef | null
  /** Fail-over order; never empty for an enabled channel. */
  readonly streams: readonly Stream[]
}

export const channelKey = (key: number): ChannelKey => key as ChannelKey
export const channelId = (key: ChannelKey): ChannelId => `c${key}` as ChannelId

/** Id of the channel in XMLTV and `tvg-id`: `c{key}.downlink` (needs a dot, see XMLTV's validator). */
export const guideId = (channel: Pick<Channel, 'key'>): string => `c${channel.key}.downlink`

/** Order of channel numbers: by whole part, then by sub-number. */
export function compareNumbers(a: string, b: string): number {
  const [aMajor = '0', aMinor = '0'] = a.split('.')
  const [bMajor = '0', bMinor = '0'] = b.split('.')
  return Number(aMajor) - Number(bMajor) || Number(aMinor) - Number(bMinor)
}
