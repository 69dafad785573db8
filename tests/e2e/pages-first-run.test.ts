import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Receiver } from '../fakes/receiver/index.ts'
import { startTestReceiver } from '../runtime/house.ts'
import { startProgram } from '../runtime/program.ts'
import { assertAccessible, settled } from './axe.ts'
import { buildAssets, noPicture, openPage, startBrowser } from './pages.ts'

// From a fresh house to a picture: set-up code, account, first source, groups, the television's address. The whole program,
// a simulated receiver, a real browser.

const skip = noPicture()

const stepIs = async (page: Page, step: string): Promise<void> => {
  await page.locator('.stepper [aria-current="step"]', { hasText: step }).waitFor()
  await settled(page)
}

/** First kilobytes of a stream, as a television would read them. */
async function firstBytes(url: string): Promise<Uint8Array> {
  const stop = new AbortController()
  const response = await fetch(url, { signal: stop.signal })
  assert.equal(response.status, 200, `${url}: ${response.headers.get('x-downlink-error') ?? ''}`)
  const part = await response.body?.getReader().read()
  stop.abort()
  return part?.value ?? new Uint8Array()
}

describe('first run', { skip }, () => {
  let receiver: Receiver
  let browser: Browser
  before(async () => {
    buildAssets()
    receiver = await startTestReceiver()
    browser = await startBrowser(true)
  })
  after(async () => {
    await browser.close()
    await receiver[Symbol.asyncDispose]()
  })

  for (const phone of [false, true]) {
    test(`leads from the code in the log to a playing picture, ${phone ? 'on a phone' : 'at a desk'}`, async () => {
      await using program = await startProgram({ config: { access: { anonymous: 'loopback' } } })
      const { code } = await program.line('setup-code')
      const { page, context, complaints } = await openPage(browser, program.url, { phone })

      await page.goto('/setup')
      await stepIs(page, 'Account')
      if (!phone) await assertAccessible(page)
      await page.getByRole('textbox', { name: 'Set-up code' }).first().fill(String(code))
      await page.getByLabel('Password', { exact: true }).fill('correct horse')
      await page.getByLabel('Password again').fill('correct horse')
      await page.getByRole('button', { name: 'Create the account' }).click()

      await stepIs(page, 'Source')
      if (!phone) await assertAccessible(page)
      await page.getByLabel('Address, line or path').fill('nonsense://nowhere')
      await page.getByRole('button', { name: 'Next' }).click()
      await page.getByText('This is no address that a source could have').waitFor()
      await page.getByLabel('Address, line or path').fill(receiver.url)
      await page.getByRole('button', { name: 'Next' }).click()
      await page.getByRole('button', { name: 'Test' }).click()
      await page.getByRole('heading', { name: 'It answers' }).waitFor()
      await page
        .getByText(/\d+ channels/)
        .first()
        .waitFor()
      if (!phone) await assertAccessible(page)
      await page.getByRole('button', { name: 'Add this source' }).click()
      await page.getByRole('button', { name: 'Go on' }).click()

      await stepIs(page, 'Groups')
      await page.getByRole('checkbox').first().waitFor()
      if (!phone) await assertAccessible(page)
      await page.getByRole('button', { name: 'Use these groups' }).click()

      await stepIs(page, 'Watch')
      await page.locator('video[data-state="playing"]').waitFor({ timeout: 30_000 })
      const shown = await page.locator('video').evaluate((video) => {
        assertVideo(video)
        return video.getVideoPlaybackQuality().totalVideoFrames

        function assertVideo(element: unknown): asserts element is HTMLVideoElement {
          if (!(element instanceof HTMLVideoElement)) throw new TypeError('no video')
        }
      })
      assert.ok(shown > 0)
      await assertAccessible(page)

      const address = await page.getByRole('textbox', { name: 'Playlist (VLC, Kodi, TV apps)' }).textContent()
      assert.ok(address !== null && address.endsWith('/playlist.m3u'))
      // By loopback, where this test lives; the address is one of the network's where the machine has one.
      const playlist = await (await fetch(program.url + new URL(address).pathname)).text()
      const [channel] = playlist.split('\n').filter((line) => line.startsWith('http'))
      assert.ok(channel !== undefined, playlist)
      const bytes = await firstBytes(channel)
      assert.equal(bytes[0], 0x47)

      await page.getByRole('button', { name: 'Make a short link for a TV' }).click()
      const short = await page.getByRole('textbox', { name: 'Short link' }).textContent()
      const followed = await fetch(program.url + new URL(short ?? '').pathname)
      assert.match(await followed.text(), /^#EXTM3U/)

      await page.getByRole('link', { name: 'Done' }).click()
      await page
        .getByText(/\d+ channels/)
        .first()
        .waitFor()
      await context.close()
      assert.deepEqual(complaints, [])
    })
  }

  test('a file that is no backup is refused where the house would be restored', async () => {
    await using program = await startProgram()
    const { code } = await program.line('setup-code')
    const { page, context } = await openPage(browser, program.url)
    await page.goto('/setup')
    await page.getByText('Or restore a backup').click()
    await assertAccessible(page)
    const form = page.locator('details form')
    await form.getByLabel('Set-up code').fill(String(code))
    const file = { name: 'photo.tar.gz', mimeType: 'application/gzip', buffer: Buffer.from('no backup') }
    await form.getByLabel('File of the backup').setInputFiles(file)
    await form.getByRole('button', { name: 'Restore this backup' }).click()
    await page.getByText('backup/not-one').waitFor()
    await context.close()
  })
})
