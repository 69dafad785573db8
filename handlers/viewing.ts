import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { Failure } from '../core/errors.ts'
import { VIEWING_HEADERS } from './cors.ts'
import type { Env } from './env.ts'
import { errorHandler, mediaError } from './problem.ts'
import type { Gateway } from './gateway.ts'

/** A face for players: a Hono app whose paths are relative to the viewing root. */
export type ViewingFace = (gateway: Gateway) => Hono<Env>

/** Lets web players of any origin read answers and our error codes; never with credentials. */
const openToAllOrigins: MiddlewareHandler<Env> = async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(VIEWING_HEADERS)) {
    try {
      c.res.headers.set(name, value)
    } catch {
      c.header(name, value) // the headers of a response of fetch cannot be changed: Hono makes a copy
    }
  }
}

/** Only callers that may watch; the rest get 401 with an empty body, before anything is looked up. */
const onlyWatchers: MiddlewareHandler<Env> = async (c, next) => {
  if (c.get('caller').mayWatch) return next()
  const answer = mediaError(c, new Failure('access/sign-in', 'This address shows television only to people it knows'))
  // Players sign in when they are asked to. Browsers are not asked: they would open a window over our own page.
  if (c.req.header('sec-fetch-mode') === undefined)
    answer.headers.set('www-authenticate', 'Basic realm="downlink", charset="UTF-8"')
  return answer
}

/** For faces that find out themselves who calls. */
export const openDoor: MiddlewareHandler<Env> = (_, next) => next()

/**
 * Joins faces into one app for players: CORS and OPTIONS on every route, 401 for those who may not watch, failures
 * with an empty body. Unknown paths pass through, so that other apps get their turn.
 *
 * `door`: who may pass; a face that asks for names itself has another one (`openDoor`). It can be mounted at `/`, `/t/:token` and `/s/:token` alike: middleware is attached to the faces' own paths only.
 */
export function createViewingApp(
  gateway: Gateway,
  faces: readonly ViewingFace[],
  door: MiddlewareHandler<Env> = onlyWatchers,
): Hono<Env> {
  const apps = faces.map((face) => face(gateway))
  const app = new Hono<Env>()
  app.onError(errorHandler(gateway.log, mediaError))
  const routes = apps.flatMap((face) => face.routes)
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = new Set(routes.filter((route) => route.path === path).map((route) => route.method))
    const allowed = ['HEAD', 'OPTIONS', ...methods].filter((method) => method !== 'ALL').join(', ')
    app.use(path, openToAllOrigins)
    app.options(path, (c) =>
      c.body(null, 204, {
        'access-control-allow-methods': allowed,
        'access-control-allow-headers': c.req.header('access-control-request-headers') ?? 'Range',
        'access-control-max-age': '86400',
      }),
    )
    app.use(path, door)
  }
  for (const face of apps) app.route('/', face)
  return app
}
