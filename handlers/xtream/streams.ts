import type { Context } from 'hono'
import { Hono } from 'hono'
import { isReserved } from '../../core/access/reserved-segments.ts'
import { Failure } from '../../core/errors.ts'
import type { Env } from '../env.ts'
import { answerHls } from '../hls.ts'
import { answerTs } from '../live.ts'
import type { XtreamHouse } from './house.ts'
import { pastRoutes } from './past.ts'
import { enter, findLive, hlsRoot, LIVE_FILE, pairIn, readFile } from './stream-door.ts'
import { findViewer } from './viewer.ts'

/**
 * Streams with name and password in their address: `/live/{user}/{password}/{id}[.ts|.m3u8]`, the same without `/live`, the
 * past (`past.ts`), films and episodes where there are some.
 *
 * HEAD opens nothing. All addresses in playlists of HLS are relative, so that they stay behind name and password. Fails with
 * `access/wrong-password`; the form without a first word of its own with `http/not-found`, as any unknown address.
 */
export function streamRoutes(house: XtreamHouse): Hono<Env> {
  const app = new Hono<Env>()
  app.get(`/live/:user/:password/:file${LIVE_FILE}`, async (c) => {
    await enter(c, house)
    return live(c, house, '')
  })
  app.on(['GET', 'DELETE'], '/live/:user/:password/hls/:channelId/:path{.+}', async (c) => {
    await enter(c, house)
    const channel = findLive(c, house, c.req.param('channelId').replace(/^c/, ''))
    return answerHls(c, house.gateway, { channel, path: c.req.param('path'), mode: 'xtream' })
  })
  if (house.films !== null)
    app.route(
      '/',
      house.films.routes((c) => enter(c, house)),
    )
  app.route('/', pastRoutes(house))
  app.get(`/:user/:password/:file${LIVE_FILE}`, async (c, next) => {
    // Fixed first segments have meanings of their own.
    if (isReserved(c.req.param('user'))) return next()
    if ((await findViewer(c, house.gateway, pairIn(c))) === null)
      throw new Failure('http/not-found', 'There is nothing at this address')
    return live(c, house, hlsRoot(2, pairIn(c)))
  })
  return app
}

/** A channel as it is now. `root`: where addresses of HLS begin, seen from the playlist. */
function live(c: Context<Env>, house: XtreamHouse, root: string): Promise<Response> {
  const { key, isHls } = readFile(c.req.param('file') ?? '')
  const channel = findLive(c, house, key)
  if (isHls) return answerHls(c, house.gateway, { channel, path: '', mode: 'xtream', root })
  return answerTs(c, house.gateway, { channel, mode: 'xtream' })
}
