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
  /** Whether the owner gave it a picture, or some stream's source can. */
  readonly hasLogo: boolean
  /** Name of the picture that the owner gave it (`logo/pictures.ts`); absent: as its sources have it. */
  readonly ownLogo?: string
  readonly guide: GuideRef | null
  /** Guides of all its streams in their order, each feed once; absent: `guide` is all there is. */
  readonly guides?: readonly GuideRef[]
  /** Fail-over order; empty for an enabled channel only if the owner has switched all of them off. */
  readonly streams: readonly Stream[]
  /** What sources offer for it and the owner has switched off: never opened; absent: nothing. */
  readonly offStreams?: readonly Stream[]
}

/** The highest channel key: what a signed integer of 32 bits holds (Xtream clients store `stream_id` in one). */
export const MAX_CHANNEL_KEY = 2 ** 31 - 1

/** The highest whole channel number: six digits are what players show. */
export const MAX_WHOLE_NUMBER = 999_999

/** The number as a channel key. Fails with `RangeError` outside 1 … 2³¹−1. */
export function channelKey(key: number): ChannelKey {
  if (!Number.isInteger(key) || key < 1 || key > MAX_CHANNEL_KEY)
    throw new RangeError(`Channel key ${key} should be a whole number from 1 to ${MAX_CHANNEL_KEY}`)
  return key as ChannelKey
}

/** The public id of the channel with this key. */
export const channelId = (key: ChannelKey): ChannelId => `c${key}` as ChannelId

/** The id that a text spells (`c12`; no leading zeros: every channel has one spelling); null for any other text. */
export function parseChannelId(text: string): ChannelId | null {
  return /^c[1-9]\d{0,9}$/.test(text) && Number(text.slice(1)) <= MAX_CHANNEL_KEY ? (text as ChannelId) : null
}

/**
 * The channel number that a text spells, without leading zeros; null for anything but `\d+(\.\d+)?`, for 0 (players
 * take it for "none") and for more than six digits before or three behind the dot.
 */
export function parseChannelNumber(text: string): string | null {
  const [, whole, part] = /^0*([1-9]\d{0,5})(\.\d{1,3})?$/.exec(text.trim()) ?? []
  return whole === undefined ? null : whole + (part ?? '')
}

/** Id of the channel in XMLTV and `tvg-id`: `c{key}.downlink` (needs a dot, see XMLTV's validator). */
export const guideId = (channel: Pick<Channel, 'key'>): string => `c${channel.key}.downlink`

/** Order of channel numbers: by whole part, then by sub-number. */
export function compareNumbers(a: string, b: string): number {
  return Math.trunc(Number(a)) - Math.trunc(Number(b)) || subNumber(a) - subNumber(b)
}

/** Sub-numbers are counted, not decimals: 5.10 comes after 5.9. */
function subNumber(number: string): number {
  const dot = number.indexOf('.')
  return dot < 0 ? 0 : Number(number.slice(dot + 1))
}

/** All that sources offer for the channel, also what is switched off: what tells it apart does not change with a switch. */
export const everyStream = ({ streams, offStreams }: Pick<Channel, 'streams' | 'offStreams'>): readonly Stream[] =>
  offStreams === undefined ? streams : [...streams, ...offStreams]

/** Order of channels: by number, equal ones by key. */
export const compareChannels = (a: Pick<Channel, 'number' | 'key'>, b: Pick<Channel, 'number' | 'key'>): number =>
  compareNumbers(a.number, b.number) || a.key - b.key

/**
 * The channels in order of number, as `compareChannels` has it. Reads each number once; most lists of 100,000 are in order
 * already.
 */
export function sortByNumber<T extends Pick<Channel, 'number' | 'key'>>(channels: readonly T[]): readonly T[] {
  const wholes = channels.map(({ number }) => Math.trunc(Number(number)))
  const isInOrder = channels.every((channel, index) => {
    const before = channels[index - 1]
    const step = (wholes[index] ?? 0) - (wholes[index - 1] ?? 0)
    return before === undefined || step > 0 || (step === 0 && compareChannels(before, channel) <= 0)
  })
  if (isInOrder) return channels
  return channels
    .map((channel, index) => ({ channel, whole: wholes[index] ?? 0, sub: subNumber(channel.number) }))
    .toSorted((a, b) => a.whole - b.whole || a.sub - b.sub || a.channel.key - b.channel.key)
    .map(({ channel }) => channel)
}
