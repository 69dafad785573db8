import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { after, before, describe, test } from 'node:test'
import { ask } from '../runtime/http-client.ts'
import { RUNTIME, startProgram } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'

/** An address of this machine that is private to its LAN, as a URL writes it; null: it has none. */
const lanAddress = (): string | null => {
  const cards = Object.values(networkInterfaces()).flat()
  const found = cards.find(
    (card) => card !== undefined && /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/.test(card.address),
  )
  if (found === undefined) return null
  return found.family === 'IPv6' ? `[${found.address}]` : found.address
}

type Mode = 'unwritten' | 'none' | 'lan' | 'proxied' | 'public'
type Call = {
  readonly name: string
  readonly from: 'loopback' | 'lan'
  readonly headers?: Readonly<Record<string, string>>
  readonly answers: Readonly<Partial<Record<Mode, number>>>
}

/** What is written down about callers, by name. */
const HOUSES: Readonly<Record<Mode, Readonly<Record<string, unknown>>>> = {
  unwritten: {},
  none: { access: { anonymous: 'none', hosts: ['tv.home.example'] } },
  lan: { access: { anonymous: 'lan', hosts: ['tv.home.example'] } },
  proxied: { access: { anonymous: 'lan', trustedProxies: ['127.0.0.0/8'] } },
  public: { publicUrl: 'https://tv.example' },
}

const CALLS: readonly Call[] = [
  { name: 'this machine', from: 'loopback', answers: { unwritten: 200, none: 401, lan: 200, public: 401 } },
  { name: 'a neighbour', from: 'lan', answers: { unwritten: 401, none: 401, lan: 200, public: 401 } },
  {
    name: 'a stranger behind an unknown proxy that looks like a neighbour',
    from: 'loopback',
    headers: { 'x-forwarded-for': '192.168.1.7' },
    answers: { unwritten: 401, none: 401, lan: 401 },
  },
  {
    name: 'a stranger that says it is this machine',
    from: 'lan',
    headers: { 'x-forwarded-for': '127.0.0.1' },
    answers: { unwritten: 401, lan: 401 },
  },
  ...['forwarded', 'x-real-ip', 'via', 'cf-connecting-ip'].map((header): Call => ({
    name: `a request with "${header}"`,
    from: 'loopback',
    headers: { [header]: '127.0.0.1' },
    answers: { unwritten: 401, lan: 401 },
  })),
  {
    name: "a stranger's page in our own browser",
    from: 'loopback',
    headers: { 'sec-fetch-site': 'cross-site' },
    answers: { unwritten: 401, lan: 401 },
  },
  {
    name: 'a page of ours',
    from: 'loopback',
    headers: { 'sec-fetch-site': 'same-origin' },
    answers: { unwritten: 200, lan: 200 },
  },
  {
    name: "a stranger's name that points here",
    from: 'loopback',
    headers: { host: 'evil.example:80' },
    answers: { unwritten: 421, none: 421, lan: 421, proxied: 421 },
  },
  {
    name: 'the name that is written down',
    from: 'loopback',
    headers: { host: 'tv.home.example' },
    answers: { unwritten: 421, none: 401, lan: 200 },
  },
  { name: 'localhost', from: 'loopback', headers: { host: 'localhost' }, answers: { unwritten: 200, lan: 200 } },
  {
    name: 'a neighbour behind the trusted proxy',
    from: 'loopback',
    headers: { 'x-forwarded-for': '203.0.113.9, 192.168.1.7' },
    answers: { proxied: 200 },
  },
  {
    name: 'a stranger behind the trusted proxy that pretends to be a neighbour',
    from: 'loopback',
    headers: { 'x-forwarded-for': '192.168.1.7, 203.0.113.9' },
    answers: { proxied: 401 },
  },
  {
    name: 'this machine by the word of the trusted proxy',
    from: 'loopback',
    headers: { 'x-forwarded-for': '127.0.0.1' },
    answers: { proxied: 401 },
  },
  { name: 'the trusted proxy that does not say for whom', from: 'loopback', answers: { proxied: 401 } },
]

describe(`who may watch without signing in on ${RUNTIME}`, () => {
  const lan = lanAddress()
  const houses = new Map<string, Program>()
  const modes = Object.keys(HOUSES) as Mode[]
  before(async () => {
    for (const mode of modes)
      houses.set(
        mode,
        await startProgram({ bare: true, args: ['--data', 'data', '--listen', ':0'], config: HOUSES[mode] }),
      )
  })
  after(async () => {
    for (const house of houses.values()) await house[Symbol.asyncDispose]()
  })
  const call = (mode: Mode, path: string, from: Call['from'], headers: Call['headers'] = {}) => {
    const { port } = new URL(houses.get(mode)?.url ?? '')
    return ask(`http://${from === 'lan' ? lan : '127.0.0.1'}:${port}${path}`, { headers })
  }

  for (const { name, from, headers, answers } of CALLS) {
    test(`${name}: ${Object.entries(answers)
      .map(([mode, status]) => `${mode} ${status}`)
      .join(', ')}`, async (t) => {
      if (from === 'lan' && lan === null) return t.skip('this machine has no LAN address')
      for (const [mode, status] of Object.entries(answers)) {
        const answer = await call(mode as Mode, '/playlist.m3u', from, headers)
        assert.equal(answer.status, status, `${mode}: ${answer.headers['x-downlink-error']}`)
        if (status !== 200) assert.equal(answer.bytes.length, 0)
      }
    })
  }

  test('a neighbour who may watch gets the short status, and no metrics', async (t) => {
    if (lan === null) return t.skip('this machine has no LAN address')
    const status = await call('lan', '/api/status', 'lan')
    assert.deepEqual(Object.keys(status.json() as object).toSorted(), ['uptimeSeconds', 'version'])
    assert.equal((await call('lan', '/metrics', 'lan')).status, 401)
    assert.equal((await call('none', '/api/status', 'lan')).status, 401)
  })

  test('a public URL closes the house for those who did not sign in, and says so', async () => {
    const house = houses.get('public')
    const answer = await house?.ask('/api/v1/session')
    assert.partialDeepStrictEqual(answer?.json(), { mayWatch: false, anonymous: 'none', setupNeeded: true })
  })
})
