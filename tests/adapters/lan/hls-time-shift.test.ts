import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { describe, test } from 'node:test'
import { judgeFragments } from '../../conformance/hls-fragment-judge.ts'
import { mediaPath, resolve, watch, watchParts } from '../../conformance/hls.ts'
import { judgePolls, readMedia } from '../../conformance/hls-playlist-judge.ts'
import { judgeSegments } from '../../conformance/hls-segment-judge.ts'
import type { Fetched } from '../../conformance/hls-segment-judge.ts'
import { concat, FRAME, synthesize } from '../../core/live/synthetic-ts.ts'
import { judge } from '../../core/live/ts-judge.ts'
import { openHlsHouse, textOf } from '../../fakes/hls-house.ts'
import type { HlsHouse } from '../../fakes/hls-house.ts'
import { memoryTapes } from '../../fakes/memory-tapes.ts'

const VIDEO = 0x1ff
/** GOPs of 0.96 s. */
const television = (seconds: number, isOpen = true): Uint8Array =>
  synthesize({ gopLength: 24, gops: Math.ceil((seconds * 90_000) / (24 * FRAME)), isOpen })

/** A house that keeps what is watched. */
async function shiftHouse(stream: Uint8Array, { minutes = 10, maxBytes = Infinity } = {}) {
  const tapes = memoryTapes(100_000)
  const house = await openHlsHouse(stream, { shift: { store: tapes.store, minutes, maxBytes } })
  return { ...tapes, house, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() }
}

const listOf = async (house: HlsHouse, path: string) => {
  const answer = await house.get(path)
  assert.equal(answer.status, 200)
  return readMedia(textOf(answer))
}
const bytesOf = async (house: HlsHouse, path: string, uri: string): Promise<Uint8Array> => {
  const answer = await house.get(resolve(uri, path))
  assert.equal(answer.status, 200, uri)
  return answer.bytes
}
/** A difference of two segments says nothing to anybody. */
const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.compare(a, b) === 0
const secondsIn = (segments: readonly { readonly seconds: number }[]): number =>
  segments.reduce((sum, { seconds }) => sum + seconds, 0)
const pictures = (bytes: Uint8Array): number => judge(bytes).dts.get(VIDEO)?.length ?? 0

for (const delivery of ['standard', 'instant'] as const) {
  test(`A list of the ${delivery} delivery goes on to where it began, and all of it can be fetched`, async () => {
    await using shift = await shiftHouse(television(130))
    const { house } = shift
    const media = await mediaPath(house, '', `?delivery=${delivery}`)
    const everyMs = delivery === 'standard' ? 2000 : 1000
    const { polls, segments } = await watch(house, media, { seconds: 90, everyMs })
    assert.deepEqual(judgePolls(polls), [])
    const list = await listOf(house, media)
    assert.ok(secondsIn(list.segments) > 85, `${secondsIn(list.segments)} s`)
    assert.equal(list.segments[0]?.msn, segments[0]?.msn)
    // What memory has long forgotten is what it was.
    const again: Fetched[] = []
    for (const { msn, uri, seconds, discontinuity } of list.segments)
      again.push({ msn, seconds, discontinuity, bytes: await bytesOf(house, media, uri) })
    assert.deepEqual(judgeSegments(again, { isIndependent: list.isIndependent }), [])
    for (const { msn, bytes } of segments.slice(1))
      assert.ok(isSame(again.find((one) => one.msn === msn)?.bytes, bytes), String(msn))
  })
}

test('A seek back starts with the clean copy of a segment, and goes on with what follows', async () => {
  await using shift = await shiftHouse(television(100))
  const { house } = shift
  const media = await mediaPath(house, '', '')
  await watch(house, media, { seconds: 70, everyMs: 2000 })
  const { segments } = await listOf(house, media)
  const missing: number[] = []
  for (const { uri, seconds } of segments.slice(8, 11))
    missing.push(Math.round(seconds * 25) - pictures(await bytesOf(house, media, uri)))
  assert.deepEqual(missing, [2, 0, 0], 'leading pictures that are left out')
})

test('Who comes later can go back to where the first one began, and starts live', async () => {
  await using shift = await shiftHouse(television(100))
  const { house } = shift
  const first = await mediaPath(house, '', '')
  await watch(house, first, { seconds: 60, everyMs: 2000 })
  const late = await mediaPath(house, '', '')
  const start = Number(/v(\d+)\.m3u8$/.exec(late)?.[1])
  const text = textOf(await house.get(late))
  const { segments, isIndependent } = readMedia(text)
  assert.equal(segments[0]?.msn, (await listOf(house, first)).segments[0]?.msn)
  assert.ok(secondsIn(segments) > 55)
  const behind = secondsIn(segments.filter(({ msn }) => msn >= start))
  assert.match(text, new RegExp(`#EXT-X-START:TIME-OFFSET=-${behind.toFixed(5).replace('.', '\\.')},PRECISE=YES\n`))
  // Nothing is named clean in the middle of a list; the first that is fetched is clean all the same.
  const uri = segments.find(({ msn }) => msn === start)?.uri ?? ''
  assert.equal(uri, `${start}.ts`)
  const bytes = await bytesOf(house, late, uri)
  const seconds = segments.find(({ msn }) => msn === start)?.seconds ?? 0
  assert.equal(pictures(bytes), Math.round(seconds * 25) - 2)
  assert.deepEqual(judgeSegments([{ msn: start, seconds, discontinuity: false, bytes }], { isIndependent }), [])
  // Once it has begun it is not sent back to its start.
  assert.doesNotMatch(textOf(await house.get(late)), /EXT-X-START/)
})

test('A list grows no longer than the window, and what left it is gone in the end', async () => {
  await using shift = await shiftHouse(television(220), { minutes: 1 })
  const { house, tapes } = shift
  const media = await mediaPath(house, '', '')
  const { polls, segments } = await watch(house, media, { seconds: 190, everyMs: 2000 })
  assert.deepEqual(judgePolls(polls), [])
  for (const { text } of polls) assert.ok(secondsIn(readMedia(text).segments) <= 60)
  const list = await listOf(house, media)
  assert.ok(secondsIn(list.segments) > 55)
  const [oldest] = segments
  assert.equal((await house.get(resolve(`${oldest?.msn ?? 0}c.ts`, media))).status, 404)
  assert.ok((tapes.find(({ name }) => name.includes('standard'))?.dropped ?? 0) > 0)
})

test('A player that knows the list gets the new end of it', async () => {
  await using shift = await shiftHouse(television(100))
  const { house } = shift
  const media = await mediaPath(house, '', '?delivery=instant')
  await watch(house, media, { seconds: 60, everyMs: 1000 })
  const whole = await listOf(house, media)
  const text = textOf(await house.get(`${media}?_HLS_skip=YES`))
  const delta = readMedia(text)
  assert.ok(delta.skipped > 10)
  assert.equal(delta.version, 9)
  assert.equal(whole.version, 6)
  assert.equal(whole.control.get('CAN-SKIP-UNTIL'), (6 * whole.targetSeconds).toFixed(1))
  assert.deepEqual(
    delta.segments.map(({ msn, uri, seconds, dateMs }) => ({ msn, uri, seconds, dateMs })),
    whole.segments
      .slice(delta.skipped)
      .map(({ msn, uri, seconds, dateMs }) => ({ msn, uri, seconds, dateMs: Math.round(dateMs) })),
  )
  assert.ok(secondsIn(delta.segments) >= 6 * whole.targetSeconds)
})

test('A list without time shift is as long as ever, and offers no short form', async () => {
  await using house = await openHlsHouse(television(60))
  const media = await mediaPath(house, '', '')
  await watch(house, media, { seconds: 50, everyMs: 2000 })
  const text = textOf(await house.get(`${media}?_HLS_skip=YES`))
  assert.ok(secondsIn(readMedia(text).segments) < 20)
  assert.doesNotMatch(text, /SKIP|EXT-X-START/)
})

test('Breaks are counted over what is on disk, and stay what they are', async () => {
  const clockAt = (gop: number): number => 900_000 + gop * 24 * FRAME
  const stream = concat(
    synthesize({ gops: 20, gopLength: 24, isOpen: true }),
    synthesize({ gops: 20, gopLength: 24, isRadio: true, clock: clockAt(20), pmtVersion: 4 }),
    synthesize({ gops: 90, gopLength: 24, isOpen: true, clock: clockAt(40), pmtVersion: 5 }),
  )
  await using shift = await shiftHouse(stream, { minutes: 1 })
  const { house } = shift
  const media = await mediaPath(house, '', '')
  const { polls, segments } = await watch(house, media, { seconds: 90, everyMs: 2000 })
  assert.deepEqual(judgePolls(polls), [])
  const broken = segments.filter(({ discontinuity }) => discontinuity)
  assert.equal(broken.length, 2)
  const listed = (await listOf(house, media)).segments
  assert.ok((listed[0]?.msn ?? 0) > (broken[0]?.msn ?? Infinity), 'the first break has left the list')
  assert.equal(listed.at(-1)?.discontinuitySequence, 2)
  const [, second] = broken
  const { uri = '' } = listed.find(({ msn }) => msn === second?.msn) ?? {}
  assert.ok(isSame(await bytesOf(house, media, uri), second?.bytes))
})

describe('The low-latency delivery', () => {
  test('lists what is on disk before what is in parts, and sends the new end of it', async () => {
    await using shift = await shiftHouse(television(100, false))
    const { house } = shift
    const paths = [await mediaPath(house, '', '?delivery=ll'), await mediaPath(house, '', '?delivery=ll')] as const
    const { polls, segments } = await watchParts(house, paths, { seconds: 70 })
    assert.deepEqual(judgePolls(polls), [])
    const [media] = paths
    const list = await listOf(house, media)
    assert.ok(secondsIn(list.segments) > 60)
    const delta = await listOf(house, `${media}?_HLS_skip=YES`)
    assert.equal(delta.skipped + delta.segments.length, list.segments.length)
    assert.ok(delta.skipped > 20)
    const [, , third] = list.segments
    assert.ok(third)
    const bytes = await bytesOf(house, media, third.uri)
    const seen = segments.find(({ name }) => name === third.uri)
    assert.ok(seen && isSame(bytes, seen.bytes))
    assert.deepEqual(judgeFragments([{ ...seen, bytes }]), [])
  })

  test('starts cleanly where somebody goes back to', async () => {
    await using shift = await shiftHouse(television(100))
    const { house } = shift
    const media = await mediaPath(house, '', '?delivery=ll')
    const seen = new Map<string, Uint8Array>()
    for (let poll = 0; poll < 120; poll++) {
      const { segments } = await listOf(house, media)
      for (const { uri } of segments) if (!seen.has(uri)) seen.set(uri, await bytesOf(house, media, uri))
      await house.time.advance(500)
    }
    const { segments } = await listOf(house, media)
    const lengths: number[] = []
    for (const { uri } of segments.slice(8, 11))
      lengths.push((await bytesOf(house, media, uri)).length - (seen.get(uri)?.length ?? 0))
    assert.ok((lengths[0] ?? 0) < 0, 'without leading pictures')
    assert.deepEqual(lengths.slice(1), [0, 0])
  })
})

test('A disk that is full leaves the list that is in memory, and nobody notices', async () => {
  await using shift = await shiftHouse(television(100))
  const { house, disk } = shift
  const media = await mediaPath(house, '', '')
  await watch(house, media, { seconds: 50, everyMs: 2000 })
  disk.refuses = 'the disk is full'
  const { polls } = await watch(house, media, { seconds: 30, everyMs: 2000 })
  assert.deepEqual(judgePolls(polls), [])
  assert.ok(secondsIn((await listOf(house, media)).segments) < 20)
  assert.equal(house.logged.filter(({ event }) => event === 'time-shift-lost').length, 2, 'one line for each tape')
})

test('What was kept is deleted when nobody plays the list, or the channel, any more', async () => {
  await using shift = await shiftHouse(television(120))
  const { house, tapes } = shift
  const standard = await mediaPath(house, '', '')
  const instant = await mediaPath(house, '', '?delivery=instant')
  await listOf(house, instant)
  await watch(house, standard, { seconds: 30, everyMs: 2000 })
  const isClosed = (): readonly boolean[] =>
    ['ts', 'standard', 'instant'].map((what) => tapes.find(({ name }) => name.includes(`-${what}`))?.isClosed ?? true)
  assert.deepEqual(isClosed(), [false, false, true])
  await house.time.advance(20_000)
  assert.deepEqual(isClosed(), [true, true, true])
})
