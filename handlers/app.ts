import { Hono } from 'hono'
import type { Context } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { Failure } from '../core/errors.ts'
import { apiRoutes } from './api.ts'
import type { ApiRoutes } from './api.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { tunerDoor } from './hdhr/door.ts'
import { healthRoutes } from './health.ts'
import { checkHost } from './host.ts'
import { identify, identifyByToken } from './identify.ts'
import { leaseRoutes } from './leases.ts'
import { identifyByLink } from './link.ts'
import { metricsRoutes } from './metrics.ts'
import { refuseTreacherousPaths } from './paths.ts'
import { errorHandler, mediaError, problem } from './problem.ts'
import { publishRoutes } from './publishing/front-routes.ts'
import { uiRoutes } from './ui.ts'
import { createViewingApp, openDoor } from './viewing.ts'
import type { ViewingFace } from './viewing.ts'

/**
 * The faces for players, and what of the API this house has beyond every role's. `viewing` faces stand at `/` and `/t/{token}`,
 * `linked` ones behind signed links at `/s/{token}`, `named` ones at `/`: their callers say name and password themselves.
 * `tuner` faces stand where `viewing` ones do; some addresses may call them without signing in.
 */
export type Faces = {
  readonly viewing: readonly ViewingFace[]
  readonly linked: readonly ViewingFace[]
  readonly named?: readonly ViewingFace[]
  readonly tuner?: readonly ViewingFace[]
  readonly api?: ApiRoutes
  readonly documents?: ApiRoutes
}

/**
 * The whole HTTP application over the ports of a gateway; which parts stand depends on `gateway.role` (contract §3.1).
 *
 * Fixed first segments come first; an unknown path is 404.
 */
export function createApp(gateway: Gateway, faces: Faces): Hono<Env> {
  const app = new Hono<Env>()
  app.onError(errorHandler(gateway.log, answerByPath))
  app.notFound((c) => answerByPath(c, new Failure('http/not-found', 'There is nothing at this address')))
  app.use(refuseTreacherousPaths(answerByPath))
  app.use(checkHost(gateway, answerByPath))
  app.use(methodNotAllowed({ app, onMethodNotAllowed: wrongMethod }))
  app.use(identify(gateway))

  app.route('/', healthRoutes(gateway))
  app.route('/', metricsRoutes(gateway))
  if (gateway.role !== 'gateway' && gateway.links !== null) {
    app.use('/s/:token/*', identifyByLink(gateway, gateway.links))
    app.route('/s/:token', createViewingApp(gateway, faces.linked))
  }
  if (gateway.role === 'adapter') return app
  if (gateway.publishing) app.route('/', publishRoutes(gateway.publishing))
  if (gateway.leases !== undefined) app.route('/', leaseRoutes(gateway.leases))

  app.route('/', apiRoutes(gateway, faces.api ?? [], faces.documents ?? []))
  app.route('/', uiRoutes(gateway))
  app.route('/', createViewingApp(gateway, faces.named ?? [], openDoor))
  const viewing = createViewingApp(gateway, faces.viewing)
  const tuner = createViewingApp(gateway, faces.tuner ?? [], tunerDoor(gateway))
  app.use('/t/:token/*', identifyByToken(gateway))
  for (const root of ['/t/:token', '/']) {
    app.route(root, tuner)
    app.route(root, viewing)
  }
  return app
}

/** Our API and people in browsers get a problem document; players get an empty body. */
function answerByPath(c: Context, failure: Failure): Response {
  const isForPeople =
    /^\/(api|metrics|healthz|readyz)(\/|$)/.test(c.req.path) || c.req.header('sec-fetch-dest') === 'document'
  return isForPeople ? problem(c, failure) : mediaError(c, failure)
}

function wrongMethod(c: Context, methods: readonly string[]): Response {
  const allowed = methods.join(', ')
  c.res.headers.delete('x-downlink-error') // Hono merges the headers of the 404 that this answer replaces
  const answer = answerByPath(
    c,
    new Failure('http/method', `Cannot ${c.req.method} here; this address takes ${allowed}`),
  )
  answer.headers.set('allow', allowed)
  return answer
}
