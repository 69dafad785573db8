import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceSchemas } from '../../../adapters/sources/registry.ts'
import { readSources } from '../../../core/config/sources.ts'
import { failsWith } from '../../adapters/sources/enigma2/receiver.ts'
import { stalkerSchema } from '../../../core/source-kinds/stalker.ts'

const schemas = { ...sourceSchemas, stalker: stalkerSchema }
const read = (settings: Readonly<Record<string, unknown>>) => {
  const [source] = readSources([{ id: 'portal', kind: 'stalker', ...settings }], schemas)
  assert.ok(source?.kind === 'stalker')
  return source.settings
}
const MAC = '00:1A:79:12:34:56'

test('stalkerSchema fills in what is not written', () => {
  const settings = read({ url: 'portal.example/c/', macs: [MAC] })
  assert.equal(settings.url.href, 'http://portal.example/c/')
  assert.deepEqual([settings.streamsPerMac, settings.proxy, settings.timezone], [1, undefined, 'UTC'])
  assert.equal(settings.macs[0]?.mac.reveal(), MAC)
})

test('stalkerSchema takes what is known of the real box', () => {
  const box = { mac: '00-1a-79-12-34-56', serial: 12_345, deviceId: 'ab'.repeat(32), username: 'u', password: 'p' }
  const [entry] = read({ url: 'http://portal.example', macs: [box] }).macs
  assert.equal(entry?.mac.reveal(), MAC)
  assert.equal(entry?.serial, '12345')
  assert.equal(entry?.deviceId, 'AB'.repeat(32))
  assert.equal(entry?.password?.reveal(), 'p')
})

test('stalkerSchema prints neither MACs, passwords nor the login of a proxy', () => {
  const macs = [{ mac: MAC, password: 'swordfish' }]
  const printed = JSON.stringify(
    read({ url: 'http://portal.example', macs, proxy: 'http://me:secret@proxy.example:1' }),
  )
  assert.doesNotMatch(printed, /12:34:56|swordfish|secret/)
})

for (const { name, settings, message } of [
  { name: 'no MAC', settings: { macs: [] }, message: /sources\[0\]\.macs: .*at least one MAC/ },
  { name: 'a MAC that is none', settings: { macs: ['00:1A:79:12:34'] }, message: /sources\[0\]\.macs.*MAC address/ },
  { name: 'one MAC twice', settings: { macs: [MAC, MAC.toLowerCase()] }, message: /differ from each other/ },
  { name: 'a login in the address', settings: { url: 'http://a:b@portal.example' }, message: /without user name/ },
  { name: 'another proxy than HTTP', settings: { proxy: 'socks5://proxy.example' }, message: /address of a proxy/ },
  { name: 'an unknown time zone', settings: { timezone: 'Mars/Olympus' }, message: /time zone/ },
  { name: 'half a stream', settings: { streamsPerMac: 0.5 }, message: /0 for no limit/ },
]) {
  test(`stalkerSchema refuses ${name} and does not repeat it`, () => {
    assert.throws(
      () => read({ url: 'http://portal.example', macs: [MAC], ...settings }),
      (error: Error) => {
        failsWith('config/invalid')(error)
        assert.match(error.message, message)
        assert.doesNotMatch(error.message, /00:1A:79:12:34(?!:56" ?)|a:b@/)
        return true
      },
    )
  })
}
