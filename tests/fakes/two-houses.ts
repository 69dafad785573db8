import { createVodDesk } from '../../adapters/lan/vod-desk.ts'
import { createLocalLink } from '../../adapters/link/local-link.ts'
import { withSeats } from '../../adapters/link/seated-link.ts'
import { createMemoryLeases } from '../../core/access/memory-leases.ts'
import type { Account } from '../../core/access/accounts.ts'
import { createSeats } from '../../core/access/seats.ts'
import { parseConfig } from '../../core/config.ts'
import type { Programme } from '../../core/guide/programme.ts'
import { channelKey } from '../../core/lineup/channel.ts'
import { withViews } from '../../core/lineup/person-view.ts'
import { indexLineup } from '../../core/lineup/lineup.ts'
import type { Lineup } from '../../core/lineup/lineup.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import { withVodViews } from '../../core/lineup/vod-view.ts'
import type { ByteSink, Hub } from '../../core/live/hub.ts'
import { createApp } from '../../handlers/app.ts'
import { guideFace } from '../../handlers/guide.ts'
import { hlsFace } from '../../handlers/hls.ts'
import { houseApi } from '../../handlers/house-api.ts'
import { liveFace } from '../../handlers/live.ts'
import { logoFace } from '../../handlers/logo.ts'
import { playlistFace } from '../../handlers/playlist.ts'
import { snapshotFace } from '../../handlers/snapshot.ts'
import { streamOutlet } from '../../handlers/stream-outlet.ts'
import { vodSnapshotFace } from '../../handlers/vod-snapshot.ts'
import { vodFace } from '../../handlers/vod.ts'
import { xtreamFace } from '../../handlers/xtream/face.ts'
import { createXtreamFilms } from '../../handlers/xtream/films.ts'
import { createFront } from '../../runtime/edge.ts'
import { createFilmSource } from './film-source.ts'
import { fakeChannel, fakeHouse } from './gateway.ts'
import { createMemoryVodNumbers } from './memory-vod-numbers.ts'

const FILMS = sourceId('films')
const ADAPTER = 'http://home.test'
/** Where both houses say that they are, so that their addresses can be compared. */
export const PUBLIC_URL = 'http://tv.test'

/** Channels whose names say which group they are in. */
const lineup: Lineup = {
  revision: '7',
  channels: [
    fakeChannel(1, { name: 'Kids One', groups: ['Kids'], hasLogo: true }),
    fakeChannel(2, { name: 'Kids Two', groups: ['Family', 'Kids'], hasLogo: true }),
    fakeChannel(3, { name: 'News One', groups: ['News'], hasLogo: true }),
    fakeChannel(4, { name: 'Adult One', groups: ['XXX'], hasLogo: true }),
    fakeChannel(5, { name: 'Adult Kids', groups: ['Kids', 'XXX'], hasLogo: true }),
    fakeChannel(6, { name: 'News Radio', groups: [], media: 'radio', hasLogo: true }),
  ],
  groups: ['Family', 'Kids', 'News', 'XXX'].map((name, order) => ({ name, order })),
  selections: [
    { id: 'mine', name: 'Mine', channels: [channelKey(6), channelKey(3)] },
    { id: 'mixed', name: 'Mixed', channels: [channelKey(4), channelKey(3), channelKey(1)] },
  ],
}

const programme = (title: string, start: number): Programme => ({
  title,
  start,
  stop: start + 3_600_000,
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
})

/** Films 1, 3, 5 and the series stand in `Kids`, 2 and 4 in `XXX Films`. */
function filmSource() {
  const source = createFilmSource(2000)
  const names: Readonly<Record<string, string>> = { odd: 'Kids', even: 'XXX Films' }
  return {
    ...source,
    categories: async (...[kind, signal]: Parameters<typeof source.categories>) =>
      (await source.categories(kind, signal)).map(({ id }) => ({ id, name: names[id] ?? id })),
  }
}

/** Somebody who asks: from one address, with one player. */
export type Asking = { readonly address?: string; readonly player?: string; readonly headers?: Record<string, string> }

/** A place to ask at. A redirect to the adapter is followed, as players do. */
export type Place = { ask(path: string, asking?: Asking, method?: string): Promise<Response> }

/**
 * One house, asked directly (`home`), and by a front that sends on or passes bytes through; the front hears of changes
 * after 15 seconds of `clock`. What runs at home is in `running`.
 */
export function openTwoHouses(accounts: readonly Account[], mode: 'redirect' | 'proxy' = 'redirect') {
  const running = new Set<string>()
  const hub: Pick<Hub, 'watch' | 'shiftWindowMs'> = {
    shiftWindowMs: 3 * 3_600_000,
    watch(channel, { user, mode: face }, open) {
      const body: ByteSink = open()
      body.write(new TextEncoder().encode(`television of ${channel.id} for ${user} by ${face}`))
      const at = `${channel.id} ${user}`
      running.add(at)
      return Promise.resolve({ id: at, drained: () => {}, leave: () => void running.delete(at) })
    },
  }
  const hls: Parameters<typeof createLocalLink>[0]['hls'] = {
    hls: ({ channel, path }) =>
      Promise.resolve({
        kind: 'document',
        contentType: 'application/vnd.apple.mpegurl',
        body: `#EXTM3U\n../hls/${channel.id}/video.m3u8?${path}\n`,
        cacheControl: 'no-store',
      }),
  }
  const films = filmSource()
  const base = fakeHouse({
    accounts,
    lineup,
    programmes: ({ name }) => [0, 1, 2, 3, 4].map((n) => programme(`On ${name}`, Date.UTC(2026, 10, 21, 20 + n))),
  })
  const now = (): number => base.clock.now
  const seats = createSeats({ leases: createMemoryLeases(), every: () => () => {}, now })
  let count = 0
  const common = {
    live: withSeats(createLocalLink({ hub: () => hub, hls, door: base.links }), seats, () => String(count++)),
    outlet: streamOutlet,
    seats,
    lineup: withViews({ current: () => indexLineup(base.state.lineup) }),
    rules: { anonymous: 'none', trustedProxies: [], hosts: ['tv.test', 'home.test'] },
    publicUrl: PUBLIC_URL,
    vod: withVodViews(
      createVodDesk({
        sources: () => [{ id: FILMS, name: 'Films', vod: films }],
        sessions: { open: ({ item, range, signal }) => films.openFile({ item, range, signal }) },
        pictures: {
          async picture({ ask }, signal) {
            const bytes = await ask(signal)
            return bytes === null ? null : { bytes: new Uint8Array(bytes), contentType: 'image/jpeg', tag: 'p' }
          },
        },
      }),
      { now },
    ),
    vodNumbers: createMemoryVodNumbers(),
    logos: {
      logo: ({ name }: { readonly name: string }) =>
        Promise.resolve({
          bytes: new TextEncoder().encode(`GIF89a logo of ${name}`),
          contentType: 'image/gif',
          tag: 'l',
        }),
    },
  } as const
  const gateway = { ...base.gateway, ...common }
  const viewing = [playlistFace, guideFace, logoFace, vodFace, liveFace, hlsFace]
  const app = createApp(gateway, {
    named: [(house) => xtreamFace(house, createXtreamFilms(house))],
    viewing,
    linked: [snapshotFace, vodSnapshotFace, ...viewing.slice(2)],
    api: houseApi,
  })

  const front = createFront({
    config: parseConfig({
      file: null,
      env: {
        DOWNLINK_LINK_KEYS: `k1:${'A'.repeat(43)}`,
        DOWNLINK_ADAPTER_URL: ADAPTER,
        DOWNLINK_PUBLIC_URL: PUBLIC_URL,
        DOWNLINK_LINK_MODE: mode,
        DOWNLINK_ADMIN_PASSWORD: 'correct-horse-battery',
      },
      options: { role: 'gateway' },
      sourceSchemas: {},
    }),
    runtime: 'test',
    outlet: streamOutlet,
    pages: null,
    peerAddress: (context) =>
      (context as { req: { header(name: string): string | undefined } }).req.header('x-test-peer') ?? '',
    fetch: async (url, init) => {
      const headers = new Headers(init.headers)
      headers.set('host', 'home.test')
      headers.set('x-test-peer', '198.51.100.1') // the address of the front
      return app.request(url, { ...init, headers })
    },
    log: () => {},
    now,
  })

  const headersOf = ({ address = '203.0.113.9', player = 'Kodi', headers = {} }: Asking, host: string) => ({
    host,
    'x-test-peer': address,
    'user-agent': player,
    ...headers,
  })
  const home: Place = {
    ask: async (path, asking = {}, method = 'GET') =>
      app.request(PUBLIC_URL + path, { method, headers: headersOf(asking, 'tv.test') }),
  }
  const away: Place = {
    async ask(path, asking = {}, method = 'GET') {
      const request = new Request(PUBLIC_URL + path, { method, headers: headersOf(asking, 'tv.test') })
      const response = await front.fetch(request, {})
      const location = response.headers.get('location') ?? ''
      if (!location.startsWith(`${ADAPTER}/s/`)) return response
      const { authorization: _, ...others } = headersOf(asking, 'home.test') as Record<string, string>
      return app.request(location, { method, headers: others })
    },
  }
  return { ...base, home, away, running, hearNews: () => void (base.clock.now += 15_000) }
}
