import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../../../core/errors.ts'
import type { Upstream } from '../../../../core/live/upstream.ts'
import { createSink, eventually, toStream } from '../../../conformance/source.ts'
import { failsWith } from '../failure.ts'
import { openPanelHouse } from './panel.ts'
import type { PanelHouse, PanelHouseOptions } from './panel.ts'
import { textsOf } from '../../../fakes/notice-texts.ts'

const patience = (): AbortSignal => AbortSignal.timeout(8000)

/** A house whose driver has read the list. */
async function readyHouse(options: PanelHouseOptions = {}) {
  const house = await openPanelHouse(options)
  const { items } = await house.driver.catalogue(patience())
  const open = async (id: number): Promise<{ upstream: Upstream; sink: ReturnType<typeof createSink> }> => {
    const item = items.find((one) => one.item === String(id))
    assert.ok(item)
    const sink = createSink()
    const stream = toStream(house.driver, item)
    return { sink, upstream: await house.driver.open({ stream, sink, previous: null, signal: patience() }) }
  }
  const isQuiet = (): boolean => house.panel.observe().open === 0
  return { ...house, open, isQuiet, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() }
}

const accountOf = ({ panel }: Pick<PanelHouse, 'panel'>) => {
  const [account] = panel.model.accounts
  assert.ok(account)
  return account
}

for (const { id, code } of [
  { id: 110, code: 'live/refused' },
  { id: 112, code: 'live/refused' },
  { id: 113, code: 'live/refused' },
  { id: 117, code: 'live/refused' },
  { id: 118, code: 'source/blocked' },
  { id: 119, code: 'live/refused' },
] as const) {
  test(`open() names what a panel means: channel ${id} is ${code}`, async () => {
    await using house = await readyHouse()
    await assert.rejects(house.open(id), failsWith(code))
    await eventually(house.isQuiet, 'the connection is gone')
    assert.deepEqual(house.panel.observe().forbidden, [])
  })
}

for (const { name, id, settings } of [
  { name: 'HLS where MPEG-TS is not allowed', id: 115 },
  { name: 'HLS that hides behind an address of MPEG-TS', id: 116 },
  { name: 'a channel that starts late', id: 104 },
  { name: 'a channel behind four redirects', id: 101, settings: { redirects: 4 } },
] as const) {
  test(`open() plays ${name}`, async () => {
    await using house = await readyHouse({ ...(settings && { settings }) })
    const { sink, upstream } = await house.open(id)
    await eventually(() => sink.bytes() > 100_000, 'television comes')
    upstream.close()
    const { upstream: again } = await house.open(id)
    again.close()
    assert.deepEqual(house.panel.observe().forbidden, [])
  })
}

test('open() starts from the address of the channel each time: redirects are good once', async () => {
  await using house = await readyHouse({ settings: { redirects: 3, redirectMs: 500 } })
  for (let time = 0; time < 3; time++) {
    const { upstream } = await house.open(101)
    upstream.close()
    await eventually(house.isQuiet, 'the connection is gone')
  }
  assert.deepEqual(house.panel.observe().forbidden, [])
})

test('open() refuses at the limit without asking the panel', async () => {
  await using house = await readyHouse()
  await house.open(101)
  await house.open(102)
  await assert.rejects(house.open(200), failsWith('live/no-slot'))
  const { started, killed, forbidden, mostOpen } = house.panel.observe()
  assert.deepEqual([started, killed, forbidden, mostOpen], [2, 0, [], 2])
})

test('open() right after close() waits until the connection is gone', async () => {
  await using house = await readyHouse()
  accountOf(house).maxConnections = 1
  await house.driver.catalogue(patience())
  for (let time = 0; time < 10; time++) {
    const { upstream } = await house.open(101 + (time % 2))
    upstream.close()
  }
  const { forbidden, mostOpen, started } = house.panel.observe()
  assert.deepEqual([forbidden, mostOpen, started], [[], 1, 10])
})

test('slots() is what the panel says, unless the owner knows better', async () => {
  await using house = await openPanelHouse()
  assert.equal(house.driver.slots(), 1, 'careful before the panel has said anything')
  await house.driver.catalogue(patience())
  assert.equal(house.driver.slots(), 2)
  accountOf(house).maxConnections = 0
  await house.driver.catalogue(patience())
  assert.equal(house.driver.slots(), null)
  await using other = await openPanelHouse({ common: { maxStreams: 4 } })
  await other.driver.catalogue(patience())
  assert.equal(other.driver.slots(), 4)
  assert.match(textsOf(other.driver.notices()).join(), /"maxStreams" is 4, and the provider says 2/)
})

test('a stream that the panel killed for somebody else is not taken back while they watch', async () => {
  await using house = await readyHouse()
  accountOf(house).maxConnections = 1
  await house.driver.catalogue(patience())
  const { sink, upstream } = await house.open(101)
  const leave = house.panel.intrude(accountOf(house))
  await eventually(() => sink.ends().length === 1, 'the end is told')
  upstream.close()
  assert.equal(sink.ends()[0]?.code, 'live/ended')

  await assert.rejects(house.open(101), failsWith('live/contested'))
  leave()
  await assert.rejects(house.open(101), failsWith('live/contested'), 'waits, and does not ask in the meantime')
  assert.match(textsOf(house.driver.notices()).join(), /Somebody else uses the account/)
  const { started, calls } = house.panel.observe()
  assert.deepEqual([started, calls['login']], [1, 3])
})

test('a stream that ended for another reason may be opened again at once', async () => {
  await using house = await readyHouse()
  const { sink, upstream } = await house.open(101)
  house.panel.endStreams()
  await eventually(() => sink.ends().length === 1, 'the end is told')
  upstream.close()
  await house.open(101)
  assert.deepEqual(house.panel.observe().forbidden, [])
})

test('a stream that another of ours pushed out was not taken by a stranger', async () => {
  await using house = await readyHouse({ common: { maxStreams: 2 } })
  accountOf(house).maxConnections = 1 // less than the owner believes
  const first = await house.open(101)
  await house.open(102)
  await eventually(() => first.sink.ends().length === 1, 'the end is told')
  assert.equal(first.sink.ends()[0]?.code, 'live/kicked')
  assert.match(textsOf(house.driver.notices()).join(), /set "maxStreams" to what it really allows/)
})

test('a clip that says "not on air" is shown twice, not for ever', async () => {
  await using house = await readyHouse({ settings: { burstMs: 100 } })
  for (const code of ['live/ended', 'live/refused']) {
    const { sink, upstream } = await house.open(114)
    await eventually(() => sink.ends().length === 1, 'the clip ends')
    upstream.close()
    assert.equal(sink.ends()[0]?.code, code)
  }
  await assert.rejects(house.open(114), failsWith('live/refused'))
  assert.equal(house.panel.observe().started, 2)
})

test('channels that are not found one after the other say that the account is in doubt', async () => {
  await using house = await readyHouse()
  accountOf(house).status = 'Banned'
  house.panel.configure({ dialect: 'xui' })
  for (const id of [101, 102, 200]) await assert.rejects(house.open(id), failsWith('live/refused'))
  assert.match(textsOf(house.driver.notices()).join(), /"not found" to one channel after the other/)
})

for (const { name, settings, keys, account, code } of [
  { name: 'another program', settings: { userAgents: /^VLC/, refusal: 884 }, code: 'source/blocked' },
  { name: 'this program with a page of nginx', settings: { userAgents: /^VLC/, refusal: 404 }, code: 'source/blocked' },
  { name: 'a wrong password', keys: { password: 'wrong' }, code: 'source/login' },
  {
    name: 'a wrong password at XUI',
    keys: { password: 'wrong' },
    settings: { dialect: 'xui' },
    code: 'source/blocked',
  },
  { name: 'an account that is over', account: { expiresAt: 1 }, code: 'source/expired' },
  { name: 'an account that is banned', account: { status: 'Banned' }, code: 'source/expired' },
  { name: 'everybody, with nothing', settings: { apiFault: 'empty' }, code: 'source/blocked' },
  { name: 'everybody, with a challenge for browsers', settings: { apiFault: 'page' }, code: 'source/blocked' },
  { name: 'everybody, because it is overloaded', settings: { apiFault: 503 }, code: 'source/unreachable' },
  { name: 'nobody, but cuts its lists', settings: { apiFault: 'truncated' }, code: 'source/bad-answer' },
] as const) {
  test(`catalogue() explains a panel that refuses ${name}`, async () => {
    await using house = await openPanelHouse({ ...(settings && { settings }), ...(keys && { keys }) })
    Object.assign(accountOf(house), account)
    await assert.rejects(house.driver.catalogue(patience()), (error) => {
      failsWith(code)(error)
      assert.ok(error instanceof Failure && !error.message.includes('pass+word'))
      return true
    })
  })
}

test('catalogue() passes a filter of programs with the user agent of the source', async () => {
  await using house = await openPanelHouse({
    settings: { userAgents: /^VLC\// },
    keys: { userAgent: 'VLC/3.0.20 LibVLC/3.0.20' },
  })
  assert.ok((await house.driver.catalogue(patience())).items.length > 0)
})

test('catalogue() lists what the panel has: groups, radio, logos, numbers, guide', async () => {
  for (const dialect of ['x29', 'xui', 'sloppy'] as const) {
    await using house = await openPanelHouse({ settings: { dialect } })
    const { groups, items } = await house.driver.catalogue(patience())
    assert.deepEqual(groups, ['News & Talk', 'Film', 'Regional', 'Radio'])
    assert.equal(items.length, house.panel.model.channels.length)
    const byId = new Map(items.map((item) => [item.item, item]))
    assert.deepEqual(byId.get('101')?.groups, ['News & Talk'])
    assert.deepEqual(byId.get('101')?.guide, { feed: 'panel', channel: 'news.one.hd.test' })
    assert.deepEqual([byId.get('103')?.name, byId.get('103')?.groups], ['Kino & Co', ['Film']])
    assert.deepEqual([byId.get('105')?.guide, byId.get('105')?.groups], [null, ['Radio']])
    if (dialect !== 'sloppy') assert.equal(byId.get('105')?.media, 'radio')
  }
})

test('the owner is told a week before an account ends', async () => {
  await using house = await openPanelHouse()
  accountOf(house).expiresAt = Date.now() + 3 * 86_400_000
  await house.driver.catalogue(patience())
  assert.match(textsOf(house.driver.notices()).join(), /^Source "Panel": The account ends on \d{4}-\d\d-\d\d; renew it/)
})

test('guideDocument gives the document of the panel, or says that there is none', async () => {
  await using house = await openPanelHouse()
  const document = await house.driver.guideDocument?.open(null, patience())
  let text = ''
  for await (const chunk of document?.bytes ?? []) text += new TextDecoder().decode(chunk)
  assert.match(text, /^<\?xml[^>]*>[^]*<channel id="news\.one\.hd\.test">[^]*<\/tv>\s*$/)
  house.panel.configure({ hasGuideDocument: false })
  await assert.rejects(
    async () => house.driver.guideDocument?.open(null, patience()),
    failsWith('source/not-supported'),
  )
})
