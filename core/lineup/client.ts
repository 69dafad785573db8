import type { Channel } from './channel.ts'

/** Programs whose ways are known (`client=`). */
export const CLIENTS = ['plex', 'jellyfin', 'kodi', 'tivimate', 'channels', 'vlc'] as const

/** One of them, as it is written in `client=`; '' for all others. */
export type Client = (typeof CLIENTS)[number] | ''

/** A spelling that a program misreads, and what it reads well. */
type Spelling = readonly [misread: RegExp, readWell: string]

/** What a program needs of a playlist. */
export type PlaylistProfile = {
  /** `full`: what IPTV players read; `channels`: with the words of Channels DVR; `none`: names alone. */
  readonly attributes: 'full' | 'channels' | 'none'
  /** Whether a channel is in all of its groups (joined by `;`) or in its first. */
  readonly groups: 'first' | 'all'
  /** Whether it can go back in time by `catchup`. */
  readonly catchup: boolean
  /** Whether it can do something with channels without a picture. */
  readonly radio: boolean
  /** So many channels are read at most. */
  readonly mostChannels: number
  /** Changes of names, in this order. */
  readonly spellings: readonly Spelling[]
}

const USUAL: PlaylistProfile = {
  attributes: 'full',
  groups: 'first',
  catchup: true,
  radio: true,
  mostChannels: Infinity,
  spellings: [],
}

/**
 * What each program needs. Source: protocols/m3u-xmltv.md A1 … A3 (read: Kodi, Jellyfin; tried: Kodi, VLC) and
 * hdhomerun.md 7.1 (Plex).
 */
export const PLAYLIST_PROFILES: Readonly<Record<Client, PlaylistProfile>> = {
  '': USUAL,
  // Lists no more than 480 channels, and plays nothing without a picture.
  plex: { ...USUAL, catchup: false, radio: false, mostChannels: 480 },
  // Takes what stands behind the last comma for the name, and a number at its beginning for the channel's number; a
  // blank that does not break (U+00A0) looks the same and keeps the number in the name.
  jellyfin: {
    ...USUAL,
    catchup: false,
    spellings: [
      [/\s*,\s*/g, ' - '],
      [/^([\d.]+) /, '$1\u00a0'],
    ],
  },
  // Splits groups at ";".
  kodi: { ...USUAL, groups: 'all' },
  tivimate: USUAL,
  channels: { ...USUAL, attributes: 'channels', catchup: false },
  // Reads names only, and takes what stands before a comma or a dash for the artist.
  vlc: {
    ...USUAL,
    attributes: 'none',
    catchup: false,
    spellings: [
      [/\s*,\s*/g, '; '],
      [/ - /g, ' – '],
    ],
  },
}

/** The name as the program reads it well. */
export const spellName = (name: string, { spellings }: Pick<PlaylistProfile, 'spellings'>): string =>
  spellings.reduce((text, [misread, readWell]) => text.replace(misread, readWell), name)

/** Those of the channels that the program can take, in their order. */
export function channelsForClient(channels: readonly Channel[], client: Client): readonly Channel[] {
  const { radio, mostChannels } = PLAYLIST_PROFILES[client]
  const fit = radio ? channels : channels.filter(({ media }) => media !== 'radio')
  return fit.length > mostChannels ? fit.slice(0, mostChannels) : fit
}
