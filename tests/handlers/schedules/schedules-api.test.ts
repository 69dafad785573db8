import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import type { PlanItem } from '../../../core/linear/plan-item.ts'
import { PlanAnswer, ScheduleAnswer, WarningsAnswer } from '../../../handlers/openapi/answers/linear.ts'
import type { PlanWindow, ScheduleDesk, ScheduleView } from '../../../handlers/schedules/schedule-desk.ts'
import { ADMIN, cookieOf, fakeHouse, VIEWER } from '../../fakes/gateway.ts'

const HOUR_MS = 3_600_000
const VIEW: ScheduleView = {
  id: 'classics',
  library: 'films',
  managedBy: 'house',
  revision: 'r1',
  document: { id: 'classics' },
  overrides: [],
  channelId: null,
  problem: new Failure('linear/invalid', 'slots: should be a list of slots'),
}

const item = ({ from, to }: PlanWindow): PlanItem => ({
  id: 'x',
  start: from,
  stop: to,
  kind: 'slate',
  media: null,
  inMs: 0,
  channel: null,
  text: 'Storm',
  guide: { group: 'x', isShown: true, title: 'Storm', subtitle: null },
})

/** A house whose desk notes what is asked of it. */
async function open() {
  const asked: unknown[] = []
  const plan = (window: PlanWindow) => ({
    items: [item(window)],
    programmes: [],
    warnings: [
      { code: 'empty-pool', slot: null, other: null, pool: 'films', at: window.from, ms: null, count: 1 } as const,
    ],
  })
  const note = <T>(name: string, args: readonly unknown[], answer: T): T => {
    asked.push([name, ...args])
    return answer
  }
  const desk: ScheduleDesk = {
    list: () => [VIEW],
    find(id) {
      if (id !== VIEW.id) throw new Failure('linear/unknown-schedule', 'No channel has this id')
      return VIEW
    },
    add: async (...args) => note('add', args, VIEW),
    replace: async (...args) => note('replace', args, VIEW),
    remove: async (...args) => note('remove', args, undefined),
    plan: async (id, window) => note('plan', [id, window], plan(window)),
    tryPlan: async (document, library, window) => note('tryPlan', [document, library, window], plan(window)),
    override: async (...args) => note('override', args, VIEW),
    endOverride: async (...args) => note('endOverride', args, VIEW),
    playout: async (id, window) => note('playout', [id, window], { version: 'x', items: [] }),
    tryCatalogue: async (document, library) => note('tryCatalogue', [document, library], { document }),
    catalogue: async (id) => note('catalogue', [id], { document: {} }),
  }
  const house = fakeHouse({ accounts: [ADMIN, VIEWER], gateway: { schedules: desk } })
  const cookie = await cookieOf(house, 'Jo')
  const call = (path: string, method = 'GET', body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    house.app.request(`http://localhost/api/v1/schedules${path}`, {
      method,
      headers: {
        host: 'localhost',
        origin: 'http://localhost',
        ...cookie,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return { call, asked, now: house.gateway.now() }
}

test('a document is told with its revision as entity tag, and with what is wrong', async () => {
  const { call } = await open()
  const answer = await call('/classics')
  assert.equal(answer.headers.get('etag'), '"r1"')
  const told = v.parse(ScheduleAnswer, await answer.json())
  assert.equal(told.problem?.code, 'linear/invalid')
  assert.equal((await call('/nothing')).status, 404)
})

test('edits carry document, library and revision to the desk', async () => {
  const { call, asked } = await open()
  const added = await call('', 'POST', { library: 'films', document: { id: 'classics' } })
  assert.deepEqual([added.status, added.headers.get('location')], [201, '/api/v1/schedules/classics'])
  await call('/classics', 'PUT', { document: { id: 'classics', name: 'x' } }, { 'if-match': '"r1"' })
  assert.equal((await call('/classics', 'DELETE')).status, 204)
  assert.deepEqual(asked, [
    ['add', { id: 'classics' }, 'films'],
    ['replace', 'classics', { id: 'classics', name: 'x' }, 'r1'],
    ['remove', 'classics', null],
  ])
  assert.equal((await call('', 'POST', { document: [] })).status, 400)
  assert.equal((await call('', 'POST', { document: {}, name: 'x' })).status, 400)
})

test('a document of half a megabyte is taken', async () => {
  const { call } = await open()
  const items = Array.from({ length: 25_000 }, (_, index) => `media-${index}-0000000`)
  assert.equal((await call('', 'POST', { document: { id: 'x', pools: [{ id: 'all', items }] } })).status, 201)
})

test('a plan is of a day from now, or of the window that is asked for, up to 15 days', async () => {
  const { call, asked, now } = await open()
  const day = v.parse(PlanAnswer, await (await call('/classics/plan')).json())
  assert.equal(Date.parse(day.items[0]?.stop ?? ''), now + 24 * HOUR_MS)
  const query = '?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z'
  await call(`/plan${query}`, 'POST', { document: { id: 'draft' } })
  const window = { from: Date.UTC(2026, 10, 21), to: Date.UTC(2026, 10, 22) }
  assert.deepEqual(asked.at(-1), ['tryPlan', { id: 'draft' }, null, window])
  v.parse(WarningsAnswer, await (await call('/classics/warnings')).json())
  for (const wrong of ['?from=2026-11-21T00:00:00Z&to=2026-12-22T00:00:00Z', '?from=yesterday', '?days=3'])
    assert.equal((await call(`/classics/plan${wrong}`)).status, 400, wrong)
  assert.equal((await call('/classics/playout.json')).status, 200)
  assert.equal((await call('/classics/catalogue')).status, 200)
})

test('an override knows who asked for it, and is ended alone or with all others', async () => {
  const { call, asked } = await open()
  assert.equal((await call('/classics/override', 'POST', { show: { text: 'Storm' } })).status, 201)
  await call('/classics/override', 'DELETE')
  await call('/classics/override?override=o1', 'DELETE')
  assert.deepEqual(asked, [
    ['override', 'classics', { show: { text: 'Storm' } }, 'Jo'],
    ['endOverride', 'classics', null],
    ['endOverride', 'classics', 'o1'],
  ])
})
