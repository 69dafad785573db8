import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PortalMode, PortalQuirks } from '../../../fakes/portal/index.ts'
import { demoPortal } from '../../../fakes/portal/index.ts'
import { aBox, portalHouse } from './portal-house.ts'

const MODES: readonly PortalMode[] = ['stock4', 'stock5', 'xc29', 'xui', 'simple']
const anySignal = (): AbortSignal => new AbortController().signal

for (const mode of MODES) {
  test(`createStalkerSource() lists, plays and zaps at a portal of kind ${mode} as a box would`, async () => {
    const house = portalHouse({ mode })
    const { items, groups } = await house.run(house.source.catalogue(anySignal()))
    assert.deepEqual(groups, ['News & Info', 'Sport', 'Family', 'Adults'])
    assert.equal(items.length, 23, 'all but the one that is not paid for')
    for (const key of ['101', '102', '112']) {
      const upstream = await house.open(key)
      assert.ok(upstream.bytes() > 0)
      upstream.close()
    }
    assert.deepEqual(house.forbidden(), [])
    assert.deepEqual(house.portal.observe().streams, {})
  })

  test(`createStalkerSource() reads the guide of a portal of kind ${mode}`, async () => {
    const house = portalHouse({ mode, quirks: { panelZoneMinutes: 120 } })
    await house.run(house.source.catalogue(anySignal()))
    const now = house.clock.now()
    const window = { from: now, to: now + 6 * 3600_000 }
    const seen: string[] = []
    const walk = async (): Promise<void> => {
      for await (const { channel, programmes } of house.source.guide(['101', '102', 'none'], window, anySignal())) {
        seen.push(channel)
        const [running] = programmes
        assert.ok(running !== undefined && running.start <= now && running.stop > now, 'what is on now comes first')
        assert.equal(running.start % 1800_000, 0)
        assert.ok(programmes.length >= 4)
      }
    }
    await house.run(walk())
    assert.deepEqual(seen, ['101', '102'])
    assert.deepEqual(house.forbidden(), [])
  })
}

for (const { name, quirks } of [
  { name: 'lists come in pages only', quirks: { pagesOnly: true } },
  { name: 'the last page repeats for ever', quirks: { pagesOnly: true, repeatsLastPage: true } },
  { name: 'lists are objects', quirks: { pagesOnly: true, dataAsObject: true } },
  { name: 'half of the keys are missing', quirks: { spare: true } },
  { name: 'links say localhost', quirks: { linkHost: 'localhost' } },
  { name: 'links have no host', quirks: { linkHost: 'none' } },
  { name: 'streams come from another host', quirks: { linkHost: 'elsewhere' } },
  { name: 'links forget the stream', quirks: { forgetsStream: true } },
  { name: 'the list holds addresses that play', quirks: { staticLinks: true } },
  { name: 'the token is spelled otherwise', quirks: { spelledToken: true } },
] satisfies readonly { name: string; quirks: Partial<PortalQuirks> }[]) {
  for (const mode of MODES) {
    test(`createStalkerSource() copes when ${name} (${mode})`, async () => {
      const house = portalHouse({ mode, quirks })
      const { items } = await house.run(house.source.catalogue(anySignal()))
      assert.equal(items.length, 23)
      const upstream = await house.open('102')
      upstream.close()
      assert.deepEqual(house.forbidden(), [])
    })
  }
}

test('createStalkerSource() finds an endpoint that only the page of the portal names', async () => {
  const house = portalHouse({ mode: 'xui', quirks: { endpoint: '/c/hidden/api.php' }, url: 'http://portal.example/c/' })
  const quirks = { endpoint: '/api/box.php' }
  house.portal.configure(quirks)
  const { items } = await house.run(house.source.catalogue(anySignal()))
  assert.equal(items.length, 23)
  assert.deepEqual(house.forbidden(), [])
})

test('createStalkerSource() walks large lists gently', async () => {
  const house = portalHouse({ mode: 'xui', quirks: { pagesOnly: true }, model: demoPortal({ channels: 1200 }) })
  const before = house.clock.now()
  const { items } = await house.run(house.source.catalogue(anySignal()))
  assert.equal(items.length, 1140)
  assert.ok(house.calls('get_ordered_list') <= 122)
  assert.ok(house.clock.now() - before >= 11_000, 'pages are a tenth of a second apart')
  assert.deepEqual(house.forbidden(), [])
})

test('createStalkerSource() joins what MACs with other packages have, and plays each with a MAC that has it', async () => {
  const boxes = [aBox(1, { genres: [1, 2] }), aBox(2, { genres: [1, 3] }), aBox(3, { genres: [1, 2] })]
  const house = portalHouse({ mode: 'xui', boxes })
  const { items, groups } = await house.run(house.source.catalogue(anySignal()))
  assert.deepEqual(groups, ['News & Info', 'Sport', 'Family'])
  assert.equal(house.calls('get_all_channels'), 2, 'equal packages are listed once')
  const family = items.filter((item) => item.groups.includes('Family'))
  for (const { item } of family) {
    const upstream = await house.open(item)
    assert.deepEqual(Object.keys(house.portal.observe().streams), ['00:1A:79:00:00:02'])
    upstream.close()
  }
  assert.deepEqual(house.forbidden(), [])
})
