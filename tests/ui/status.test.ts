import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { StatusAnswer } from '../../ui/src/api/answers.ts'
import { Problem, problemOf } from '../../ui/src/api/problem.ts'
import { judge } from '../../ui/src/status/judge.ts'
import { SAMPLES_KEPT, addSample, sparkPath } from '../../ui/src/status/samples.ts'

const source = (state: string, ill: boolean) => ({
  id: state,
  kind: 'enigma2',
  name: state,
  state,
  slots: null,
  channels: 1,
  lastRefresh: null,
  problem: ill ? { code: 'source/login', title: 'No' } : null,
})
const status = (...sources: ReturnType<typeof source>[]) =>
  v.parse(StatusAnswer, { version: '1', uptimeSeconds: 1, sources, streams: [] })

for (const { name, answer, level } of [
  { name: 'good when every source is ready', answer: status(source('ready', false)), level: 'good' },
  { name: 'bad when the only source ails', answer: status(source('ready', true)), level: 'bad' },
  {
    name: 'worth a warning when one of two ails',
    answer: status(source('ready', false), source('failing', false)),
    level: 'warn',
  },
  {
    name: 'good when only a switched-off source ails',
    answer: status(source('ready', false), source('disabled', true)),
    level: 'good',
  },
  { name: 'waiting without a source', answer: status(), level: 'waiting' },
  { name: 'waiting while a source starts', answer: status(source('starting', false)), level: 'waiting' },
  {
    name: 'good for those who see no sources',
    answer: v.parse(StatusAnswer, { version: '1', uptimeSeconds: 1 }),
    level: 'good',
  },
] as const) {
  test(`judge() calls the house ${name}`, () => assert.equal(judge(answer, null).level, level))
}

test('judge() calls a silent gateway bad, whatever was known before', () => {
  const silent = new Problem({ code: null, status: 0, title: 'x' })
  assert.equal(judge(status(source('ready', false)), silent).level, 'bad')
})

test('StatusAnswer reads instants of both spellings', () => {
  const stream = {
    channelId: 'c1',
    channelName: 'One',
    sourceId: 'e2',
    state: 'live',
    startedAt: '2026-01-02T03:04:05.000Z',
  }
  const { streams } = v.parse(StatusAnswer, {
    version: '1',
    uptimeSeconds: 1,
    streams: [stream, { ...stream, startedAt: 5 }],
  })
  assert.deepEqual(
    streams?.map(({ startedAt }) => startedAt),
    [Date.UTC(2026, 0, 2, 3, 4, 5), 5],
  )
})

test('addSample() keeps the last ones and forgets ended streams', () => {
  let samples = addSample(new Map(), [{ channelId: 'gone', bitrateKbps: 1 }])
  for (let kbps = 0; kbps < SAMPLES_KEPT + 5; kbps += 1)
    samples = addSample(samples, [{ channelId: 'c1', bitrateKbps: kbps }])
  assert.deepEqual([...samples.keys()], ['c1'])
  assert.equal(samples.get('c1')?.length, SAMPLES_KEPT)
  assert.equal(samples.get('c1')?.at(-1), SAMPLES_KEPT + 4)
})

test('sparkPath() ends at the right edge', () => {
  assert.match(sparkPath([10, 20]), /^M\S+ \S+L100\.0 2\.0$/)
  assert.equal(sparkPath([]), '')
})

test('problemOf() reads a problem document', async () => {
  const body = JSON.stringify({ title: 'T', detail: 'D', code: 'live/no-slot', status: 503 })
  const problem = await problemOf(
    new Response(body, { status: 503, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '7' } }),
  )
  assert.deepEqual(
    [problem.code, problem.title, problem.message, problem.retryAfterSeconds],
    ['live/no-slot', 'T', 'D', 7],
  )
  assert.equal(problem.advice, 'Stop another stream or wait')
})

test('problemOf() reads an empty body by X-Downlink-Error', async () => {
  const problem = await problemOf(
    new Response(null, { status: 504, headers: { 'X-Downlink-Error': 'live/no-signal' } }),
  )
  assert.deepEqual(
    [problem.code, problem.title, problem.retryAfterSeconds],
    ['live/no-signal', 'The tuner finds no signal', 30],
  )
})

test('problemOf() does not trust a code it does not know', async () => {
  const problem = await problemOf(
    new Response('<html>', { status: 502, headers: { 'X-Downlink-Error': 'constructor' } }),
  )
  assert.equal(problem.title, 'The gateway could not do this')
  assert.equal(problem.advice, null)
})
