import { Hono } from 'hono'
import type { Context } from 'hono'
import { Failure } from '../../core/errors.ts'
import { deviceXml, discoverDocument, lineupStatus } from '../../core/hdhr/device-documents.ts'
import { tunerError } from '../../core/hdhr/tuner-error.ts'
import { tunerStatuses } from '../../core/hdhr/tuner-status.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { mediaError } from '../problem.ts'
import { createHdhrHouse } from './house.ts'
import type { HdhrHouse, HdhrPorts } from './house.ts'
import { createLineupAnswers } from './lineup.ts'
import { playOnTuner } from './play.ts'

/** Below which paths a device stands: the one of the socket, and those of sources and selections. */
const ROOTS = ['', '/hdhr/:kind{source|selection}/:id'] as const

const TUNED = /\/(auto|tuner\d{1,3})\/[^/]+$/

/**
 * The tuners that we pretend to be, as Plex, Jellyfin, Emby, Channels and Kodi know them: `discover.json`, `lineup.json`,
 * `.xml` and `.m3u`, `lineup_status.json`, `lineup.post`, `status.json`, `device.xml`, `/auto/v{number}` and
 * `/tuner{n}/v{number}`, for all channels and, below `/hdhr/source/{id}` and `/hdhr/selection/{id}`, for some.
 *
 * Failures have an empty body (Jellyfin stores any other as video) and `X-HDHomeRun-Error`.
 * Source: HDHomeRun HTTP guide; protocols/hdhomerun.md (captures of Plex, source of Jellyfin, Kodi tried).
 */
export function hdhrFace(gateway: Gateway): Hono<Env> {
  const app = new Hono<Env>()
  const { hdhr = null } = gateway
  if (hdhr === null) return app
  const house = createHdhrHouse(gateway, hdhr)
  for (const root of ROOTS) app.route(root === '' ? '/' : root, deviceRoutes(gateway, house))
  return app
}

function deviceRoutes(gateway: HdhrPorts, house: HdhrHouse): Hono<Env> {
  const lineup = createLineupAnswers(house)
  const app = new Hono<Env>()
  app.onError((thrown, c) => {
    // Documents fail like ours.
    if (!(thrown instanceof Failure) || !TUNED.test(c.req.path)) throw thrown
    return tunerFailure(c, thrown)
  })
  app.get('/discover.json', (c) => document(c, discoverDocument(house.visit(c))))
  app.get('/lineup.json', (c) => lineup(c, 'json'))
  app.get('/lineup.xml', (c) => lineup(c, 'xml'))
  app.get('/lineup.m3u', (c) => lineup(c, 'm3u'))
  app.get('/lineup_status.json', (c) => {
    house.visit(c)
    return document(c, lineupStatus(house.desk.scan.progress()))
  })
  app.on(['GET', 'POST'], '/lineup.post', (c) => {
    const { sources } = house.visit(c)
    const scan = c.req.method === 'HEAD' ? null : c.req.query('scan')
    if (scan === 'start') house.desk.scan.start(sources.map(({ id }) => id))
    else if (scan === 'abort') house.desk.scan.abort()
    // `favorite=` is heard and not done: who may watch need not be one who may edit.
    return new Response(null, { headers: { 'content-length': '0', 'cache-control': 'no-cache' } })
  })
  app.get('/status.json', (c) => {
    const visited = house.visit(c)
    const count = visited.tunerCount
    const { address } = c.get('caller')
    return document(c, tunerStatuses(house.tuners(visited), { count, lineup: visited.lineup, address }))
  })
  app.get('/device.xml', (c) => {
    const body = deviceXml(house.visit(c))
    return new Response(c.req.method === 'HEAD' ? null : body, {
      headers: { 'content-type': 'application/xml; charset="utf-8"', 'cache-control': 'no-cache' },
    })
  })
  app.get('/auto/:place', (c) => playOnTuner(c, { gateway, house }, { place: c.req.param('place'), tuner: null }))
  app.get('/:tuner{tuner\\d{1,3}}/:place', (c) => {
    const tuner = Number(c.req.param('tuner').slice('tuner'.length))
    return playOnTuner(c, { gateway, house }, { place: c.req.param('place'), tuner })
  })
  return app
}

function document(c: Context<Env>, value: object): Response {
  const body = JSON.stringify(value)
  const headers = { 'content-type': 'application/json; charset="utf-8"', 'cache-control': 'no-cache' }
  return new Response(c.req.method === 'HEAD' ? null : body, { headers })
}

/** The failure as clients of tuners know it: 404 or 503, an empty body, and its number. */
function tunerFailure(c: Context<Env>, failure: Failure): Response {
  const { status, header } = tunerError(failure)
  const { headers } = mediaError(c, failure)
  headers.set('x-hdhomerun-error', header)
  headers.set('content-length', '0')
  return new Response(null, { status, headers })
}
