import type { MiddlewareHandler } from 'hono'
import type { Role } from '../core/access/accounts.ts'
import { Failure } from '../core/errors.ts'
import type { Env } from './env.ts'
import { isOwnOrigin } from './origin.ts'
import type { OriginPorts } from './origin.ts'
import { problem } from './problem.ts'

/** Lets pass only callers who signed in or hold an API token; for `admin` only those with that role. */
export function requireRole(role: Role): MiddlewareHandler<Env> {
  return async (c, next) => {
    const caller = c.get('caller')
    if (caller.role === null) {
      const failure = new Failure('access/sign-in', 'This part of the house is for people who signed in')
      return problem(c, failure)
    }
    if (role === 'admin' && caller.role !== 'admin')
      return problem(c, new Failure('access/forbidden', 'Only an admin may do this'))
    return next()
  }
}

/** Lets pass everybody who may watch, and everybody who signed in. */
export const requireWatcher: MiddlewareHandler<Env> = async (c, next) => {
  const { mayWatch, role } = c.get('caller')
  if (!mayWatch && role === null)
    return problem(c, new Failure('access/sign-in', 'The line-up is shown to people who may watch'))
  return next()
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses changes that a page of another site asks for in the name of a signed-in person (CSRF): by `Sec-Fetch-Site`,
 * else by `Origin`. Programs send neither; they have no cookie that could be misused.
 */
export function refuseForeignPages(gateway: OriginPorts): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (SAFE.has(c.req.method)) return next()
    const site = c.req.header('sec-fetch-site')
    const origin = c.req.header('origin')
    const isForeign =
      site === undefined
        ? origin !== undefined && !isOwnOrigin(c, gateway, origin)
        : site !== 'same-origin' && site !== 'none'
    if (isForeign)
      return problem(c, new Failure('access/forbidden', 'A page of another site cannot change things here'))
    return next()
  }
}

/** Refuses changes by an API token that may only read. */
export const refuseReaders: MiddlewareHandler<Env> = async (c, next) => {
  if (c.get('caller').scope === 'read' && !SAFE.has(c.req.method))
    return problem(c, new Failure('access/forbidden', 'This API token may only read'))
  return next()
}
