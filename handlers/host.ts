import type { Context, MiddlewareHandler } from 'hono'
import { Failure } from '../core/errors.ts'
import { hostName, judgeCall } from '../core/access/rights.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'

/** Routes that show nothing without a secret in the path, or nothing at all: a stranger's DNS name gains nothing there. */
const OPEN = /^\/(s\/|healthz$|readyz$)/

/**
 * Answers 421 to host names that are not ours, so that no page of a stranger can read this house through a DNS name
 * that points here (DNS rebinding). Platforms without a socket of their own route by host name themselves.
 */
export function checkHost(
  gateway: Pick<Gateway, 'rules' | 'peerAddress'>,
  answer: (c: Context, failure: Failure) => Response,
): MiddlewareHandler<Env> {
  return async (c, next) => {
    const peer = gateway.peerAddress(c)
    const host = c.req.header('host') ?? null
    // HTTP/1.0 players send no Host at all; no browser does that, and without it a caller has no rights by address.
    if (peer === '' || host === null || OPEN.test(c.req.path)) return next()
    if (judgeCall(peer, c.req.raw.headers, gateway.rules).knownHost) return next()
    return answer(c, new Failure('http/host', `The name "${hostName(host) ?? '?'}" is not one of this house`))
  }
}
