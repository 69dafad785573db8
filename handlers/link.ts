import type { MiddlewareHandler } from 'hono'
import type { LinkDoor } from '../core/access/link-session.ts'
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
    if (link === null) {
      return mediaError(c, new Failure('access/bad-link', 'The signed link is not valid here or not any more'))
    }
    const anonymous = anonymousCaller(c, gateway)
    const user = link.scope.kind === 'house' ? null : link.scope.user
    // A front knows names and ids, we know whose they are and what their limits are.
    const person = user === null ? null : await gateway.access.personOf?.(user)
    c.set('caller', {
      ...anonymous,
      kind: 'link',
      user,
      role: null,
      loopback: false,
      mayWatch: true,
      prefix: `/s/${token}`,
      linkSession: link.jti,
      ...asPerson(c, anonymous.address, person ?? undefined, user ?? ''),
    })
    return next()
  }
}
