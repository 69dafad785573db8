import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHousePlayouts } from '../../../adapters/playout/house-playouts.ts'
import { DEFAULT_HOUSE, quantum90k } from '../../../core/linear/house-format.ts'
import type { ShelvedFile } from '../../../core/linear/line.ts'
import { DEFAULT_LOOKS } from '../../../core/linear/looks.ts'
import { systemTimers } from '../../../core/live/timers.ts'
import { facts, MKV, MP4, picture, sound } from '../../clips/clip.ts'
import { judge } from '../../core/live/ts-judge.ts'
import { requireProgram } from '../../require-program.ts'
import { planOf } from './fake-channel.ts'

const HOUSE = { ...DEFAULT_HOUSE, width: 320, height: 180, videoKbps: 400 } as const
const SECONDS = 3
/** Bytes of a picture that was made as small as it need be, and where its middle is. */
const PICTURE = 8 * 8 * 3
const MIDDLE = (4 * 8 + 4) * 3

/** Three clips with nothing in common, each of one colour. */
function makeClips(ffmpeg: string, folder: string): Readonly<Record<string, ShelvedFile>> {
  const make = (file: string, args: readonly string[]): string => {
    const path = join(folder, file)
    const { status, stderr } = spawnSync(ffmpeg, ['-v', 'error', '-y', ...args, path], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    return path
  }
  const colour = (name: string, size: string, rate: string): string[] => [
    '-f',
    'lavfi',
    '-i',
    `color=c=${name}:s=${size}:r=${rate}:d=${SECONDS}`,
  ]
  const tone = ['-f', 'lavfi', '-i', `sine=f=440:r=44100:d=${SECONDS}`]
  const shelved = (path: string, other: Parameters<typeof facts>[2], container: string): ShelvedFile => ({
    path,
    facts: facts(SECONDS, container, other),
    loudness: null,
  })
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-pix_fmt', 'yuv420p']
  return {
    red: shelved(
      make("it's red.mp4", [...colour('red', '640x480', '30000/1001'), ...tone, ...x264, '-c:a', 'aac']),
      {
        video: picture({ width: 640, height: 480, frameRate: { num: 30_000, den: 1001 } }),
        audio: [sound({ sampleRate: 44_100, channels: 1 })],
      },
      MP4,
    ),
    green: shelved(
      make('green.mkv', [...colour('0x00ff00', '720x576', '25'), '-c:v', 'mpeg2video', '-q:v', '3']),
      { video: picture({ codec: 'mpeg2video', width: 720, height: 576 }), audio: [] },
      MKV,
    ),
    blue: shelved(
      make('blue.mkv', [...colour('blue', '426x240', '24'), ...tone, ...x264, '-c:a', 'ac3']),
      {
        video: picture({ width: 426, height: 240, frameRate: { num: 24, den: 1 } }),
        audio: [sound({ codec: 'ac3', sampleRate: 44_100, channels: 1 })],
      },
      MKV,
    ),
  }
}

/** The colour of every picture, as a decoder shows them. */
function coloursOf(ffmpeg: string, file: string): readonly string[] {
  const args = [
    '-v',
    'warning',
    '-i',
    file,
    '-map',
    '0:v',
    '-vf',
    'scale=8:8',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-',
  ]
  const { stdout, stderr } = spawnSync(ffmpeg, args)
  assert.equal(stderr.toString(), '')
  return Array.from({ length: stdout.length / PICTURE }, (_, index) => {
    const rgb = [...stdout.subarray(index * PICTURE + MIDDLE, index * PICTURE + MIDDLE + 3)]
    return ['red', 'green', 'blue'][rgb.indexOf(Math.max(...rgb))] ?? ''
  })
}

test('createHousePlayouts() plays files with nothing in common as one stream, each when the plan says so', async (t) => {
  const path = requireProgram(t, 'ffmpeg')
  if (path === null) return
  const folder = mkdtempSync(join(tmpdir(), 'downlink-playout-'))
  const clips = makeClips(path, folder)
  const started = Date.now()
  const names = ['red', 'green', 'blue']
  const items = planOf(started - 500, [...names.map((media) => ({ media, ms: 2000 })), { media: 'red', ms: 600_000 }])
  const events: string[] = []
  const playouts = createHousePlayouts({
    ffmpeg: { path, version: null, origin: null, encoders: new Set(['libx264', 'aac']), notices: [] },
    ladder: { current: () => ({ kind: 'software' }), failed: () => {}, worked: () => {} },
    dir: folder,
    encoderLimit: () => null,
    log: (_level, event, told = {}) => void events.push(`${event} ${JSON.stringify(told)}`),
    now: Date.now,
    steady: () => performance.now(),
    timers: systemTimers,
  })
  const playout = playouts.of({
    id: 'c1',
    name: 'Colours',
    house: HOUSE,
    looks: DEFAULT_LOOKS,
    line: {
      items: (from, to) => items.filter(({ start, stop }) => stop > from && start < to),
      onChange: () => () => {},
    },
    shelf: { file: (media) => clips[media] ?? null },
    live: { join: () => Promise.reject(new Error('There is no other channel')) },
  })
  const chunks: Uint8Array[] = []
  const upstream = await playout.open(
    { data: (bytes) => void chunks.push(bytes), end: (failure) => assert.fail(failure) },
    new AbortController().signal,
  )
  await sleep(6000)
  upstream.close()
  const bytes = Buffer.concat(chunks)
  const file = join(folder, 'played.ts')
  writeFileSync(file, bytes)
  const { faults, dts, pcr } = judge(bytes)
  assert.deepEqual(faults, [])
  const gaps = (times: readonly number[], step: number): readonly number[] =>
    times.slice(1).filter((time, index) => time - (times[index] ?? 0) !== step)
  const pictures = dts.get(0x100) ?? []
  assert.deepEqual(gaps(pictures, 3600), [])
  assert.deepEqual(gaps(dts.get(0x101) ?? [], 1920), [])
  assert.deepEqual(gaps(pcr, 3600), [])

  // What is seen is what the guide says, to the quantum.
  const colours = coloursOf(path, file)
  assert.equal(colours.length, pictures.length)
  const since1970 = Math.floor((started * 90) / 2 ** 33) * 2 ** 33
  const toleranceMs = quantum90k(HOUSE) / 90
  for (const [index, colour] of colours.entries()) {
    const at = (since1970 + (pictures[index] ?? 0)) / 90
    const planned = items
      .filter(({ start, stop }) => start - toleranceMs <= at && at < stop + toleranceMs)
      .map(({ media }) => media)
    // A slate may come first on a machine that is busy: it is dark blue.
    if (index > 25) assert.ok(planned.includes(colour), `${colour} at ${at - started} ms, planned ${planned.join()}`)
  }
  assert.deepEqual(
    events.filter((event) => event.startsWith('playout')),
    [],
  )
  rmSync(folder, { recursive: true })
})
