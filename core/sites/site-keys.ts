import { channelId, channelKey } from '../lineup/channel.ts'
import type { Channel, ChannelKey } from '../lineup/channel.ts'
import { sourceId } from '../lineup/stream.ts'
import type { SourceId } from '../lineup/stream.ts'
import { FIRST_VOD_NUMBER } from '../lineup/vod-numbers.ts'

/** A site as the front that joins it with others names it. */
export type SiteName = {
  readonly id: string
  /** 0 … `MOST_SITES` − 1, never changed: every key of the site on the front is made of it. Site 0 keeps its own keys. */
  readonly number: number
}

/** Sites that one front can join. */
export const MOST_SITES = 16

/** Each site has so many keys of channels below `FIRST_VOD_NUMBER`, and as many numbers of films above. */
export const KEYS_A_SITE = FIRST_VOD_NUMBER / MOST_SITES

/** The key of a site's channel on the front; null: the site's keys have run out, after 67 million channels. */
export const toFrontKey = ({ number }: SiteName, key: ChannelKey): ChannelKey | null =>
  key < KEYS_A_SITE ? channelKey(number * KEYS_A_SITE + key) : null

/** The number of the site whose channel has this key on the front. */
export const siteOfKey = (key: ChannelKey): number => Math.floor(key / KEYS_A_SITE)

/** A channel of the front as its own site knows it: by the site's key, and by nothing else that a front has changed. */
export function toSiteChannel(channel: Channel): Channel {
  const key = channelKey(channel.key % KEYS_A_SITE)
  return { ...channel, key, id: channelId(key) }
}

/** The number of a site's film on the front. Fails with `RangeError` after 67 million films. */
export function toFrontNumber({ number: site }: SiteName, number: number): number {
  const own = number - FIRST_VOD_NUMBER
  if (own < 0 || own >= KEYS_A_SITE) throw new RangeError(`${number} should be the number of a film`)
  return FIRST_VOD_NUMBER + site * KEYS_A_SITE + own
}

/** Whose film has this number on the front, and its own number there; null: nobody's. */
export function toSiteNumber(number: number): { readonly site: number; readonly number: number } | null {
  const place = number - FIRST_VOD_NUMBER
  if (!Number.isInteger(place) || place < 0 || place >= KEYS_A_SITE * MOST_SITES) return null
  return { site: Math.floor(place / KEYS_A_SITE), number: FIRST_VOD_NUMBER + (place % KEYS_A_SITE) }
}

/** The name of something of a site (a source, a selection) on the front. The dot is in no such name of a house. */
export const toFrontName = ({ id, number }: SiteName, name: string): string => (number === 0 ? name : `${id}.${name}`)

/** `toFrontName` of a source. */
export const toFrontSource = (site: SiteName, source: SourceId): SourceId => sourceId(toFrontName(site, source))

/** The source as its site knows it; null: it is of another site. */
export function toSiteSource({ id, number }: SiteName, source: SourceId): SourceId | null {
  if (number === 0) return source.includes('.') ? null : source
  return source.startsWith(`${id}.`) ? sourceId(source.slice(id.length + 1)) : null
}
