import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attendance } from '../../../core/live/attendance.ts'
import { endReasonOf } from '../../../core/live/attendance.ts'
import { FAILURES } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'
import { endless, fakeChannel, fakeHouse, settled } from './fake-house.ts'

const ONE = fakeChannel(1)

/** A house that takes notes. */
function noted() {
  const notes: string[] = []
  const attendance: Attendance = {
    came: ({ kind, mode, title }) => void notes.push(`came ${kind} ${mode} ${title}`),
    left: (_, { reason, code, bytesOut }) =>
      void notes.push(`left ${reason} ${code ?? '-'} ${bytesOut > 0 ? 'with bytes' : 'without'}`),
    failed: ({ name }, code) => void notes.push(`failed ${name} ${code}`),
  }
  return { ...fakeHouse({ attendance }), notes }
}

/** Somebody watches, and has a picture. */
async function watching() {
  const house = noted()
  const viewer = await house.watch(ONE)
  house.opening().accept()
  const next = endless()
  for (let gop = 0; gop < 3; gop++) {
    house.opening().send(next(1))
    await house.time.advance(480)
  }
  assert.deepEqual(house.notes, [`came live ts ${ONE.name}`])
  house.notes.splice(0)
  return { ...house, viewer }
}

test('whoever leaves by itself has left', async () => {
  const { viewer, notes } = await watching()
  viewer.seat?.leave()
  viewer.seat?.leave()
  assert.deepEqual(notes, ['left left - with bytes'])
})

test('a stopped viewer was stopped, and so is everybody on a stopped stream', async () => {
  const one = await watching()
  one.hub.stopViewer(one.viewer.seat?.id ?? '')
  assert.deepEqual(one.notes, ['left stopped live/stopped with bytes'])
  const all = await watching()
  all.hub.stop(ONE.id)
  assert.deepEqual(all.notes, ['left stopped live/stopped with bytes'])
})

test('when no stream plays any more, the viewers are told why, and that the channel failed', async () => {
  const { opening, time, notes } = await watching()
  opening().end('live/stalled')
  await time.advance(31_000)
  await settled()
  assert.deepEqual(notes, [`failed ${ONE.name} live/stalled`, 'left failed live/stalled with bytes'])
})

test('a channel that cannot be opened has failed once, and nobody has come', async () => {
  const { watch, opening, notes, time } = noted()
  await watch(ONE)
  opening().refuse('live/no-signal')
  await time.advance(100)
  assert.deepEqual(notes, [`failed ${ONE.name} live/no-signal`])
})

test('nothing is told as failed when the only one who waited has gone', async () => {
  const { watch, opening, notes, time } = noted()
  const viewer = await watch(ONE)
  viewer.abort.abort(new Error('gone'))
  await settled()
  opening().refuse('live/no-signal')
  await time.advance(100)
  assert.deepEqual(notes, [])
})

test('endReasonOf() has a word for every failure there is', () => {
  const codes = Object.keys(FAILURES) as FailureCode[]
  const own = codes.filter((code) => endReasonOf(code) !== 'failed')
  assert.deepEqual(own.toSorted(), [
    'hls/gone',
    'live/preempted',
    'live/recording',
    'live/stopped',
    'live/viewer-stalled',
  ])
})
