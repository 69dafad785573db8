import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { requireRole } from '../api-guard.ts'
import { readQuery } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { wholeNumber } from '../parameter.ts'
import { rawPath } from '../paths.ts'
import { printInstant } from '../status.ts'

const LONGEST_ACTION = 300
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Query of `GET /audit`. */
export const AuditQuery = v.object({
  limit: v.optional(wholeNumber(500), '100'),
  before: v.optional(wholeNumber(9_999_999)),
})

/** `GET /api/v1/audit?limit=&before=` for admins: who changed what, newest first. */
export function auditRoutes({ audit }: Pick<Gateway, 'audit'>): Hono<Env> {
  return new Hono<Env>().get('/audit', requireRole('admin'), async (c) => {
    if (audit === undefined) throw new Failure('http/not-found', 'Changes are written down where the store is')
    const { limit, before } = readQuery(c, AuditQuery)
    const entries = await audit.read({ limit, ...(before !== undefined && { before }) })
    c.header('cache-control', 'private, no-store')
    return c.json({ items: entries.map(({ at, ...entry }) => ({ ...entry, at: printInstant(at) })) })
  })
}

/**
 * Writes down every change that the API made. What was refused changed nothing, and guesses at passwords must not push
 * changes out of the book: both are left to the log. A body is never written down.
 */
export function writeDown({ audit, now, log }: Pick<Gateway, 'audit' | 'now' | 'log'>): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next()
    const { status } = c.res
    if (audit === undefined || SAFE.has(c.req.method) || status >= 400) return
    const { kind, user, address } = c.get('caller')
    const action = `${c.req.method} ${rawPath(c)}`.slice(0, LONGEST_ACTION)
    try {
      await audit.write({ at: now(), who: user, by: kind, address, action, status })
    } catch (error) {
      // The change is made: telling the caller that it failed would be wrong.
      log('error', 'audit', { error: String(error) })
    }
  }
}
