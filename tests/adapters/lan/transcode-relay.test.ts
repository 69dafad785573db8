import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import process from 'node:process'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Ffmpeg } from '../../../adapters/ffmpeg/resolve.ts'
import { Failure } from '../../../core/errors.ts'
import { moveClock } from '../../../core/live/move-clock.ts'
import { NULL_PID, PACKET_SIZE, pidAt, writePid } from '../../../core/live/packet.ts'
import { diff90k } from '../../../core/live/timestamps.ts'
import { makeFakeFfmpeg } from '../../fakes/fake-ffmpeg.ts'
import { NO_FFMPEG } from '../../fakes/hls-house.ts'
import { openTranscodeHouse } from '../../fakes/transcode-house.ts'
import type { TranscodeViewer } from '../../fakes/transcode-house.ts'
import { requireProgram } from '../../require-program.ts'
import { clip } from '../../core/live/clips.ts'
import { concat } from '../../core/live/synthetic-ts.ts'
import { judge } from '../../core/live/ts-judge.ts'
import { isRunning } from '../ffmpeg/running.ts'
import { textsOf } from '../../fakes/notice-texts.ts'

const H264 = 0x1b
const AAC = 0x0f
/** What FFmpeg still holds back when its input stops. */
const HELD_SECONDS = 1

const withFfmpeg = (t: TestContext, path = requireProgram(t, 'ffmpeg')): Ffmpeg | null =>
  path === null
    ? null
    : {
        path,
        version: '5.1',
        origin: 'configured',
        encoders: new Set(['aac', 'libx264', 'h264_nvenc']),
        notices: [],
      }

function span(times: readonly number[] = []): number {
  return diff90k(times.at(-1) ?? 0, times[0] ?? 0) / 90_000
}

/** Seconds of picture that somebody has got. */
function pictureSeconds(viewer: TranscodeViewer): number {
  const { streamTypes, dts } = judge(viewer.bytes())
  const [pid] = [...streamTypes].find(([, type]) => type === H264) ?? []
  return span(dts.get(pid ?? -1))
}

const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Failure && error.code === code

/** What a decoder says of every picture: its size, and whether it is interlaced. */
function decode(bytes: Uint8Array): { readonly shapes: ReadonlySet<string>; readonly complaints: string } {
  const { stdout, stderr } = spawnSync(
    'ffprobe',
    ['-v', 'error', '-f', 'mpegts', '-i', 'pipe:0', '-select_streams', 'v', '-show_frames', '-of', 'json'],
    { input: bytes, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  const { frames } = JSON.parse(stdout) as { frames: { width: number; height: number; interlaced_frame: number }[] }
  const shapes = frames.map(({ width, height, interlaced_frame: i }) => `${width}×${height}${i === 1 ? 'i' : 'p'}`)
  return { shapes: new Set(shapes), complaints: stderr }
}

/** Two seconds of interlaced MPEG-2 with wide pixels, as SD television is sent. */
function interlacedSd(path: string): Uint8Array {
  const args = [
    ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=352x288:rate=50,interlace,setdar=16/9,trim=duration=3'],
    ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=3'],
    ['-c:v', 'mpeg2video', '-b:v', '1500k', '-g', '12', '-flags', '+ilme+ildct', '-top', '1', '-c:a', 'mp2'],
    ['-mpegts_service_id', '0x132f', '-pcr_period', '20', '-f', 'mpegts', 'pipe:1'],
  ].flat()
  return new Uint8Array(execFileSync(path, args, { maxBuffer: 16 * 1024 * 1024 }))
}

for (const name of ['h264-closed-ac3-mp2', 'h264-open-ac3', 'mpeg2-mp2', 'hevc-aac'] as const)
  test(`createTranscodeRelay() makes a small H.264 picture with AAC of ${name}, a key frame every second`, async (t) => {
    const ffmpeg = withFfmpeg(t)
    if (ffmpeg === null) return
    await using house = openTranscodeHouse(clip(name), { ffmpeg })
    const viewer = house.watch()
    assert.ok(await house.playUntil(() => pictureSeconds(viewer) > 1.05, 4))
    assert.match((await viewer.seat).id, /^480p-/)
    const { faults, order, streamTypes, dts, pcr, announced } = judge(viewer.bytes())
    assert.deepEqual([faults, announced], [[], 0])
    assert.deepEqual([...streamTypes.values()], [H264, AAC])
    assert.deepEqual(order.slice(0, 2), ['PAT', 'PMT'])
    const [pictures, sound] = [...streamTypes.keys()].map((pid) => dts.get(pid))
    assert.ok(Math.abs(diff90k(sound?.[0] ?? 0, pictures?.[0] ?? 0)) < 90_000, 'sound and picture of one moment')
    const leads = (pictures ?? []).map((time) => Math.min(...pcr.filter((at) => at <= time).map((at) => time - at)))
    assert.ok(Math.min(...leads) > 0, 'the clock is before what belongs to it')
    const { shapes, complaints } = decode(viewer.bytes())
    assert.deepEqual([...shapes], ['212×120p'])
    assert.equal(complaints, '')
  })

test('createTranscodeRelay() sends whole pictures with square pixels where interlaced ones came in', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg?.path == null) return
  const source = interlacedSd(ffmpeg.path)
  assert.deepEqual([...decode(source).shapes], ['352×288i'])
  await using house = openTranscodeHouse(source, { ffmpeg })
  const viewer = house.watch()
  assert.ok(await house.playUntil(() => pictureSeconds(viewer) > 0.9, 3))
  // 16:9 of 120 lines is 213.3, made even.
  assert.deepEqual([...decode(viewer.bytes()).shapes], ['212×120p'])
})

test('createTranscodeRelay() keeps the time where the clock turns over', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  const stream = clip('h264-closed-ac3-mp2')
  moveClock(stream, diff90k(2 ** 33 - 2.5 * 90_000, judge(stream).pcr[0] ?? 0))
  await using house = openTranscodeHouse(stream, { ffmpeg })
  const viewer = house.watch()
  assert.ok(await house.playUntil(() => pictureSeconds(viewer) > 2, 4))
  const { faults, announced, dts } = judge(viewer.bytes())
  assert.deepEqual([faults, announced], [[], 0])
  const [pictures = []] = dts.values()
  assert.ok((pictures[0] ?? 0) > 2 ** 32 && (pictures.at(-1) ?? Infinity) < 3 * 90_000)
  assert.equal(house.processes.length, 1)
})

test('createTranscodeRelay() starts FFmpeg anew for another codec, one after the other, and loses no picture of the first', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  const first = clip('mpeg2-mp2')
  await using house = openTranscodeHouse(concat(first, clip('h264-closed-ac3-mp2')), { ffmpeg })
  const viewer = house.watch()
  assert.ok(await house.playUntil(() => pictureSeconds(viewer) > 4, 7))
  const { faults, dts } = judge(viewer.bytes())
  assert.deepEqual(faults, [])
  assert.equal(house.processes.length, 2)
  assert.equal(isRunning(house.processes[0]?.pid), false)
  const [pictures = []] = dts.values()
  const steps = pictures.slice(1).map((time, index) => diff90k(time, pictures[index] ?? 0) / 90_000)
  const before = steps.findIndex((step) => step > 0.1)
  // 3 s were sent, of which the first was under way to its first key frame.
  assert.ok(before < 0 || before > 40, `${before} pictures before the change`)
  assert.equal(decode(viewer.bytes()).complaints, '')
  assert.equal(viewer.failure(), null)
})

/** The stream again and again on one clock, without the packets of these PIDs. */
function longWithout(pids: readonly number[], times: number): Uint8Array {
  const stream = clip('h264-closed-ac3-mp2')
  for (let offset = 0; offset < stream.length; offset += PACKET_SIZE)
    if (pids.includes(pidAt(stream, offset))) writePid(stream, offset, NULL_PID)
  return concat(
    ...Array.from({ length: times }, (_, index) => {
      const part = stream.slice()
      moveClock(part, index * 4 * 90_000)
      return part
    }),
  )
}

for (const { name, lost, types } of [
  { name: 'another sound when the first one is announced and never comes', lost: [512], types: [H264, AAC] },
  { name: 'the picture alone when no sound comes', lost: [512, 513], types: [H264] },
])
  test(`createTranscodeRelay() makes ${name}`, async (t) => {
    const ffmpeg = withFfmpeg(t)
    if (ffmpeg === null) return
    await using house = openTranscodeHouse(longWithout(lost, 2), { ffmpeg })
    const viewer = house.watch()
    assert.ok(await house.playUntil(() => pictureSeconds(viewer) > 1, 4))
    const { faults, streamTypes } = judge(viewer.bytes())
    assert.deepEqual(faults, [])
    assert.deepEqual([...streamTypes.values()], types)
    assert.equal(house.processes.length, 1)
  })

test('createTranscodeRelay() makes one of it for all, ends it with the last, and gives the place back', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  await using house = openTranscodeHouse(clip('h264-closed-ac3-mp2'), { ffmpeg })
  const first = house.watch()
  await house.playUntil(() => first.bytes().length > 0, 1)
  const second = house.watch()
  await house.playUntil(() => second.bytes().length > 0)
  assert.equal(house.processes.length, 1)
  assert.equal(house.broadcast.opened, 1)
  assert.deepEqual(judge(second.bytes()).faults, [])
  assert.deepEqual(
    house.hub.streams().map(({ viewers }) => viewers.length),
    [2],
  )
  ;(await first.seat).leave()
  await house.play(0.2)
  const [process_] = house.processes
  assert.equal(isRunning(process_?.pid), true)
  ;(await second.seat).leave()
  await house.playUntil(() => !isRunning(process_?.pid), 0.2)
  assert.equal(isRunning(process_?.pid), false)
  assert.deepEqual([house.broadcast.connections, house.desk.running], [0, 0])
})

test('createTranscodeRelay() goes on in the same connection when FFmpeg is killed', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  const stream = clip('h264-closed-ac3-mp2')
  const again = stream.slice()
  moveClock(again, 4 * 90_000)
  await using house = openTranscodeHouse(concat(stream, again), { ffmpeg, lingerSeconds: 5 })
  const viewer = house.watch()
  await house.playUntil(() => viewer.bytes().length > 0, 2)
  const [{ pid } = { pid: 0 }] = house.processes
  process.kill(pid, 'SIGKILL')
  await house.playUntil(() => house.logged.includes('transcoder-ended'))
  const before = viewer.bytes().length
  assert.ok(await house.playUntil(() => pictureSeconds(viewer) > 4, 5))
  assert.ok(viewer.bytes().length > before)
  assert.equal(viewer.failure(), null)
  assert.equal(house.processes.length, 2)
  assert.deepEqual(judge(viewer.bytes()).faults, [])
  assert.equal(house.broadcast.opened, 1, 'the source notices nothing')
})

for (const kind of ['trial-only', 'mute-at-work'] as const)
  test(`createTranscodeRelay() goes over to software when the hardware ${kind === 'trial-only' ? 'breaks off' : 'hangs'}`, async (t) => {
    const real = requireProgram(t, 'ffmpeg')
    if (real === null) return
    using fake = makeFakeFfmpeg(real, { h264_nvenc: kind })
    const ffmpeg = withFfmpeg(t, fake.path)
    if (ffmpeg === null) return
    const stream = clip('h264-closed-ac3-mp2')
    const more = [0, 4, 8].map((seconds) => {
      const part = stream.slice()
      moveClock(part, seconds * 90_000)
      return part
    })
    await using house = openTranscodeHouse(concat(...more), { ffmpeg, hardware: 'auto' })
    await house.ladder.ready
    const viewer = house.watch()
    assert.ok(await house.playUntil(() => pictureSeconds(viewer) > 1, 7), house.logged.join(' '))
    assert.deepEqual(
      house.processes.map(({ encoder }) => encoder),
      ['nvenc', 'software'],
    )
    assert.ok(house.logged.includes('encoder-set-aside'))
    assert.deepEqual(judge(viewer.bytes()).faults, [])
    assert.match(textsOf(house.ladder.notices()).join(), /NVENC failed/)
  })

test('createTranscodeRelay() refuses one more than the limit before it opens anything, and takes it when there is room', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  await using house = openTranscodeHouse(clip('h264-closed-ac3-mp2'), { ffmpeg, limit: 1 })
  const first = house.watch(1)
  await house.playUntil(() => first.bytes().length > 0, 1)
  const refused = house.watch(2)
  await house.play(2)
  await assert.rejects(refused.seat, hasCode('ffmpeg/busy'))
  assert.equal(house.broadcast.opened, 1)
  ;(await first.seat).leave()
  const second = house.watch(2)
  // The process before has to end first, and it is a real one.
  for (let turn = 0; turn < 40 && house.broadcast.opened < 2; turn++) await house.play(0.25)
  assert.equal(house.broadcast.opened, 2)
  assert.equal(second.failure(), null)
  assert.equal(house.desk.running, 1)
})

test('createTranscodeRelay() says that FFmpeg is missing, and opens nothing', async () => {
  await using house = openTranscodeHouse(clip('h264-closed-ac3-mp2'), { ffmpeg: NO_FFMPEG })
  const { seat } = house.watch()
  await house.play(0.2)
  await assert.rejects(seat, hasCode('ffmpeg/missing'))
  assert.equal(house.broadcast.opened, 0)
})

test('createTranscodeRelay() leaves no process behind when the house closes', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  const house = openTranscodeHouse(clip('h264-closed-ac3-mp2'), { ffmpeg })
  const viewer = house.watch()
  await house.playUntil(() => viewer.bytes().length > 0, HELD_SECONDS)
  const [{ pid } = { pid: 0 }] = house.processes
  assert.equal(isRunning(pid), true)
  await house[Symbol.asyncDispose]()
  assert.equal(isRunning(pid), false)
})
