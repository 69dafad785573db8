import type { Client } from '../lineup/client.ts'

/** What a program needs of a guide. */
export type GuideProfile = {
  /** Days ahead, at most. */
  readonly mostDays: number
  /** Days of all channels together: with more channels there are fewer days. */
  readonly mostChannelDays: number
  /** Which of a channel's names comes first: programs show that one. */
  readonly firstName: 'name' | 'number-and-name'
  /** Whether everything but films has a number of season and episode: what has none is a film there. */
  readonly numbersEverything: boolean
  /** Longest description, characters. */
  readonly longestText: number
}

const USUAL: GuideProfile = {
  mostDays: Infinity,
  mostChannelDays: Infinity,
  firstName: 'name',
  numbersEverything: false,
  longestText: Infinity,
}

/** What each program needs. Source: protocols/m3u-xmltv.md B2 (read: Kodi, Jellyfin; reports: Plex). */
export const GUIDE_PROFILES: Readonly<Record<Client, GuideProfile>> = {
  '': USUAL,
  // An answer of more than 20 MB is an empty guide there: 30 programmes a day of some 500 bytes each.
  plex: { mostDays: 7, mostChannelDays: 1200, firstName: 'number-and-name', numbersEverything: true, longestText: 300 },
  // Reads the whole document once for each channel.
  jellyfin: { ...USUAL, mostDays: 7, longestText: 600 },
  // Keeps the whole document in memory, twice while it starts.
  kodi: { ...USUAL, longestText: 1000 },
  tivimate: USUAL,
  channels: { ...USUAL, mostDays: 14 },
  vlc: USUAL,
}

/** How many of the days that are wanted a guide of so many channels may have; at least one. */
export const daysOfGuide = (
  { mostDays, mostChannelDays }: GuideProfile,
  { days, channels }: { readonly days: number; readonly channels: number },
): number => Math.max(1, Math.min(days, mostDays, Math.floor(mostChannelDays / Math.max(channels, 1))))

/** The text, cut behind a word where it is too long. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text
  const head = text.slice(0, longest - 1).toWellFormed()
  const isWhole = /\s/.test(text.charAt(longest - 1))
  return `${(isWhole ? head : head.replace(/\s+\S*$/, '')).trimEnd()}…`
}
