import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPanel } from '../fakes/panel/index.ts'
import { KEYS } from '../runtime/front-suite.ts'
import { ready, statusOf } from '../runtime/house.ts'
import { RUNTIME, startProgram, until } from '../runtime/program.ts'

/** A panel and a house with its account. */
async function startCatchupHouse() {
  const panel = await startPanel()
  const [account] = panel.model.accounts
  const { username, password } = account ?? { username: '', password: '' }
  const source = { id: 'panel', kind: 'xtream', name: 'Panel', url: panel.url, username, password, maxStreams: 1 }
  const env = { DOWNLINK_LINK_KEYS: KEYS.old }
  const house = await startProgram({ env, config: { sources: [source], live: { lingerSeconds: 1 } } })
  await ready(house)
  return {
    panel,
    house,
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]()
      await panel[Symbol.asyncDispose]()
    },
  }
}

const HOUR_SECONDS = 3600

/** What a player makes of the address in a playlist: a programme of an hour that began two hours ago. */
const fill = (template: string): string => {
  const start = Math.floor(Date.now() / 60_000) * 60 - 2 * HOUR_SECONDS
  const url = new URL(template.replace('{utc}', String(start)).replace('{utcend}', String(start + HOUR_SECONDS)))
  return url.pathname + url.search
}
const catchupIn = (playlist: string): string => /catchup-source="([^"]+)"/.exec(playlist)?.[1] ?? 'none'

test(`a player replays a programme that a panel has kept, over one connection, on ${RUNTIME}`, async () => {
  await using catchup = await startCatchupHouse()
  const { house, panel } = catchup
  const path = fill(catchupIn((await house.ask('/playlist.m3u')).text))
  const whole = await house.ask(path)
  assert.deepEqual([whole.status, whole.headers['content-type'], whole.bytes[0]], [200, 'video/mp2t', 0x47])
  const part = await house.ask(path, { headers: { range: 'bytes=188000-' } })
  assert.deepEqual([part.status, part.bytes.length], [206, whole.bytes.length - 188_000])

  // A jump to another place while the first one still plays.
  using playing = await house.open(path)
  await playing.read(188)
  const elsewhere = await house.ask(path, { headers: { range: 'bytes=376000-' } })
  assert.equal(elsewhere.status, 206)
  const { mostOpen, killed, forbidden, archives } = panel.observe()
  assert.deepEqual([mostOpen, killed, forbidden], [1, 0, []])
  assert.match(archives[0] ?? '', /^\d{4}-\d\d-\d\d:\d\d-\d\d\/60\/101$/)
  await until('the slot is free again', async () => (await statusOf(house)).sources[0]?.slots?.used === 0)
  assert.equal(panel.observe().open, 0)
})

test(`catch-up and films go through a front to the adapter by links of their own on ${RUNTIME}`, async () => {
  await using catchup = await startCatchupHouse()
  const { house } = catchup
  const env = { DOWNLINK_LINK_KEYS: KEYS.old, DOWNLINK_ADAPTER_URL: house.url.replace(/\/$/, '') }
  await using front = await startProgram({ args: ['--role', 'gateway'], env })
  await ready(front)
  const follow = async (path: string) => {
    const sent = await front.ask(path)
    assert.equal(sent.status, 302, path)
    const { pathname, search } = new URL(sent.headers['location'] ?? '')
    assert.match(pathname, /^\/s\//)
    return house.ask(pathname + search, { headers: { range: 'bytes=0-1879' } })
  }
  const past = await follow(fill(catchupIn((await front.ask('/playlist.m3u')).text)))
  assert.deepEqual([past.status, past.bytes.length, past.bytes[0]], [206, 1880, 0x47])
  await until('the slot is free again', async () => (await statusOf(house)).sources[0]?.slots?.used === 0)

  const [film] = /^http\S+\/play\/vod\/\S+$/m.exec((await front.ask('/playlist.m3u?type=vod')).text) ?? ['']
  const answer = await follow(new URL(film).pathname)
  assert.deepEqual([answer.status, answer.bytes.length], [206, 1880])
})
