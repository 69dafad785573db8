import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import type { AccountSeat, SourceDesk, SourceEvent, TestAnswer } from '../core/lineup/source-check.ts'
import { requireRole } from './api-guard.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import type { Gateway, SourceStatus } from './gateway.ts'
import { entryHeaders, printEntry } from './entries/entry-answer.ts'
import { accepted } from './jobs/jobs-api.ts'
import { askedWindow } from './list-window.ts'
import { toProblem } from './problem.ts'
import { printInstant, printSource } from './status.ts'
import { printNotice } from './print-notice.ts'

/** Body of `POST /sources/{id}/refresh`. */
export const SourceRefreshBody = v.strictObject({ acceptShrunk: v.optional(v.boolean(), false) })
const userAgent = v.pipe(v.string(), v.trim(), v.regex(/^[\x20-\x7e]{1,200}$/))
const MOST_USER_AGENTS = 4
/** Body of `POST /sources/{id}/test`. */
export const SourceTestBody = v.strictObject({
  userAgent: v.optional(v.union([userAgent, v.pipe(v.array(userAgent), v.maxLength(MOST_USER_AGENTS))]), []),
  stream: v.optional(v.boolean(), false),
})

/**
 * `/api/v1/sources`: `GET` lists them, `GET /{id}` shows one with the history of what showed whether it works. Viewers get
 * id, name and state. Edits are in `entries/source-entries-api.ts`.
 *
 * For admins: `POST /{id}/refresh` asks one for its channels now, as a job (`{"acceptShrunk": true}` takes a smaller line-up);
 * `POST /{id}/test` asks it whether it answers, as configured and in the name of other programs (`{"userAgent": "…"}` or
 * up to four of them), with `{"stream": true}` for the first bytes of a stream too, if a slot is free.
 */
export function sourceRoutes(
  gateway: Pick<Gateway, 'status' | 'admin' | 'sourceDesk' | 'sourceEntries' | 'jobs'>,
): Hono<Env> {
  const find = (id: string): SourceStatus => {
    const source = gateway.status.sources().find((one) => one.id === id)
    if (source === undefined) throw new Failure('lineup/unknown-source', 'No source has this id', { sourceId: id })
    return source
  }
  const desk = (): SourceDesk => {
    if (gateway.sourceDesk === null) throw new Failure('http/not-found', 'Sources are asked by the adapter')
    return gateway.sourceDesk
  }
  return new Hono<Env>()
    .use('/sources/*', requireRole('viewer'))
    .use('/sources', requireRole('viewer'))
    .get('/sources', (c) => {
      const print = c.get('caller').role === 'admin' ? printHealth(gateway) : printForViewer
      return c.json(askedWindow(c, gateway.status.sources().map(print)), 200, NO_STORE)
    })
    .get('/sources/:id', (c) => {
      const source = find(c.req.param('id'))
      if (c.get('caller').role !== 'admin') return c.json(printForViewer(source), 200, NO_STORE)
      const history = gateway.sourceDesk?.history(source.id).events ?? []
      const notices = (gateway.sourceDesk?.notices(source.id) ?? []).map(printNotice)
      const seats = gateway.sourceDesk?.seats(source.id)?.map(printSeat) ?? null
      const body = { ...printHealth(gateway)(source), notices, seats, events: history.map(printEvent) }
      return c.json(body, 200, entryHeaders({ revision: body.revision ?? null }))
    })
    .post('/sources/:id/refresh', requireRole('admin'), async (c) => {
      const { id } = find(c.req.param('id'))
      if (gateway.admin === null) throw new Failure('http/not-found', 'Sources are asked by the adapter')
      const hasBody = c.req.header('content-type') !== undefined
      const { acceptShrunk } = hasBody ? await readJson(c, SourceRefreshBody) : { acceptShrunk: false }
      const job = gateway.admin.refreshSource(id, { acceptShrunk, askedBy: c.get('caller').user })
      return accepted(c, gateway, job, printSource(find(id)))
    })
    .post('/sources/:id/test', requireRole('admin'), async (c) => {
      const { id } = find(c.req.param('id'))
      const hasBody = c.req.header('content-type') !== undefined
      const { userAgent: asked, stream } = hasBody
        ? await readJson(c, SourceTestBody)
        : { userAgent: [], stream: false }
      const userAgents = typeof asked === 'string' ? [asked] : asked
      const wish = { userAgents, stream, askedBy: c.get('caller').user }
      const answers = await desk().test(id, wish, c.req.raw.signal)
      return c.json({ sourceId: id, answers: answers.map(printAnswer) }, 200, NO_STORE)
    })
}

const NO_STORE = { 'cache-control': 'no-store' }

const printForViewer = ({ id, name, state }: SourceStatus) => ({ id, name, state })

type HealthPorts = Pick<Gateway, 'sourceDesk' | 'sourceEntries'>

/** A source with where it is written, and what is remembered of it. */
const printHealth =
  ({ sourceDesk, sourceEntries }: HealthPorts) =>
  (source: SourceStatus) => {
    const none = { events: [], lastGood: null, lastError: null }
    const { events, lastGood, lastError } = sourceDesk?.history(source.id) ?? none
    const entry = sourceEntries?.list().find(({ id }) => id === source.id)
    return {
      ...printSource(source),
      ...(entry !== undefined && printEntry(entry)),
      health: {
        lastGood: printInstant(lastGood),
        lastError: lastError === null ? null : printEvent(lastError),
        good: events.filter(({ problem }) => problem === null).length,
        bad: events.filter(({ problem }) => problem !== null).length,
        since: printInstant(events.at(-1)?.at ?? null),
      },
    }
  }

const printEvent = ({ at, kind, ms, problem }: SourceEvent) => ({
  at: printInstant(at),
  kind,
  ms,
  problem: problem === null ? null : toProblem(problem),
})

const printSeat = ({ place, inUse, limit, state, until, problem, expires }: AccountSeat) => ({
  place,
  inUse,
  limit,
  state,
  until: printInstant(until),
  problem: problem === null ? null : toProblem(problem),
  expires: expires && { text: expires.text, at: printInstant(expires.at) },
})

const printAnswer = ({ userAgent: program, steps }: TestAnswer) => ({
  userAgent: program,
  ok: steps.every(({ problem }) => problem === null),
  steps: steps.map((step) => ({ ...step, problem: step.problem === null ? null : toProblem(step.problem) })),
})
