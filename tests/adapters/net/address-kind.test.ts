import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressKind } from '../../../adapters/net/address-kind.ts'
import { parseIp } from '../../../core/access/network.ts'

const kindOf = (text: string): string => {
  const address = parseIp(text)
  assert.ok(address, text)
  return addressKind(address)
}

for (const { kind, addresses } of [
  {
    kind: 'never',
    addresses: [
      '0.0.0.0',
      '0.1.2.3',
      '169.254.169.254',
      '169.254.0.1',
      '224.0.0.1',
      '239.255.255.250',
      '255.255.255.255',
      '240.0.0.1',
      '100.100.100.200',
      '::',
      'fe80::1',
      'febf::1',
      'ff02::1',
      'fd00:ec2::254',
      '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    ],
  },
  {
    kind: 'private',
    addresses: [
      '127.0.0.1',
      '127.255.0.9',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      '198.18.0.1',
      '::1',
      'fc00::1',
      'fdff::1',
      'fec0::1',
      '64:ff9b:1::1',
    ],
  },
  {
    kind: 'public',
    addresses: ['8.8.8.8', '172.32.0.1', '172.15.0.1', '100.128.0.1', '192.169.0.1', '2606:4700::1', '2001:4860::8888'],
  },
]) {
  for (const address of addresses) {
    test(`addressKind() finds that ${address} is ${kind}`, () => {
      assert.equal(kindOf(address), kind)
    })
  }
}

const v4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
const hex = (a: number, b: number): string => ((a << 8) | b).toString(16)

test('addressKind() is not misled by any way to write an IPv4 address into an IPv6 address', () => {
  fc.assert(
    fc.property(v4, ([a, b, c, d]) => {
      const kind = kindOf(`${a}.${b}.${c}.${d}`)
      const words = `${hex(a, b)}:${hex(c, d)}`
      assert.equal(kindOf(`::ffff:${words}`), kind)
      assert.equal(kindOf(`::ffff:0:${words}`), kind)
      assert.equal(kindOf(`64:ff9b::${words}`), kind)
      assert.equal(kindOf(`2002:${words}::1`), kind)
      // ::1 and :: are addresses of their own.
      if (a !== 0) assert.equal(kindOf(`::${words}`), kind)
    }),
  )
})
