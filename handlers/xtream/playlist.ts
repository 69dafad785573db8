import { writeM3u } from '../../core/lineup/m3u-write.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { logoUrl } from '../../core/lineup/logo/logo-url.ts'
import { pastHoursOf } from '../../core/lineup/past.ts'
import { inPieces } from '../../core/pieces.ts'
import { plainText } from '../../core/plain-text.ts'
import { publicOrigin } from '../origin.ts'
import { selectedChannels } from '../selected.ts'
import { textStream } from '../text-stream.ts'
import type { XtreamCall } from './house.ts'
import { ownToken } from './viewer.ts'

/**
 * Answers `get.php`: the channels as a playlist whose addresses have the form of this protocol, with the caller's own
 * viewing token in place of the password.
 *
 * `type=m3u` has names only; every other type is `m3u_plus`. `output=ts|m3u8` (`mpegts`, `hls`; TS unless said). `key=movie`
 * lists films instead, `key=live,movie` both. `selection=` names one of ours.
 * Fails with `lineup/not-ready`, `lineup/unknown-selection`, `source/*`. Source: protocols/xtream.md §3.
 */
export function answerPlaylist(call: XtreamCall): Response {
  const { c, caller, parameters } = call
  const isPlus = parameters.get('type') !== 'm3u'
  const extension = /^(m3u8|hls)$/i.test(parameters.get('output') ?? '') ? 'm3u8' : 'ts'
  const keys = (parameters.get('key') ?? '').split(',').filter((key) => key !== '')
  const origin = publicOrigin(c, call.house.gateway)
  const token = ownToken(caller)
  const addressOf = (kind: 'live' | 'movie', file: string): string =>
    token === null ? `${origin}/${kind}/${file}` : `${origin}/${kind}/${nameIn(call)}/${token}/${file}`
  const channels =
    keys.length === 0 || keys.some((key) => key !== 'movie')
      ? selected(call, call.house.channels(caller)).filter((channel) => isAsked(channel, keys))
      : []
  const streamUrl = ({ key, id }: Channel): string =>
    addressOf('live', `${token === null ? id : String(key)}.${extension}`)
  const headers = new Headers({
    'content-type': 'audio/x-mpegurl; charset=utf-8',
    'content-disposition': `attachment; filename="tv_channels${isPlus ? '_plus' : ''}.m3u"`,
    'cache-control': 'private, no-store',
    'referrer-policy': 'no-referrer',
  })
  const live = isPlus ? livePieces(call, channels, streamUrl) : inPieces(plainLines(channels, streamUrl))
  const films = keys.includes('movie') && token !== null ? call.house.films : null
  return new Response(textStream(both(live, films?.entries(call, (file) => addressOf('movie', file)) ?? [])), {
    headers,
  })
}

/** Beside a token the name says nothing: one that is safe in every address, and the same as the client's where that is. */
const nameIn = ({ pair, caller }: XtreamCall): string =>
  [pair.username, caller.user ?? ''].find((name) => /^[\w@-][\w.@-]{0,63}$/.test(name)) ?? 'viewer'

/** Those of a selection in its order (`selection=`, ours), of what the caller may see. */
function selected({ parameters, house }: XtreamCall, channels: readonly Channel[]): readonly Channel[] {
  const id = parameters.get('selection') ?? ''
  if (id === '') return channels
  const visible = new Set(channels.map(({ key }) => key))
  return selectedChannels(house.gateway.lineup.current(), id).filter(({ key }) => visible.has(key))
}

/** `key=radio_streams` is the radio, `live` and `created_live` is television; without a key it is everything. */
function isAsked({ media }: Channel, keys: readonly string[]): boolean {
  if (keys.length === 0) return true
  return media === 'radio' ? keys.includes('radio_streams') : keys.includes('live') || keys.includes('created_live')
}

const livePieces = ({ root }: XtreamCall, channels: readonly Channel[], streamUrl: (channel: Channel) => string) =>
  writeM3u({
    channels,
    guideUrl: `${root}/xmltv.xml`,
    streamUrl,
    logoUrl: (channel) => logoUrl(root, channel),
    catchup(channel) {
      const hours = pastHoursOf(channel)
      // Not "xc": Kodi then wants addresses without ".ts", by which others know what a stream is.
      const source = `${streamUrl(channel).replace(/m3u8$/, 'ts')}?start={utc}&end={utcend}`
      return hours === 0 ? null : { days: Math.ceil(hours / 24), source }
    },
    group: (channel) => channel.groups[0] ?? null,
  })

function* plainLines(channels: readonly Channel[], streamUrl: (channel: Channel) => string) {
  yield '#EXTM3U\n'
  for (const channel of channels)
    yield `#EXTINF:-1,${plainText(channel.name) || `Channel ${channel.number}`}\n${streamUrl(channel)}\n`
}

async function* both(
  first: Generator<string, void, undefined>,
  second: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string, void, undefined> {
  yield* first
  yield* second
}
