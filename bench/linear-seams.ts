import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { clip } from '../tests/clips/make.ts'
import { MIXED_TEN } from '../tests/clips/mixed.ts'
import { judge } from '../tests/core/live/ts-judge.ts'
import { findFfmpeg } from '../tests/fakes/receiver/index.ts'
import { wholeHouseFigures } from './linear/whole-house.ts'
import { playedHouse } from './linear/played-house.ts'
import type { PlayedHouse } from './linear/played-house.ts'
import { median } from './measure.ts'
import type { Figure } from './measure.ts'

/** Each of the ten plays for so long, milliseconds: shorter than some of them, longer than others. */
const PLAY_MS = 4800
const TUNES = 5
const TICKS_A_MS = 90
const SOUND_TICKS = 1920
const PICTURE_TICKS = 3600

/** What a seam must not cost: continuity, clocks, pictures, sound; what HLS makes of it; and what a channel costs to start and to run. */
export async function linearSeamFigures(): Promise<Figure[]> {
  const path = findFfmpeg()
  if (path === null)
    return [{ name: 'linear seams', value: null, unit: '', aim: '-', method: '', skipped: 'FFmpeg is not installed' }]
  const folder = mkdtempSync(join(tmpdir(), 'downlink-seams-'))
  try {
    const files = new Map(MIXED_TEN.map((name) => [name as string, clip(path, name)]))
    await using house = await playedHouse({ ffmpeg: path, folder, files })
    return [
      ...(await seams(house, path, folder)),
      ...(await tunes(house)),
      ...(await wholeHouseFigures([...files.values()].map((file) => file.path))),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function seams(house: PlayedHouse, ffmpeg: string, folder: string): Promise<Figure[]> {
  house.plan(MIXED_TEN.map((media) => ({ media, ms: PLAY_MS })))
  const viewer = await house.watch()
  await sleep(PLAY_MS * MIXED_TEN.length - 2000)
  viewer.leave()
  const bytes = Buffer.concat(viewer.chunks)
  const file = join(folder, 'seams.ts')
  writeFileSync(file, bytes)
  const { faults, announced, pcr, dts } = judge(bytes)
  const decoded = spawnSync(ffmpeg, ['-v', 'warning', '-i', file, '-f', 'null', '-'], { encoding: 'utf8' })
  const warnings = decoded.stderr.split('\n').filter((line) => line !== '')
  const [video = [], audio = []] = [dts.get(0x100), dts.get(0x101)]
  const method = `ten files (${MIXED_TEN.join(', ')}), ${PLAY_MS / 1000} s each, playout and relay in one process, read as a viewer`
  const figure = (name: string, value: number, unit: string, aim: string): Figure => ({
    name,
    value,
    unit,
    aim,
    method,
  })
  return [
    figure('linear seams: faults of the stream', faults.length, '', '0'),
    figure('linear seams: discontinuities', announced, '', '0'),
    figure('linear seams: longest PCR interval', Math.max(...stepsOf(pcr)) / TICKS_A_MS, 'ms', '≤ 40'),
    figure('linear seams: warnings of the decoder', warnings.length, '', '0'),
    figure('linear seams: video missing', missingMs(video, PICTURE_TICKS), 'ms', '0'),
    figure('linear seams: sound missing', missingMs(audio, SOUND_TICKS), 'ms', '0'),
    figure('linear seams: programmes that failed', house.failures.length, '', '0'),
  ]
}

/** From asking to the first bytes of a picture, with nothing running before. */
async function tunes(house: PlayedHouse): Promise<Figure[]> {
  const times: number[] = []
  for (let index = 0; index < TUNES; index++) {
    house.plan([{ media: MIXED_TEN[index] ?? '', ms: 60_000 }], 1500)
    const start = performance.now()
    const viewer = await house.watch()
    times.push((performance.now() - start) / 1000)
    await sleep(1500)
    viewer.leave()
    await sleep(500)
  }
  const method = `viewer of the relay, from asking to the first chunk (tables and a key frame); five files, nothing ran before; median (slowest ${Math.max(...times).toFixed(2)} s)`
  return [{ name: 'linear: tune-in, cold encoder', value: median(times), unit: 's', aim: '≤ 0.6', method }]
}

const stepsOf = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, index) => (time - (times[index] ?? 0) + 2 ** 33) % 2 ** 33)

const missingMs = (times: readonly number[], step: number): number =>
  stepsOf(times).reduce((sum, one) => sum + Math.max(0, one - step), 0) / TICKS_A_MS
