import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SampleQuery } from '../../../core/history/sampler.ts'
import type { ViewingQuery } from '../../../core/history/viewing.ts'
import type { LiveFigures, HistoryDesk } from '../../../handlers/history/history-desk.ts'
import { aSample, aViewing, T0 } from '../../core/history/samples.ts'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'

/** A house with a history that remembers what it was asked. */
async function house() {
  const asked: unknown[] = []
  const listeners = new Set<(figures: LiveFigures) => void>()
  let areAsked = false
  const history: HistoryDesk = {
    days: 30,
    viewings: (query: ViewingQuery) => (asked.push(query), { total: 7, items: [aViewing({ lastSeen: T0 + 4000 })] }),
    choices: (...wish) => (asked.push(wish), [{ id: 'anna', name: 'Anna', viewings: 12 }]),
    samples: (query: SampleQuery) => (asked.push(query), { stepMs: 20_000, items: [aSample({ inKbps: 8000 })] }),
    askFigures: () => void (areAsked = true),
    areFiguresAsked: () => areAsked,
    onFigures: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
  }
  const made = fakeHouse({ accounts: [ADMIN, VIEWER], gateway: { history } })
  const tell = (figures: LiveFigures): void => {
    for (const listener of listeners) listener(figures)
  }
  return { made, asked, tell, listeners, headers: { ...(await cookieOf(made, 'jo')), ...STRANGER } }
}

test('GET /api/v1/history/streams gives a window of what the filters find', async () => {
  const { made, asked, headers } = await house()
  const path = '/api/v1/history/streams?channel=c1&person=anna&source=box&reason=left&from=2026-11-21T20:00:00Z&limit=1'
  const answer = await made.get(path, headers)
  assert.equal(answer.status, 200)
  const body = (await answer.json()) as { total: number; days: number; items: Record<string, unknown>[] }
  assert.deepEqual([body.total, body.days], [7, 30])
  const [item] = body.items
  assert.deepEqual(
    [item?.['channelId'], item?.['startedAt'], item?.['endedAt'], item?.['seconds'], item?.['reason']],
    ['c1', '2026-11-21T20:15:00.000Z', null, 4, null],
  )
  assert.deepEqual(asked, [
    {
      channelId: 'c1',
      person: 'anna',
      sourceId: 'box',
      reason: 'left',
      from: Date.UTC(2026, 10, 21, 20),
      to: null,
      offset: 0,
      limit: 1,
    },
  ])
})

for (const query of ['reason=bored', 'from=yesterday', 'limit=0', 'limit=501', 'chanel=c1']) {
  test(`GET /api/v1/history/streams refuses ?${query}`, async () => {
    const { made, headers } = await house()
    assert.equal((await made.get(`/api/v1/history/streams?${query}`, headers)).status, 400)
  })
}

test('GET /api/v1/history/choices lists what there is to choose, 50 at most', async () => {
  const { made, asked, headers } = await house()
  const answer = await made.get('/api/v1/history/choices?of=person&text=An', headers)
  assert.deepEqual(await answer.json(), { items: [{ id: 'anna', name: 'Anna', viewings: 12 }] })
  assert.deepEqual(asked, [['person', 'An', 50]])
  for (const query of ['', '?of=address', '?of=person&q=a'])
    assert.equal((await made.get(`/api/v1/history/choices${query}`, headers)).status, 400, query)
})

test('GET /api/v1/history/samples gives the step that was taken', async () => {
  const { made, asked, headers } = await house()
  const range = 'from=2026-11-21T20:00:00Z&to=2026-11-21T21:00:00Z'
  const answer = await made.get(`/api/v1/history/samples?${range}&step=10`, headers)
  const body = (await answer.json()) as { stepSeconds: number; items: Record<string, unknown>[] }
  assert.deepEqual(
    [body.stepSeconds, body.items[0]?.['at'], body.items[0]?.['inKbps']],
    [20, '2026-11-21T20:15:00.000Z', 8000],
  )
  assert.deepEqual(asked, [{ from: Date.UTC(2026, 10, 21, 20), to: Date.UTC(2026, 10, 21, 21), stepMs: 10_000 }])
  assert.equal(
    (await made.get('/api/v1/history/samples?from=2026-11-21T21:00:00Z&to=2026-11-21T20:00:00Z', headers)).status,
    400,
  )
})

test('the history is for admins', async () => {
  const { made } = await house()
  const viewer = { ...(await cookieOf(made, 'anna')), ...STRANGER }
  for (const path of ['/api/v1/history/streams', '/api/v1/history/samples'])
    assert.equal((await made.get(path, viewer)).status, 403)
})

/** The names of the first events. */
async function eventNames(response: Response, count: number): Promise<readonly string[]> {
  assert.ok(response.body !== null)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (text.split('event:').length <= count) {
    const { value, done } = await reader.read()
    if (done) break
    text += value
  }
  await reader.cancel()
  return [...text.matchAll(/event: ?(\S+)/g)].map(([, name = '']) => name)
}

const figures: LiveFigures = { ...aSample({ inKbps: 9000 }), perStream: [] }

test('figures come to the line that wants them, while it wants them', async () => {
  const { made, tell, listeners, headers } = await house()
  const response = await made.get('/api/v1/events?figures=1', headers)
  setTimeout(() => tell(figures), 300)
  assert.deepEqual(await eventNames(response, 2), ['lineup', 'figures'])
  for (let tries = 0; tries < 50 && listeners.size > 0; tries++) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(listeners.size, 0)
})

test('figures come to lines that are open already after somebody has asked for them', async () => {
  const { made, tell, headers } = await house()
  const response = await made.get('/api/v1/events', headers)
  setTimeout(() => {
    tell(figures)
    void Promise.resolve(made.send('POST', '/api/v1/history/figures', {}, headers)).then(() =>
      tell({ ...figures, inKbps: 1 }),
    )
  }, 300)
  assert.deepEqual(await eventNames(response, 2), ['lineup', 'figures'])
})
