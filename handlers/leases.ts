import { Hono } from 'hono'
import * as v from 'valibot'
import { answerLeaseCall, LeaseCall } from '../core/access/lease-call.ts'
import type { LeaseStore } from '../core/access/leases.ts'
import type { CallSeal } from '../core/access/sealed-call.ts'
import { Failure } from '../core/errors.ts'
import { readBodyText } from './body.ts'
import type { Env } from './env.ts'
import { problem } from './problem.ts'

/** Leases that this front keeps for the adapters of its house, and how their calls are known. */
export type LeaseDesk = { readonly store: LeaseStore; readonly seal: CallSeal; readonly now: () => number }

/**
 * `POST /leases`: an adapter asks for seats of people (docs/signed-links.md, "Leases at a front").
 *
 * Who has no link keys, says something else than was sealed, comes late or twice gets one uniform 403.
 */
export function leaseRoutes({ store, seal, now }: LeaseDesk): Hono<Env> {
  return new Hono<Env>().post('/leases', async (c) => {
    const body = await readBodyText(c)
    if (!(await seal.opens(c.req.header('authorization'), body)))
      return problem(c, new Failure('access/bad-link', 'The call is not of this house'))
    const call = v.safeParse(LeaseCall, parseJson(body))
    if (!call.success) return problem(c, new Failure('http/bad-request', 'Cannot read the body: it is no call'))
    // The adapter looks how far apart the clocks are. Not every host sends this by itself.
    const answer = JSON.stringify(await answerLeaseCall(store, call.output))
    const date = new Date(now()).toUTCString()
    return c.body(answer, 200, { 'content-type': 'application/json', 'cache-control': 'no-store', date })
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null // it was sealed by one of ours, and is still no call
  }
}
