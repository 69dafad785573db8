import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { baseAddresses, isLoopback, tvAddresses } from '../../ui/src/lineup/addresses.ts'
import { pagesOf, windowOf } from '../../ui/src/grid/window.ts'

test('windowOf() holds every row in view, within the list, and few more', () => {
  const any = fc.record({
    top: fc.integer({ min: -2000, max: 40_000_000 }),
    height: fc.integer({ min: 200, max: 3000 }),
    total: fc.nat(400_000),
  })
  fc.assert(
    fc.property(any, ({ top, height, total }) => {
      const { first, last } = windowOf({ top, height, rowHeight: 72, total, overscan: 6 })
      assert.ok(0 <= first && first <= last && last <= total)
      assert.ok(last - first <= height / 72 + 14)
      const inView = (row: number) => (row + 1) * 72 > top && row * 72 < top + height
      if (first > 0) assert.ok(!inView(first - 1))
      if (last < total) assert.ok(!inView(last))
    }),
  )
})

test('pagesOf() covers the window and nothing else', () => {
  assert.deepEqual(pagesOf({ first: 55, last: 125 }, 60), [0, 1, 2])
  assert.deepEqual(pagesOf({ first: 60, last: 120 }, 60), [1])
  assert.deepEqual(pagesOf({ first: 5, last: 5 }, 60), [])
})

for (const [base, loopback] of [
  ['http://localhost:18080', true],
  ['http://127.0.0.5', true],
  ['http://[::1]:18080', true],
  ['http://tv.localhost', true],
  ['http://192.168.1.20:18080', false],
  ['http://127.example.org', false],
  ['https://tv.example.org', false],
] as const) {
  test(`isLoopback() judges ${base}`, () => assert.equal(isLoopback(base), loopback))
}

test('baseAddresses() drops loopback when a TV can reach another', () => {
  assert.deepEqual(baseAddresses(['http://192.168.1.20:18080'], 'http://localhost:18080'), [
    'http://192.168.1.20:18080',
  ])
})

test('baseAddresses() keeps one address when there are only loopback ones', () => {
  assert.deepEqual(baseAddresses(['http://127.0.0.1:1', 'http://[::1]:1'], 'http://localhost:1'), [
    'http://127.0.0.1:1',
  ])
})

test('baseAddresses() names each address once', () => {
  assert.deepEqual(baseAddresses(['http://10.0.0.1/'], 'http://10.0.0.1'), ['http://10.0.0.1'])
})

test('tvAddresses() puts the token in front', () => {
  const { playlist, guide, thisMachineOnly } = tvAddresses('http://10.0.0.1', '/t/abc')
  assert.equal(playlist, 'http://10.0.0.1/t/abc/playlist.m3u')
  assert.equal(guide, 'http://10.0.0.1/t/abc/xmltv.xml')
  assert.equal(thisMachineOnly, false)
})
