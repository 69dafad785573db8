import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { assertAccessible, visit } from './axe.ts'
import { startFixtureBackend } from './fixture-backend.ts'
import type { FixtureBackend } from './fixture-backend.ts'
import { buildPages, noBrowser, openPage, startBrowser } from './pages.ts'

const skip = noBrowser()
describe('pages', { skip }, () => {
  let pages: string
  let backend: FixtureBackend
  let browser: Browser
  before(async () => {
    pages = await buildPages()
    backend = await startFixtureBackend(pages, null)
    browser = await startBrowser(true)
  })
  after(async () => {
    await browser.close()
    await backend.close()
    rmSync(pages, { recursive: true, force: true })
  })
  beforeEach(() => {
    Object.assign(backend.state, {
      session: { user: null, role: null, mayWatch: true, setupNeeded: false },
      channels: 140,
      streams: [],
      sourceProblem: null,
      refuse: null,
      tokens: [],
    })
    backend.seen.length = 0
  })

  test('file names under /assets/ carry a hash', () => {
    for (const name of readdirSync(join(pages, 'assets'))) assert.match(name, /-[\w-]{8}\.\w+$/)
  })

  for (const [name, path, prepare] of [
    ['channels', '/', () => undefined],
    [
      'channels of the owner',
      '/',
      () => (backend.state.session = { user: 'owner', role: 'admin', mayWatch: true, setupNeeded: false }),
    ],
    ['house without a source', '/', () => (backend.state.channels = 0)],
    [
      'set-up',
      '/setup',
      () => (backend.state.session = { user: null, role: null, mayWatch: false, setupNeeded: true }),
    ],
    ['sign-in', '/', () => (backend.state.session = { user: null, role: null, mayWatch: false, setupNeeded: false })],
    [
      'status',
      '/status',
      () => {
        backend.state.session = { user: 'owner', role: 'admin', mayWatch: true, setupNeeded: false }
        backend.state.sourceProblem = 'source/login'
        backend.state.streams = [
          {
            channelId: 'c2',
            channelName: 'ZDF HD',
            viewers: [{ id: 'v1', mode: 'ts', user: 'Kitchen', address: '192.168.1.31' }],
          },
        ]
      },
    ],
    ['player', '/player/e2/c2', () => (backend.state.refuse = { code: 'live/no-slot', times: 99 })],
  ] as const) {
    test(`axe finds nothing on ${name}, in both themes and sizes`, async () => {
      prepare()
      const { page, context, complaints } = await openPage(browser, backend.origin)
      await visit(page, path)
      await assertAccessible(page)
      await context.close()
      assert.deepEqual(complaints, [])
    })
  }

  test('channels: search, arrows and Enter lead to the player', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/')
    await page.getByText('140 channels').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('arte')
    await page.getByText('7 channels').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction(() => document.activeElement?.classList.contains('channel'))
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('arte HD 2'))
    await page.keyboard.press('Enter')
    await page.waitForURL('**/player/e2/c23')
    await context.close()
  })

  test('channels: only the rows in view exist, and the far end of 100,000 is one key away', async () => {
    backend.state.channels = 100_000
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/')
    await page.getByText('100,000 channels').waitFor()
    assert.ok((await page.locator('.channel-slot').count()) < 40)
    await page.locator('.channel').first().focus()
    await page.keyboard.press('End')
    await page.locator('[data-row="99999"] .channel-number', { hasText: '100000' }).waitFor()
    await page.waitForFunction(() => document.activeElement?.closest('li')?.dataset['row'] === '99999')
    assert.ok((await page.locator('.channel-slot').count()) < 40)
    await context.close()
  })

  test('channels: a group narrows the list', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/')
    await page.getByRole('button', { name: /^Radio/ }).click()
    await page.getByText('14 channels').waitFor()
    assert.equal(await page.locator('.channel-title').first().textContent(), 'Bayern 2')
    await context.close()
  })

  test('channels: what was not asked for is not fetched', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await visit(page, '/')
    const asked = backend.seen.map(({ path }) => path)
    assert.ok(!asked.some((path) => /engine|player-|status-|setup-/.test(path)), asked.join(' '))
    await context.close()
  })

  test('channels: they appear by themselves when the first source has answered', async () => {
    backend.state.channels = 0
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/')
    await page.getByRole('heading', { name: 'Add your first source' }).waitFor()
    backend.state.channels = 5
    await page.getByText('5 channels').waitFor()
    await context.close()
  })

  test('on your TV: the owner makes a viewing link and takes it back', async () => {
    backend.state.session = { user: 'owner', role: 'admin', mayWatch: true, setupNeeded: false }
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/')
    await page.getByLabel('For whom or what').fill('Living-room TV')
    await page.getByRole('button', { name: 'Make link' }).click()
    const address = page.getByRole('textbox', { name: 'Playlist for Living-room TV' })
    assert.equal(await address.textContent(), 'http://192.168.1.20:18080/t/k1.t1.s3cr3t/playlist.m3u')
    await page.getByRole('img', { name: 'QR code of the playlist for Living-room TV' }).waitFor()
    await page.getByRole('button', { name: 'Revoke the link of Living-room TV' }).click()
    assert.equal(backend.state.tokens.length, 1, 'nothing is revoked before the button that says so')
    await page.getByRole('button', { name: 'Revoke for good' }).click()
    await page.getByRole('button', { name: 'Revoke the link of Living-room TV' }).waitFor({ state: 'detached' })
    assert.equal(backend.state.tokens.length, 0)
    await context.close()
  })

  test('set-up: a wrong code is explained, the right one makes the owner', async () => {
    backend.state.session = { user: null, role: null, mayWatch: false, setupNeeded: true }
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/')
    await page.getByRole('main').getByRole('link', { name: 'Set up' }).click()
    await page.getByRole('textbox', { name: 'Set-up code' }).first().fill('WRONG')
    await page.getByLabel('Password', { exact: true }).fill('correct horse')
    await page.getByLabel('Password again').fill('correct horse')
    await page.getByRole('button', { name: 'Create the account' }).click()
    await page.getByRole('alert').getByText('access/setup-code').waitFor()
    await page.getByRole('textbox', { name: 'Set-up code' }).first().fill('ABCD-EFGH-JKLM')
    await page.getByRole('button', { name: 'Create the account' }).click()
    await page.getByRole('heading', { name: 'Where do the channels come from?' }).waitFor()
    const [, sent] = backend.seen.filter(({ path }) => path === '/api/v1/setup')
    assert.deepEqual(sent?.body, { code: 'ABCD-EFGH-JKLM', name: 'owner', password: 'correct horse' })
    await context.close()
  })

  test('sign-in: a wrong password says so, the right one opens the page that was asked for', async () => {
    backend.state.session = { user: null, role: null, mayWatch: false, setupNeeded: false }
    backend.state.refuse = { code: 'live/no-slot', times: 99 }
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/player/e2/c3')
    await page.getByLabel('Name').fill('owner')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('access/wrong-password').waitFor()
    await page.getByLabel('Password').fill('correct horse')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('.player-name', { hasText: 'arte HD' }).waitFor()
    await context.close()
  })

  test('status: the owner stops a stream, asked once more before', async () => {
    backend.state.session = { user: 'owner', role: 'admin', mayWatch: true, setupNeeded: false }
    backend.state.streams = [
      {
        channelId: 'c2',
        channelName: 'ZDF HD',
        viewers: [{ id: 'v1', mode: 'ts', user: 'Kitchen', address: '192.168.1.31' }],
      },
    ]
    const { page, context } = await openPage(browser, backend.origin, { phone: true })
    await page.goto('/status')
    await page.getByRole('button', { name: 'Stop ZDF HD' }).click()
    assert.equal(backend.state.streams.length, 1)
    await page.getByRole('button', { name: 'Stop for 1 viewer' }).click()
    await page.getByText('Nobody watches.').waitFor()
    assert.equal(backend.state.streams.length, 0)
    await context.close()
  })

  test('status: a source in trouble tells what to do', async () => {
    backend.state.sourceProblem = 'source/login'
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/status')
    await page.getByRole('heading', { name: 'The source has a problem' }).waitFor()
    await page.getByText('Check user name and password of the source').waitFor()
    await context.close()
  })

  test('theme: the choice stays on this device', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/status')
    await page.getByRole('button', { name: /^Colours/ }).click()
    await page.getByRole('button', { name: /^Colours/ }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Colours: dark' }).waitFor()
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark')
    await context.close()
  })
})
