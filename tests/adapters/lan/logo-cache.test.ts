import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { imageType } from '../../../core/image-type.ts'
import { createLogoCache } from '../../../adapters/lan/logo-cache.ts'
import { aChannel, aStream } from '../../core/lineup/samples.ts'

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3)
const HOUR = 3600_000
const never = new AbortController().signal
const channel = aChannel(1)

type Answer = Uint8Array | null | Error

/** A cache in a folder of its own before a source whose answers and clock the test sets. */
async function makeCache() {
  const dir = await mkdtemp(join(tmpdir(), 'downlink-logos-'))
  const house = { now: Date.UTC(2026, 0), asked: [] as string[], atOnce: 0, mostAtOnce: 0, answer: PNG as Answer }
  const source = {
    async logo(item: string): Promise<Uint8Array | null> {
      house.asked.push(item)
      house.mostAtOnce = Math.max(house.mostAtOnce, ++house.atOnce)
      await new Promise((resolve) => setImmediate(resolve))
      house.atOnce--
      if (house.answer instanceof Error) throw house.answer
      return house.answer
    },
  }
  const open = () =>
    createLogoCache({ dir, source: (id) => (id === 'box' ? source : null), now: () => house.now, log: () => {} })
  const cache = open()
  return {
    dir,
    house,
    cache,
    open,
    async [Symbol.asyncDispose]() {
      await cache[Symbol.asyncDispose]()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

for (const { type, head } of [
  { type: 'image/png', head: [...PNG] },
  { type: 'image/jpeg', head: [0xff, 0xd8, 0xff, 0xe0] },
  { type: 'image/gif', head: [...new TextEncoder().encode('GIF89a')] },
  { type: 'image/webp', head: [...new TextEncoder().encode('RIFF\u0001\u0002\u0003\u0004WEBPVP8 ')] },
  { type: null, head: [...new TextEncoder().encode('<svg onload="x"/>')] },
  { type: null, head: [...new TextEncoder().encode('RIFF\u0001\u0002\u0003\u0004WAVE')] },
  { type: null, head: [0x89, 0x50] },
]) {
  test(`imageType() tells ${type ?? 'that it is none'} by ${JSON.stringify(String.fromCharCode(...head.slice(0, 12)))}`, () => {
    assert.equal(imageType(Uint8Array.from(head)), type)
  })
}

test("logo() gives the owner's picture without asking the source, and the source's where it is lost", async () => {
  await using subject = await makeCache()
  const own = Uint8Array.from([...PNG, 9])
  const { dir, house } = subject
  await using cache = createLogoCache({
    dir,
    source: () => ({ logo: async () => (house.asked.push('source'), PNG) }),
    own: (name) => (name === 'kept' ? own : null),
    now: () => house.now,
    log: () => {},
  })
  assert.deepEqual((await cache.logo(aChannel(1, { ownLogo: 'kept' }), never))?.bytes, own)
  assert.deepEqual(house.asked, [])
  assert.deepEqual((await cache.logo(aChannel(1, { ownLogo: 'lost' }), never))?.bytes, PNG)
})

test('logo() gives the picture with its type and asks the source once, also after a restart', async () => {
  await using made = await makeCache()
  const logo = await made.cache.logo(channel, never)
  assert.deepEqual([logo?.contentType, logo?.bytes], ['image/png', PNG])
  assert.equal((await made.cache.logo(channel, never))?.tag, logo?.tag)
  await using restarted = made.open()
  assert.deepEqual(await restarted.logo(channel, never), logo)
  assert.deepEqual(made.house.asked, ['item1'])
})

for (const { name, answer } of [
  { name: 'nothing', answer: null },
  { name: 'something that is no picture', answer: new TextEncoder().encode('<html>not found</html>') },
  { name: 'a picture over 2 MiB', answer: new Uint8Array([...PNG, ...new Uint8Array(2 * 1024 * 1024)]) },
]) {
  test(`logo() remembers for hours that the source has ${name}`, async () => {
    await using made = await makeCache()
    made.house.answer = answer
    assert.equal(await made.cache.logo(channel, never), null)
    made.house.answer = PNG
    assert.equal(await made.cache.logo(channel, never), null)
    made.house.now += 13 * HOUR
    assert.equal((await made.cache.logo(channel, never))?.contentType, 'image/png')
    assert.equal(made.house.asked.length, 2)
  })
}

test('logo() asks a failing source again after a minute, and writes nothing', async () => {
  await using made = await makeCache()
  made.house.answer = new Error('off')
  assert.equal(await made.cache.logo(channel, never), null)
  assert.equal(await made.cache.logo(channel, never), null)
  assert.deepEqual([made.house.asked.length, await readdir(made.dir)], [1, []])
  made.house.now += 61_000
  made.house.answer = PNG
  assert.notEqual(await made.cache.logo(channel, never), null)
})

test('logo() shows an old picture while it asks for a new one', async () => {
  await using made = await makeCache()
  const old = await made.cache.logo(channel, never)
  made.house.now += 8 * 24 * HOUR
  made.house.answer = Uint8Array.of(...PNG, 9)
  assert.equal((await made.cache.logo(channel, never))?.tag, old?.tag)
  await made.cache[Symbol.asyncDispose]() // waits for what runs
  await using later = made.open()
  assert.equal((await later.logo(channel, never))?.bytes.length, PNG.length + 1)
})

test('logo() keeps an old picture when the source is down', async () => {
  await using made = await makeCache()
  await made.cache.logo(channel, never)
  made.house.now += 8 * 24 * HOUR
  made.house.answer = new Error('off')
  for (let turn = 0; turn < 2; turn++) assert.notEqual(await made.cache.logo(channel, never), null)
})

test('logo() asks a source one question at a time, and once for all who wait for one picture', async () => {
  await using made = await makeCache()
  const channels = [1, 2, 3, 1, 2, 3].map((key) => aChannel(key))
  const logos = await Promise.all(channels.map((each) => made.cache.logo(each, never)))
  assert.ok(logos.every((logo) => logo !== null))
  assert.deepEqual(made.house.asked.toSorted(), ['item1', 'item2', 'item3'])
  assert.equal(made.house.mostAtOnce, 1)
})

test('logo() takes the next stream when the first has no picture', async () => {
  await using made = await makeCache()
  const streams = [aStream('x', { sourceId: 'unknown' as never }), aStream('y')]
  assert.notEqual(await made.cache.logo(aChannel(1, { streams }), never), null)
})

test('logo() ends with the reason of its signal; the picture still comes for others', async () => {
  await using made = await makeCache()
  const controller = new AbortController()
  const leaving = made.cache.logo(channel, controller.signal)
  const staying = made.cache.logo(channel, never)
  controller.abort(new Error('left'))
  await assert.rejects(leaving, { message: 'left' })
  assert.notEqual(await staying, null)
  assert.equal(made.house.asked.length, 1)
})
