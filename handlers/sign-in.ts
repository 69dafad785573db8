import { Hono } from 'hono'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as v from 'valibot'
import type { SignedIn } from '../core/access/house.ts'
import { Failure } from '../core/errors.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { SESSION_COOKIE } from './identify.ts'
import { isHttps } from './origin.ts'
import { printInstant } from './status.ts'

const text = v.pipe(v.string(), v.maxLength(1000))
/** Body of `POST /session`. */
export const SignInBody = v.strictObject({ name: text, password: text })
/** Body of `POST /setup`. */
export const SetUpBody = v.strictObject({ code: text, name: v.optional(text, 'admin'), password: text })

/** What of the gateway signing in needs. */
export type SignInRoutePorts = Pick<
  Gateway,
  'signIn' | 'rules' | 'publicUrl' | 'peerAddress' | 'addresses' | 'qualities' | 'admin' | 'log'
>

/**
 * `/api/v1/session`: GET who the caller is and what is possible here (open to all), POST signs in, DELETE signs out.
 * `/api/v1/setup`: POST with the code from the console makes the first admin account and signs in.
 */
export function signInRoutes(gateway: SignInRoutePorts): Hono<Env> {
  const desk = () => {
    if (gateway.signIn === null) throw new Failure('http/not-found', 'Nobody can sign in here: there are no accounts')
    return gateway.signIn
  }

  const welcome = (c: Context<Env>, session: SignedIn, status: 200 | 201): Response => {
    setCookie(c, SESSION_COOKIE, session.cookie.reveal(), {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: isHttps(c, gateway),
      expires: new Date(session.expiresAt),
    })
    // From here on the caller is known, also to the book of changes.
    c.set('caller', { ...c.get('caller'), kind: 'session', user: session.user })
    c.header('cache-control', 'no-store')
    return c.json({ user: session.user, role: session.role, expiresAt: printInstant(session.expiresAt) }, status)
  }

  return new Hono<Env>()
    .get('/session', async (c) => {
      const { user, role, mayWatch, prefix } = c.get('caller')
      c.header('cache-control', 'no-store')
      return c.json({
        user,
        role,
        mayWatch,
        prefix,
        setupNeeded: (await gateway.signIn?.needsSetup()) ?? false,
        anonymous: gateway.rules.anonymous,
        qualities: gateway.qualities(),
        // Addresses of the LAN are no business of strangers.
        addresses: mayWatch ? (gateway.addresses?.() ?? []) : [],
        // A front has none: sources, line-up and people are edited at home.
        desk: gateway.admin !== null,
      })
    })
    .post('/session', async (c) => {
      const { name, password } = await readJson(c, SignInBody)
      const { address } = c.get('caller')
      try {
        return welcome(c, await desk().signIn({ name, password, address }), 200)
      } catch (error) {
        if (error instanceof Failure) gateway.log('warn', 'sign-in-refused', { code: error.code, address })
        throw error
      }
    })
    .delete('/session', async (c) => {
      const cookie = getCookie(c, SESSION_COOKIE)
      if (cookie !== undefined) await gateway.signIn?.signOut(cookie)
      deleteCookie(c, SESSION_COOKIE, { path: '/', httpOnly: true, sameSite: 'Lax', secure: isHttps(c, gateway) })
      return c.body(null, 204)
    })
    .post('/setup', async (c) => {
      const { code, name, password } = await readJson(c, SetUpBody)
      return welcome(c, await desk().setUp({ code, name, password, address: c.get('caller').address }), 201)
    })
}
