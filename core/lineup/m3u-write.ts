import { inPieces } from '../pieces.ts'
import { plainText } from '../plain-text.ts'
import { guideId } from './channel.ts'
import type { Channel } from './channel.ts'
import { PLAYLIST_PROFILES, spellName } from './client.ts'
import type { PlaylistProfile } from './client.ts'

/** What a playlist is made of. URLs are absolute and stay the same from one fetch to the next: players identify channels by them. */
export type M3uOptions = {
  /** In the order of the playlist. */
  readonly channels: Iterable<Channel>
  /** Address of the guide; null: none (an empty attribute breaks players). */
  readonly guideUrl: string | null
  readonly streamUrl: (channel: Channel) => string
  /** Null: the channel has no picture. */
  readonly logoUrl: (channel: Channel) => string | null
  /** How the channel's past is asked for: an address with `{utc}` and `{utcend}` in it; null: it has none. Absent: none has. */
  readonly catchup?: (channel: Channel) => { readonly days: number; readonly source: string } | null
  /** The group that players show the channel in; null: none. */
  readonly group: (channel: Channel) => string | null
  /** Who will read it; absent: anybody. */
  readonly profile?: PlaylistProfile
}

/**
 * Writes a playlist in pieces of about 64 KiB, one `#EXTINF` line and one URL line a channel.
 *
 * There is no escape in this format: `"` becomes `'`, controls become spaces, and what Kodi would take for an
 * attribute wherever it stands in the line (`media=`, `radio=` …) is broken up.
 * Source: protocols/m3u-xmltv.md A2, A3 (read and tried: Kodi, Jellyfin, Tvheadend, VLC).
 */
export function writeM3u(options: M3uOptions): Generator<string, void, undefined> {
  return inPieces(m3uLines(options))
}

function* m3uLines(options: M3uOptions): Generator<string, void, undefined> {
  const { guideUrl, profile = PLAYLIST_PROFILES[''] } = options
  const guide =
    guideUrl === null || profile.attributes === 'none'
      ? ''
      : m3uAttribute('x-tvg-url', guideUrl) + m3uAttribute('url-tvg', guideUrl)
  yield `#EXTM3U${guide}\n`
  const known = { ...options, profile, groupText: createGroupTexts(profile) }
  for (const channel of options.channels) {
    const name = spellName(m3uText(channel.name), profile) || `Channel ${channel.number}`
    const attributes = profile.attributes === 'none' ? '' : attributesOf(channel, name, known)
    // A quoted attribute stands right before the comma: Kodi looks for the name behind the last quote.
    yield `#EXTINF:-1${attributes},${name}\n${options.streamUrl(channel)}\n`
  }
}

function attributesOf(
  channel: Channel,
  name: string,
  options: M3uOptions & { readonly profile: PlaylistProfile; readonly groupText: GroupText },
): string {
  const { profile } = options
  const group = options.groupText(options.group(channel), channel)
  const logo = options.logoUrl(channel)
  const catchup = profile.catchup ? (options.catchup?.(channel) ?? null) : null
  return (
    m3uAttribute('tvg-id', guideId(channel)) +
    m3uAttribute('tvg-name', name) +
    m3uAttribute('tvg-chno', channel.number) +
    (profile.attributes === 'channels' ? channelsAttributes(channel, logo) : '') +
    (logo === null ? '' : m3uAttribute('tvg-logo', logoText(logo))) +
    (catchup === null ? '' : catchupAttributes(catchup)) +
    (channel.media === 'radio' ? m3uAttribute('radio', 'true') : '') +
    (group === '' ? '' : m3uAttribute('group-title', group))
  )
}

type GroupText = (shown: string | null, channel: Pick<Channel, 'groups'>) => string

/** The group that is shown, or it and all others; what joins them must not be part of a name. For one playlist: it remembers names. */
function createGroupTexts(profile: PlaylistProfile): GroupText {
  const known = new Map<string, string>()
  const textOf = (name: string): string => {
    const found = known.get(name)
    if (found !== undefined) return found
    const text = m3uText(name)
    known.set(name, text)
    return text
  }
  return (shown, { groups }) => {
    if (shown === null) return ''
    if (profile.groups === 'first') return textOf(shown)
    const names = [...new Set([shown, ...groups])].map((name) => textOf(name).replaceAll(';', ','))
    return names.filter((name) => name !== '').join(';')
  }
}

/** Seconds of a block in the guide of a channel that has none. */
const PLACEHOLDER_SECONDS = 7200

/** The words of Channels DVR: an id that stays, and blocks to record where the guide is empty. */
const channelsAttributes = (channel: Channel, logo: string | null): string =>
  m3uAttribute('channel-id', channel.id) +
  m3uAttribute('channel-number', channel.number) +
  (logo === null ? '' : m3uAttribute('tvc-guide-art', logoText(logo))) +
  (channel.guide === null ? m3uAttribute('tvc-guide-placeholders', String(PLACEHOLDER_SECONDS)) : '')

/** `default` is what all players know that know anything: the address as it stands, with the times filled in. */
const catchupAttributes = ({ days, source }: { readonly days: number; readonly source: string }): string =>
  m3uAttribute('catchup', 'default') +
  m3uAttribute('catchup-days', String(days)) +
  m3uAttribute('catchup-source', source)

/** An attribute of an `#EXTINF` line, with the blank before it; `value` is clean (`m3uText`, or an address of ours). */
export const m3uAttribute = (name: string, value: string): string => ` ${name}="${value}"`

// Kodi searches these in the whole line, values included (pvr.iptvsimple, PlaylistLoader.cpp, ReadMarkerValue).
const FALSE_ATTRIBUTE =
  /((?:tvg|tvc|catchup|media|provider)(?:-[a-z]+)*|ch-number|group-title|radio|timeshift|realtime|url-tvg|x-tvg-url|user-agent)=/gi

/** The text as it can stand in an attribute or as a name: one line, without double quotes and without false attributes. */
export function m3uText(text: string): string {
  const plain = plainText(text)
  const quoted = plain.includes('"') ? plain.replaceAll('"', "'") : plain
  // Few names have one, and the pattern costs more than all the rest of a line.
  return quoted.includes('=') ? quoted.replace(FALSE_ATTRIBUTE, '$1 =') : quoted
}

const logoText = (url: string): string => {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query) + url.slice(query).replaceAll('=', '%3D')
}
