import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceMemory } from '../../../../adapters/sources/driver.ts'
import { Secret } from '../../../../core/secret.ts'
import { BOX_LOGIN } from '../../../fakes/portal/index.ts'
import type { PortalMode } from '../../../fakes/portal/index.ts'
import { failsWith } from '../enigma2/receiver.ts'
import { aBox, mac, portalHouse } from './portal-house.ts'
import type { House } from './portal-house.ts'
import { textsOf } from '../../../fakes/notice-texts.ts'

const MINUTE_MS = 60_000
const anySignal = (): AbortSignal => new AbortController().signal
const list = (house: House) => house.run(house.source.catalogue(anySignal()))

for (const mode of ['stock4', 'xui'] satisfies PortalMode[]) {
  test(`a session shakes hands once, however much is asked (${mode})`, async () => {
    const house = portalHouse({ mode })
    for (let round = 0; round < 3; round++) await list(house)
    for (const key of ['101', '102', '103']) (await house.open(key)).close()
    assert.equal(house.calls('handshake'), 1)
    assert.equal(house.calls('get_profile'), 1)
    assert.deepEqual(house.forbidden(), [])
  })

  test(`a session signs in again when the portal has forgotten its token (${mode})`, async () => {
    const house = portalHouse({ mode })
    await list(house)
    await house.pass(MINUTE_MS)
    house.portal.otherDevice(mac(1))
    ;(await house.open('101')).close()
    assert.equal(house.calls('handshake'), 2)
    assert.deepEqual(house.forbidden(), [])
  })

  test(`no handshake while the MAC streams: the list waits, the stream stays (${mode})`, async () => {
    const house = portalHouse({ mode })
    const upstream = await house.open('101')
    await house.pass(MINUTE_MS)
    house.portal.otherDevice(mac(1))
    await assert.rejects(list(house), failsWith('live/contested'))
    await house.pass(10 * MINUTE_MS) // reports go on, unheard
    assert.equal(house.calls('handshake'), 1)
    assert.equal(upstream.ends().length, 0)
    upstream.close()
    await house.pass(6 * MINUTE_MS)
    await list(house)
    assert.equal(house.calls('handshake'), 2)
    assert.deepEqual(house.forbidden(), [])
  })

  test(`no two handshakes within 30 s: a token that vanishes at once is somebody else's (${mode})`, async () => {
    const house = portalHouse({ mode })
    await list(house)
    house.portal.otherDevice(mac(1))
    await assert.rejects(house.open('101'), failsWith('live/contested'))
    assert.equal(house.calls('handshake'), 1)
    assert.match(textsOf(house.source.notices()).join(), /MAC 1 of the portal is used by another device/)
    await house.pass(6 * MINUTE_MS)
    ;(await house.open('101')).close()
    assert.deepEqual(house.forbidden(), [])
  })
}

test('a portal that wants no token gets no handshake, and one that begins to want it does', async () => {
  const house = portalHouse({ mode: 'xc29' })
  await list(house)
  ;(await house.open('101')).close()
  assert.equal(house.calls('handshake'), 0)
  house.portal.otherDevice(mac(1))
  ;(await house.open('102')).close()
  assert.equal(house.calls('handshake'), 1)
  assert.deepEqual(house.forbidden(), [])
})

test('a token that was kept is used without a handshake', async () => {
  const kept = new Map<string, string>()
  const memory: SourceMemory = {
    read: async (one) => (kept.has(one) ? new Secret(kept.get(one) ?? '') : null),
    write: async (one, token) => void kept.set(one, token.reveal()),
  }
  const first = portalHouse({ mode: 'xui', ports: { memory } })
  await list(first)
  await first.source[Symbol.asyncDispose]()
  const second = portalHouse({ mode: 'xui', ports: { memory } })
  const device = second.portal.devices.of(mac(1))
  assert.ok(device)
  device.token = first.portal.devices.of(mac(1))?.token ?? null
  await list(second)
  assert.equal(second.calls('handshake'), 0)
  assert.deepEqual(second.forbidden(), [])
})

test('what is kept is named by no MAC', async () => {
  const keys: string[] = []
  const memory: SourceMemory = {
    read: async (key) => (keys.push(key), null),
    write: async (key) => void keys.push(key),
  }
  await list(portalHouse({ ports: { memory } }))
  assert.ok(keys.length > 0)
  for (const key of keys) assert.match(key, /^token-[0-9a-f]{32}$/)
})

test('a sign-in that broke off is tried again after half a minute, and blamed on nobody', async () => {
  const house = portalHouse({ mode: 'xui' })
  house.portal.busyFor('get_profile')
  await assert.rejects(list(house), failsWith('source/timeout'))
  house.portal.busyFor(null)
  await assert.rejects(list(house), failsWith('source/timeout'))
  assert.equal(house.calls('handshake'), 1)
  assert.deepEqual(house.source.notices(), [])
  await house.pass(31_000)
  await list(house)
  assert.deepEqual(house.forbidden(), [])
})

test('a portal that wants a password as well gets it', async () => {
  const login = { mac: mac(1), username: BOX_LOGIN.login, password: BOX_LOGIN.password }
  const house = portalHouse({ mode: 'stock5', boxes: [aBox(1, { account: 'login' })], settings: { macs: [login] } })
  await list(house)
  assert.equal(house.calls('do_auth'), 1)
  assert.deepEqual(house.forbidden(), [])
})

for (const { name, macs, code } of [
  { name: 'nobody wrote one', macs: [mac(1)], code: 'source/login' },
  { name: 'it is wrong', macs: [{ mac: mac(1), username: 'x', password: 'y' }], code: 'source/login' },
] as const) {
  test(`a portal that wants a password says so when ${name}, and is left alone for a while`, async () => {
    const house = portalHouse({ mode: 'stock5', boxes: [aBox(1, { account: 'login' })], settings: { macs } })
    await assert.rejects(list(house), failsWith(code))
    await assert.rejects(list(house), failsWith(code))
    assert.equal(house.calls('handshake'), 1)
    assert.deepEqual(house.forbidden(), [])
  })
}

test('an account that is off is named, and asked again after its time only', async () => {
  const house = portalHouse({ boxes: [aBox(1, { account: 'off' })] })
  await assert.rejects(list(house), failsWith('source/expired'))
  await assert.rejects(list(house), failsWith('source/expired'))
  const asked = house.calls('get_genres')
  await house.pass(20 * MINUTE_MS)
  await assert.rejects(list(house), failsWith('source/expired'))
  assert.ok(house.calls('get_genres') > asked)
  assert.deepEqual(house.forbidden(), [])
})

test('a MAC that the portal does not know is refused, the others go on', async () => {
  const house = portalHouse({ mode: 'xui', boxes: [aBox(2)], settings: { macs: [mac(1), mac(2)] } })
  await list(house)
  assert.equal(house.source.slots(), 1)
  ;(await house.open('101')).close()
  assert.match(textsOf(house.source.notices()).join(), /refuses MAC 1/)
  assert.deepEqual(house.forbidden(), [])
})

test('an address that the portal blocks stays silent for hours', async () => {
  const house = portalHouse({ mode: 'xui' })
  await list(house)
  house.portal.ban()
  await assert.rejects(house.open('101'), failsWith('source/blocked'))
  const { calls } = house.portal.observe()
  for (let round = 0; round < 5; round++) {
    await assert.rejects(list(house), failsWith('source/blocked'))
    await house.pass(20 * MINUTE_MS)
  }
  assert.deepEqual(house.portal.observe().calls, calls)
  assert.match(textsOf(house.source.notices()).join(), /blocks our address/)
  house.portal.unban()
  await house.pass(30 * MINUTE_MS)
  await list(house)
})

test('identities differ from MAC to MAC and stay the same', async () => {
  const house = portalHouse({ mode: 'xui', boxes: [aBox(1), aBox(2), aBox(3)] })
  await list(house)
  for (let round = 0; round < 6; round++) {
    ;(await house.open('101')).close()
    await house.pass(MINUTE_MS)
    house.portal.otherDevice(mac((round % 3) + 1))
  }
  const serials = house.portal.devices.all().map(({ serial }) => serial)
  assert.equal(new Set(serials).size, 3)
  assert.deepEqual(house.forbidden(), [])
})

test('a MAC reports that it is on while it streams, and only then', async () => {
  const house = portalHouse()
  await list(house)
  const before = house.calls('get_events')
  await house.pass(10 * MINUTE_MS)
  assert.equal(house.calls('get_events'), before)
  const upstream = await house.open('101')
  await house.pass(10 * MINUTE_MS + 1000)
  assert.equal(house.calls('get_events'), before + 5)
  upstream.close()
  await house.pass(10 * MINUTE_MS)
  assert.equal(house.calls('get_events'), before + 5)
  assert.equal(house.clock.pending(), 0)
})

test('what a portal tells its boxes is heard, confirmed and acted upon', async () => {
  const house = portalHouse()
  const upstream = await house.open('101')
  const events = house.portal.devices.of(mac(1))?.events
  assert.ok(events)
  events.push(
    { id: 1, event: 'send_msg', msg: `Dear 00:1A:79:00:00:01, <b>maintenance</b> tonight` },
    { id: 2, event: 'update_channels', msg: '' },
    { id: 3, event: 'cut_off', msg: '' },
  )
  await house.pass(5 * MINUTE_MS)
  assert.match(textsOf(house.source.notices()).join('\n'), /writes "Dear …, maintenance tonight"\n?/)
  assert.match(textsOf(house.source.notices()).join('\n'), /another channel list/)
  assert.equal(upstream.ends().length, 0)
  await house.pass(2 * MINUTE_MS)
  assert.deepEqual(
    upstream.ends().map(({ code }) => code),
    ['source/expired'],
  )
  assert.equal(house.calls('confirm_event'), 3)
  assert.deepEqual(house.portal.observe().streams, {})
  await assert.rejects(house.open('102'), failsWith('source/expired'))
})

for (const mode of ['stock4', 'xui'] satisfies PortalMode[]) {
  test(`the end of an account is told in time (${mode})`, async () => {
    // The clock of these tests stands at 16 minutes past 1970.
    const boxes = [aBox(1, { ends: mode === 'xui' ? 'January 9, 1970, 11:59 pm' : '1970-01-09 12:00:00' }), aBox(2)]
    const house = portalHouse({ mode, boxes })
    await list(house)
    assert.deepEqual(textsOf(house.source.notices()), ['Source "Portal": the account of MAC 1 ends on 1970-01-09'])
  })
}
