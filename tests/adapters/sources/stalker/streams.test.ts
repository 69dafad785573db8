import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSink } from '../../../conformance/source.ts'
import { settle } from '../../../fakes/virtual-time.ts'
import { failsWith } from '../enigma2/receiver.ts'
import { aBox, mac, portalHouse } from './portal-house.ts'
import { textsOf } from '../../../fakes/notice-texts.ts'

const MINUTE_MS = 60_000
const three = [aBox(1), aBox(2), aBox(3)]

test('streams take the MACs in turn, each with one stream', async () => {
  const house = portalHouse({ boxes: three })
  const upstreams = [await house.open('101'), await house.open('102'), await house.open('103')]
  assert.deepEqual(house.portal.observe().streams, { [mac(1)]: 1, [mac(2)]: 1, [mac(3)]: 1 })
  await assert.rejects(house.open('104'), failsWith('live/no-slot'))
  for (const upstream of upstreams) upstream.close()
  assert.deepEqual(house.forbidden(), [])
})

test('one MAC carries as many streams as the owner says', async () => {
  const house = portalHouse({ mode: 'xui', boxes: [aBox(1, { maxConnections: 2 })], settings: { streamsPerMac: 2 } })
  assert.equal(house.source.slots(), 2)
  const first = await house.open('101')
  const second = await house.open('102')
  await assert.rejects(house.open('103'), failsWith('live/no-slot'))
  first.close()
  second.close()
  assert.deepEqual(house.forbidden(), [])
})

test('links of one MAC are asked for one after the other: a newer one voids the older', async () => {
  const house = portalHouse({ mode: 'xc29', boxes: [aBox(1, { maxConnections: 4 })], settings: { streamsPerMac: 4 } })
  const streams = [await house.stream('101'), await house.stream('102'), await house.stream('103')]
  const signal = new AbortController().signal
  const opened = await house.run(
    Promise.all(streams.map((stream) => house.source.open({ stream, sink: createSink(), previous: null, signal }))),
  )
  for (const upstream of opened) upstream.close()
  assert.deepEqual(house.forbidden(), [])
})

test('the limit of the owner counts over all MACs', async () => {
  const house = portalHouse({ boxes: three, maxStreams: 2 })
  assert.equal(house.source.slots(), 2)
  const upstreams = [await house.open('101'), await house.open('102')]
  await assert.rejects(house.open('103'), failsWith('live/no-slot'))
  for (const upstream of upstreams) upstream.close()
})

test('two streams that end early rest their MAC, and the next one takes another', async () => {
  const house = portalHouse({ boxes: [aBox(1), aBox(2)], mode: 'xui' })
  const endEarly = async (key: string): Promise<string> => {
    const upstream = await house.open(key)
    const [used = ''] = Object.keys(house.portal.observe().streams)
    await house.pass(25_000)
    if (used === mac(1)) house.portal.streams.endAll(used)
    else upstream.close()
    if (used === mac(1))
      assert.deepEqual(
        upstream.ends().map(({ code }) => code),
        ['live/ended'],
      )
    return used
  }
  assert.deepEqual(
    [await endEarly('101'), await endEarly('101'), await endEarly('101'), await endEarly('101'), await endEarly('101')],
    [mac(1), mac(2), mac(1), mac(2), mac(2)],
  )
  assert.equal(house.source.slots(), 1)
  assert.match(textsOf(house.source.notices()).join(), /MAC 1 of the portal is used by another device/)
  await house.pass(6 * MINUTE_MS)
  assert.equal(house.source.slots(), 2)
  assert.deepEqual(house.forbidden(), [])
})

test('a contested MAC without another one is named to the viewer', async () => {
  const house = portalHouse({ mode: 'xui' })
  const ends: string[] = []
  for (let round = 0; round < 2; round++) {
    const upstream = await house.open('101')
    await house.pass(25_000)
    house.portal.streams.endAll()
    ends.push(...upstream.ends().map(({ code }) => code))
  }
  assert.deepEqual(ends, ['live/ended', 'live/contested'])
  await assert.rejects(house.open('101'), failsWith('live/contested'))
})

test('more than the portal allows is learned from what it ends', async () => {
  const house = portalHouse({ mode: 'xui', boxes: [aBox(1)], settings: { streamsPerMac: 2 } })
  const first = await house.open('101')
  await house.pass(2 * MINUTE_MS)
  const second = await house.open('102')
  assert.deepEqual(
    first.ends().map(({ code }) => code),
    ['live/ended'],
  )
  assert.equal(house.source.slots(), 1)
  assert.match(textsOf(house.source.notices()).join(), /MAC 1 allows 1 at a time/)
  second.close()
})

for (const { name, error, macs, code } of [
  { name: 'has nothing to play', error: 'nothing_to_play', macs: 1, code: 'live/refused' },
  { name: 'is full', error: 'limit', macs: 3, code: 'live/refused' },
  { name: 'has it in another package', error: 'access_denied', macs: 3, code: 'live/refused' },
] as const) {
  test(`a portal that ${name} is believed: ${macs} of 3 MACs are tried`, async () => {
    const house = portalHouse({ boxes: three })
    house.portal.faults.set(101, { kind: 'link-error', error })
    const before = house.calls('create_link')
    await assert.rejects(house.open('101'), failsWith(code))
    assert.equal(house.calls('create_link') - before, macs)
    assert.equal(house.calls('stream'), 0)
    assert.deepEqual(house.forbidden(), [])
  })
}

test('a stream host that refuses one MAC is asked with the next', async () => {
  const house = portalHouse({ boxes: three })
  house.portal.faults.set(101, { kind: 'status', status: 403 })
  await assert.rejects(house.open('101'), failsWith('live/refused'))
  assert.equal(house.calls('stream'), 3)
  house.portal.faults.clear()
  ;(await house.open('101')).close()
  assert.deepEqual(house.portal.observe().streams, {})
})

test('a silent channel is let go at once when nobody wants it any more, and its MAC is free', async () => {
  const house = portalHouse({ boxes: [aBox(1)] })
  house.portal.faults.set(101, { kind: 'silent' })
  const stream = await house.stream('101')
  const abort = new AbortController()
  const reason = new Error('gone')
  const opening = house.source.open({ stream, sink: createSink(), previous: null, signal: abort.signal })
  opening.catch(() => {}) // looked at below
  await settle()
  assert.deepEqual(house.portal.observe().streams, { [mac(1)]: 1 })
  abort.abort(reason)
  await assert.rejects(opening, (error) => error === reason)
  await settle()
  assert.deepEqual(house.portal.observe().streams, {})
  ;(await house.open('102')).close()
  assert.deepEqual(house.forbidden(), [])
})

test('an address is asked for anew each time, just before it is opened', async () => {
  const house = portalHouse()
  for (let round = 1; round <= 3; round++) {
    ;(await house.open('101')).close()
    await house.pass(20_000)
    assert.equal(house.calls('create_link'), round)
  }
  assert.deepEqual(house.forbidden(), [])
})

test('an address of the list that does not play is asked for', async () => {
  const house = portalHouse({ mode: 'xui', quirks: { staticLinks: true } })
  ;(await house.open('101')).close()
  assert.equal(house.calls('create_link'), 0)
  house.portal.faults.set(101, { kind: 'status', status: 404 })
  await assert.rejects(house.open('101'), failsWith('live/refused'))
  assert.equal(house.calls('create_link'), 1)
  assert.deepEqual(house.forbidden(), [])
})
