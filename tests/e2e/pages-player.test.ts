import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { makeTestPicture, startFixtureBackend } from './fixture-backend.ts'
import type { FixtureBackend } from './fixture-backend.ts'
import { buildPages, noPicture, openPage, startBrowser } from './pages.ts'

const skip = noPicture()

/** Waits until the player shows a moving picture of the channel in its address; fails with what it shows instead. */
async function playing(page: Page): Promise<void> {
  const channel = new URL(page.url()).pathname.split('/').at(-1)
  await page
    .locator(`video[data-channel="${channel}"][data-state="playing"]`)
    .waitFor({ timeout: 15_000 })
    .catch(async (cause: unknown) => {
      throw new Error(`It does not play, the page says: ${await page.locator('.player').textContent()}`, { cause })
    })
}

type Played = { readonly pictures: number; readonly soundBytes: number; readonly muted: boolean }

const played = (page: Page): Promise<Played> =>
  page.locator('video').evaluate((video: HTMLVideoElement & { webkitAudioDecodedByteCount?: number }) => ({
    pictures: video.getVideoPlaybackQuality().totalVideoFrames,
    soundBytes: video.webkitAudioDecodedByteCount ?? 0,
    muted: video.muted,
  }))

/** The seats that the pages gave up, in order. */
const leaves = ({ seen }: FixtureBackend): string[] =>
  seen.filter(({ method }) => method === 'DELETE').map(({ path }) => path)

/** Waits for a line of the facts panel to say something. */
const fact = async (page: Page, id: string, words: RegExp): Promise<void> => {
  await page.locator(`[data-fact="${id}"] dd`, { hasText: words }).waitFor()
}

describe('player', { skip }, () => {
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
    Object.assign(backend.state, {
      refuse: null,
      damage: 0,
      withoutHls: false,
      pictureCodec: null,
      qualities: [],
      windowSeconds: 6,
    })
    backend.seen.length = 0
  })

  test('plays HLS with picture and sound, and says how and why', async () => {
    const { page, context, complaints } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await playing(page)
    await page.waitForFunction(() => {
      const video: (HTMLVideoElement & { webkitAudioDecodedByteCount?: number }) | null =
        document.querySelector('video')
      return (video?.webkitAudioDecodedByteCount ?? 0) > 10_000
    })
    const { pictures, muted } = await played(page)
    assert.ok(pictures > 0)
    assert.equal(muted, false)
    await page.keyboard.press('i')
    await page.getByText('HLS, instant delivery (hls.js)').waitFor()
    await fact(page, 'picture', /^H\.264, 320 × 180$/)
    await fact(page, 'sound', /^AAC$/)
    await fact(page, 'decoded', /kB$/)
    await fact(page, 'errors', /^none$/)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('stays where the first redirect of its playlist led', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c6')
    await playing(page)
    const loaded = (pattern: RegExp) => backend.seen.filter(({ path }) => pattern.test(path)).map(({ path }) => path)
    while (loaded(/^\/hls\/c6\/v\d+\//).length < 3) await setTimeout(50)
    assert.equal(loaded(/^\/hls\/c6\/video/).length, 1)
    assert.equal(new Set(loaded(/^\/hls\/c6\/v\d+\//)).size, 1)
    await context.close()
  })

  test('zaps by arrow and by number on the same video element, and tells the gateway each time', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    // What a page of another test left a moment ago may arrive late.
    const left = () => leaves(backend).filter((path) => !path.startsWith('/hls/c6/'))
    await page.goto('/player/e2/c2')
    await playing(page)
    await page.getByRole('button', { name: 'Next channel: arte HD' }).waitFor()
    await page.keyboard.press('ArrowUp')
    await page.waitForURL('**/player/e2/c3')
    await playing(page)
    assert.match(left().join(), /^\/hls\/c2\/v\d+\/video\.m3u8$/)
    await page.keyboard.type('12')
    await page.locator('.typed', { hasText: '12' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/player/e2/c12')
    await page.locator('.player-name', { hasText: 'Eurosport 1' }).waitFor()
    await playing(page)
    await page.keyboard.type('999')
    await page.keyboard.press('Enter')
    await page.getByText('No channel 999').waitFor()
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => url.pathname === '/')
    await page.getByText('140 channels').waitFor()
    await page.getByRole('button', { name: 'Close the picture' }).click()
    for (let wait = 0; wait < 40 && left().length < 3; wait += 1) await setTimeout(50)
    assert.deepEqual(
      left().map((path) => path.split('/')[2]),
      ['c2', 'c3', 'c12'],
    )
    await context.close()
  })

  test('zapping down from the first channel leads to the last', async () => {
    backend.state.refuse = { code: 'live/no-slot', times: 99 }
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c1')
    await page.getByRole('button', { name: /^Previous channel: FIP/ }).waitFor()
    await page.keyboard.press('PageDown')
    await page.waitForURL('**/player/e2/c140')
    await context.close()
  })

  test('tells the gateway when the tab is closed', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c4')
    await playing(page)
    await page.goto('about:blank')
    for (let wait = 0; wait < 40 && leaves(backend).length === 0; wait += 1) await setTimeout(50)
    assert.match(leaves(backend).join(), /^\/hls\/c4\/v\d+\/video\.m3u8$/)
    await context.close()
  })

  test('a refusal is shown with code and advice, and tried again by itself', async () => {
    backend.state.refuse = { code: 'live/stalled', times: 1 }
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    const alert = page.getByRole('alert')
    await alert.getByText('live/stalled').waitFor()
    await alert.getByText('Next try in').waitFor()
    await playing(page)
    await page.keyboard.press('i')
    await fact(page, 'errors', /^1, last: live\/stalled$/)
    await context.close()
  })

  test('without anything to go back to there is no seek bar', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await playing(page)
    assert.equal(await page.getByRole('slider', { name: 'Go back' }).count(), 0)
    await context.close()
  })

  test('goes back where the gateway keeps what was on, stays there over a pause, and goes live again', async () => {
    backend.state.windowSeconds = 300
    const { page, context, complaints } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await playing(page)
    const bar = page.getByRole('slider', { name: 'Go back' })
    await bar.waitFor()
    assert.equal(await bar.getAttribute('aria-valuetext'), 'Live')
    const at = () => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime)
    const live = await at()
    await bar.fill(String(Math.round((live - 120) / 10) * 10))
    await page.waitForFunction((before) => {
      const video = document.querySelector('video')
      return video !== null && video.currentTime < before - 90 && !video.seeking && video.readyState >= 3
    }, live)
    await page.getByRole('button', { name: 'Live −2 min' }).waitFor()
    await page.keyboard.press('k')
    const paused = await at()
    await setTimeout(300)
    await page.keyboard.press('k')
    await page.waitForFunction((before) => (document.querySelector('video')?.currentTime ?? 0) > before + 0.5, paused)
    assert.ok((await at()) < paused + 30, 'goes on where it was left')
    await page.getByRole('button', { name: 'Live −2 min' }).click()
    await page.getByRole('button', { name: 'Live', exact: true }).waitFor()
    await playing(page)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction((before) => (document.querySelector('video')?.currentTime ?? 0) < before, live)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('a refusal that the viewer can end is tried again at once by the button', async () => {
    backend.state.refuse = { code: 'live/no-slot', times: 1 }
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await page.getByText('Stop another stream or wait').waitFor()
    await page.getByRole('button', { name: 'Try now' }).click()
    await playing(page)
    await context.close()
  })

  test('a stopped stream is not started again without being asked to', async () => {
    backend.state.refuse = { code: 'live/stopped', times: 1 }
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    assert.equal(await page.getByText('Next try in').count(), 0)
    await page.getByRole('button', { name: 'Try again' }).click()
    await playing(page)
    await context.close()
  })

  test('goes on live after damaged pictures', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await playing(page)
    backend.state.damage = 2
    await page.keyboard.press('i')
    await fact(page, 'errors', /PIPELINE_ERROR_DECODE/)
    await playing(page)
    const { pictures } = await played(page)
    await page.waitForFunction(
      (before) => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > before + 20,
      pictures,
    )
    assert.equal(await page.locator('video').evaluate((video: HTMLVideoElement) => video.paused), false)
    await context.close()
  })

  test('without HLS the raw stream plays, with sound', async () => {
    backend.state.withoutHls = true
    const { page, context, complaints } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await playing(page)
    await page.keyboard.press('i')
    await page.getByText('Raw transport stream (mpegts.js)').waitFor()
    await fact(page, 'decoded', /kB$/)
    await fact(page, 'latency', / s$/)
    await fact(page, 'bitrate', /bit\/s$/)
    const asked = backend.seen.filter(({ path }) => path.startsWith('/live/')).map(({ path }) => path)
    assert.deepEqual(asked, ['/live/c2.m3u8', '/live/c2.m3u8', '/live/c2.ts'])
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('a picture known to be undecodable is named before anything is opened', async () => {
    backend.state.pictureCodec = 'mpeg2video'
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await page.getByRole('heading', { name: /^This browser cannot decode MPEG.2/ }).waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Open in VLC' }).click()
    assert.equal((await download).suggestedFilename(), 'ZDF HD.m3u')
    assert.ok(!backend.seen.some(({ path }) => path.startsWith('/live/')))
    await context.close()
  })

  test('a picture known to be undecodable is played converted, where the gateway offers that, and the next one unasked', async () => {
    Object.assign(backend.state, { pictureCodec: 'mpeg2video', qualities: ['original', '720p'] })
    const { page, context, complaints } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await page.getByRole('heading', { name: /^This browser cannot decode MPEG.2/ }).waitFor()
    await page.getByRole('link', { name: 'Open in VLC' }).waitFor()
    await page.getByRole('button', { name: 'Play it converted (720p)' }).click()
    await playing(page)
    await page.keyboard.press('i')
    await fact(page, 'quality', /720p, converted/)
    await page.keyboard.press('ArrowUp')
    await page.waitForURL('**/player/e2/c3')
    await playing(page)
    const asked = backend.seen.filter(({ path }) => path.startsWith('/live/')).map(({ path, query }) => path + query)
    assert.deepEqual(asked, [
      '/live/c2.m3u8?delivery=instant&quality=720p',
      '/live/c3.m3u8?delivery=instant&quality=720p',
    ])
    assert.deepEqual(complaints, [])
    await context.close()
  })

  test('an unknown channel says so and leads back', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c9999')
    await page.getByText('There is no such channel').waitFor()
    await page.getByRole('link', { name: 'Other channels' }).click()
    await page.getByText('140 channels').waitFor()
    await context.close()
  })

  test('a phone shows picture, programme and buttons to zap', async () => {
    const { page, context } = await openPage(browser, backend.origin, { phone: true })
    await page.goto('/player/e2/c2')
    await playing(page)
    const picture = await page.locator('video').boundingBox()
    const programme = await page.locator('.now-next').boundingBox()
    assert.ok(picture !== null && programme !== null && programme.y >= picture.y + picture.height)
    await page.getByRole('button', { name: /^Next channel/ }).tap()
    await page.waitForURL('**/player/e2/c3')
    await playing(page)
    await context.close()
  })
})

describe('player where sound needs a touch', { skip }, () => {
  let pages: string
  let backend: FixtureBackend
  let browser: Browser
  before(async () => {
    pages = await buildPages()
    backend = await startFixtureBackend(pages, makeTestPicture('libx264'))
    browser = await startBrowser(false)
  })
  after(async () => {
    await browser.close()
    await backend.close()
    rmSync(pages, { recursive: true, force: true })
  })

  test('starts without sound and offers it with one touch', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    // Whatever a test asks inside the page counts as a touch, so watch from outside until the playback has begun.
    while (!backend.seen.some(({ path }) => /^\/hls\/c2\/s\d/.test(path))) await setTimeout(50)
    await playing(page)
    assert.equal((await played(page)).muted, true)
    await page.getByRole('button', { name: 'Tap for sound' }).click()
    assert.equal((await played(page)).muted, false)
    await context.close()
  })
})

describe('player and a picture that no browser decodes', { skip }, () => {
  let pages: string
  let backend: FixtureBackend
  let browser: Browser
  before(async () => {
    pages = await buildPages()
    backend = await startFixtureBackend(pages, makeTestPicture('mpeg2video'))
    browser = await startBrowser(true)
  })
  after(async () => {
    await browser.close()
    await backend.close()
    rmSync(pages, { recursive: true, force: true })
  })

  test('says so within seconds, by name as soon as the gateway knows it', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c2')
    await page.getByRole('status').getByText('Tuning ZDF HD').waitFor()
    // The stream runs by now, and with it the gateway's knowledge.
    backend.state.pictureCodec = 'mpeg2video'
    await page.getByRole('heading', { name: /^This browser cannot decode MPEG.2/ }).waitFor({ timeout: 20_000 })
    await page.getByRole('link', { name: 'Open in VLC' }).waitFor()
    await context.close()
  })
})
