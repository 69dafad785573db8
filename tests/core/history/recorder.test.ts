import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRecorder } from '../../../core/history/recorder.ts'
import type { RecorderOptions } from '../../../core/history/recorder.ts'
import type { FilePlay } from '../../../core/live/file-play.ts'
import type { StreamStatus, StreamSwitch, ViewerStatus } from '../../../core/live/hub.ts'
import { sourceId, streamId } from '../../../core/lineup/stream.ts'
import { ALL, anArrival, aStream, CHANNEL, memoryViewings, T0 } from './samples.ts'

const VIEWER: ViewerStatus = { id: 'v1', mode: 'ts', user: 'anna', address: '192.168.1.20', bytesOut: 0 }
const SWITCH: StreamSwitch = {
  at: T0 + 1500,
  from: streamId(sourceId('receiver'), 'one'),
  to: streamId(sourceId('panel'), 'one'),
  code: 'live/stalled',
  gapMs: 900,
}

/** A recorder whose clock, streams and files the test moves. */
function recording(changes: Partial<RecorderOptions> = {}) {
  const store = memoryViewings()
  const house = { now: T0, streams: [] as StreamStatus[], plays: [] as FilePlay[] }
  let last = 0
  const recorder = createRecorder({
    store,
    streams: () => house.streams,
    plays: () => house.plays,
    newId: () => `w${(last += 1)}`,
    addresses: 'full',
    now: () => house.now,
    ...changes,
  })
  return { recorder, store, house }
}

test('a viewing has who, what, how, from when to when, how much, and why it ended', () => {
  const { recorder, house } = recording()
  recorder.came(anArrival())
  house.now += 1000
  house.streams = [aStream({ viewers: [{ ...VIEWER, bytesOut: 4000 }] })]
  recorder.look()
  house.now += 9000
  recorder.left('v1', { reason: 'left', code: null, bytesOut: 40_000 })

  const { total, items } = recorder.find(ALL)
  assert.equal(total, 1)
  assert.deepEqual(items[0], {
    id: 'w1',
    viewerId: 'v1',
    kind: 'live',
    channelId: CHANNEL.id,
    title: 'One HD',
    sourceId: 'receiver',
    streamId: 'receiver/one',
    mode: 'ts',
    quality: 'original',
    user: 'anna',
    player: 'VLC/3.0.20',
    address: '192.168.1.20',
    startedAt: T0,
    lastSeen: T0 + 10_000,
    endedAt: T0 + 10_000,
    bytes: 40_000,
    reason: 'left',
    code: null,
    switchCount: 0,
    switches: [],
    errors: 0,
    errorMinutes: [],
  })
})

test('switches and lost packets go to those who watched then, and to nobody who came later', () => {
  const { recorder, house } = recording()
  recorder.came(anArrival())
  house.streams = [aStream({ viewers: [VIEWER], continuityErrors: 5 })]
  recorder.look()
  house.now += 60_000
  house.streams = [aStream({ viewers: [VIEWER], continuityErrors: 12, switchCount: 1, switches: [SWITCH] })]
  recorder.look()
  recorder.came(anArrival({ id: 'v2' }))
  house.streams = [
    aStream({
      sourceId: sourceId('panel'),
      viewers: [VIEWER, { ...VIEWER, id: 'v2' }],
      continuityErrors: 12,
      switchCount: 1,
      switches: [SWITCH],
    }),
  ]
  recorder.look()

  const [late, early] = recorder.find(ALL).items
  assert.deepEqual(
    [early?.errors, early?.errorMinutes, early?.switches, early?.sourceId],
    [
      12,
      [
        { at: T0, count: 5 },
        { at: T0 + 60_000, count: 7 },
      ],
      [SWITCH],
      'panel',
    ],
  )
  assert.deepEqual([late?.errors, late?.switchCount], [0, 0])
})

test('counters of a channel that was opened anew begin at zero', () => {
  const { recorder, house } = recording()
  recorder.came(anArrival())
  house.streams = [aStream({ viewers: [VIEWER], continuityErrors: 500 })]
  recorder.look()
  recorder.left('v1', { reason: 'left', code: null, bytesOut: 1 })
  recorder.came(anArrival({ id: 'v2' }))
  house.streams = [aStream({ startedAt: T0 + 5, viewers: [{ ...VIEWER, id: 'v2' }], continuityErrors: 3 })]
  recorder.look()
  assert.equal(recorder.find(ALL).items[0]?.errors, 3)
})

test('whoever leaves before the first look has the source all the same', () => {
  const { recorder, house } = recording()
  house.streams = [aStream({ viewers: [VIEWER] })]
  recorder.came(anArrival())
  recorder.left('v1', { reason: 'left', code: null, bytesOut: 7 })
  const [viewing] = recorder.find(ALL).items
  assert.deepEqual([viewing?.sourceId, viewing?.bytes], ['receiver', 7])
})

test('a film gets its name when that is known', () => {
  const { recorder, house } = recording()
  const film = { kind: 'film', sourceId: sourceId('panel'), streamId: streamId(sourceId('panel'), 'film/7') } as const
  const { channelId: _, ...arrival } = anArrival({ id: 'film-1', mode: 'file' })
  recorder.came({ ...arrival, ...film, channelId: null, title: 'film/7' })
  const viewer: ViewerStatus = { ...VIEWER, id: 'film-1', mode: 'file', bytesOut: 99 }
  house.plays = [{ id: 'film-1', ...film, channelId: null, title: 'The Film', state: 'live', startedAt: T0, viewer }]
  recorder.look()
  recorder.left('film-1', { reason: 'finished', code: null, bytesOut: 100 })
  const [viewing] = recorder.find(ALL).items
  assert.deepEqual([viewing?.title, viewing?.reason, viewing?.kind], ['The Film', 'finished', 'film'])
})

test('when the program stops, those who are cut off were not stopped by anybody', () => {
  const { recorder } = recording()
  recorder.came(anArrival())
  recorder.stopping()
  recorder.left('v1', { reason: 'stopped', code: 'live/stopped', bytesOut: 0 })
  const [viewing] = recorder.find(ALL).items
  assert.deepEqual([viewing?.reason, viewing?.code], ['shutdown', null])
})

test('addresses are kept as the owner wants it', () => {
  for (const [addresses, kept] of [
    ['network', '192.168.1.0/24'],
    ['none', null],
  ] as const) {
    const { recorder } = recording({ addresses })
    recorder.came(anArrival())
    assert.equal(recorder.find(ALL).items[0]?.address, kept)
  }
})

test('changes are written together, and only if there are some', () => {
  const { recorder, store } = recording()
  for (let index = 0; index < 20; index++) recorder.came(anArrival({ id: `v${index}` }))
  recorder.flush()
  recorder.flush()
  assert.deepEqual([store.writes, store.kept.size], [1, 20])
})

test('channels that could not be played are remembered with the reason', () => {
  const { recorder, house } = recording()
  recorder.failed(CHANNEL, 'live/no-signal')
  house.now += 60_000
  recorder.failed(CHANNEL, 'source/unreachable')
  assert.deepEqual(
    recorder.failuresSince(T0 + 1).map(({ name, code }) => [name, code]),
    [['One HD', 'source/unreachable']],
  )
})
