import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSeconds } from '../measure.ts'
import type { Figure } from '../measure.ts'
import { startProgram } from '../program.ts'
import { watchHls } from './hls-watch.ts'

const STEADY_MS = 6000
const WATCH_MS = 24_000

/** The program itself plays these files: what HLS looks like over their seams, and what the process costs beside FFmpeg. */
export async function wholeHouseFigures(files: readonly string[]): Promise<Figure[]> {
  await using program = await startProgram('node', {}, undefined, ['play', '--loop', ...files])
  const over = new AbortController()
  const viewer = fetch(`${program.url}/live/1.ts`, { signal: over.signal }).then(async ({ body }) => {
    for await (const _ of body ?? []) if (over.signal.aborted) return
  })
  viewer.catch(() => {}) // it is cut off
  await program.line(({ event }) => event === 'relay-live')
  await sleep(STEADY_MS)
  const [cpu, wall] = [cpuSeconds(program.pid), performance.now()]
  await sleep(WATCH_MS / 2)
  const cpuPercent = ((cpuSeconds(program.pid) - cpu) * 100_000) / (performance.now() - wall)
  const hls = await watchHls(`${program.url}/live/1.m3u8`, WATCH_MS)
  over.abort()
  const method = `\`downlink play --loop\` with ${files.length} mixed files, software encoder in FFmpeg`
  return [
    {
      name: 'linear: CPU of our process',
      value: cpuPercent,
      unit: '% core',
      aim: '≤ 2',
      method: `${method}; one TS viewer`,
    },
    {
      name: 'linear HLS: discontinuity tags',
      value: hls.discontinuities,
      unit: '',
      aim: '0',
      method: `${method}; ${hls.segments} segments of the standard playlist`,
    },
    {
      name: 'linear HLS: sum of EXTINF against wall time',
      value: Math.abs(hls.mediaMs - hls.wallMs),
      unit: 'ms',
      aim: '≤ 250',
      method: `${method}; between the first and the last new segment, ${(hls.wallMs / 1000).toFixed(1)} s`,
    },
  ]
}
