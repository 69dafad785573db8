import { Hono } from 'hono'
import { refuseForeignPages } from './api-guard.ts'
import { channelRoutes } from './channels-api.ts'
import { eventRoutes } from './events.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { groupRoutes } from './groups-api.ts'
import { guideFeedRoutes } from './guide-feeds-api.ts'
import { guideMatchRoutes } from './guide-matches-api.ts'
import { guideProgrammeRoutes } from './guide-programmes-api.ts'
import { lineupRoutes } from './lineup-api.ts'
import { errorHandler, problem } from './problem.ts'
import { protectPages } from './page-security.ts'
import { signInRoutes } from './sign-in.ts'
import { selectionRoutes } from './selections-api.ts'
import { sourceRoutes } from './sources-api.ts'
import { statusRoutes } from './status.ts'
import { streamEditRoutes } from './stream-edits-api.ts'
import { streamRoutes } from './streams-api.ts'
import { tokenRoutes } from './tokens.ts'
import { vodRoutes } from './vod-api.ts'

/** Everything under `/api`: failures are problem documents, bodies are small, pages of other sites can change nothing. */
export function apiRoutes(gateway: Gateway): Hono<Env> {
  const app = new Hono<Env>()
  app.onError(errorHandler(gateway.log, problem))
  app.use('/api/*', protectPages(gateway.mediaOrigins))
  app.use('/api/*', refuseForeignPages(gateway))
  app.route('/', statusRoutes(gateway))
  // Fixed addresses (`/channels/bulk`) come before `/channels/{id}`.
  for (const routes of [lineupRoutes, streamEditRoutes, groupRoutes, selectionRoutes])
    app.route('/api/v1', routes(gateway))
  for (const routes of [signInRoutes, tokenRoutes, streamRoutes, sourceRoutes, channelRoutes, vodRoutes])
    app.route('/api/v1', routes(gateway))
  for (const routes of [guideFeedRoutes, guideMatchRoutes, guideProgrammeRoutes]) app.route('/api/v1', routes(gateway))
  app.route('/api/v1', eventRoutes(gateway))
  return app
}
