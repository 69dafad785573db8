import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { foldName, NO_LIMITS } from '../../core/access/accounts.ts'
import type { Account, Limits } from '../../core/access/accounts.ts'
import { revisionOf } from '../../core/access/people.ts'
import type { PeopleDesk } from '../../core/access/people.ts'
import { Failure } from '../../core/errors.ts'
import { requireRole } from '../api-guard.ts'
import { readJson } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { ifMatch } from '../lineup-change.ts'
import { askedWindow } from '../list-window.ts'
import { printInstant } from '../status.ts'
import { addToken, NewTokenBody, printToken, tokenDesk } from '../tokens.ts'
import type { TokenPorts } from '../tokens.ts'

const text = v.pipe(v.string(), v.maxLength(200))
const texts = v.nullable(v.pipe(v.array(text), v.maxLength(1000)))
const role = v.picklist(['admin', 'viewer'])
const password = v.pipe(v.string(), v.maxLength(1000))
const limits = {
  maxStreams: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)))),
  groups: v.optional(texts),
  selections: v.optional(texts),
  adultLock: v.optional(v.boolean()),
  expires: v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.transform((at) => Date.parse(at)),
        v.number(),
      ),
    ),
  ),
}
/** Body of `POST /users`. */
export const NewUserBody = v.strictObject({ name: text, password, role: v.optional(role, 'viewer'), ...limits })
/** Body of `PATCH /users/{id}`. */
export const UserChangeBody = v.strictObject({ password: v.optional(password), role: v.optional(role), ...limits })

/**
 * `/api/v1/users` for admins: GET lists, POST adds; `/{id}`: GET, PATCH (with `If-Match`), DELETE; `/{id}/tokens`: GET
 * lists, POST gives out a token of that person (viewing link, app password, API token) and shows it this once; DELETE
 * `/{id}/tokens/{tokenId}` revokes it. The id is the name in small letters. Everybody may read themselves and look after
 * their own tokens, API tokens excepted.
 */
export function userRoutes(gateway: Pick<Gateway, 'people'> & TokenPorts): Hono<Env> {
  const desk = (): PeopleDesk => {
    if (gateway.people === null) throw new Failure('http/not-found', 'People are looked after where the store is')
    return gateway.people
  }
  const admin = requireRole('admin')
  const answer = (c: Context<Env>, account: Account, status: 200 | 201 = 200): Response =>
    c.json(printUser(account), status, { etag: `"${revisionOf(account)}"`, 'cache-control': 'private, no-store' })

  return new Hono<Env>()
    .use('/users', admin)
    .use('/users/:id', async (c, next) => (isOwn(c) && c.req.method === 'GET' ? next() : admin(c, next)))
    .use('/users/:id/tokens/*', async (c, next) => (isOwn(c) ? next() : admin(c, next)))
    .get('/users', async (c) => {
      c.header('cache-control', 'private, no-store')
      return c.json(askedWindow(c, (await desk().list()).map(printUser)))
    })
    .post('/users', async (c) => {
      const { name, password: secret, role: as, ...rest } = await readJson(c, NewUserBody)
      const account = await desk().add({
        name,
        password: secret,
        role: as,
        limits: { ...NO_LIMITS, ...readLimits(rest) },
      })
      return answer(c, account, 201)
    })
    .get('/users/:id', async (c) => answer(c, await desk().find(c.req.param('id'))))
    .patch('/users/:id', async (c) => {
      const { password: secret, role: as, ...rest } = await readJson(c, UserChangeBody)
      const change = {
        limits: readLimits(rest),
        ...(secret !== undefined && { password: secret }),
        ...(as !== undefined && { role: as }),
      }
      return answer(c, await desk().change(c.req.param('id'), change, ifMatch(c)))
    })
    .delete('/users/:id', async (c) => {
      await desk().remove(c.req.param('id'), ifMatch(c))
      return c.body(null, 204)
    })
    .get('/users/:id/tokens', async (c) => {
      const { name } = await desk().find(c.req.param('id'))
      c.header('cache-control', 'private, no-store')
      const own = (await tokenDesk(gateway).list()).filter(({ owner }) => owner !== null && isSame(owner, name))
      return c.json(askedWindow(c, own.map(printToken)))
    })
    .post('/users/:id/tokens', async (c) => {
      const { name } = await desk().find(c.req.param('id'))
      const wish = await readJson(c, NewTokenBody)
      if (wish.kind === 'api' && c.get('caller').role !== 'admin')
        throw new Failure('access/forbidden', 'API tokens are given out by an admin')
      return addToken(c, gateway, { ...wish, owner: name })
    })
    .delete('/users/:id/tokens/:tokenId', async (c) => {
      const { name } = await desk().find(c.req.param('id'))
      const id = c.req.param('tokenId')
      const tokens = tokenDesk(gateway)
      const isTheirs = (await tokens.list()).some(
        (one) => one.id === id && one.owner !== null && isSame(one.owner, name),
      )
      if (!isTheirs || !(await tokens.revoke(id)))
        throw new Failure('http/not-found', 'This person has no such token, or it was revoked before')
      return c.body(null, 204)
    })
}

const isSame = (a: string, b: string): boolean => foldName(a) === foldName(b)

/** Whether the caller signed in as the person of the address. */
function isOwn(c: Context<Env>): boolean {
  const { kind, person } = c.get('caller')
  return kind === 'session' && person !== undefined && isSame(person.name, c.req.param('id') ?? '')
}

type LimitsWish = v.InferOutput<v.StrictObjectSchema<typeof limits, undefined>>

/** What is absent stays as it is. */
function readLimits({ maxStreams, groups, selections, adultLock, expires }: LimitsWish): Partial<Limits> {
  return {
    ...(maxStreams !== undefined && { maxStreams }),
    ...(groups !== undefined && { groups }),
    ...(selections !== undefined && { selections }),
    ...(adultLock !== undefined && { adultLock }),
    ...(expires !== undefined && { expiresAt: expires }),
  }
}

/** An account as the API shows it. `managed`: written in the configuration. */
const printUser = ({ name, role: as, limits: { expiresAt, ...rest }, createdAt, managed }: Account) => ({
  id: foldName(name),
  name,
  role: as,
  ...rest,
  expires: printInstant(expiresAt),
  managed: managed === true,
  createdAt: managed === true ? null : printInstant(createdAt),
})
