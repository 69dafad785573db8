import type { Caller } from '../core/access/caller.ts'

/** What the middleware leaves in Hono's context for every face: `c.get('caller')`. */
export type Env = { Variables: { caller: Caller } }
