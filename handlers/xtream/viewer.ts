import type { Context } from 'hono'
import type { Caller } from '../../core/access/caller.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { findByPair, findByToken } from '../identify.ts'
import type { IdentifyPorts } from '../identify.ts'
import type { Pair } from './call.ts'

/** What of the gateway tells who signs in with each request. */
export type ViewerPorts = IdentifyPorts & Pick<Gateway, 'access' | 'pairs' | 'log'>

/**
 * Finds who calls with this pair and leaves it as `c.get('caller')`; null: wrong, whatever of it is wrong.
 *
 * The pair is that of an account; or the password is a viewing token, then the name is anything. Without a name and a
 * password the caller is who it is by address or cookie. Fails with `access/throttled`.
 */
export async function findViewer(c: Context<Env>, gateway: ViewerPorts, pair: Pair): Promise<Caller | null> {
  const { username, password } = pair
  const viewer =
    username === '' && password === ''
      ? watching(c.get('caller'))
      : ((await findByToken(c, gateway, password)) ?? (await findByPair(c, gateway, { name: username, password })))
  if (viewer !== null) c.set('caller', viewer)
  return viewer
}

const watching = (caller: Caller): Caller | null => (caller.mayWatch ? caller : null)

/** The viewing token that a caller's own addresses carry; null: they carry none. */
export const ownToken = ({ prefix }: Caller): string | null => /^\/t\/([^/]+)$/.exec(prefix)?.[1] ?? null
