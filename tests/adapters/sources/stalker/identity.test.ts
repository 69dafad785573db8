import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { boxIdentity } from '../../../../adapters/sources/stalker/identity.ts'
import { isSetTopBoxMac, parseMac } from '../../../../core/source-kinds/mac.ts'

const anyMac = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
  .map((bytes) => bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(':'))

test('parseMac() reads every spelling as the one that portals accept', () => {
  for (const text of ['001a79aabbcc', '00-1A-79-aa-bb-cc', ' 00:1a:79:aa:bb:cc ', '001A.79AA.BBCC'])
    assert.equal(parseMac(text), '00:1A:79:AA:BB:CC')
  for (const text of ['', '00:1A:79:AA:BB', '00:1A:79:AA:BB:CG', '00:1A:79:AA:BB:CC:DD'])
    assert.equal(parseMac(text), null)
})

test('isSetTopBoxMac() knows the maker that strict portals insist on', () => {
  assert.ok(isSetTopBoxMac('00:1A:79:AA:BB:CC'))
  assert.ok(!isSetTopBoxMac('00:1B:79:AA:BB:CC'))
})

test('boxIdentity() never changes for a MAC: portals lock a box to what they saw first', () => {
  // Written down from the first version. If this fails, boxes of real people get locked out.
  assert.deepEqual(boxIdentity('00:1A:79:AA:BB:CC'), {
    mac: '00:1A:79:AA:BB:CC',
    serial: '3253955110011',
    deviceId: '21DA59C248805FDF0F36FA2C4CA4569E10D1F80268D8104C7AF8BB776D657ED8',
    deviceId2: '52689B3A571A2D40FCD06B281183DA7784477645B3F66EAAA17E0EDA55841783',
    signature: '0F157422373C4CB8BC4C0415AB7092EEDCEBEFE306DDD6C8C540E070B5442AD8',
    prehash: 'c7501da00f79dfb9dc499c43834bac5a10db7445',
  })
})

test('boxIdentity() has the form that portals expect, and another one for every MAC', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyMac, { minLength: 2, maxLength: 2 }), ([one = '', other = '']) => {
      const a = boxIdentity(one)
      const b = boxIdentity(other)
      assert.match(a.serial, /^\d{13}$/)
      assert.match(a.deviceId, /^[0-9A-F]{64}$/)
      assert.match(a.deviceId2, /^[0-9A-F]{64}$/)
      assert.notEqual(a.deviceId, a.deviceId2)
      assert.equal(a.deviceId, createHash('sha256').update(one).digest('hex').toUpperCase())
      for (const key of ['serial', 'deviceId', 'deviceId2', 'prehash'] as const) assert.notEqual(a[key], b[key])
    }),
  )
})

test('boxIdentity() takes what the owner knows of the real box', () => {
  const own = { serial: '012012N014321', deviceId: 'A'.repeat(64) }
  const { serial, deviceId, deviceId2 } = boxIdentity('00:1A:79:AA:BB:CC', own)
  assert.deepEqual([serial, deviceId], [own.serial, own.deviceId])
  assert.equal(deviceId2, boxIdentity('00:1A:79:AA:BB:CC').deviceId2)
})
