import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import type { Program } from './program.ts'

const CHROMIUM = '/usr/bin/chromium'
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

/** Whether there is a browser to measure with. */
export const hasChromium = (): boolean => existsSync(CHROMIUM)

/** Debian's Chromium without a window. */
export const startChromium = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS })

/** When stock hls.js was asked and when the first picture was shown, epoch milliseconds. */
export type Start = { readonly askedAt: number; readonly frameAt: number }

/** Opens the product's own origin, loads stock hls.js and waits for the first frame of this path. */
export async function playHls(page: Page, program: Pick<Program, 'url'>, path: string): Promise<Start> {
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
        const stalls = { count: 0 }
        Object.assign(globalThis, { stalls })
        hls.on('hlsError', (_event, { fatal, details }) => fatal && reject(new Error(details)))
        const askedAt = Date.now()
        video.requestVideoFrameCallback(() => {
          video.addEventListener('waiting', () => (stalls.count += 1))
          resolve({ askedAt, frameAt: Date.now() })
        })
        hls.loadSource(url)
        hls.attachMedia(video)
        void video.play()
      }),
    `${program.url}${path}`,
  )
}

/** How often the picture has stood still since the first frame, and where it is, seconds. */
export const playedOn = (page: Page): Promise<{ readonly stalls: number; readonly at: number }> =>
  page.evaluate(() => ({
    stalls: (globalThis as unknown as { stalls: { count: number } }).stalls.count,
    at: document.querySelector('video')?.currentTime ?? 0,
  }))
