import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAacRelay } from '../../../adapters/lan/aac-relay.ts'
import type { Ffmpeg } from '../../../adapters/ffmpeg/resolve.ts'
import { Failure } from '../../../core/errors.ts'
import { createHub } from '../../../core/live/create-hub.ts'
import type { ByteSink, Hub, Seat } from '../../../core/live/hub.ts'
import { createBroadcast } from '../../fakes/broadcast.ts'
import type { Broadcast } from '../../fakes/broadcast.ts'
import { fakeChannel } from '../../fakes/gateway.ts'
import { ffmpegAt, NO_FFMPEG } from '../../fakes/hls-house.ts'
import { VirtualTime } from '../../fakes/virtual-time.ts'
import { requireProgram } from '../../require-program.ts'
import { clip, SERVICE_ID } from '../../core/live/clips.ts'
import type { ClipName } from '../../core/live/clips.ts'
import { concat } from '../../core/live/synthetic-ts.ts'
import { judge } from '../../core/live/ts-judge.ts'
import { isRunning } from '../ffmpeg/running.ts'

const AAC_TYPE = 0x0f
const VIEWER = { mode: 'ts', user: null, address: '192.0.2.7' } as const

/** The house of one channel that plays a committed stream once, in its own time. */
type House = AsyncDisposable & {
  readonly hub: Hub
  readonly broadcast: Broadcast
  readonly processes: () => readonly number[]
  readonly watch: () => Viewer
  /** Lets television go by; FFmpeg, whose time is ours, gets a little of it too. */
  readonly play: (seconds: number) => Promise<void>
  /** Plays and then waits for FFmpeg, until the viewer has so many seconds of sound. */
  readonly playUntil: (viewer: Viewer, sound: { readonly seconds: number }) => Promise<void>
}

type Viewer = { readonly seat: Promise<Seat>; readonly bytes: () => Uint8Array; readonly failure: () => Failure | null }

function open(name: ClipName, ffmpeg: Ffmpeg, soundOnly = false): House {
  const time = new VirtualTime()
  const { now, timers } = time
  const processes: number[] = []
  const log = (_level: string, event: string, facts: Readonly<Record<string, unknown>> = {}): void => {
    if (event === 'sidecar-started') processes.push(Number(facts['pid']))
  }
  const broadcast = createBroadcast(time, clip(name))
  const hub = createHub({ source: () => broadcast, log, now, timers, lingerSeconds: 0 })
  const aac = createAacRelay({ hub, ffmpeg, audio: { bitrateKbps: 96, channels: 2 }, soundOnly, log, now, timers })
  const { streams } = fakeChannel(1)
  const channel = fakeChannel(1, { streams: streams.map((item) => ({ ...item, programNumber: SERVICE_ID })) })
  const play = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed += 0.05) {
      await time.advance(50)
      // A real process works here: a third of real time leaves it room on a busy machine.
      await sleep(16)
    }
  }
  return {
    hub,
    broadcast,
    processes: () => processes,
    watch() {
      const parts: Uint8Array[] = []
      let failure: Failure | null = null
      const sink: ByteSink = {
        write: (bytes) => parts.push(bytes.slice()) > 0,
        close: (reason) => (failure = reason),
      }
      const seat = aac.watch(channel, VIEWER, () => sink, new AbortController().signal)
      // Awaited by those who expect it to fail.
      seat.catch(() => {})
      return { seat, bytes: () => concat(...parts), failure: () => failure }
    },
    play,
    async playUntil(viewer, { seconds }) {
      await play(4.5)
      for (let turn = 0; turn < 800 && soundSeconds(viewer) < seconds; turn++) {
        await time.advance(20)
        await sleep(10)
      }
    },
    async [Symbol.asyncDispose]() {
      await aac[Symbol.asyncDispose]()
      await hub[Symbol.asyncDispose]()
    },
  }
}

const withFfmpeg = (t: TestContext): Ffmpeg | null => {
  const path = requireProgram(t, 'ffmpeg')
  return path === null ? null : ffmpegAt(path)
}

/** Seconds from the first to the last time of a PID. */
function span(times: readonly number[] = []): number {
  return ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 90_000
}

function soundSeconds(viewer: Viewer): number {
  const { streamTypes, dts } = judge(viewer.bytes())
  const [pid] = [...streamTypes].find(([, type]) => type === AAC_TYPE) ?? []
  return span(dts.get(pid ?? -1))
}

for (const { name, video } of [
  { name: 'h264-closed-ac3-mp2', video: 0x1b },
  { name: 'h264-open-ac3', video: 0x1b },
  { name: 'mpeg2-mp2', video: 0x02 },
] as const)
  test(`createAacRelay() puts AAC in the place of the sound of ${name}`, async (t) => {
    const ffmpeg = withFfmpeg(t)
    if (ffmpeg === null) return
    await using house = open(name, ffmpeg)
    const viewer = house.watch()
    await house.playUntil(viewer, { seconds: 1.8 })
    await viewer.seat
    const { faults, order, streamTypes, dts } = judge(viewer.bytes())
    assert.deepEqual(faults, [])
    assert.deepEqual(order.slice(0, 2), ['PAT', 'PMT'])
    assert.deepEqual(
      [...streamTypes.values()].toSorted((a, b) => b - a),
      [video, AAC_TYPE].toSorted((a, b) => b - a),
    )
    const [videoPid] = [...streamTypes].find(([, type]) => type === video) ?? []
    const [soundPid] = [...streamTypes].find(([, type]) => type === AAC_TYPE) ?? []
    const pictures = dts.get(videoPid ?? -1)
    const sound = dts.get(soundPid ?? -1)
    assert.equal(order[2], String(videoPid), 'begins with the picture')
    assert.ok(span(pictures) > 1.5, `${span(pictures)} s of pictures`)
    assert.ok(span(sound) > span(pictures) - 1, `${span(sound)} s of sound to ${span(pictures)} s of pictures`)
    // Sound and picture of the same moment come with the same time: they start within the lead that a broadcaster gives.
    assert.ok(Math.abs((sound?.[0] ?? 0) - (pictures?.[0] ?? 0)) < 90_000)
  })

test('createAacRelay() is decoded by a player without a complaint', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg?.path == null) return
  await using house = open('h264-closed-ac3-mp2', ffmpeg)
  const viewer = house.watch()
  await house.playUntil(viewer, { seconds: 2 })
  const { stderr } = spawnSync(
    ffmpeg.path,
    ['-hide_banner', '-v', 'error', '-f', 'mpegts', '-i', 'pipe:0', '-map', '0', '-f', 'null', '-'],
    { input: viewer.bytes(), encoding: 'utf8' },
  )
  // The stream is cut off somewhere; nothing else may be wrong.
  assert.equal(stderr, '')
})

test('createAacRelay() makes radio with MP2 playable too', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  await using house = open('radio-mp2', ffmpeg)
  const viewer = house.watch()
  await house.playUntil(viewer, { seconds: 3 })
  const { faults, streamTypes, dts } = judge(viewer.bytes())
  assert.deepEqual(faults, [])
  assert.deepEqual([...streamTypes.values()], [AAC_TYPE])
  assert.ok(span([...dts.values()][0]) >= 3)
})

test('createAacRelay() makes the sound once for all, and a later viewer starts with tables and a key frame', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  await using house = open('h264-closed-ac3-mp2', ffmpeg)
  const first = house.watch()
  await house.play(2)
  const second = house.watch()
  await house.play(2)
  await Promise.all([first.seat, second.seat])
  assert.equal(house.processes().length, 1)
  assert.equal(house.broadcast.opened, 1)
  const { faults, order, streamTypes } = judge(second.bytes())
  assert.deepEqual(faults, [])
  const [videoPid] = [...streamTypes].find(([, type]) => type === 0x1b) ?? []
  assert.deepEqual(order.slice(0, 3), ['PAT', 'PMT', String(videoPid)])
  assert.ok(second.bytes().length < first.bytes().length)
})

test('createAacRelay() shows its viewers in the status of the channel, under the relay that they come from', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  await using house = open('h264-closed-ac3-mp2', ffmpeg)
  const { seat } = house.watch()
  await house.play(2)
  const [status, ...others] = house.hub.streams()
  assert.deepEqual(others, [])
  assert.deepEqual(
    status?.viewers.map(({ id, mode, quality, address }) => [id, mode, quality, address]),
    [[(await seat).id, 'ts', 'audio', VIEWER.address]],
  )
})

test('createAacRelay() gives process and tuner back when the last one leaves', async (t) => {
  const ffmpeg = withFfmpeg(t)
  if (ffmpeg === null) return
  await using house = open('h264-closed-ac3-mp2', ffmpeg)
  const { seat } = house.watch()
  await house.play(1.5)
  const [pid] = house.processes()
  assert.equal(isRunning(pid), true)
  ;(await seat).leave()
  await house.play(0.5)
  assert.equal(house.broadcast.connections, 0)
  for (let turn = 0; turn < 100 && isRunning(pid); turn++) await sleep(10)
  assert.equal(isRunning(pid), false)
})

test('createAacRelay() says that FFmpeg is missing, and opens nothing that it cannot use', async () => {
  await using house = open('h264-closed-ac3-mp2', NO_FFMPEG)
  const { seat } = house.watch()
  await house.play(2)
  await assert.rejects(seat, (error) => error instanceof Failure && error.code === 'ffmpeg/missing')
  await house.play(0.2)
  assert.equal(house.broadcast.connections, 0)
})

test('createAacRelay() needs no FFmpeg for a channel that has AAC', async () => {
  await using house = open('radio-aac', NO_FFMPEG)
  const viewer = house.watch()
  await house.play(3)
  await viewer.seat
  const { faults, streamTypes } = judge(viewer.bytes())
  assert.deepEqual(faults, [])
  assert.deepEqual([...streamTypes.values()], [AAC_TYPE])
})

for (const { name, program } of [
  { name: 'h264-closed-ac3-mp2', program: 'ffmpeg' },
  { name: 'hevc-aac', program: null },
] as const)
  test(`createAacRelay() with sound only makes radio of ${name}`, async (t) => {
    const ffmpeg = program === null ? NO_FFMPEG : withFfmpeg(t)
    if (ffmpeg === null) return
    await using house = open(name, ffmpeg, true)
    const viewer = house.watch()
    if (program === null) await house.play(3)
    else await house.playUntil(viewer, { seconds: 1.8 })
    const { id } = await viewer.seat
    assert.match(id, /^radio-/)
    const { faults, streamTypes, dts, pcr } = judge(viewer.bytes())
    assert.deepEqual(faults, [])
    assert.deepEqual([...streamTypes.values()], [AAC_TYPE])
    assert.ok(span([...dts.values()][0]) > 1.5)
    assert.ok(span(pcr) > 1.5, 'keeps the clock, which came with the picture')
    assert.equal(house.processes().length, program === null ? 0 : 1)
  })
