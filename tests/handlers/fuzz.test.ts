import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import { GOOD_REQUESTS } from '../fakes/fuzz/good-requests.ts'
import { spoiltRequests } from '../fakes/fuzz/requests.ts'
import type { SpoiltRequest } from '../fakes/fuzz/requests.ts'
import { cookieOf, STRANGER } from '../fakes/gateway.ts'
import { wholeHouse } from '../fakes/whole-house.ts'

// `npm run bench -- fuzz` does this with 100,000 requests to a running program on every runtime. Another seed or count:
// DOWNLINK_FUZZ_SEED, DOWNLINK_FUZZ_COUNT.
const SEED = Number(process.env['DOWNLINK_FUZZ_SEED'] ?? Date.now() % 2 ** 32)
const COUNT = Number(process.env['DOWNLINK_FUZZ_COUNT'] ?? 4000)

/** Null: no program of ours would ever see such a request. */
function toRequest({ method, target, headers, body }: SpoiltRequest): Request | null {
  try {
    const given = body === null || /^(GET|HEAD)$/.test(method) ? null : new Uint8Array(body)
    return new Request(`http://localhost:18080${target}`, { method, headers, body: given })
  } catch {
    return null
  }
}

test(`${COUNT} spoilt requests make no error of ours (seed ${SEED})`, async () => {
  const nothing = () => Promise.reject(new Failure('live/no-past', 'There is nothing'))
  const house = await wholeHouse({ live: { ts: nothing, hls: nothing } })
  const token = (await house.tokens.add({ kind: 'api', name: 'Script' })).token.reveal()
  const host = 'localhost:18080'
  const callers = [
    { host, authorization: `Bearer ${token}` },
    { host, ...(await cookieOf(house, 'Anna')) },
    { host },
    { host: '192.168.1.5', ...STRANGER },
  ]
  const requests = spoiltRequests(SEED, GOOD_REQUESTS, callers)
  const wrong: string[] = []
  const statuses = new Map<number, number>()
  for (let index = 0; index < COUNT; index++) {
    const spoilt = requests.next().value
    const request = toRequest(spoilt)
    if (request === null) continue
    const response = await house.app.fetch(request)
    await response.body?.cancel()
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    // A tuner of HDHomeRun says 503 of everything that it cannot tune to.
    if (response.status >= 500 && !response.headers.has('x-hdhomerun-error'))
      wrong.push(
        `${index}: ${spoilt.method} ${spoilt.target.slice(0, 200)} ${JSON.stringify(spoilt.headers)}: ${response.status}`,
      )
  }
  const bugs = house.logged.filter(({ event }) => event === 'bug').map(({ facts }) => facts)
  assert.deepEqual({ wrong: wrong.slice(0, 5), bugs: bugs.slice(0, 3) }, { wrong: [], bugs: [] }, `Seed ${SEED}`)
  // The requests reach what they are meant for: some are answered well, some are refused for what is wrong with them.
  for (const status of [200, 400, 401, 403, 404, 405]) assert.ok(statuses.has(status), `No answer was ${status}`)
})
