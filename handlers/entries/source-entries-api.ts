import { Hono } from 'hono'
import type { Context } from 'hono'
import type { DraftAnswer, DraftDesk } from '../../core/lineup/source-check.ts'
import { Failure } from '../../core/errors.ts'
import { isOver } from '../../core/jobs/job.ts'
import { requireRole } from '../api-guard.ts'
import { readJson } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { printJob } from '../jobs/print-job.ts'
import { ifMatch } from '../lineup-change.ts'
import { toProblem } from '../problem.ts'
import { printSource } from '../status.ts'
import { entriesOf, EntryBody, entryHeaders, printEntry } from './entry-answer.ts'
import type { EntryView } from './entry-desk.ts'
import { printNotice } from '../print-notice.ts'

/** What of the gateway edits of sources need. */
export type SourceEntryPorts = Pick<Gateway, 'sourceEntries' | 'drafts' | 'status' | 'jobs' | 'log'>

/**
 * Edits of `/api/v1/sources`, for admins. Bodies have the keys of `sources[]` in the configuration file.
 *
 * `POST /sources` adds one (201), `PATCH /sources/{id}` replaces keys (null: back to the default; a secret that is not
 * named, or is `"set"`, stays), `DELETE /sources/{id}` removes one, all at once and with `If-Match` against lost edits;
 * `"enabled": false` switches off. `POST /sources/test` tries one that is not kept, and opens no stream.
 */
export function sourceEntryRoutes(gateway: SourceEntryPorts): Hono<Env> {
  const admin = requireRole('admin')
  const told = (c: Context<Env>, event: string, id: string): void =>
    gateway.log('info', event, { sourceId: id, user: c.get('caller').user })
  const drafts = (): DraftDesk => {
    if (gateway.drafts == null) throw new Failure('http/not-found', 'Sources are asked by the adapter')
    return gateway.drafts
  }
  return new Hono<Env>()
    .post('/sources', admin, async (c) => {
      const entry = await entriesOf(gateway.sourceEntries).add(await readJson(c, EntryBody))
      told(c, 'source-added', entry.id)
      const headers = { ...entryHeaders(entry), location: `/api/v1/sources/${entry.id}` }
      return c.json(describe(gateway, entry), 201, headers)
    })
    .post('/sources/test', admin, async (c) => {
      const wish = { askedBy: c.get('caller').user, signal: c.req.raw.signal }
      const answer = await drafts().test(await readJson(c, EntryBody), wish)
      return c.json(printDraft(answer), 200, { 'cache-control': 'no-store' })
    })
    .patch('/sources/:id', admin, async (c) => {
      const desk = entriesOf(gateway.sourceEntries)
      const entry = await desk.change(c.req.param('id'), await readJson(c, EntryBody), ifMatch(c))
      told(c, 'source-changed', entry.id)
      return c.json(describe(gateway, entry), 200, entryHeaders(entry))
    })
    .delete('/sources/:id', admin, async (c) => {
      await entriesOf(gateway.sourceEntries).remove(c.req.param('id'), ifMatch(c))
      told(c, 'source-removed', c.req.param('id'))
      return c.body(null, 204)
    })
}

/** The source after an edit, and the refresh that came of it. */
function describe({ status, jobs }: SourceEntryPorts, entry: EntryView) {
  const source = status.sources().find(({ id }) => id === entry.id)
  const job = jobs?.list().find((one) => one.kind === 'source-refresh' && one.subject === entry.id && !isOver(one))
  return {
    ...(source === undefined ? { id: entry.id } : printSource(source)),
    ...printEntry(entry),
    job: job === undefined ? null : printJob(job),
  }
}

const printDraft = ({ steps, channels, slots, notices }: DraftAnswer) => ({
  ok: steps.every(({ problem }) => problem === null),
  channels,
  slots,
  notices: notices.map(printNotice),
  steps: steps.map((step) => ({ ...step, problem: step.problem === null ? null : toProblem(step.problem) })),
})
