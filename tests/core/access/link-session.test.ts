import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64Url } from '../../../core/access/base64url.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { createLinkDoor } from '../../../core/access/link-session.ts'
import { createLinkSigner } from '../../../core/access/signed-link.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND
const START = 1_790_000_000
const TS = '/live/c1.ts'
const signer = createLinkSigner(createKeyRing(parseLinkKeys(`k1:${toBase64Url(new Uint8Array(32))}`)))

function openDoor() {
  const clock = { now: START * SECOND }
  const door = createLinkDoor({ signer, now: () => clock.now })
  return { clock, door, isIn: async (token: string, path = TS) => (await door.admit(token, path)) !== null }
}
const jtiOf = (n: number) => toBase64Url(new Uint8Array(16).fill(n))
const link = (n = 1, expires = START + 300, channelId = 'c1') =>
  signer.sign({ kind: 'channel', channelId, user: null }, { expires, jti: jtiOf(n) })

test('createLinkDoor() lets in before expiry, and 30 s after it for a clock that is ahead', async () => {
  for (const { seconds, ok } of [
    { seconds: 0, ok: true },
    { seconds: 300, ok: true },
    { seconds: 330, ok: true },
    { seconds: 331, ok: false },
  ]) {
    const { clock, isIn } = openDoor()
    clock.now += seconds * SECOND
    assert.equal(await isIn(await link()), ok, `${seconds} s`)
  }
})

test('createLinkDoor() lets an open session go on after expiry with a request every 30 s', async () => {
  const { clock, isIn } = openDoor()
  const token = await link()
  for (let second = 0; second <= 3600; second += 30) {
    assert.equal(await isIn(token, '/hls/c1/video.m3u8'), true, `${second} s`)
    clock.now += 30 * SECOND
  }
  clock.now += 1
  assert.equal(await isIn(token), false)
})

test('createLinkDoor() opens an idle session again while the link is good', async () => {
  const { clock, isIn } = openDoor()
  const token = await link()
  assert.equal(await isIn(token), true)
  clock.now += 60 * SECOND
  assert.equal(await isIn(token), true)
})

test('createLinkDoor() keeps a session alive while a TS connection is open, and 30 s longer', async () => {
  const { clock, door, isIn } = openDoor()
  const token = await link()
  await isIn(token)
  const letGo = door.hold(jtiOf(1), 'viewer-1')
  clock.now += HOUR
  assert.equal(await isIn(token), true)
  clock.now += HOUR
  letGo()
  letGo()
  clock.now += 30 * SECOND
  assert.equal(await isIn(token), true)
  clock.now += 31 * SECOND
  assert.equal(await isIn(token), false)
})

test('createLinkDoor() ends every session after 24 hours', async () => {
  const { clock, door, isIn } = openDoor()
  const token = await link()
  await isIn(token)
  door.hold(jtiOf(1), 'viewer-1')
  clock.now += 24 * HOUR - 1
  assert.equal(await isIn(token), true)
  clock.now += 1
  assert.equal(await isIn(token), false)
})

test('createLinkDoor() refuses a stopped session even with a good link', async () => {
  const { door, isIn } = openDoor()
  const token = await link()
  await isIn(token)
  door.stop(jtiOf(1))
  assert.equal(await isIn(token), false)
  assert.equal(await isIn(await link(1, START + 9999)), false)
  assert.equal(await isIn(await link(2)), true)
})

test('createLinkDoor() stops the session behind a viewer and no other', async () => {
  const { door, isIn } = openDoor()
  await isIn(await link(1))
  await isIn(await link(2))
  door.hold(jtiOf(1), 'viewer-1')
  door.hold(jtiOf(2), 'viewer-2')
  assert.equal(door.stopViewer('viewer-1'), true)
  assert.equal(door.stopViewer('viewer-1'), false)
  assert.equal(await isIn(await link(1)), false)
  assert.equal(await isIn(await link(2)), true)
})

test('createLinkDoor() stops the session of a viewer that comes by single requests, which do not keep it alive', async () => {
  const { clock, door, isIn } = openDoor()
  await isIn(await link(1), '/hls/c1/video.m3u8')
  door.recognize(jtiOf(1), 'hls-1')
  assert.equal(door.stopViewer('hls-1'), true)
  assert.equal(await isIn(await link(1)), false)
  await isIn(await link(2), '/hls/c1/video.m3u8')
  door.recognize(jtiOf(2), 'hls-2')
  clock.now += 31 * SECOND
  assert.equal(door.size, 0)
})

test('createLinkDoor() remembers only the latest viewers of a session, and none of unknown ones', async () => {
  const { door, isIn } = openDoor()
  await isIn(await link(1))
  for (let n = 0; n < 9; n++) door.recognize(jtiOf(1), `hls-${n}`)
  door.recognize(jtiOf(2), 'hls-x')
  assert.equal(door.stopViewer('hls-0'), false)
  assert.equal(door.stopViewer('hls-x'), false)
  assert.equal(door.stopViewer('hls-8'), true)
})

test('createLinkDoor() stops the sessions of a channel and no other', async () => {
  const { door, isIn } = openDoor()
  await isIn(await link(1))
  await isIn(await link(2))
  await isIn(await link(3, START + 300, 'c2'), '/live/c2.ts')
  assert.equal(door.stopChannel('c1'), 2)
  assert.equal(await isIn(await link(1)), false)
  assert.equal(await isIn(await link(3, START + 300, 'c2'), '/live/c2.ts'), true)
})

test('createLinkDoor() opens no session for a path outside the scope', async () => {
  const { door, isIn } = openDoor()
  assert.equal(await isIn(await link(), '/live/c2.ts'), false)
  assert.equal(door.size, 0)
})

test('createLinkDoor() refuses an expired link after a restart, however long its session ran', async () => {
  const before = openDoor()
  const token = await link()
  await before.isIn(token)
  const after = openDoor()
  after.clock.now += 400 * SECOND
  assert.equal(await after.isIn(token), false)
})

test('createLinkDoor() keeps no session of house links, which open until they expire', async () => {
  const { clock, door, isIn } = openDoor()
  const token = await signer.sign({ kind: 'house' }, { expires: START + 60, jti: jtiOf(9) })
  assert.equal(await isIn(token, '/snapshot/lineup'), true)
  assert.equal(door.size, 0)
  clock.now += 91 * SECOND
  assert.equal(await isIn(token, '/snapshot/lineup'), false)
})

test('createLinkDoor() forgets idle sessions', async () => {
  const { clock, door, isIn } = openDoor()
  await isIn(await link(1))
  assert.equal(door.size, 1)
  clock.now += 31 * SECOND
  assert.equal(door.size, 0)
})
