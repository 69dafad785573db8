import type { MiddlewareHandler } from 'hono'
import { isAdmitted } from '../../core/access/rights.ts'
import { Failure } from '../../core/errors.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { mediaError } from '../problem.ts'

/**
 * Lets those pass who may watch, and the addresses of `hdhr.allow`: programs that look for tuners cannot sign in. Those
 * are let in here and nowhere else. Where there are no devices, nothing is here.
 */
export function tunerDoor(gateway: Pick<Gateway, 'hdhr' | 'rules' | 'peerAddress'>): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { hdhr = null, rules } = gateway
    if (hdhr === null) return mediaError(c, new Failure('http/not-found', 'There is nothing at this address'))
    const caller = c.get('caller')
    if (!caller.mayWatch) {
      if (!isAdmitted(gateway.peerAddress(c), c.req.raw.headers, rules, hdhr.allow))
        return mediaError(c, new Failure('access/sign-in', 'This address shows television only to people it knows'))
      c.set('caller', { ...caller, mayWatch: true })
    }
    return next()
  }
}
