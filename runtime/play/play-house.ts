import { randomBytes } from 'node:crypto'
import { createFilePlays } from '../../adapters/lan/file-plays.ts'
import { createLocalLink } from '../../adapters/link/local-link.ts'
import type { Ffmpeg } from '../../adapters/ffmpeg/resolve.ts'
import { createFrontPeople } from '../../core/access/front-people.ts'
import { createKeyRing, parseLinkKeys } from '../../core/access/keys.ts'
import { systemRandom } from '../../core/access/random.ts'
import { callRules } from '../../core/config.ts'
import { channelId, channelKey } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { indexLineup } from '../../core/lineup/lineup.ts'
import { withViews } from '../../core/lineup/person-view.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { Stream } from '../../core/lineup/stream.ts'
import { NO_ATTENDANCE } from '../../core/live/attendance.ts'
import type { SlotRule, StreamOpener } from '../../core/live/upstream.ts'
import type { HouseFormat } from '../../core/linear/house-format.ts'
import { DEFAULT_LOOKS } from '../../core/linear/looks.ts'
import { createApp } from '../../handlers/app.ts'
import type { Gateway } from '../../handlers/gateway.ts'
import { hlsFace } from '../../handlers/hls.ts'
import { liveFace } from '../../handlers/live.ts'
import { playlistFace } from '../../handlers/playlist.ts'
import type { Host } from '../host.ts'
import type { House, Surroundings } from '../house.ts'
import { createPlayouts } from '../playouts.ts'
import type { Playouts } from '../playouts.ts'
import type { HouseConfig } from '../load-config.ts'
import { assembleMedia } from '../media.ts'
import type { Media } from '../media.ts'
import { VERSION } from '../version.ts'
import type { FileLine } from './file-line.ts'

/** The one stream of the house. */
export const PLAY_PATH = 'live/c1.ts'

/** What a house that only plays is made of. `config.dataDir`: a folder that goes with it. */
export type PlayParts = Pick<Surroundings, 'log'> & {
  readonly host: Host
  readonly config: HouseConfig
  readonly ffmpeg: Ffmpeg
  readonly name: string
  readonly line: FileLine
  readonly format: HouseFormat
}

const SOURCE = sourceId('play')
const ITEM = 'files'

/** A house with one channel, which plays files: as TS, as HLS and in a playlist, for this machine and its network. */
export async function assemblePlay(parts: PlayParts): Promise<House> {
  const { host, config, ffmpeg, name, line, format, log } = parts
  await using stack = new AsyncDisposableStack()
  const now = Date.now
  const startedAt = now()
  const steadyNow = (): number => performance.timeOrigin + performance.now()
  const plays = createFilePlays({ attendance: NO_ATTENDANCE, now })
  const stream: Stream = {
    id: streamId(SOURCE, ITEM),
    sourceId: SOURCE,
    item: ITEM,
    name,
    media: 'tv',
    serviceRef: null,
    programNumber: null,
    slotKey: ITEM,
  }
  const key = channelKey(1)
  const channel: Channel = {
    key,
    id: channelId(key),
    number: '1',
    name,
    media: 'tv',
    groups: [],
    enabled: true,
    hasLogo: false,
    guide: null,
    streams: [stream],
  }
  const lineup = indexLineup({ revision: '1', channels: [channel], groups: [] })
  const opener: StreamOpener & SlotRule = {
    slots: () => null,
    sharesSlots: false,
    open({ sink, signal }) {
      line.begin()
      return playouts
        .of({
          id: ITEM,
          name,
          house: format,
          looks: DEFAULT_LOOKS,
          line,
          shelf: line,
          live: { join: () => Promise.reject(new TypeError('Files pass on no channels')) },
        })
        .open(sink, signal)
    },
  }
  const media: Media = stack.use(
    await assembleMedia({
      config,
      roster: { config: () => null, driver: () => null, opener: () => opener },
      lineup: { current: () => lineup },
      ffmpeg,
      watched: { attendance: NO_ATTENDANCE, plays },
      wallNow: now,
      now: steadyNow,
      log,
    }),
  )
  const playouts: Playouts = createPlayouts({ config, ffmpeg, ladder: media.ladder, log, now, steadyNow })
  const { hub, qualities, hls, past } = media
  const ring = createKeyRing(parseLinkKeys(`play:${randomBytes(32).toString('base64url')}`))
  const nobody = { people: () => null, revoked: () => new Set<string>(), lookAgain: () => Promise.resolve() }
  const people = createFrontPeople({ ring, fixed: [], news: nobody, random: systemRandom, now })
  const gateway: Gateway = {
    role: 'all',
    access: people.access,
    rules: callRules(config),
    pairs: null,
    signIn: null,
    people: null,
    tokens: null,
    links: null,
    mediaOrigins: [],
    lineup: withViews({ current: () => lineup }),
    channelFilter: null,
    guide: { revision: () => '1', programmes: () => [] },
    live: createLocalLink({ hub: qualities.hub, hls, past, door: null }),
    logos: { logo: () => Promise.resolve(null) },
    vod: null,
    vodNumbers: null,
    status: {
      version: VERSION,
      runtime: `${host.name} ${host.version}`,
      startedAt,
      ready: () => true,
      sources: () => [],
      streams: () => hub.streams(),
      transcode: () => qualities.transcode(),
      notices: () => [...ffmpeg.notices, ...media.notices()],
    },
    changes: { subscribe: () => () => {} },
    outlet: host.outlet,
    admin: null,
    sourceDesk: null,
    guideDesk: null,
    pages: null,
    audioTs: config.audio.ts,
    qualities: () => qualities.offered(),
    guideDays: 1,
    publicUrl: config.publicUrl,
    log,
    now,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    peerAddress: host.peerAddress,
  }
  const app = createApp(gateway, { viewing: [playlistFace, liveFace, hlsFace], linked: [] })
  const owned = stack.move()
  return {
    fetch(request, env) {
      // Whoever types the address alone means what is played.
      if (new URL(request.url).pathname === '/')
        return new Response(null, { status: 302, headers: { location: `/${PLAY_PATH}`, 'cache-control': 'no-store' } })
      return app.fetch(request, (env ?? {}) as object)
    },
    opened: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
