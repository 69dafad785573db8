import { Hono } from 'hono'
import type { Context, MiddlewareHandler } from 'hono'
import * as v from 'valibot'
import type { Restoring } from '../../core/backup/desk.ts'
import { Failure } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { requireRole } from '../api-guard.ts'
import { readJson } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { backupsOf, bodyOf } from './backup-api.ts'
import { printRestoring } from './print-backup.ts'

/** Body of `POST /system/restore` for a backup that is kept here. */
export const RestoreBody = v.strictObject({
  backup: v.pipe(v.string(), v.maxLength(100)),
  passphrase: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(1000))), null),
})

/** Header with the set-up code of a house without an owner. */
const CODE_HEADER = 'x-setup-code'
/** Header with the passphrase of a backup that is sent, percent-encoded UTF-8. */
const PASSPHRASE_HEADER = 'x-backup-passphrase'

/** Lets pass admins, and the holder of the set-up code where the house has no owner yet. */
function requireOwnerOrCode({ signIn }: Pick<Gateway, 'signIn'>): MiddlewareHandler<Env> {
  const admins = requireRole('admin')
  return async (c, next) => {
    const code = c.req.header(CODE_HEADER)
    if (code === undefined || signIn === null || c.get('caller').role === 'admin') return admins(c, next)
    await signIn.checkCode({ code, address: c.get('caller').address })
    return next()
  }
}

/**
 * `POST /api/v1/system/restore`: the house of a backup takes the place of this one.
 *
 * The body is the file itself, or JSON `{backup, passphrase}` that names one that is kept here. 202 says what is in it:
 * it was read and tried wholly, and the house starts anew a moment later. Everything that is refused touches nothing.
 */
export function restoreRoutes(gateway: Pick<Gateway, 'backups' | 'signIn'>): Hono<Env> {
  return new Hono<Env>().post('/system/restore', requireOwnerOrCode(gateway), async (c) => {
    const desk = backupsOf(gateway)
    const { name, isSent, passphrase } = await wished(c, gateway)
    let found: Restoring
    try {
      found = await desk.restore(name, { passphrase, signal: c.req.raw.signal })
    } catch (error) {
      if (isSent) await desk.remove(name)
      throw error
    }
    return c.json(printRestoring(found), 202, { 'cache-control': 'no-store', 'retry-after': '2' })
  })
}

type Wished = {
  readonly name: string
  /** It came with the request. */
  readonly isSent: boolean
  readonly passphrase: Secret | null
}

async function wished(c: Context<Env>, gateway: Pick<Gateway, 'backups'>): Promise<Wished> {
  if (/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    const { backup, passphrase } = await readJson(c, RestoreBody)
    return { name: backup, isSent: false, passphrase: passphrase === null ? null : new Secret(passphrase) }
  }
  const passphrase = readPassphrase(c)
  const { name } = await backupsOf(gateway).receive(bodyOf(c), c.req.raw.signal)
  return { name, isSent: true, passphrase }
}

function readPassphrase(c: Context): Secret | null {
  const text = c.req.header(PASSPHRASE_HEADER)
  if (text === undefined || text === '') return null
  try {
    return new Secret(decodeURIComponent(text))
  } catch (cause) {
    throw new Failure('http/bad-request', 'Cannot read the passphrase: it should be percent-encoded', {}, cause)
  }
}
