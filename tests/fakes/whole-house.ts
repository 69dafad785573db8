import { createLineupKeeper } from '../../adapters/lan/lineup-keeper.ts'
import { Failure } from '../../core/errors.ts'
import { createDeviceMaker } from '../../core/hdhr/device.ts'
import { createScan } from '../../core/hdhr/scan.ts'
import { createTunerDesk } from '../../core/hdhr/tuner-desk.ts'
import { withViews } from '../../core/lineup/person-view.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import { createApp } from '../../handlers/app.ts'
import type { Gateway } from '../../handlers/gateway.ts'
import { guideFace } from '../../handlers/guide.ts'
import { hdhrFace } from '../../handlers/hdhr/face.ts'
import { hlsFace } from '../../handlers/hls.ts'
import { houseApi } from '../../handlers/house-api.ts'
import { liveFace } from '../../handlers/live.ts'
import { logoFace } from '../../handlers/logo.ts'
import { docsRoutes } from '../../handlers/openapi/docs-routes.ts'
import { playlistFace } from '../../handlers/playlist.ts'
import { shortLinkFace } from '../../handlers/short-links/face.ts'
import { snapshotFace } from '../../handlers/snapshot.ts'
import { vodSnapshotFace } from '../../handlers/vod-snapshot.ts'
import { vodFace } from '../../handlers/vod.ts'
import { xtreamFace } from '../../handlers/xtream/face.ts'
import { createXtreamFilms } from '../../handlers/xtream/films.ts'
import { aCatalogue, anItem } from '../core/lineup/samples.ts'
import { ADMIN, fakeHouse, VIEWER } from './gateway.ts'
import { ownJobs } from './memory-jobs.ts'
import { createMemoryLineupStore } from './memory-lineup-store.ts'

const BOX = [
  anItem('one', { name: 'One HD', number: '1', groups: ['All'], serviceRef: '1:0:19:1:3EF:1:C00000:0:0:0:' }),
  anItem('two', { name: 'Two', number: '2', groups: ['All'] }),
]

const page = { bytes: new TextEncoder().encode('page'), contentType: 'text/html', gzip: false, tag: 'p' } as const

/**
 * Every face and every part of the API over a line-up that is kept for real, with an admin `Jo` and a viewer `Anna`;
 * every source has no signal.
 */
export async function wholeHouse(changes: Partial<Gateway> = {}) {
  const keeper = createLineupKeeper({
    store: createMemoryLineupStore(),
    priority: () => [sourceId('receiver')],
    now: () => 0,
    log: () => {},
  })
  await keeper.load()
  await keeper.sync(aCatalogue(BOX, { source: 'receiver', groups: ['All'] }))
  const { jobs } = ownJobs()
  const noSignal = () => Promise.reject(new Failure('live/no-signal', 'There is no signal'))
  const house = fakeHouse({
    accounts: [ADMIN, VIEWER],
    gateway: {
      lineup: withViews(keeper),
      admin: {
        stopStream: () => true,
        stopViewer: () => true,
        switchStream: () => true,
        refreshSource: () => {
          throw new Failure('source/not-supported', 'It is switched off')
        },
        lineup: keeper,
      },
      jobs,
      live: { ts: noSignal, hls: noSignal },
      hdhr: {
        device: createDeviceMaker({ seed: 'test', name: 'House', mainId: 0x10a1b2c7 }),
        allow: [],
        scan: createScan({ refresh: () => Promise.resolve(), channels: () => 2, now: () => 0 }),
        tuners: createTunerDesk(() => []),
        scopeOf: () => null,
      },
      pages: { page: () => page },
      ...changes,
    },
  })
  const app = createApp(house.gateway, {
    named: [shortLinkFace, (gateway) => xtreamFace(gateway, createXtreamFilms(gateway))],
    tuner: [hdhrFace],
    viewing: [playlistFace, guideFace, logoFace, vodFace, liveFace, hlsFace],
    linked: [snapshotFace, vodSnapshotFace, logoFace, vodFace, liveFace, hlsFace],
    api: houseApi,
    documents: [docsRoutes],
  })
  return { ...house, app, keeper }
}
