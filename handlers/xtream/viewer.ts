import type { Context } from 'hono'
import type { Caller } from '../../core/access/caller.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { anonymousCaller } from '../identify.ts'
import type { IdentifyPorts } from '../identify.ts'
import type { Pair } from './call.ts'

/** What of the gateway tells who signs in with each request. */
export type ViewerPorts = IdentifyPorts & Pick<Gateway, 'access'>

/**
 * Finds who calls with this pair and leaves it as `c.get('caller')`; null: wrong, whatever of it is wrong.
 *
 * The password may be a viewing token, then the name is anything. Without a name and a password the caller is who it is by
 * address or cookie. Fails with `access/throttled`.
 */
export async function findViewer(c: Context<Env>, gateway: ViewerPorts, pair: Pair): Promise<Caller | null> {
  const viewer = await lookUp(c, gateway, pair)
  if (viewer !== null) c.set('caller', viewer)
  return viewer
}

async function lookUp(c: Context<Env>, gateway: ViewerPorts, { username, password }: Pair): Promise<Caller | null> {
  if (username === '' && password === '') {
    const caller = c.get('caller')
    return caller.mayWatch ? caller : null
  }
  const token = await gateway.access.viewingToken(password)
  if (token === null) return null
  return {
    ...anonymousCaller(c, gateway),
    kind: 'token',
    user: token.name,
    role: 'viewer',
    mayWatch: true,
    prefix: `/t/${password}`,
    slate: token.slate === true,
  }
}

/** The viewing token that a caller's own addresses carry; null: they carry none. */
export const ownToken = ({ prefix }: Caller): string | null => /^\/t\/([^/]+)$/.exec(prefix)?.[1] ?? null
