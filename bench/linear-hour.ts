import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clip } from '../tests/clips/make.ts'
import { MIXED_TEN } from '../tests/clips/mixed.ts'
import { judge } from '../tests/core/live/ts-judge.ts'
import { findFfmpeg } from '../tests/fakes/receiver/index.ts'
import { watchHls } from './linear/hls-watch.ts'
import { memoryMb } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'

const MINUTES = Number(process.env['DOWNLINK_LINEAR_MINUTES'] ?? 60)
/** What is judged at a time, and what of it is judged again with what follows, so that no seam lies between: bytes. */
const WINDOW = 8 * 1024 * 1024
const OVERLAP = 188 * 4096
const TICKS_A_MS = 90
const PICTURE_TICKS = 3600
const SOUND_TICKS = 1920

/** What was wrong with a stream, added up over its windows. */
type Seen = { bytes: number; faults: number; announced: number; pcrMs: number; missingMs: number }

/**
 * A channel of ten mixed files that runs for an hour (DOWNLINK_LINEAR_MINUTES) in the program itself, watched as TS and
 * as HLS the whole time: every packet is judged, every picture and sound decoded.
 */
export async function linearHourFigures(): Promise<Figure[]> {
  const ffmpeg = findFfmpeg()
  if (ffmpeg === null)
    return [{ name: 'linear hour', value: null, unit: '', aim: '-', method: '', skipped: 'FFmpeg is not installed' }]
  const folder = mkdtempSync(join(tmpdir(), 'downlink-linear-hour-'))
  try {
    mkdirSync(join(folder, 'Films'))
    for (const name of MIXED_TEN) {
      const { path } = clip(ffmpeg, name)
      copyFileSync(path, join(folder, 'Films', `Clip ${name} (2001)${path.slice(path.lastIndexOf('.'))}`))
    }
    const channel = {
      id: 'hour',
      name: 'Hour',
      number: '1',
      // Its pieces are so short that months of them would be long to plan.
      anchorDay: new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10),
      house: { width: 640, height: 360, videoKbps: 1000 },
      pools: [{ id: 'all', query: { state: 'playable' } }],
    }
    const source = { id: 'films', kind: 'media', path: folder, channels: [channel] }
    const config = JSON.stringify({ hdhr: { discovery: 'off' }, sources: [source] })
    await using program = await startProgram('node', {}, config)
    await program.line(({ event }) => event === 'lineup-synced')
    const over = new AbortController()
    const ms = MINUTES * 60_000
    const early = new Promise<number>((resolve) => setTimeout(() => resolve(memoryMb(program.pid).rss), ms * 0.2))
    const [hls, { seen, warnings }] = await Promise.all([
      watchHls(`${program.url}/live/1.m3u8`, ms).finally(() => over.abort()),
      watchTs(`${program.url}/live/1.ts`, ffmpeg, over.signal),
    ])
    const failed = program.lines.filter(({ level, event }) => level === 'error' || event === 'bug').length
    const method = `${MINUTES} min, ten files (${MIXED_TEN.join(', ')}) in an order of chance, ${Math.round(seen.bytes / 1e6)} MB of TS, ${hls.segments} segments of HLS`
    const figure = (name: string, value: number, unit: string, aim: string): Figure => ({
      name: `linear hour: ${name}`,
      value,
      unit,
      aim,
      method,
    })
    return [
      figure('faults of the stream', seen.faults, '', '0'),
      figure('discontinuities', seen.announced, '', '0'),
      figure('longest PCR interval', seen.pcrMs, 'ms', '≤ 40'),
      figure('picture and sound missing', seen.missingMs, 'ms', '0'),
      figure('warnings of the decoder', warnings.length, '', '0'),
      figure('HLS discontinuity tags', hls.discontinuities, '', '0'),
      figure('HLS: sum of EXTINF against wall time', Math.abs(hls.mediaMs - hls.wallMs), 'ms', '≤ 250'),
      figure('errors in the log', failed, '', '0'),
      figure('growth of memory', memoryMb(program.pid).rss - (await early), 'MB', '≤ 10'),
    ].concat(warnings.slice(0, 3).map((line) => figure(`warning: ${line.slice(0, 90)}`, 1, '', '0')))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Reads a channel until the signal comes; judges it in windows, and has FFmpeg decode it meanwhile. */
async function watchTs(url: string, ffmpeg: string, signal: AbortSignal) {
  const decoder = spawn(ffmpeg, ['-v', 'warning', '-i', 'pipe:0', '-f', 'null', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const ended = new Promise((resolve) => decoder.on('close', resolve))
  let said = ''
  decoder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const seen: Seen = { bytes: 0, faults: 0, announced: 0, pcrMs: 0, missingMs: 0 }
  let window = Buffer.alloc(0)
  const look = (): void => {
    const { faults, announced, pcr, dts } = judge(window)
    seen.faults += faults.length
    seen.announced += announced
    seen.pcrMs = Math.max(seen.pcrMs, ...stepsOf(pcr).map((step) => step / TICKS_A_MS))
    for (const [pid, step] of [[0x100, PICTURE_TICKS] as const, [0x101, SOUND_TICKS] as const])
      for (const one of stepsOf(dts.get(pid) ?? [])) seen.missingMs += Math.max(0, one - step) / TICKS_A_MS
  }
  try {
    const { body } = await fetch(url, { signal })
    for await (const bytes of body ?? []) {
      seen.bytes += bytes.length
      window = Buffer.concat([window, bytes])
      if (!decoder.stdin.write(bytes)) await new Promise((resolve) => decoder.stdin.once('drain', resolve))
      if (window.length < WINDOW || window.length % 188 !== 0) continue
      look()
      window = window.subarray(-OVERLAP)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  window = window.subarray(0, window.length - (window.length % 188))
  look()
  decoder.stdin.end()
  await ended
  return { seen, warnings: said.split('\n').filter((line) => line !== '') }
}

const stepsOf = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, index) => (time - (times[index] ?? 0) + 2 ** 33) % 2 ** 33)
