import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { BACKUP_EXTRAS, SHORTEST_PASSPHRASE } from '../../core/backup/backup.ts'
import type { BackupDesk } from '../../core/backup/desk.ts'
import { Failure } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { requireRole } from '../api-guard.ts'
import { readJson } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { accepted } from '../jobs/jobs-api.ts'
import { askedWindow } from '../list-window.ts'
import { printInstant } from '../status.ts'
import { printBackup } from './print-backup.ts'

const passphrase = v.pipe(v.string(), v.minLength(SHORTEST_PASSPHRASE), v.maxLength(1000))

/** Body of `POST /backup`. */
export const BackupBody = v.strictObject({
  extras: v.optional(v.pipe(v.array(v.picklist(BACKUP_EXTRAS)), v.maxLength(BACKUP_EXTRAS.length)), []),
  passphrase: v.optional(v.nullable(passphrase), null),
})

/** The backups of this house. Fails with `http/not-found` where no house is kept. */
export function backupsOf({ backups }: Pick<Gateway, 'backups'>): BackupDesk {
  if (backups == null) throw new Failure('http/not-found', 'Backups are made by the adapter')
  return backups
}

/** The bytes of a request. Fails with `http/bad-request` where there are none. */
export function bodyOf(c: Context): ReadableStream<Uint8Array> {
  const { body } = c.req.raw
  if (body === null) throw new Failure('http/bad-request', 'Send the file of the backup as the body')
  return body
}

/**
 * `/api/v1/backup` for admins: backups that are kept in the data folder, the newest first.
 *
 * `GET /backup` lists, `POST /backup` `{extras, passphrase}` starts the job that makes one, `PUT /backup` keeps the file
 * that is the body, `GET /backup/{name}` downloads, `DELETE /backup/{name}` deletes.
 */
export function backupRoutes(gateway: Pick<Gateway, 'backups' | 'jobs'>): Hono<Env> {
  const desk = () => backupsOf(gateway)
  return new Hono<Env>()
    .use('/backup/*', requireRole('admin'))
    .use('/backup', requireRole('admin'))
    .get('/backup', async (c) => {
      const { keep, hour, nextAt } = desk().schedule()
      const window = askedWindow(c, await desk().list())
      const answer = { ...window, items: window.items.map(printBackup), keep, hour, nextAt: printInstant(nextAt) }
      return c.json(answer, 200, { 'cache-control': 'private, no-store' })
    })
    .post('/backup', async (c) => {
      const { extras, passphrase: text } = await readJson(c, BackupBody)
      const askedBy = c.get('caller').user
      return accepted(c, gateway, desk().make({ extras, passphrase: text === null ? null : new Secret(text), askedBy }))
    })
    .put('/backup', async (c) => {
      const kept = await desk().receive(bodyOf(c), c.req.raw.signal)
      return c.json(printBackup(kept), 201, { 'cache-control': 'no-store' })
    })
    .get('/backup/:name', async (c) => {
      const name = c.req.param('name')
      const { bytes, body } = await desk().open(name)
      return c.body(body as ReadableStream, 200, {
        'content-type': name.endsWith('.gz') ? 'application/gzip' : 'application/octet-stream',
        'content-length': String(bytes),
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
      })
    })
    .delete('/backup/:name', async (c) => {
      await desk().remove(c.req.param('name'))
      return c.body(null, 204)
    })
}
