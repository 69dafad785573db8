import { Hono } from 'hono'
import { refuseForeignPages, refuseReaders } from './api-guard.ts'
import { channelRoutes } from './channels-api.ts'
import type { Env } from './env.ts'
import { eventRoutes } from './events.ts'
import type { Gateway } from './gateway.ts'
import { protectPages } from './page-security.ts'
import { errorHandler, problem } from './problem.ts'
import { signInRoutes } from './sign-in.ts'
import { statusRoutes } from './status.ts'
import { writeDown } from './people/audit-api.ts'

/** Parts of the API below `/api/v1`, or of its documents below `/api`, in order. */
export type ApiRoutes = readonly ((gateway: Gateway) => Hono<Env>)[]

/**
 * Everything under `/api`: failures are problem documents, bodies are small, pages of other sites can change nothing.
 * `more` comes before what every role has: signing in, the list of channels, events. `documents` say what there is.
 */
export function apiRoutes(gateway: Gateway, more: ApiRoutes, documents: ApiRoutes): Hono<Env> {
  const app = new Hono<Env>()
  app.onError(errorHandler(gateway.log, problem))
  app.use('/api/*', protectPages(gateway.mediaOrigins))
  app.use('/api/*', refuseForeignPages(gateway))
  app.use('/api/*', refuseReaders)
  app.use('/api/*', writeDown(gateway))
  app.route('/', statusRoutes(gateway))
  for (const routes of documents) app.route('/api', routes(gateway))
  for (const routes of [...more, signInRoutes, channelRoutes]) app.route('/api/v1', routes(gateway))
  app.route('/api/v1', eventRoutes(gateway))
  return app
}
