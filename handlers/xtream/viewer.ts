import type { Context } from 'hono'
import type { Caller } from '../../core/access/caller.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { anonymousCaller } from '../identify.ts'
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
      : ((await byToken(c, gateway, password)) ?? (await byAccount(c, gateway, pair)))
  if (viewer !== null) c.set('caller', viewer)
  return viewer
}

const watching = (caller: Caller): Caller | null => (caller.mayWatch ? caller : null)

/** Somebody known, whose own addresses carry this token. */
const holder = (c: Context<Env>, gateway: ViewerPorts, user: string, token: string): Caller => ({
  ...anonymousCaller(c, gateway),
  kind: 'token',
  user,
  role: 'viewer', // what is sent in the clear with every request opens television, whoever it is
  mayWatch: true,
  prefix: `/t/${token}`,
})

async function byToken(c: Context<Env>, gateway: ViewerPorts, text: string): Promise<Caller | null> {
  const token = await gateway.access.viewingToken(text)
  return token === null ? null : { ...holder(c, gateway, token.name, text), slate: token.slate === true }
}

async function byAccount(c: Context<Env>, gateway: ViewerPorts, pair: Pair): Promise<Caller | null> {
  const { address } = anonymousCaller(c, gateway)
  const { username: name, password } = pair
  if (gateway.pairs === null || name === '' || password === '') return null
  const account = await gateway.pairs.check({ name, password, address })
  const token = account === null ? null : await gateway.access.tokenOfAccount(account.name)
  if (account !== null && token !== null) return holder(c, gateway, account.name, token)
  gateway.log('warn', 'sign-in-refused', { code: 'access/wrong-password', address })
  return null
}

/** The viewing token that a caller's own addresses carry; null: they carry none. */
export const ownToken = ({ prefix }: Caller): string | null => /^\/t\/([^/]+)$/.exec(prefix)?.[1] ?? null
