import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSink, eventually, toStream } from '../../../conformance/source.ts'
import { startProxy } from '../../../fakes/portal/index.ts'
import type { PortalMode } from '../../../fakes/portal/index.ts'
import { failsWith } from '../enigma2/receiver.ts'
import { socketHouse } from './portal-sockets.ts'

const patience = (): AbortSignal => AbortSignal.timeout(8000)

for (const mode of ['stock4', 'xui'] satisfies PortalMode[]) {
  test(`everything goes through the proxy of a portal: list, guide, logo, stream and film (${mode})`, async () => {
    await using proxy = await startProxy()
    await using house = await socketHouse({ mode, proxy, quirks: { proxyOnly: true } })
    const { driver, server } = house
    const { items } = await driver.catalogue(patience())
    const now = Date.now()
    for await (const batch of driver.guide(['101'], { from: now, to: now + 3600_000 }, patience()))
      assert.ok(batch.programmes.length > 0)
    assert.ok(await driver.logo('101', patience()))
    const [item] = items
    assert.ok(item)
    const sink = createSink()
    const upstream = await driver.open({ stream: toStream(driver, item), sink, previous: null, signal: patience() })
    await eventually(() => sink.bytes() > 10_000, 'bytes arrive')
    upstream.close()
    const film = await driver.vod?.openFile({ item: { kind: 'film', id: '700' }, range: null, signal: patience() })
    assert.ok(film)
    assert.equal((await new Response(film.body).arrayBuffer()).byteLength, 300_000)
    await film.close()
    await eventually(() => server.openStreams() === 0, 'all streams closed')
    assert.deepEqual(server.portal.observe().forbidden, [])
    assert.ok(proxy.tunnels() > 5)
  })
}

test('without its proxy a portal hears nothing: no connection past it, ever', async () => {
  await using proxy = await startProxy()
  await using house = await socketHouse({ mode: 'xui', proxy, quirks: { proxyOnly: true } })
  const { driver, server } = house
  const { items } = await driver.catalogue(patience())
  const [item] = items
  assert.ok(item)
  await proxy.stop()
  const before = server.portal.observe().calls
  const now = Date.now()
  await assert.rejects(driver.catalogue(patience()), failsWith('source/unreachable'))
  await assert.rejects(async () => {
    for await (const batch of driver.guide(['101'], { from: now, to: now + 3600_000 }, patience()))
      assert.fail(batch.channel)
  }, failsWith('source/unreachable'))
  await assert.rejects(driver.logo('101', patience()), failsWith('source/unreachable'))
  const request = { stream: toStream(driver, item), sink: createSink(), previous: null, signal: patience() }
  await assert.rejects(driver.open(request), failsWith('source/unreachable'))
  const film = { item: { kind: 'film', id: '700' }, range: null, signal: patience() } as const
  await assert.rejects(async () => driver.vod?.openFile(film), failsWith('source/unreachable'))
  assert.deepEqual(server.portal.observe().calls, before)
  assert.deepEqual(server.portal.observe().forbidden, [])
})

test('a direct connection would be noticed', async () => {
  await using house = await socketHouse({ mode: 'xui', quirks: { proxyOnly: true } })
  await house.driver.catalogue(patience())
  assert.ok(house.server.portal.observe().forbidden.includes('a direct connection past the proxy'))
})
