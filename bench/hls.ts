import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { demoModel, findFfmpeg, quickTiming, startReceiver, testCacheDir } from '../tests/fakes/receiver/index.ts'
import { median } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'
import type { Program } from './program.ts'

const CHROMIUM = '/usr/bin/chromium'
const TRIES = 4
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]

type Start = { readonly askedAt: number; readonly frameAt: number }

/** Opens the product's own origin, loads hls.js from the page's own bundle and waits for the first frame. */
async function play(page: Page, program: Program, path: string): Promise<Start> {
  await page.goto(`${program.url}/healthz`)
  await page.addScriptTag({ path: new URL('../node_modules/hls.js/dist/hls.min.js', import.meta.url).pathname })
  return page.evaluate(
    (url) =>
      new Promise<Start>((resolve, reject) => {
        type HlsPlayer = {
          loadSource(url: string): void
          attachMedia(media: HTMLVideoElement): void
          on(event: string, told: (event: string, data: { fatal: boolean; details: string }) => void): void
        }
        const Hls = (globalThis as unknown as { Hls: new () => HlsPlayer }).Hls
        const video = document.createElement('video')
        video.muted = true
        document.body.append(video)
        const hls = new Hls()
        hls.on('hlsError', (_event, { fatal, details }) => fatal && reject(new Error(details)))
        const askedAt = Date.now()
        video.requestVideoFrameCallback(() => resolve({ askedAt, frameAt: Date.now() }))
        hls.loadSource(url)
        hls.attachMedia(video)
        void video.play()
      }),
    `${program.url}${path}`,
  )
}

/** Time to the first picture in Chromium with stock hls.js. */
export async function hlsFigures(): Promise<Figure[]> {
  const ffmpegPath = findFfmpeg()
  const names = [
    ['HLS cold start, instant', 's', '≤ 1.5'],
    ['HLS cold start, standard', 's', '≤ 2.5'],
    ['HLS warm join, instant', 's', '≤ 0.5'],
  ] as const
  const method = `Chromium, stock hls.js, H.264 320x180 closed GOP 1 s + AC-3 (AAC by sidecar), simulated receiver; median of ${TRIES}`
  const skip = (skipped: string): Figure[] =>
    names.map(([name, unit, aim]) => ({ name, value: null, unit, aim, method, skipped }))
  if (!existsSync(CHROMIUM)) return skip('Chromium is not installed')
  if (ffmpegPath === null) return skip('FFmpeg is not installed')
  await using receiver = await startReceiver({
    ffmpegPath,
    cacheDir: testCacheDir,
    model: demoModel({ clips: 'tiny' }),
    timing: quickTiming,
  })
  await using program = await startProgram('node', {
    DOWNLINK_E2_URL: receiver.url,
    DOWNLINK_LINGER: '0',
    DOWNLINK_HLS_IDLE_SECONDS: '5',
  })
  await program.line(({ event }) => event === 'lineup-synced')
  const profile = mkdtempSync(join(tmpdir(), 'downlink-chromium-'))
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  try {
    const cold = async (delivery: string): Promise<number> => {
      const page = await browser.newPage()
      const seen = program.lines.length
      const { frameAt } = await play(page, program, `/live/1.m3u8?delivery=${delivery}`)
      const live = program.lines.slice(seen).find(({ event }) => event === 'relay-live')
      await page.close()
      // The session and its relay end before the next try.
      const closed = program.lines.length
      await program.line((line) => line.event === 'relay-closed' && program.lines.indexOf(line) >= closed)
      return (frameAt - Date.parse(live?.time ?? '')) / 1000
    }
    const times: Record<'instant' | 'standard' | 'warm', number[]> = { instant: [], standard: [], warm: [] }
    for (let index = 0; index < TRIES; index++) {
      times.instant.push(await cold('instant'))
      times.standard.push(await cold('standard'))
    }
    const first = await browser.newPage()
    await play(first, program, '/live/1.m3u8?delivery=instant')
    await sleep(6000)
    for (let index = 0; index < TRIES; index++) {
      const page = await browser.newPage()
      const { askedAt, frameAt } = await play(page, program, '/live/1.m3u8?delivery=instant')
      times.warm.push((frameAt - askedAt) / 1000)
      await page.close()
    }
    const values = [median(times.instant), median(times.standard), median(times.warm)]
    const from = [
      'first frame behind the first key frame in the relay',
      'first frame behind the first key frame in the relay',
      'first frame behind the request, another viewer is watching',
    ]
    return names.map(([name, unit, aim], index) => ({
      name,
      value: values[index] ?? null,
      unit,
      aim,
      method: `${from[index]}; ${method}`,
    }))
  } finally {
    await browser.close()
    rmSync(profile, { recursive: true, force: true })
  }
}
