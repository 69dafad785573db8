import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Caller, Person } from '../core/access/caller.ts'
import { judgeCall } from '../core/access/rights.ts'
import { stableHash } from '../core/stable-hash.ts'
import { Failure } from '../core/errors.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { playerOf } from './player-name.ts'
import { mediaError } from './problem.ts'

/** Name of the session cookie. */
export const SESSION_COOKIE = 'downlink_session'

/** What of the gateway is needed to know who calls by a token. */
export type IdentifyPorts = Pick<Gateway, 'access' | 'rules' | 'peerAddress'>

/** What of the gateway is needed to know who calls with every kind of proof. */
export type EveryProofPorts = IdentifyPorts & Pick<Gateway, 'pairs' | 'log'>

/** The caller by socket address and headers alone: nobody by name. */
export function anonymousCaller(c: Context, gateway: IdentifyPorts): Caller {
  const { address, nearness, mayWatch } = judgeCall(gateway.peerAddress(c), c.req.raw.headers, gateway.rules)
  const player = playerOf(c)
  return {
    kind: 'anonymous',
    user: null,
    role: null,
    address,
    loopback: nearness === 'loopback',
    mayWatch,
    prefix: '',
    ...(player !== '' && { player }),
  }
}

/**
 * Finds who calls by API token, name and password (HTTP Basic, RFC 7617), session cookie or address, in this order, and
 * leaves it as `c.get('caller')`. Fails with `access/throttled` for somebody who guesses passwords.
 *
 * A wrong token or a stale cookie is no failure here: the caller is just anonymous, and each route says what it needs.
 */
export function identify(gateway: EveryProofPorts): MiddlewareHandler<Env> {
  return async (c, next) => {
    c.set('caller', await findCaller(c, gateway))
    await next()
  }
}

async function findCaller(c: Context, gateway: EveryProofPorts): Promise<Caller> {
  const anonymous = anonymousCaller(c, gateway)
  const bearer = /^Bearer +([\w.-]{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (bearer !== undefined) {
    const token = await gateway.access.apiToken(bearer)
    if (token === null) return anonymous
    const { id, name, role, scope, person } = token
    return {
      ...anonymous,
      kind: 'api-token',
      user: name,
      role,
      ...(scope !== undefined && { scope }),
      ...(id !== undefined && { tokenId: id }),
      ...asPerson(c, anonymous.address, person, id),
    }
  }
  const pair = readPair(c)
  if (pair !== null) return (await findByPair(c, gateway, pair)) ?? anonymous
  const cookie = getCookie(c, SESSION_COOKIE)
  if (cookie === undefined) return anonymous
  const session = await gateway.access.session(cookie)
  if (session === null) return anonymous
  // Playlists must go on working when the cookie is gone, so they carry the account's own token.
  const token = await gateway.access.tokenOfAccount(session.user)
  const prefix = token === null ? '' : `/t/${token}`
  return {
    ...anonymous,
    kind: 'session',
    user: session.user,
    role: session.role,
    mayWatch: true,
    prefix,
    ...asPerson(c, anonymous.address, session.person),
  }
}

/**
 * The person of a caller and the device they are at. Two players behind one address are two devices; a player that changes
 * the channel stays one.
 */
export function asPerson(
  c: Context,
  address: string,
  person: Person | undefined,
  tokenId = '',
): Pick<Caller, 'person' | 'device'> {
  if (person === undefined) return {}
  const signs = JSON.stringify([tokenId, address, c.req.header('user-agent') ?? ''])
  return { person, device: stableHash(signs).toString(36) }
}

/** A name and a password, as a player sends them with every request. */
export type CallerPair = { readonly name: string; readonly password: string }

/**
 * Who calls with a name and a password, those of an account or one of its app passwords; null: they are wrong.
 *
 * What is sent with every request, often in the clear, opens television and nothing else, whoever it is. Addresses in
 * answers carry the person's own viewing token. Fails with `access/throttled`.
 */
export async function findByPair(
  c: Context,
  gateway: EveryProofPorts,
  { name, password }: CallerPair,
): Promise<Caller | null> {
  if (gateway.pairs === null || name === '' || password === '') return null
  const anonymous = anonymousCaller(c, gateway)
  const { address } = anonymous
  const person = await gateway.pairs.check({ name, password, address })
  const token = person === null ? null : await gateway.access.tokenOfAccount(person.name)
  if (person === null || token === null) {
    gateway.log('warn', 'sign-in-refused', { code: 'access/wrong-password', address })
    return null
  }
  return {
    ...anonymous,
    kind: 'token',
    user: person.name,
    role: 'viewer',
    mayWatch: true,
    prefix: `/t/${token}`,
    ...asPerson(c, address, person, person.tokenId),
    ...(person.tokenId !== undefined && { tokenId: person.tokenId }),
  }
}

/** Browsers send such a pair along for pages of other sites, so it opens nothing that changes things. */
const PROGRAMS_ONLY = /^\/(api|metrics)(\/|$)/

function readPair(c: Context): CallerPair | null {
  const encoded = /^Basic +([A-Za-z0-9+/=]{1,1000})$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (encoded === undefined || PROGRAMS_ONLY.test(c.req.path)) return null
  try {
    const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0))
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const colon = text.indexOf(':')
    return colon < 0 ? null : { name: text.slice(0, colon), password: text.slice(colon + 1) }
  } catch {
    return null // not base64 or not UTF-8: nobody's pair
  }
}

/** The holder of a viewing token; null: the token is wrong, or was revoked. */
export async function findByToken(c: Context<Env>, gateway: IdentifyPorts, text: string): Promise<Caller | null> {
  const token = await gateway.access.viewingToken(text)
  if (token === null) return null
  const anonymous = anonymousCaller(c, gateway)
  return {
    ...anonymous,
    kind: 'token',
    user: token.name,
    role: 'viewer',
    mayWatch: true,
    prefix: `/t/${text}`,
    slate: token.slate === true,
    tokenId: token.id,
    ...asPerson(c, anonymous.address, token.person, token.id),
  }
}

/** For `/t/:token/*`: the caller is the token's holder, whatever else the request carries; a wrong token is 403. */
export function identifyByToken(gateway: IdentifyPorts): MiddlewareHandler<Env> {
  return async (c, next) => {
    const holder = await findByToken(c, gateway, c.req.param('token') ?? '')
    if (holder === null)
      return mediaError(c, new Failure('access/bad-link', 'The viewing link is wrong or was revoked'))
    c.set('caller', holder)
    return next()
  }
}
