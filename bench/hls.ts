import { setTimeout as sleep } from 'node:timers/promises'
import { demoModel, findFfmpeg, quickTiming, startReceiver, testCacheDir } from '../tests/fakes/receiver/index.ts'
import { hasChromium, playHls, startChromium } from './browser-player.ts'
import { median } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'

const TRIES = 4

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
  if (!hasChromium()) return skip('Chromium is not installed')
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
  const browser = await startChromium()
  try {
    const cold = async (delivery: string): Promise<number> => {
      const page = await browser.newPage()
      const seen = program.lines.length
      const { frameAt } = await playHls(page, program, `/live/1.m3u8?delivery=${delivery}`)
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
    await playHls(first, program, '/live/1.m3u8?delivery=instant')
    await sleep(6000)
    for (let index = 0; index < TRIES; index++) {
      const page = await browser.newPage()
      const { askedAt, frameAt } = await playHls(page, program, '/live/1.m3u8?delivery=instant')
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
  }
}
