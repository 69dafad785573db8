import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { findFfmpeg, testCacheDir } from '../tests/fakes/receiver/index.ts'
import { hasChromium, playedOn, playHls, startChromium } from './browser-player.ts'
import { median } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'
import type { Program } from './program.ts'
import { DVB_BYTES_PER_SECOND, DVB_GOP_SECONDS, dvbStream } from './television/dvb-stream.ts'
import { servePaced } from './television/paced-server.ts'

const DELIVERIES = ['instant', 'll', 'standard'] as const
type Delivery = (typeof DELIVERIES)[number]

/** Cold tries fall on quarters of a group of pictures. */
const TRIES = 4
const FIRST_SECONDS = 10.05
const WATCH_SECONDS = 60
/** A start that was too early shows within this. */
const SETTLE_SECONDS = 6

const NAMES: readonly (readonly [name: string, unit: string, aim: string])[] = DELIVERIES.flatMap((delivery) => [
  [`DVB stream in HLS, cold, ${delivery}`, 's', delivery === 'standard' ? '-' : '≤ 2.2'] as const,
  [`DVB stream in HLS, warm, ${delivery}`, 's', delivery === 'standard' ? '-' : '≤ 0.5'] as const,
  [`DVB stream in HLS, stalls, ${delivery}`, '', '0'] as const,
])
const METHOD =
  '720p50 closed GOP 1.28 s, AC-3 5.1 and MP2 0.6 s behind the picture, teletext, 8 Mbit/s paced over HTTP; stock hls.js in Chromium'

/** Start and steadiness of HLS on a stream as a satellite sends it. */
export async function dvbFigures(): Promise<Figure[]> {
  const ffmpegPath = findFfmpeg()
  const skip = (skipped: string): Figure[] =>
    NAMES.map(([name, unit, aim]) => ({ name, value: null, unit, aim, method: METHOD, skipped }))
  if (!hasChromium()) return skip('Chromium is not installed')
  if (ffmpegPath === null) return skip('FFmpeg is not installed')
  using television = await servePaced(await dvbStream(ffmpegPath, testCacheDir), DVB_BYTES_PER_SECOND)
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-'))
  const list = Array.from({ length: TRIES }, (_, index) => {
    const from = Math.round((FIRST_SECONDS + (index * DVB_GOP_SECONDS) / TRIES) * DVB_BYTES_PER_SECOND)
    return `#EXTINF:-1,Channel ${index + 1}\nhttp://127.0.0.1:${television.port}/tv.ts?from=${from - (from % 188)}`
  })
  writeFileSync(join(folder, 'list.m3u'), `#EXTM3U\n${list.join('\n')}\n`)
  await using program = await startProgram(
    'node',
    { DOWNLINK_LINGER: '0', DOWNLINK_HLS_IDLE_SECONDS: '5' },
    `sources:\n  - { id: tv, kind: m3u, file: ${join(folder, 'list.m3u')}, allowHosts: [127.0.0.1] }\n`,
  )
  await program.line(({ event }) => event === 'lineup-synced')
  const browser = await startChromium()
  try {
    const found = new Map<string, number>()
    for (const delivery of DELIVERIES) {
      const { cold, warm, stalls } = await watch(program, browser, delivery)
      found.set(`DVB stream in HLS, cold, ${delivery}`, cold)
      found.set(`DVB stream in HLS, warm, ${delivery}`, warm)
      found.set(`DVB stream in HLS, stalls, ${delivery}`, stalls)
    }
    const how: readonly (readonly [RegExp, string])[] = [
      [/cold/, `request to first frame, the wait for a key frame included; median of ${TRIES} places in the GOP`],
      [/warm/, `request to first frame while another viewer watches; median of ${TRIES}`],
      [/stalls/, `stops of the picture within ${SETTLE_SECONDS} s of each cold start, and within ${WATCH_SECONDS} s`],
    ]
    return NAMES.map(([name, unit, aim]) => {
      const method = `${how.find(([pattern]) => pattern.test(name))?.[1] ?? ''}; ${METHOD}`
      return { name, value: found.get(name) ?? null, unit, aim, method }
    })
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function watch(
  program: Program,
  browser: Browser,
  delivery: Delivery,
): Promise<{ readonly cold: number; readonly warm: number; readonly stalls: number }> {
  const cold: number[] = []
  const warm: number[] = []
  let stalls = 0
  for (let channel = 1; channel <= TRIES; channel++) {
    const page = await browser.newPage()
    const { askedAt, frameAt } = await playHls(page, program, `/live/${channel}.m3u8?delivery=${delivery}`)
    cold.push((frameAt - askedAt) / 1000)
    await sleep(SETTLE_SECONDS * 1000)
    stalls += (await playedOn(page)).stalls
    const closed = program.lines.length
    await page.close()
    await program.line((line) => line.event === 'relay-closed' && program.lines.indexOf(line) >= closed)
  }
  const page = await browser.newPage()
  await playHls(page, program, `/live/1.m3u8?delivery=${delivery}`)
  await sleep(6000)
  for (let index = 0; index < TRIES; index++) {
    const other = await browser.newPage()
    const { askedAt, frameAt } = await playHls(other, program, `/live/1.m3u8?delivery=${delivery}`)
    warm.push((frameAt - askedAt) / 1000)
    await other.close()
  }
  // Only now: four more players on two cores stop each other.
  const before = await playedOn(page)
  await sleep(WATCH_SECONDS * 1000)
  const after = await playedOn(page)
  if (after.at - before.at < WATCH_SECONDS / 2) throw new Error(`The picture of ${delivery} does not move`)
  const closed = program.lines.length
  await page.close()
  await program.line((line) => line.event === 'relay-closed' && program.lines.indexOf(line) >= closed)
  return { cold: median(cold), warm: median(warm), stalls: stalls + after.stalls - before.stalls }
}
