import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  deviceIdOf,
  isDeviceId,
  parseDeviceId,
  printDeviceId,
  uuidOf,
  withCheckDigit,
} from '../../../core/hdhr/device-id.ts'
import { readDiscoverRequest, writeDiscoverReply } from '../../../core/hdhr/discovery.ts'
import { readControlRequest, writeControlReply } from '../../../core/hdhr/control-message.ts'
import { MAX_PAYLOAD, PacketCutter, readPacket, writePacket } from '../../../core/hdhr/packet.ts'
import { readFields, TAG, writeFields } from '../../../core/hdhr/tlv.ts'
import { fromHex, toHex } from './hex.ts'

for (const id of ['10A1B2C7', '105ABCD1', '10439EFD', '124205A5', '1251E8E2', '131EB7F7', '10811DF5'])
  test(`parseDeviceId() takes ${id}`, () => {
    const read = parseDeviceId(id)
    assert.equal(read === null ? null : printDeviceId(read), id)
  })

for (const id of ['12345678', '10A1B2C8', '00000000', 'FFFFFFFF', '10A1B2C', '0x10A1B2C7', 'id-12'])
  test(`parseDeviceId() refuses ${id}`, () => assert.equal(parseDeviceId(id), null))

test('withCheckDigit() makes any number whole and leaves whole ones alone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0x10, max: 0xffffffef }), (number) => {
      const id = withCheckDigit(number)
      assert.ok(isDeviceId(id))
      assert.equal(id >>> 4, number >>> 4)
      assert.equal(withCheckDigit(id), id)
    }),
  )
})

test('deviceIdOf() gives whole ids outside the ranges of old devices, uuidOf() UUIDs', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const id = deviceIdOf(seed)
      assert.ok(isDeviceId(id))
      assert.match(printDeviceId(id), /^10[5-9A-F]/)
      assert.match(uuidOf(seed), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
    }),
  )
})

for (const { who, hex, deviceId } of [
  { who: 'Jellyfin and hdhomerun_config', hex: '0002000c0104ffffffff0204ffffffff73cc7d8f', deviceId: null },
  { who: 'Kodi', hex: '0002000c0104000000010204ffffffff4e507f35', deviceId: null },
  { who: 'hdhomerun_config with an id', hex: '0002000c0104ffffffff020410a1b2c77117960a', deviceId: 0x10a1b2c7 },
  { who: 'libhdhomerun from 2022 on', hex: '000200060104ffffffff4c20cb4e', deviceId: null },
  { who: 'the same for several types', hex: '0002000a2d0800000001000000054f63391f', deviceId: null },
  { who: 'one with bytes behind it', hex: '000200060104ffffffff4c20cb4e0000', deviceId: null },
])
  test(`readDiscoverRequest() reads the search of ${who}`, () =>
    assert.deepEqual(readDiscoverRequest(fromHex(hex)), { deviceId }))

for (const { what, hex } of [
  { what: 'a wrong CRC', hex: '0002000c0104ffffffff0204ffffffff73cc7d8e' },
  { what: 'a search for storage', hex: toHex(writePacket({ type: 2, payload: fromHex('010400000005') })) },
  { what: 'a reply', hex: toHex(writePacket({ type: 3, payload: fromHex('0104ffffffff') })) },
  { what: 'nothing', hex: '' },
  { what: 'half a packet', hex: '0002000c0104ffff' },
])
  test(`readDiscoverRequest() is silent for ${what}`, () => assert.equal(readDiscoverRequest(fromHex(hex)), null))

test('writeDiscoverReply() says type, id, address, one byte of tuners and the line-up', () => {
  const packet = readPacket(writeDiscoverReply({ deviceId: 0x10a1b2c7, tunerCount: 2, baseUrl: 'http://127.0.0.1:80' }))
  assert.equal(packet?.type, 3)
  const fields = readFields(packet?.payload ?? new Uint8Array()).map(({ tag, value }) => [tag, toHex(value)])
  assert.deepEqual(fields, [
    [0x01, '00000001'],
    [0x02, '10a1b2c7'],
    [0x2a, '687474703a2f2f3132372e302e302e313a3830'],
    [0x10, '02'],
    [0x27, '687474703a2f2f3132372e302e302e313a38302f6c696e6575702e6a736f6e'],
  ])
})

test('writeControlReply() ends names and values in NUL, as the vectors of libhdhomerun', () => {
  const asked = readPacket(fromHex('0004000d030b2f7379732f6d6f64656c008f5b54b5'))
  const request = asked === null ? null : readControlRequest(asked)
  assert.deepEqual(request, { name: '/sys/model', value: null, lockKey: 0 })
  assert.equal(
    toHex(writeControlReply({ name: '/sys/model' }, { value: 'hdhomerun5_dvbt' })),
    '0005001f030b2f7379732f6d6f64656c0004106864686f6d6572756e355f647662740034555f5b',
  )
  assert.equal(
    toHex(writeControlReply({ name: '/nope' }, { error: 'unknown getset variable' })),
    '0005002903062f6e6f706500051f4552524f523a20756e6b6e6f776e20676574736574207661726961626c65006dcbbd89',
  )
})

test('writeFields() undoes readFields(), also for values over 127 bytes', () => {
  const anyField = fc.record(
    { tag: fc.integer({ min: 0, max: 255 }), value: fc.uint8Array({ maxLength: 300 }) },
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(fc.array(anyField, { maxLength: 4 }), (fields) => {
      assert.deepEqual(
        readFields(writeFields(fields)).map(({ tag, value }) => ({ tag, value: [...value] })),
        fields.map(({ tag, value }) => ({ tag, value: [...value] })),
      )
    }),
  )
})

test('readFields() leaves out what is cut off', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const length = readFields(bytes).reduce((sum, { value }) => sum + value.length, 0)
      assert.ok(length <= bytes.length)
    }),
  )
  assert.deepEqual(readFields(Uint8Array.of(TAG.name, 5, 1, 2)), [])
})

test('PacketCutter gives the same packets however they are cut', () => {
  const packets = [
    { type: 4, payload: fromHex('030b2f7379732f6d6f64656c00') },
    { type: 4, payload: new Uint8Array(0) },
    { type: 5, payload: new Uint8Array(MAX_PAYLOAD).fill(7) },
  ]
  const bytes = Uint8Array.from(packets.flatMap((packet) => [...writePacket(packet)]))
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 6 }), (cuts) => {
      const cutter = new PacketCutter()
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
      const found = places.slice(1).flatMap((end, index) => [...cutter.push(bytes.slice(places[index], end))])
      assert.deepEqual(
        found.map(({ type, payload }) => ({ type, payload: toHex(payload) })),
        packets.map(({ type, payload }) => ({ type, payload: toHex(payload) })),
      )
    }),
  )
})

test('PacketCutter fails for a wrong CRC and for lengths that no client sends', () => {
  const wrong = writePacket({ type: 4, payload: fromHex('0301') })
  wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1
  assert.throws(() => new PacketCutter().push(wrong), SyntaxError)
  assert.throws(() => new PacketCutter().push(fromHex('0004ffff')), SyntaxError)
  assert.throws(() => writePacket({ type: 4, payload: new Uint8Array(MAX_PAYLOAD + 1) }), RangeError)
})
