import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { Failure } from '../../../../core/errors.ts'
import type { Recorder, TimerWish } from '../../../../core/lineup/recording-timer.ts'
import { nastyModel, quickTiming, startReceiver } from '../../../fakes/receiver/index.ts'
import type { Receiver } from '../../../fakes/receiver/index.ts'
import { findFfmpeg, testCacheDir } from '../../../fakes/receiver/test-setting.ts'
import { aSourceWith, failsWith, patience } from './receiver.ts'

const PLAIN = '1:0:19:132F:3EF:1:C00000:0:0:0:'
const ELSEWHERE = '1:0:19:2B66:45B:1:C00000:0:0:0:'
const THIRD = '1:0:1:301:1F4:13E:820000:0:0:0:'
const HOUR_MS = 3_600_000
const options = { ffmpegPath: findFfmpeg() ?? '/nonexistent/ffmpeg', cacheDir: testCacheDir, timing: quickTiming }
let receiver: Receiver
let source: ReturnType<typeof aSourceWith>
let recorder: Recorder
before(async () => {
  receiver = await startReceiver({ ...options, model: nastyModel() })
  source = aSourceWith({ url: receiver.url })
  assert.ok(source.recorder)
  recorder = source.recorder
})
after(async () => {
  await source[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})
afterEach(async () => {
  receiver.faults.clear()
  for (const { id } of (await recorder.timers(patience())).timers) await recorder.removeTimer(id, patience())
})

/** A whole second, a day ahead. */
const start = (hours = 24): number => Math.floor(Date.now() / 60_000) * 60_000 + hours * HOUR_MS
const wish = (changes: Partial<TimerWish> = {}): TimerWish => ({
  serviceRef: PLAIN,
  name: 'Film & "Serie"',
  description: 'ä+ö',
  begin: start(),
  end: start() + HOUR_MS,
  isEnabled: true,
  isZap: false,
  repeats: [],
  tags: [],
  folder: null,
  ...changes,
})

test('a timer goes to the receiver and comes back as it was', async () => {
  const asked = wish({ repeats: ['monday', 'sunday'], tags: ['film', 'neu'], folder: '/media/usb/movie/' })
  const added = await recorder.addTimer(asked, patience())
  const { begin, end, ...same } = asked
  const { id, beginsAt, endsAt, state, channelName } = added
  for (const [key, value] of Object.entries(same))
    assert.deepEqual(Object.entries(added).find(([one]) => one === key)?.[1], value, key)
  assert.deepEqual([beginsAt, endsAt, state], [begin, end, 'waiting'])
  assert.ok(channelName !== '')
  const list = await recorder.timers(patience())
  assert.deepEqual(
    list.timers.map((one) => one.id),
    [id],
  )
  assert.deepEqual(list.folders, ['/media/hdd/movie/', '/media/usb/movie/'])
})

test('times without a zone are on the clock of the receiver', async () => {
  const { wallTime } = await recorder.timers(patience())
  const reading = wallTime(start())
  const added = await recorder.addTimer(wish({ begin: reading, end: start() + HOUR_MS }), patience())
  assert.equal(added.beginsAt, start())
  // Vienna is one or two hours ahead of UTC.
  const ahead = Date.parse(`${reading}Z`) - start()
  assert.ok(ahead === HOUR_MS || ahead === 2 * HOUR_MS)
})

test('a timer is edited, switched off, moved and deleted', async () => {
  const { id } = await recorder.addTimer(wish(), patience())
  const renamed = await recorder.changeTimer(id, { name: 'Anders', isEnabled: false }, patience())
  assert.deepEqual([renamed.id, renamed.name, renamed.isEnabled, renamed.beginsAt], [id, 'Anders', false, start()])
  const moved = await recorder.changeTimer(id, { serviceRef: ELSEWHERE, begin: start() - HOUR_MS }, patience())
  assert.deepEqual([moved.serviceRef, moved.beginsAt, moved.name], [ELSEWHERE, start() - HOUR_MS, 'Anders'])
  await assert.rejects(recorder.changeTimer(id, { name: 'x' }, patience()), failsWith('timer/unknown'))
  await recorder.removeTimer(moved.id, patience())
  assert.deepEqual((await recorder.timers(patience())).timers, [])
})

test('a conflict names the timers in the way, not the one that was asked for', async () => {
  await recorder.addTimer(wish({ name: 'Eins' }), patience())
  await recorder.addTimer(wish({ name: 'Zwei', serviceRef: ELSEWHERE }), patience())
  await assert.rejects(recorder.addTimer(wish({ name: 'Drei', serviceRef: THIRD }), patience()), (error: unknown) => {
    assert.ok(error instanceof Failure && error.code === 'timer/conflict')
    const { conflicts } = error.facts
    assert.ok(Array.isArray(conflicts))
    assert.deepEqual(conflicts.map(({ name, beginsAt }) => [name, beginsAt]).toSorted(), [
      ['Eins', start()],
      ['Zwei', start()],
    ])
    return true
  })
  assert.equal((await recorder.timers(patience())).timers.length, 2)
})

test('a programme is recorded with the margins of the receiver', async () => {
  const now = Math.floor(Date.now() / 1000)
  const asked = new URLSearchParams({ sRef: PLAIN, time: String(now + 7200), endTime: '300' }).toString()
  const answer: { readonly events: readonly { readonly begin_timestamp: number; readonly duration_sec: number }[] } =
    await (await fetch(`${receiver.url}/api/epgservice?${asked}`)).json()
  const event = answer.events.find((one) => one.begin_timestamp > now)
  assert.ok(event)
  const begin = event.begin_timestamp * 1000
  const stop = begin + event.duration_sec * 1000
  const programme = { serviceRef: PLAIN, name: 'x', description: '', isZap: false, tags: [], folder: null }
  const timer = await recorder.addProgramme({ ...programme, start: begin, stop }, patience())
  assert.deepEqual([timer.beginsAt, timer.endsAt], [begin - 180_000, stop + 300_000])
})

test('a programme that the receiver does not know is recorded by its times', async () => {
  const begin = start(24 * 60)
  const programme = { serviceRef: PLAIN, name: 'Fern', description: '', isZap: false, tags: ['x'], folder: null }
  const timer = await recorder.addProgramme({ ...programme, start: begin, stop: begin + HOUR_MS }, patience())
  assert.deepEqual(
    [timer.name, timer.beginsAt, timer.endsAt, timer.tags],
    ['Fern', begin - 120_000, begin + HOUR_MS + 300_000, ['x']],
  )
})

test('what the receiver refuses is told in its own words', async () => {
  const { id } = await recorder.addTimer(wish(), patience())
  receiver.faults.web('timerchange', { kind: 'result-false', times: 1 })
  await assert.rejects(recorder.changeTimer(id, { name: 'x' }, patience()), (error: unknown) => {
    assert.ok(error instanceof Failure && error.message.includes('Fehler'))
    return failsWith('timer/refused')(error)
  })
})

test('a folder that is none of the receiver is refused before it is asked', async () => {
  await assert.rejects(recorder.addTimer(wish({ folder: '/etc/' }), patience()), failsWith('timer/refused'))
})

for (const { name, change } of [
  { name: 'an end before the beginning', change: { end: start() - 1000 } },
  { name: 'a time that is none', change: { begin: '2026-13-41T99:99' } },
]) {
  test(`addTimer() refuses ${name}`, async () => {
    await assert.rejects(recorder.addTimer(wish(change), patience()), failsWith('http/bad-request'))
  })
}
