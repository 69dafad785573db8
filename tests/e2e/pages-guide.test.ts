import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible } from './axe.ts'
import { startFixtureBackend } from './fixture-backend.ts'
import type { FixtureBackend } from './fixture-backend.ts'
import { buildPages, noBrowser, openPage, startBrowser } from './pages.ts'

const running = '.guide-running'
const focused = (page: Page): Promise<{ row: number; start: number; title: string }> =>
  page.evaluate(() => {
    const { dataset, textContent } = document.activeElement as HTMLElement
    return { row: Number(dataset['row']), start: Number(dataset['start']), title: textContent ?? '' }
  })

describe('guide', { skip: noBrowser() }, () => {
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
      session: { user: 'owner', role: 'admin', mayWatch: true, setupNeeded: false },
      channels: 3000,
      recorders: [{ id: 'e2' }],
    })
    backend.seen.length = 0
  })

  test('3,000 channels open at now, and only what is looked at is asked for and drawn', async () => {
    const { page, context, complaints } = await openPage(browser, backend.origin)
    await page.goto('/guide')
    await page.locator(running).first().waitFor()
    const grid = page.getByRole('grid')
    assert.equal(await grid.getAttribute('aria-rowcount'), '3000')
    assert.ok((await page.getByRole('row').count()) < 30)
    const asked = backend.seen.filter(({ path }) => path === '/api/v1/guide/programmes')
    assert.ok(asked.length <= 4, `${asked.length} requests`)
    await grid.evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
    await page.locator('[data-row="2999"]').first().waitFor()
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('arrows go from programme to programme, Enter opens one, Escape leads back to it', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/guide')
    await page.locator(running).first().focus()
    const first = await focused(page)
    await page.keyboard.press('ArrowRight')
    const next = await focused(page)
    assert.deepEqual([next.row, next.start], [first.row, first.start + 1_800_000])
    for (let row = 0; row < 25; row++) await page.keyboard.press('ArrowDown')
    await page.waitForFunction(
      (row) => Number((document.activeElement as HTMLElement).dataset['row']) === row,
      next.row + 25,
    )
    const below = await focused(page)
    assert.equal(below.start, next.start)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.deepEqual(await focused(page), below)
    await context.close()
  })

  test('a coming programme is recorded, and not recorded after all', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/guide')
    await page.locator('.guide-coming').first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Record' }).click()
    await page.getByText('will be recorded').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('will be recorded').waitFor({ state: 'detached' })
    const timers = backend.seen.filter(({ path }) => path.startsWith('/api/v1/timers')).map(({ method }) => method)
    assert.deepEqual(timers, ['GET', 'POST', 'DELETE'])
    await context.close()
  })

  test('a search leads to the programme, also in a channel far below', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/guide')
    await page.getByRole('searchbox').fill('weather')
    await page.getByText('1 programme', { exact: true }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('heading', { name: 'Weather' }).waitFor()
    await page.locator('[data-row="102"]').first().waitFor()
    await context.close()
  })

  test('another group shows its channels, another day the same time of day', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/guide')
    await page.getByRole('combobox', { name: 'Group' }).selectOption('News')
    await page.waitForFunction(() => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') !== '3000')
    await page.getByRole('button', { name: 'Tomorrow' }).click()
    await page.locator('.chip[aria-pressed="true"]', { hasText: 'Tomorrow' }).waitFor()
    await page.locator('.guide-coming').first().waitFor()
    assert.equal(await page.locator(running).count(), 0)
    await context.close()
  })

  test('axe finds nothing in the guide', async () => {
    const { page, context, complaints } = await openPage(browser, backend.origin)
    await page.goto('/guide')
    await page.locator(running).first().waitFor()
    await assertAccessible(page)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('axe finds nothing on an open programme', async () => {
    const { page, context } = await openPage(browser, backend.origin)
    await page.goto('/guide')
    await page.locator('.guide-coming').first().click()
    await page.getByRole('dialog').waitFor()
    await assertAccessible(page)
    await context.close()
  })
})
