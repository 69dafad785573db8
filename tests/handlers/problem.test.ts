import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { FAILURES, Failure } from '../../core/errors.ts'
import type { FailureCode } from '../../core/errors.ts'
import { errorHandler, mediaError, problem, toProblem } from '../../handlers/problem.ts'
import { withoutSecrets } from '../../core/without-secrets.ts'

const codes = Object.keys(FAILURES) as FailureCode[]

function answerWith(handler: typeof problem, thrown: unknown) {
  const logged: unknown[] = []
  const app = new Hono().get('/', () => Promise.reject(thrown))
  app.onError(errorHandler((...line) => void logged.push(line), handler))
  return { response: app.request('/'), logged }
}

test('problem() writes RFC 9457 with our code and advice', async () => {
  const { response } = answerWith(problem, new Failure('live/no-slot', 'All 2 tuners are busy', { sourceId: 'box' }))
  const { status, headers } = await response
  assert.equal(status, 503)
  assert.equal(headers.get('content-type'), 'application/problem+json')
  assert.equal(headers.get('retry-after'), '5')
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.deepEqual(await (await response).json(), {
    type: 'urn:downlink:problem:live/no-slot',
    title: 'No free tuner or connection',
    status: 503,
    detail: 'All 2 tuners are busy',
    code: 'live/no-slot',
    advice: 'Stop another stream or wait',
  })
})

test('every failure has a problem and a media answer with its own status', async () => {
  for (const code of codes) {
    const failure = new Failure(code, 'Something')
    const { status } = FAILURES[code]
    assert.equal((await answerWith(problem, failure).response).status, status)
    const media = await answerWith(mediaError, failure).response
    assert.deepEqual([media.status, media.headers.get('x-downlink-error'), await media.text()], [status, code, ''])
  }
})

for (const { name, text, shown } of [
  {
    name: 'an upstream URL',
    text: 'Cannot open http://root:hunter2@192.168.1.20:8001/1:0:19 now',
    shown: 'Cannot open … now',
  },
  { name: 'a URL in quotes', text: 'Cannot open "https://host/live/user/hunter2/1.ts"', shown: 'Cannot open "…"' },
  { name: 'a MAC address', text: 'The portal refuses 00:1A:79:AB:cd:ef', shown: 'The portal refuses …' },
  { name: 'a MAC address with dashes', text: 'mac 00-1A-79-AB-cd-ef!', shown: 'mac …!' },
  { name: 'a viewing token', text: 'GET /t/k1.abc.def/live/c1.ts', shown: 'GET /t/…/live/c1.ts' },
  { name: 'a signed link', text: 'GET /s/k1.1.2.3.4/live/c1.ts', shown: 'GET /s/…/live/c1.ts' },
  {
    name: 'a password in a query',
    text: 'get.php?username=u&password=hunter2&x=1',
    shown: 'get.php?username=…&password=…&x=1',
  },
]) {
  test(`withoutSecrets() takes out ${name}`, () => assert.equal(withoutSecrets(text), shown))
}

for (const text of [
  'Cannot open "Das Erste HD": source "box" has 0 of 2 slots free',
  'Service 1:0:19:283D:3FB:1:C00000:0:0:0: is gone',
  'At 20:15:00 nothing came',
]) {
  test(`withoutSecrets() leaves "${text}" alone`, () => assert.equal(withoutSecrets(text), text))
}

test('toProblem() never shows a secret that slipped into a message', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...codes),
      fc.constantFrom('http', 'https', 'rtsp'),
      fc.webPath(),
      (code, scheme, path) => {
        const text = JSON.stringify(toProblem(new Failure(code, `Tried ${scheme}://root:hunter2@host${path} twice`)))
        assert.doesNotMatch(text, /hunter2/)
      },
    ),
  )
})

test('errorHandler() answers a bug with 500 and no detail, and logs it with its causes', async () => {
  const { response, logged } = answerWith(
    problem,
    new TypeError('secret detail', { cause: new Failure('source/timeout', 'slow box') }),
  )
  assert.equal((await response).status, 500)
  assert.doesNotMatch(await (await response).text(), /secret detail|slow box|TypeError/)
  assert.match(JSON.stringify(logged), /TypeError: secret detail.*slow box/)
})

test('errorHandler() logs failures of ours and of sources, not those of callers', async () => {
  const silent = answerWith(problem, new Failure('lineup/unknown-channel', 'No channel'))
  await silent.response
  assert.equal(silent.logged.length, 0)
  const loud = answerWith(problem, new Failure('source/timeout', 'The box takes too long', { sourceId: 'box' }))
  await loud.response
  assert.deepEqual(loud.logged, [
    ['warn', 'request-failed', { code: 'source/timeout', detail: 'The box takes too long', sourceId: 'box' }],
  ])
})

test("errorHandler() turns Hono's own exceptions into failures", async () => {
  assert.equal((await answerWith(problem, new HTTPException(413)).response).status, 413)
  assert.equal((await answerWith(problem, new HTTPException(400)).response).status, 400)
})

for (const { name, text, left } of [
  { name: 'an Xtream path', text: 'GET /live/anna/s3cret/12.ts', left: 'GET /live/…/…/12.ts' },
  {
    name: 'an Xtream query',
    text: 'player_api.php?username=anna&password=s3cret',
    left: 'player_api.php?username=…&password=…',
  },
  { name: 'a header', text: 'authorization Bearer k1.abc.def', left: 'authorization …' },
  { name: 'an API token', text: 'token dl_abcdefghijkmnpqrstuvwxyz23', left: 'token …' },
  { name: 'our own live path, which has no secret', text: 'GET /live/c12.ts', left: 'GET /live/c12.ts' },
]) {
  test(`withoutSecrets() takes the proof out of ${name}`, () => {
    assert.equal(withoutSecrets(text), left)
  })
}
