import type { MiddlewareHandler } from 'hono'
import { NO_LIMITS } from '../core/access/accounts.ts'
import type { Access } from '../core/access/caller.ts'
import type { LinkSeat } from '../core/access/link-seat.ts'
import type { LinkDoor } from '../core/access/link-session.ts'
import type { Sitter } from '../core/access/seats.ts'
import { Failure } from '../core/errors.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { anonymousCaller, asPerson } from './identify.ts'
import { rawPath } from './paths.ts'
import { mediaError } from './problem.ts'

/**
 * For `/s/:token/*`: lets in who holds a signed link to this very path, as caller of kind `link`.
 *
 * One uniform 403 for everything else: wrong, expired, stopped or foreign token, another path.
 */
export function identifyByLink(
  gateway: Pick<Gateway, 'access' | 'rules' | 'peerAddress'>,
  door: LinkDoor,
): MiddlewareHandler<Env> {
  return async (c, next) => {
    const [, , token = '', ...rest] = rawPath(c).split('/')
    const link = await door.admit(token, `/${rest.join('/')}`)
    if (link === null) return mediaError(c, refused())
    const { scope } = link
    const { user, seat } = scope.kind === 'house' ? { user: null, seat: undefined } : scope
    // A front knows ids, we know what to call them and what their limits are.
    const known = user === null ? null : await gateway.access.linkUser?.(user)
    const sitter = seat === undefined ? null : await findSitter(gateway.access, seat)
    if (seat !== undefined && sitter === null) return mediaError(c, refused())
    const anonymous = anonymousCaller(c, gateway)
    c.set('caller', {
      ...anonymous,
      kind: 'link',
      user: known?.name ?? user,
      role: null,
      loopback: false,
      mayWatch: true,
      prefix: `/s/${token}`,
      linkSession: link.jti,
      ...(sitter ?? asPerson(c, anonymous.address, known?.person ?? undefined, user ?? '')),
    })
    return next()
  }
}

const refused = (): Failure => new Failure('access/bad-link', 'The signed link is not valid here or not any more')

/** The person and device of a seat; null: the person has gone, or has expired. */
async function findSitter(access: Access, { account, device, limit }: LinkSeat): Promise<Sitter | null> {
  const person = await access.person?.(account)
  if (person) return { person, device }
  if (limit === undefined) return null
  // Somebody of the front's own configuration: what they may see the front has judged.
  return { person: { name: account, role: 'viewer', limits: { ...NO_LIMITS, maxStreams: limit } }, device }
}
