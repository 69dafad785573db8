import { Hono } from 'hono'
import type { Context } from 'hono'
import { Failure } from '../../core/errors.ts'
import type { Env } from '../env.ts'
import { publicOrigin } from '../origin.ts'
import { REFUSED } from './account.ts'
import { jsonAnswer } from './answers.ts'
import { pairOf, readCall } from './call.ts'
import { createXtreamHouse } from './house.ts'
import type { XtreamAction, XtreamFilms, XtreamHouse, XtreamPorts } from './house.ts'
import { answerPanelCall } from './panel-api.ts'
import { answerCall } from './player-api.ts'
import { answerPlaylist } from './playlist.ts'
import { streamRoutes } from './streams.ts'
import { findViewer } from './viewer.ts'

/**
 * The Xtream-Codes API: `player_api.php`, `panel_api.php`, `get.php` (GET and POST), the door of `xmltv.php`, and streams.
 *
 * Who calls is told by name and password in the query, in the body or in the path, with every request. A wrong pair gets
 * the same answer whether the name exists or not; guessing is slowed down with `access/throttled`.
 * `films`: null where there are none. Source: protocols/xtream.md §7.
 */
export function xtreamFace(gateway: XtreamPorts, films: XtreamFilms | null = null): Hono<Env> {
  const house = createXtreamHouse(gateway, films)
  const app = new Hono<Env>()
  const methods = ['GET', 'POST']
  app.on(methods, '/player_api.php', (c) => withCaller(c, house, answerCall))
  app.on(methods, '/panel_api.php', (c) => withCaller(c, house, answerPanelCall))
  app.on(methods, '/get.php', (c) => withCaller(c, house, answerPlaylist))
  // The guide itself is written where all guides are; here is only its door.
  app.on(methods, '/xmltv.php', async (c, next) => {
    if ((await findViewer(c, gateway, pairOf(await readCall(c)))) === null)
      throw new Failure('access/wrong-password', 'Name and password do not belong together')
    return next()
  })
  app.route('/', streamRoutes(house))
  return app
}

async function withCaller(c: Context<Env>, house: XtreamHouse, answer: XtreamAction): Promise<Response> {
  const parameters = await readCall(c)
  const pair = pairOf(parameters)
  const caller = await findViewer(c, house.gateway, pair)
  if (caller === null) return jsonAnswer(REFUSED)
  return answer({ c, house, caller, pair, parameters, root: publicOrigin(c, house.gateway) + caller.prefix })
}
