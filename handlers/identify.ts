import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Caller } from '../core/access/caller.ts'
import { judgeCall } from '../core/access/rights.ts'
import { Failure } from '../core/errors.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { mediaError } from './problem.ts'

/** Name of the session cookie. */
export const SESSION_COOKIE = 'downlink_session'

/** What of the gateway is needed to know who calls. */
export type IdentifyPorts = Pick<Gateway, 'access' | 'rules' | 'peerAddress'>

/** The caller by socket address and headers alone: nobody by name. */
export function anonymousCaller(c: Context, gateway: IdentifyPorts): Caller {
  const { address, nearness, mayWatch } = judgeCall(gateway.peerAddress(c), c.req.raw.headers, gateway.rules)
  return { kind: 'anonymous', user: null, role: null, address, loopback: nearness === 'loopback', mayWatch, prefix: '' }
}

/**
 * Finds who calls by API token, then session cookie, then address, and leaves it as `c.get('caller')`.
 *
 * A wrong token or a stale cookie is no failure here: the caller is just anonymous, and each route says what it needs.
 */
export function identify(gateway: IdentifyPorts): MiddlewareHandler<Env> {
  return async (c, next) => {
    c.set('caller', await findCaller(c, gateway))
    await next()
  }
}

async function findCaller(c: Context, gateway: IdentifyPorts): Promise<Caller> {
  const anonymous = anonymousCaller(c, gateway)
  const bearer = /^Bearer +([\w.-]{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (bearer !== undefined) {
    const token = await gateway.access.apiToken(bearer)
    return token === null ? anonymous : { ...anonymous, kind: 'api-token', user: token.name, role: token.role }
  }
  const cookie = getCookie(c, SESSION_COOKIE)
  if (cookie === undefined) return anonymous
  const session = await gateway.access.session(cookie)
  if (session === null) return anonymous
  // Playlists must go on working when the cookie is gone, so they carry the account's own token.
  const token = await gateway.access.tokenOfAccount(session.user)
  const prefix = token === null ? '' : `/t/${token}`
  return { ...anonymous, kind: 'session', user: session.user, role: session.role, mayWatch: true, prefix }
}

/** For `/t/:token/*`: the caller is the token's holder, whatever else the request carries; a wrong token is 403. */
export function identifyByToken(gateway: IdentifyPorts): MiddlewareHandler<Env> {
  return async (c, next) => {
    const text = c.req.param('token') ?? ''
    const token = await gateway.access.viewingToken(text)
    if (token === null) return mediaError(c, new Failure('access/bad-link', 'The viewing link is wrong or was revoked'))
    c.set('caller', {
      ...anonymousCaller(c, gateway),
      kind: 'token',
      user: token.name,
      role: 'viewer',
      mayWatch: true,
      prefix: `/t/${text}`,
      slate: token.slate === true,
    })
    return next()
  }
}
