import { withVodViews } from '../../../core/lineup/vod-view.ts'
import { createVodDesk } from '../../../adapters/lan/vod-desk.ts'
import { createVodSessions } from '../../../adapters/lan/vod-sessions.ts'
import type { Account } from '../../../core/access/accounts.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { channelKey } from '../../../core/lineup/channel.ts'
import type { Channel } from '../../../core/lineup/channel.ts'
import type { Group } from '../../../core/lineup/lineup.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { createFilePlays } from '../../../adapters/lan/file-plays.ts'
import { NO_ATTENDANCE } from '../../../core/live/attendance.ts'
import { createHub } from '../../../core/live/create-hub.ts'
import { createApp } from '../../../handlers/app.ts'
import type { Gateway } from '../../../handlers/gateway.ts'
import { guideFace } from '../../../handlers/guide.ts'
import { hlsFace } from '../../../handlers/hls.ts'
import { liveFace } from '../../../handlers/live.ts'
import { playlistFace } from '../../../handlers/playlist.ts'
import { vodFace } from '../../../handlers/vod.ts'
import { xtreamFace } from '../../../handlers/xtream/face.ts'
import { createXtreamFilms } from '../../../handlers/xtream/films.ts'
import { createFilmSource } from '../../fakes/film-source.ts'
import { fakeChannel, fakeHouse, STRANGER } from '../../fakes/gateway.ts'
import { createMemoryVodNumbers } from '../../fakes/memory-vod-numbers.ts'

/** The instant that the house of these tests has, and a programme around it. */
export const NOW = Date.UTC(2026, 10, 21, 20, 20)
const MINUTE = 60_000

/** A programme that begins so many minutes from `NOW`. */
export const programmeAt = (minutes: number, changes: Partial<Programme> = {}): Programme => ({
  start: NOW + minutes * MINUTE,
  stop: NOW + (minutes + 30) * MINUTE,
  title: `At ${minutes}`,
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
  ...changes,
})

const CHANNELS: readonly Channel[] = [
  fakeChannel(1, { number: '1', name: 'Das Erste HD', groups: ['Public', 'All'], hasLogo: true }),
  fakeChannel(2, { number: '2', name: 'ZDF HD', groups: ['Public', 'All'] }),
  fakeChannel(3, { number: '2.1', name: 'ZDF info', groups: ['News'] }),
  fakeChannel(4, { number: '9', name: 'Off', groups: ['News'], enabled: false }),
  fakeChannel(70_000, { number: '30', name: 'Radio Eins', groups: [], media: 'radio' }),
]
/** A channel that its source keeps for two days and a half. */
export const keptChannel = (key: number): Channel => {
  const channel = fakeChannel(key)
  return { ...channel, streams: channel.streams.map((stream) => ({ ...stream, pastHours: 60 })) }
}
const GROUPS = ['News', 'Public', 'All'].map((name, order) => ({ name, order }))

/** What tests may change of the house. */
export type XtreamHouseOptions = {
  readonly gateway?: Partial<Gateway>
  readonly accounts?: readonly Account[]
  readonly channels?: readonly Channel[]
  readonly groups?: readonly Group[]
  readonly programmes?: (channel: Channel) => readonly Programme[]
  readonly withFilms?: boolean
}

/** A house with the Xtream API beside its other faces, and one person who has a viewing token. */
export async function xtreamHouse({
  gateway = {},
  accounts = [],
  channels = CHANNELS,
  groups = GROUPS,
  programmes,
  withFilms = false,
}: XtreamHouseOptions = {}) {
  const stack = new AsyncDisposableStack()
  const films = createFilmSource()
  const id = sourceId('films')
  const common = { now: Date.now, log: () => {}, lingerSeconds: 0 }
  const rule = { slots: () => null, sharesSlots: false, closingMs: 0, open: () => Promise.reject(new Error('no')) }
  const hub = createHub({ ...common, source: () => rule })
  const plays = createFilePlays({ attendance: NO_ATTENDANCE, now: common.now })
  const sessions = stack.use(createVodSessions({ ...common, hub, plays, opener: () => films }))
  const vod = withVodViews(
    createVodDesk({
      sources: () => [{ id, name: 'Films', vod: films }],
      sessions,
      pictures: { picture: () => Promise.resolve(null) },
    }),
    { now: () => 0 },
  )
  const house = fakeHouse({
    lineup: {
      revision: '7',
      channels,
      groups,
      selections: [{ id: 'two', name: 'Two', channels: [channelKey(3), channelKey(1)] }],
    },
    accounts,
    ...(programmes && { programmes }),
    gateway: { ...(withFilms && { vod, vodNumbers: createMemoryVodNumbers() }), ...gateway },
  })
  const app = createApp(house.gateway, {
    named: [(gateway) => xtreamFace(gateway, createXtreamFilms(gateway))],
    viewing: [playlistFace, guideFace, vodFace, liveFace, hlsFace],
    linked: [],
  })
  const token = (await house.tokens.add({ kind: 'viewing', name: 'Anna' })).token.reveal()
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.request(path, { method, headers: { host: 'localhost:18080', ...STRANGER, ...headers } })
  const query = `username=anna&password=${token}`
  return {
    house,
    films,
    app,
    token,
    get,
    query,
    /** The answer of an action as JSON. */
    act: async (action: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<unknown> => {
      const more = Object.entries(parameters).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`)
      return (await get(`/player_api.php?${query}&action=${action}${more.join('')}`)).json()
    },
    post: (path: string, body: string, contentType: string) =>
      app.request(path, {
        method: 'POST',
        headers: { host: 'localhost:18080', 'content-type': contentType, ...STRANGER },
        body,
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** The text behind base64. */
export const decoded = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)))
