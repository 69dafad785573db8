import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptAddress } from '../../../core/history/address.ts'

for (const { address, network } of [
  { address: '192.168.1.77', network: '192.168.1.0/24' },
  { address: '::ffff:10.1.2.3', network: '10.1.2.0/24' },
  { address: '2001:db8:7:8:1:2:3:4', network: '2001:db8:7::/48' },
  { address: '2001:db8::1', network: '2001:db8:0::/48' },
  { address: '::1', network: '0:0:0::/48' },
  { address: 'fe80::1%eth0', network: 'fe80:0:0::/48' },
  { address: '', network: null },
  { address: 'somewhere', network: null },
]) {
  test(`keptAddress() leaves of "${address}" the network`, () => {
    assert.equal(keptAddress(address, 'network'), network)
  })
}
test('keptAddress() leaves all or nothing', () => {
  assert.deepEqual([keptAddress('10.1.2.3', 'full'), keptAddress('10.1.2.3', 'none')], ['10.1.2.3', null])
})
