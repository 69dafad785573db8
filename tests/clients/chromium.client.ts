import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../e2e/pages.ts'
import { until } from '../runtime/program.ts'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'

// Stock hls.js in Chromium. A browser that cannot decode a sound shows the picture and says nothing: only its counter of
// decoded bytes tells.

const HLS_JS = new URL('../../node_modules/hls.js/dist/hls.min.js', import.meta.url)
const PAGE = `<!doctype html><video muted autoplay playsinline></video><script src="/hls.js"></script><script>
  const video = document.querySelector('video')
  globalThis.play = (url) => { const player = new Hls(); player.loadSource(url); player.attachMedia(video) }
  globalThis.seen = () => ({
    seconds: video.currentTime - (video.buffered.length > 0 ? video.buffered.start(0) : 0),
    width: video.videoWidth,
    soundBytes: video.webkitAudioDecodedByteCount,
  })
</script>`

type Seen = { readonly seconds: number; readonly width: number; readonly soundBytes: number }
type InPage = { readonly play: (url: string) => void; readonly seen: () => Seen }

describe('Chromium with hls.js', { skip: absent('/usr/bin/chromium') }, () => {
  let house: ClientHouse
  let pages: Server
  let browser: Browser
  before(async () => {
    house = await startClientHouse()
    pages = createServer((request, response) => {
      const isScript = request.url === '/hls.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? readFileSync(HLS_JS) : PAGE)
    })
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
    browser = await startBrowser(true)
  })
  after(async () => {
    await browser.close()
    pages.close()
    await house.nothingLeft()
    await house[Symbol.asyncDispose]()
  })

  for (const { name, what } of [
    { name: 'Alpin 1 HD', what: 'AC-3' },
    { name: 'Küstenblick HD', what: 'MP2' },
    { name: 'Alpin Info', what: 'AAC' },
    { name: 'Panorama', what: 'AC-3 of the panel' },
  ])
    test(`shows ${name} and decodes its sound, ${what} as it is sent`, async () => {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`)
      await page.evaluate((url) => (globalThis as unknown as InPage).play(url), house.live(name, '.m3u8'))
      const look = async (): Promise<Seen | null> => {
        const seen = await page.evaluate(() => (globalThis as unknown as InPage).seen())
        return seen.seconds >= 4 ? seen : null
      }
      const seen = await until('four seconds are played', look, 40_000)
      await page.close()
      assert.equal(seen.width, 320)
      assert.ok(seen.soundBytes >= 4 * 2000, `${seen.soundBytes} bytes of sound`)
    })
})
