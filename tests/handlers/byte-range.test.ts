import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { serveRange } from '../../handlers/byte-range.ts'

const BYTES = Uint8Array.from({ length: 1000 }, (_, index) => index % 251)
const HEADERS = { 'content-type': 'video/mp2t' }

for (const { range, from, to } of [
  { range: 'bytes=0-0', from: 0, to: 0 },
  { range: 'bytes=188-375', from: 188, to: 375 },
  { range: 'bytes=990-', from: 990, to: 999 },
  { range: 'bytes=-10', from: 990, to: 999 },
  { range: 'bytes=-5000', from: 0, to: 999 },
  { range: 'bytes=900-5000', from: 900, to: 999 },
])
  test(`serveRange() answers "${range}" with bytes ${from} to ${to}`, async () => {
    const response = serveRange(range, BYTES, HEADERS)
    assert.equal(response.status, 206)
    assert.equal(response.headers.get('content-range'), `bytes ${from}-${to}/1000`)
    assert.equal(response.headers.get('content-length'), String(to - from + 1))
    assert.equal(response.headers.get('content-type'), 'video/mp2t')
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), BYTES.slice(from, to + 1))
  })

for (const range of [undefined, '', 'bytes=0-1,5-9', 'bytes=-', 'bytes=a-b', 'items=0-5', 'bytes=1.5-2'])
  test(`serveRange() answers ${range === undefined ? 'no range' : `"${range}"`} with the whole`, async () => {
    const response = serveRange(range, BYTES, HEADERS)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-length'), '1000')
    assert.equal(response.headers.get('accept-ranges'), 'bytes')
    assert.equal((await response.arrayBuffer()).byteLength, 1000)
  })

for (const range of ['bytes=1000-', 'bytes=1000-1001', 'bytes=5-4', 'bytes=-0'])
  test(`serveRange() refuses "${range}", which lies outside`, () => {
    const response = serveRange(range, BYTES, HEADERS)
    assert.equal(response.status, 416)
    assert.equal(response.headers.get('content-range'), 'bytes */1000')
  })

test('serveRange() gives exactly what a good range names', async () => {
  const anyRange = fc.tuple(fc.nat(999), fc.nat(999)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  await fc.assert(
    fc.asyncProperty(anyRange, async ([from, to]) => {
      const response = serveRange(`bytes=${from}-${to}`, BYTES, HEADERS)
      assert.deepEqual(new Uint8Array(await response.arrayBuffer()), BYTES.slice(from, to + 1))
    }),
    { numRuns: 50 },
  )
})
