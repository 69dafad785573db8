import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible } from './axe.ts'
import { makeTestPicture, startFixtureBackend } from './fixture-backend.ts'
import type { FixtureBackend } from './fixture-backend.ts'
import { buildPages, noPicture, openPage, startBrowser } from './pages.ts'

/** Sound that was really decoded, and how far the picture has come. */
const playing = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => {
    const video = document.querySelector('video')
    const heard = video === null ? 0 : Number(Reflect.get(video, 'webkitAudioDecodedByteCount'))
    return video !== null && video.currentTime > 0.5 && video.videoWidth > 0 && heard > 0
  })

describe('films, series and programmes that are over', { skip: noPicture() }, () => {
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
    backend.state.session = { user: 'owner', role: 'admin', mayWatch: true, setupNeeded: false }
    backend.seen.length = 0
  })

  test('a film is found, opened by key and played with picture and sound', async () => {
    const { page, context, complaints } = await openPage(browser, backend.origin)
    await page.goto('/movies')
    await page.getByRole('searchbox').fill('film 50')
    await page.getByRole('button', { name: /^Film 50 / }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('A ship, a storm, a cook.').waitFor()
    await page.getByRole('button', { name: 'Play here' }).click()
    await playing(page)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('a shelf that does not say how long it is goes on as one looks further', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/movies')
    await page.getByRole('button', { name: /^Film 1 / }).waitFor()
    assert.ok((await page.locator('.poster').count()) < 60)
    for (let down = 0; down < 12 && (await page.getByRole('button', { name: /^Film 500 / }).count()) === 0; down++) {
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
      await page.waitForTimeout(400)
    }
    await page.getByRole('button', { name: /^Film 500 / }).waitFor()
    await context.close()
  })

  test('what no browser plays is given to other programs by its address', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/movies')
    await page.getByRole('button', { name: /^Film 2 / }).click()
    await page.getByText('Browsers do not play AVI files').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Play here' }).count(), 0)
    assert.equal(await page.getByRole('textbox').textContent(), `${backend.origin}/play/vod/1.ts`)
    await context.close()
  })

  test('an episode of another season plays, and the list is there again', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/series')
    await page.getByRole('button', { name: /^Serial 3 / }).click()
    await page.getByRole('button', { name: 'Season 2' }).click()
    await page.getByRole('button', { name: 'Play Part 2' }).click()
    await playing(page)
    await page.getByRole('button', { name: 'Back to the list of episodes' }).click()
    await page.getByRole('button', { name: 'Play Part 1' }).waitFor()
    await context.close()
  })

  test('a programme that is over plays with picture and sound', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/any/c1?start=2026-11-21T10:00:00Z&stop=2026-11-21T11:00:00Z')
    await playing(page)
    const [asked] = backend.seen.filter(({ path }) => path === '/live/c1.ts')
    assert.equal(asked?.query, '?start=2026-11-21T10%3A00%3A00.000Z&duration=3600&quality=audio')
    await context.close()
  })

  test('axe finds nothing on the wall and on a series', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/series')
    await page.getByRole('button', { name: /^Serial 1 / }).waitFor()
    await assertAccessible(page)
    await page.getByRole('button', { name: /^Serial 1 / }).click()
    await page.getByRole('button', { name: 'Season 2' }).waitFor()
    await assertAccessible(page)
    await context.close()
  })
})
