import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { VideoEncoder } from '../../../adapters/ffmpeg/video-encoder.ts'
import { createTranscodeDesk, defaultLimit } from '../../../adapters/lan/transcode-desk.ts'
import { Failure } from '../../../core/errors.ts'
import { VirtualTime } from '../../fakes/virtual-time.ts'

const SOFTWARE: VideoEncoder = { kind: 'software' }

function openDesk(limit: number | null, encoder: VideoEncoder | null = SOFTWARE) {
  const time = new VirtualTime()
  const ladder = { ready: Promise.resolve(), current: () => encoder }
  const abort = new AbortController()
  const desk = createTranscodeDesk({ ladder, limit, cores: 4, timers: time.timers })
  return { time, desk, abort, reserve: () => desk.reserve(abort.signal) }
}

const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Failure && error.code === code

for (const { cores, isHardware, limit } of [
  { cores: 1, isHardware: false, limit: 1 },
  { cores: 2, isHardware: false, limit: 1 },
  { cores: 4, isHardware: false, limit: 2 },
  { cores: 16, isHardware: false, limit: 8 },
  { cores: 1, isHardware: true, limit: 2 },
  { cores: 4, isHardware: true, limit: 4 },
  { cores: 64, isHardware: true, limit: 8 },
])
  test(`defaultLimit() lets ${limit} run on ${cores} cores ${isHardware ? 'with' : 'without'} hardware`, () => {
    assert.equal(defaultLimit(cores, isHardware), limit)
  })

test('createTranscodeDesk() refuses one more than the limit with ffmpeg/busy, a moment later', async () => {
  const { desk, reserve, time } = openDesk(1)
  await reserve()
  const refused = assert.rejects(reserve(), hasCode('ffmpeg/busy'))
  await time.advance(0)
  await time.advance(2000)
  await refused
  assert.deepEqual([desk.running, desk.limit], [1, 1])
  assert.equal(time.running, 0)
})

test('createTranscodeDesk() gives the place of one that ends to whoever has just zapped', async () => {
  const { desk, reserve, time } = openDesk(1)
  const first = await reserve()
  const next = reserve()
  await time.advance(300)
  first.release()
  first.release()
  await next
  assert.equal(desk.running, 1)
  assert.equal(time.running, 0)
})

test('createTranscodeDesk() forgets who goes away while waiting', async () => {
  const { desk, reserve, time, abort } = openDesk(1)
  const first = await reserve()
  const gone = assert.rejects(reserve(), { name: 'AbortError' })
  await time.advance(100)
  abort.abort()
  await gone
  first.release()
  assert.equal(desk.running, 0)
  assert.equal(time.running, 0)
})

test('createTranscodeDesk() says that there is no encoder, or that the owner wants none', async () => {
  await assert.rejects(openDesk(3, null).reserve(), hasCode('ffmpeg/missing'))
  assert.equal(openDesk(3, null).desk.limit, 0)
  await assert.rejects(openDesk(0).reserve(), hasCode('hls/unsupported'))
})

test('createTranscodeDesk() counts by cores and encoder where nothing is written', () => {
  assert.equal(openDesk(null).desk.limit, 2)
  assert.equal(openDesk(null, { kind: 'nvenc' }).desk.limit, 4)
})
