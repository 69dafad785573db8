import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, settled } from './axe.ts'
import { makeTestPicture, startFixtureBackend } from './fixture-backend.ts'
import type { FixtureBackend } from './fixture-backend.ts'
import { buildPages, noPicture, openPage, startBrowser } from './pages.ts'

type Marked = HTMLVideoElement & { mark?: string }

describe('the picture goes on while one does something else', { skip: noPicture() }, () => {
  let pages: string
  let backend: FixtureBackend
  let browser: Browser
  before(async () => {
    pages = await buildPages()
    backend = await startFixtureBackend(pages, makeTestPicture('libx264'))
    browser = await startBrowser(true)
  })
  after(async () => {
    await browser.close()
    await backend.close()
    rmSync(pages, { recursive: true, force: true })
  })
  beforeEach(() => {
    backend.state.refuse = null
    backend.seen.length = 0
  })

  const asked = (method: string, pattern: RegExp): string[] =>
    backend.seen.filter((seen) => seen.method === method && pattern.test(seen.path)).map(({ path }) => path)
  const leaves = (): string[] => asked('DELETE', /^\/hls\//)

  async function watch(page: Page, id = 'c2'): Promise<void> {
    await page.goto(`/player/e2/${id}`)
    await playing(page, id)
    await page.locator('video').evaluate((video: Marked) => (video.mark = 'the first'))
  }
  const playing = (page: Page, id: string): Promise<void> =>
    page.locator(`video[data-channel="${id}"][data-state="playing"]`).waitFor({ timeout: 20_000 })
  const small = (page: Page) => page.getByRole('region', { name: /^Television: / })

  /** The video of the page is the one that was marked, and it moves. */
  async function assertGoesOn(page: Page): Promise<void> {
    const video = page.locator('video')
    assert.equal(await video.evaluate((element: Marked) => element.mark), 'the first')
    const before = await video.evaluate((element: Marked) => element.currentTime)
    await page.waitForFunction((than) => (document.querySelector('video')?.currentTime ?? 0) > than + 0.3, before)
    assert.equal(await video.evaluate((element: Marked) => element.paused), false)
  }

  test('it is the same element and the same session on every page, and large again', async () => {
    const { page, context, complaints } = await openPage(browser, backend.origin)
    await watch(page)
    await page.getByRole('link', { name: 'Back to the channels' }).click()
    await small(page).getByText('ZDF HD').waitFor()
    await page.getByText('140 channels').waitFor()
    await assertGoesOn(page)
    await page.getByRole('link', { name: 'Guide' }).click()
    await page.waitForURL('**/guide')
    await assertGoesOn(page)
    assert.match(await page.title(), /Guide/)
    await small(page).getByRole('button', { name: 'Back to the whole picture' }).click()
    await page.waitForURL('**/player/e2/c2')
    await page.getByRole('heading', { level: 1, name: 'ZDF HD' }).waitFor({ state: 'attached' })
    await assertGoesOn(page)
    assert.deepEqual(asked('GET', /^\/live\/c2\.m3u8$/).length, 1, 'it was opened once')
    assert.deepEqual(leaves(), [])
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('zaps, falls silent and closes from its own buttons; closing frees the seat', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await watch(page)
    await page.keyboard.press('Escape')
    await small(page).getByRole('button', { name: 'Sound off' }).click()
    assert.equal(await page.locator('video').evaluate((video: Marked) => video.muted), true)
    await small(page).getByRole('button', { name: 'Next channel: arte HD' }).click()
    await small(page).locator('.small-name', { hasText: 'arte HD' }).waitFor()
    await playing(page, 'c3')
    await assertGoesOn(page)
    assert.equal(new URL(page.url()).pathname, '/', 'the page stays')
    await small(page).getByRole('button', { name: 'Close the picture' }).click()
    await small(page).waitFor({ state: 'detached' })
    for (let wait = 0; wait < 40 && leaves().length < 2; wait += 1) await setTimeout(50)
    assert.deepEqual(
      leaves().map((path) => path.split('/')[2]),
      ['c2', 'c3'],
    )
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main')
    await context.close()
  })

  test('keys belong to the page; inside of it Escape closes', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await watch(page)
    await page.keyboard.press('Escape')
    await small(page).waitFor()
    for (const key of ['ArrowUp', 'm', '5', 'Escape']) await page.keyboard.press(key)
    await assertGoesOn(page)
    assert.equal(await page.locator('video').getAttribute('data-channel'), 'c2')
    assert.equal(await page.locator('video').evaluate((video: Marked) => video.muted), false)
    await small(page).getByRole('button', { name: 'Sound off' }).focus()
    await page.keyboard.press('Escape')
    await small(page).waitFor({ state: 'detached' })
    await context.close()
  })

  test('the corner is remembered, and so is that nobody wants it', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await watch(page)
    await page.keyboard.press('Escape')
    await small(page).getByRole('button', { name: 'Move the picture to the left' }).click()
    const left = await small(page).boundingBox()
    assert.ok(left !== null && left.x < 400, JSON.stringify(left))
    await watch(page, 'c3')
    await page.keyboard.press('Escape')
    await small(page).getByRole('button', { name: 'Move the picture to the right' }).waitFor()
    await small(page).getByRole('button', { name: 'Back to the whole picture' }).click()
    await page.getByRole('button', { name: 'Go on in a small window on other pages', pressed: true }).click()
    backend.seen.length = 0
    await page.keyboard.press('Escape')
    await page.getByText('140 channels').waitFor()
    assert.equal(await small(page).count(), 0)
    for (let wait = 0; wait < 40 && leaves().length < 1; wait += 1) await setTimeout(50)
    assert.match(leaves().join(), /^\/hls\/c3\//)
    await watch(page)
    await page.getByRole('button', { name: 'Go on in a small window on other pages', pressed: false }).waitFor()
    await context.close()
  })

  test('what does not play is not carried along', async () => {
    backend.state.refuse = { code: 'live/stopped', times: 1 }
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('140 channels').waitFor()
    assert.equal(await small(page).count(), 0)
    await context.close()
  })

  test('on a phone it lies above the places and covers no control', async () => {
    const { page, context } = await openPage(browser, backend.origin, { phone: true })
    await watch(page)
    await page.getByRole('link', { name: 'Back to the channels' }).click()
    await small(page).waitFor()
    await settled(page)
    const window = await small(page).boundingBox()
    const places = await page.locator('nav.bottom').boundingBox()
    assert.ok(window !== null && places !== null && window.y + window.height <= places.y + 1)
    await page.getByRole('link', { name: 'Guide' }).first().click()
    await page.waitForURL('**/guide')
    await assertGoesOn(page)
    await settled(page)
    const end = await page.evaluate(() => {
      scrollTo(0, document.documentElement.scrollHeight)
      const main = document.querySelector('main')?.getBoundingClientRect().bottom ?? Infinity
      return { main, top: document.querySelector('.player-small')?.getBoundingClientRect().top ?? 0 }
    })
    assert.ok(end.main <= end.top + 1, `the page ends above it: ${JSON.stringify(end)}`)
    await context.close()
  })

  test('it is accessible in every size and theme', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await watch(page)
    await page.keyboard.press('Escape')
    await small(page).waitFor()
    await page.getByText('140 channels').waitFor()
    await assertAccessible(page)
    await context.close()
  })
})
