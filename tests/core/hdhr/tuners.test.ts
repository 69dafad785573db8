import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDeviceMaker, deviceChannels, tunerCount } from '../../../core/hdhr/device.ts'
import { createScan } from '../../../core/hdhr/scan.ts'
import { readStreamQuery, qualityOfProfile } from '../../../core/hdhr/transcode.ts'
import { TunerBoard } from '../../../core/hdhr/tuner-board.ts'
import { createTsDatagrams } from '../../../core/hdhr/ts-datagrams.ts'
import { channelId, channelKey } from '../../../core/lineup/channel.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const id = (key: number) => channelId(channelKey(key))

test('TunerBoard gives each channel one tuner and keeps it as long as it runs', () => {
  const anyRun = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }), { maxLength: 12 })
  fc.assert(
    fc.property(anyRun, fc.integer({ min: 1, max: 5 }), (runs, count) => {
      const board = new TunerBoard()
      let before = new Map<number, number>()
      for (const running of runs) {
        board.update(running.map(id), count)
        const now = new Map(
          running.flatMap((key): [number, number][] => {
            const tuner = board.tunerOf(id(key))
            return tuner === null ? [] : [[key, tuner]]
          }),
        )
        assert.equal(new Set(now.values()).size, now.size)
        assert.equal(now.size, Math.min(running.length, count))
        for (const [key, tuner] of now) {
          assert.ok(tuner >= 0 && tuner < count)
          assert.equal(board.channelOn(tuner), id(key))
          if (before.has(key)) assert.equal(before.get(key), tuner)
        }
        before = now
      }
    }),
  )
})

test('TunerBoard.claim() takes a free tuner, and not one with another channel', () => {
  const board = new TunerBoard()
  board.update([id(1)], 2)
  assert.equal(board.claim(0, id(2)), false)
  assert.equal(board.claim(1, id(2)), true)
  board.update([id(1), id(2)], 2)
  assert.deepEqual([board.tunerOf(id(1)), board.tunerOf(id(2))], [0, 1])
  assert.equal(board.claim(0, id(1)), true)
})

for (const { limits, count } of [
  { limits: [8], count: 8 },
  { limits: [2, 1, 3], count: 6 },
  { limits: [null], count: 4 },
  { limits: [], count: 1 },
  { limits: [0], count: 1 },
  { limits: [200, 200], count: 255 },
])
  test(`tunerCount() of ${JSON.stringify(limits)} is ${count}`, () => assert.equal(tunerCount(limits), count))

test('a channel of several sources is on the device of its first stream, so that numbers are on one device only', () => {
  const [stream] = fakeChannel(1).streams
  assert.ok(stream)
  const other = { ...stream, sourceId: sourceId('other') }
  const channels = [
    fakeChannel(1, { streams: [stream, other] }),
    fakeChannel(2, { streams: [other] }),
    fakeChannel(3, { enabled: false }),
    fakeChannel(4, { number: '2' }),
  ]
  const selection = { id: 'mine', name: 'Mine', channels: [channelKey(2), channelKey(1), channelKey(3)] }
  const lineup = { revision: '1', channels, groups: [], selections: [selection] }
  const numbers = (scope: Parameters<typeof deviceChannels>[1]) =>
    deviceChannels(lineup, scope)?.map(({ number }) => number)
  assert.deepEqual(numbers({ kind: 'all' }), ['1', '2'])
  assert.deepEqual(numbers({ kind: 'source', id: sourceId('receiver') }), ['1'])
  assert.deepEqual(numbers({ kind: 'source', id: sourceId('other') }), ['2'])
  assert.deepEqual(numbers({ kind: 'selection', id: 'mine' }), ['2', '1'])
  assert.equal(numbers({ kind: 'selection', id: 'gone' }), undefined)
})

test('devices keep their ids, and differ from one another', () => {
  const make = createDeviceMaker({ seed: 'a', name: 'House', mainId: null })
  const devices = [
    make({ kind: 'all' }, null),
    make({ kind: 'source', id: sourceId('x') }, 'X'),
    make({ kind: 'selection', id: 'x' }, 'X'),
    createDeviceMaker({ seed: 'b', name: 'House', mainId: null })({ kind: 'all' }, null),
  ]
  assert.deepEqual(make({ kind: 'all' }, null), devices[0])
  assert.equal(new Set(devices.map((device) => device.id)).size, 4)
  assert.equal(new Set(devices.map(({ uuid }) => uuid)).size, 4)
  assert.deepEqual(
    devices.map(({ name }) => name),
    ['House', 'House X', 'House X', 'House'],
  )
  assert.equal(
    createDeviceMaker({ seed: 'a', name: 'House', mainId: 0x105abcd1 })({ kind: 'all' }, null).id,
    0x105abcd1,
  )
})

test('readStreamQuery() takes a second question mark for a separator', () => {
  const query = readStreamQuery('http://h/auto/v1?profile=pass&auth=x?transcode=none&duration=3#x')
  assert.deepEqual(
    [...query],
    [
      ['profile', 'pass'],
      ['auth', 'x'],
      ['transcode', 'none'],
      ['duration', '3'],
    ],
  )
  assert.equal(readStreamQuery('http://h/auto/v1').size, 0)
})

for (const [profile, quality] of [
  ['none', 'original'],
  ['heavy', '720p'],
  ['Mobile', '720p'],
  ['internet540', '480p'],
  ['internet240', '480p'],
  ['constructor', null],
  ['4k', null],
] as const)
  test(`qualityOfProfile(${profile}) is ${quality}`, () => assert.equal(qualityOfProfile(profile), quality))

function aScan() {
  const clock = { now: 0 }
  const asked: string[] = []
  const answers = new Map<string, PromiseWithResolvers<void>>()
  const scan = createScan({
    refresh(source) {
      asked.push(source)
      const answer = Promise.withResolvers<void>()
      answers.set(source, answer)
      return answer.promise
    },
    channels: () => 100,
    now: () => clock.now,
  })
  const settle = async (source: string, error?: Error) => {
    if (error === undefined) answers.get(source)?.resolve()
    else answers.get(source)?.reject(error)
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return { scan, clock, asked, settle }
}

test('a scan asks every source, and its progress is how many have answered', async () => {
  const { scan, clock, asked, settle } = aScan()
  assert.equal(scan.progress(), null)
  scan.start([sourceId('a'), sourceId('b')])
  assert.deepEqual(asked, ['a', 'b'])
  assert.deepEqual(scan.progress(), { percent: 0, found: 0 })
  clock.now = 5000
  await settle('a')
  assert.deepEqual(scan.progress(), { percent: 50, found: 100 })
  await settle('b', new Error('no answer'))
  assert.equal(scan.progress(), null)
})

test('a scan that is over at once is shown for two seconds', async () => {
  const { scan, clock, settle } = aScan()
  scan.start([sourceId('a')])
  await settle('a')
  clock.now = 1000
  assert.deepEqual(scan.progress(), { percent: 50, found: 100 })
  clock.now = 2000
  assert.equal(scan.progress(), null)
})

test('sources are asked at most once a minute, however often a scan is started', async () => {
  const { scan, clock, asked, settle } = aScan()
  scan.start([sourceId('a')])
  scan.start([sourceId('a')])
  await settle('a')
  clock.now = 59_000
  scan.start([sourceId('a')])
  assert.deepEqual(asked, ['a'])
  scan.abort()
  assert.equal(scan.progress(), null)
  clock.now = 60_000
  scan.start([sourceId('a')])
  assert.deepEqual(asked, ['a', 'a'])
})

for (const { protocol, header } of [
  { protocol: 'udp', header: 0 },
  { protocol: 'rtp', header: 12 },
] as const)
  test(`createTsDatagrams() cuts ${protocol} into datagrams of seven packets, without losing a byte`, () => {
    const bytes = Uint8Array.from({ length: 188 * 21 }, (_, index) => index % 251)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 5 }), (cuts) => {
        const sent: Uint8Array[] = []
        const { push } = createTsDatagrams(protocol, (datagram) => void sent.push(datagram))
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        for (const [index, end] of places.slice(1).entries()) push(bytes.subarray(places[index], end))
        assert.deepEqual(
          sent.map(({ length }) => length),
          [header + 1316, header + 1316, header + 1316],
        )
        assert.deepEqual(
          sent.flatMap((datagram) => [...datagram.subarray(header)]),
          [...bytes],
        )
        if (header > 0)
          assert.deepEqual(
            sent.map((datagram) => [...datagram.subarray(0, 4)]),
            [0, 1, 2].map((sequence) => [0x80, 0x21, 0, sequence]),
          )
      }),
    )
  })
