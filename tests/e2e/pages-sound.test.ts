import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { demoModel } from '../fakes/receiver/index.ts'
import type { Receiver } from '../fakes/receiver/index.ts'
import { startHouse, startTestReceiver } from '../runtime/house.ts'
import type { Program } from '../runtime/program.ts'
import { assertAccessible } from './axe.ts'
import { buildAssets, noPicture, openPage, startBrowser } from './pages.ts'

/** Alpin 1 and 2 HD: German in AC-3 and MP2, English in MP2, every language its own tone (`tests/fakes/receiver/recipe.ts`). */
const CHANNELS = ['Alpin 1 HD', 'Alpin 2 HD', 'Alpin Info'] as const

describe('tracks of sound in the player', { skip: noPicture() }, () => {
  let receiver: Receiver
  let house: Program
  let browser: Browser
  const ids = new Map<string, string>()
  before(async () => {
    buildAssets()
    receiver = await startTestReceiver({ model: demoModel({ clips: 'tiny', frontends: 4 }) })
    house = await startHouse(receiver, { waitForGuide: false })
    const list = await (await fetch(`${house.url}/playlist.m3u`)).text()
    for (const [, name = '', id = ''] of list.matchAll(/,([^,\n]+)\n\S+\/live\/(c\d+)\.ts/g)) ids.set(name, id)
    browser = await startBrowser(true)
  })
  after(async () => {
    await browser.close()
    await house.stop()
    await receiver[Symbol.asyncDispose]()
  })

  /** Opens a channel's player and waits for its picture. */
  async function watch(page: Page, name: (typeof CHANNELS)[number]): Promise<void> {
    const id = ids.get(name) ?? ''
    await page.goto(`/player/box/${id}`)
    await page.locator(`video[data-channel="${id}"][data-state="playing"]`).waitFor({ timeout: 20_000 })
  }

  /** Bytes of sound that the browser has decoded. */
  const decoded = (page: Page): Promise<number> =>
    page
      .locator('video')
      .evaluate(
        (video: HTMLVideoElement & { webkitAudioDecodedByteCount?: number }) => video.webkitAudioDecodedByteCount ?? 0,
      )

  /** Starts to listen to the page's sound; `__peak()` then says which tone is the loudest, Hz. */
  const listen = (page: Page): Promise<void> =>
    page.locator('video').evaluate(async (video: HTMLVideoElement) => {
      const audio = new AudioContext()
      await audio.resume()
      const analyser = new AnalyserNode(audio, { fftSize: 16_384, smoothingTimeConstant: 0 })
      audio.createMediaElementSource(video).connect(analyser)
      Object.assign(globalThis, {
        __peak: () => {
          const bins = new Float32Array(analyser.frequencyBinCount)
          analyser.getFloatFrequencyData(bins)
          const loudest = bins.indexOf(Math.max(...bins))
          return (bins[loudest] ?? -Infinity) < -80 ? 0 : (loudest * audio.sampleRate) / analyser.fftSize
        },
      })
    })

  /** Waits until the loudest tone is another one than this, and is heard. */
  async function otherTone(page: Page, than: number): Promise<number> {
    const tone = await page.waitForFunction(
      (before) => {
        const now = (globalThis as unknown as { __peak: () => number }).__peak()
        return now > 100 && Math.abs(now - before) > 30 ? now : 0
      },
      than,
      { timeout: 15_000 },
    )
    return Number(await tone.jsonValue())
  }

  const panel = (page: Page) => page.getByRole('group', { name: 'Language of the sound' })

  test('another language is heard once it is chosen, and the picture goes on', async () => {
    const { page, context, complaints } = await openPage(browser, house.url)
    await watch(page, 'Alpin 1 HD')
    await listen(page)
    const german = await otherTone(page, 0)
    await page.keyboard.press('a')
    await panel(page).getByRole('radio', { name: 'German AAC, stereo', checked: true }).waitFor()
    assert.equal(await panel(page).getByRole('radio').count(), 2)
    const before = await decoded(page)
    await page.keyboard.press('ArrowDown')
    await panel(page).getByRole('radio', { name: 'English AAC, stereo', checked: true }).waitFor()
    const english = await otherTone(page, german)
    assert.ok(Math.abs(english - german - 200) < 30, `${german} Hz, then ${english} Hz`)
    assert.ok((await decoded(page)) > before, 'the other track is decoded')
    await page.keyboard.press('Escape')
    await panel(page).waitFor({ state: 'detached' })
    assert.equal(await page.locator('video').getAttribute('data-state'), 'playing')
    assert.match(page.url(), /\/player\//, 'Escape closed the list and not the player')
    await page.keyboard.press('i')
    await page.locator('[data-fact="sound"] dd', { hasText: /^English: AAC, stereo$/ }).waitFor()
    await page.locator('[data-fact="bitrate"] dd', { hasText: /bit\/s$/ }).waitFor()
    await page.locator('[data-fact="latency"] dd', { hasText: / s$/ }).waitFor()
    assert.equal(await page.locator('[data-fact="lost"]').count(), 0, 'the owner alone is told how it comes in')
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('the next channel begins in the language that was chosen, and one without it in its own', async () => {
    const { page, context } = await openPage(browser, house.url)
    await watch(page, 'Alpin 1 HD')
    await page.getByRole('button', { name: 'Language of the sound' }).click()
    await panel(page).getByText('English').click()
    await panel(page).waitFor({ state: 'detached' })
    await watch(page, 'Alpin 2 HD')
    await page.keyboard.press('a')
    await panel(page)
      .getByRole('radio', { name: /^English/, checked: true })
      .waitFor()
    await page.waitForFunction(
      () =>
        (document.querySelector<HTMLVideoElement & { webkitAudioDecodedByteCount?: number }>('video')
          ?.webkitAudioDecodedByteCount ?? 0) > 10_000,
    )
    await watch(page, 'Alpin Info')
    assert.equal(await page.getByRole('button', { name: 'Language of the sound' }).count(), 0, 'nothing to choose')
    await context.close()
  })

  test('back to the first language, whose sound is in the picture’s own list', async () => {
    const { page, context } = await openPage(browser, house.url)
    await watch(page, 'Alpin 1 HD')
    await listen(page)
    const german = await otherTone(page, 0)
    await page.keyboard.press('a')
    await page.keyboard.press('ArrowDown')
    const english = await otherTone(page, german)
    await page.keyboard.press('ArrowUp')
    const again = await otherTone(page, english)
    assert.ok(Math.abs(again - german) < 30, `${german} Hz, ${english} Hz, then ${again} Hz`)
    await context.close()
  })

  test('the list is accessible, also on a phone', async () => {
    const { page, context } = await openPage(browser, house.url, { phone: true })
    await watch(page, 'Alpin 1 HD')
    await page.getByRole('button', { name: 'Language of the sound' }).click()
    await panel(page).waitFor()
    await assertAccessible(page)
    await context.close()
  })
})
