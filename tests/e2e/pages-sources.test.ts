import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { aBox } from '../adapters/sources/stalker/portal-house.ts'
import { clipAir } from '../adapters/sources/stalker/portal-sockets.ts'
import { startPortal } from '../fakes/portal/index.ts'
import type { Receiver } from '../fakes/receiver/index.ts'
import { ready, startTestReceiver } from '../runtime/house.ts'
import { startProgram } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'
import { assertAccessible, visit } from './axe.ts'
import { buildAssets, noPicture, openPage, startBrowser } from './pages.ts'

// Sources and guides against the whole program with a simulated receiver.

const skip = noPicture()

describe('sources', { skip }, () => {
  let receiver: Receiver
  let program: Program
  let browser: Browser
  before(async () => {
    buildAssets()
    receiver = await startTestReceiver()
    program = await startProgram({ config: { admin: { password: 'correct horse' } } })
    await ready(program)
    browser = await startBrowser(true)
  })
  after(async () => {
    await browser.close()
    await program[Symbol.asyncDispose]()
    await receiver[Symbol.asyncDispose]()
  })

  test('a source is pasted, tested, added, edited, switched off, removed and taken back', async () => {
    const { page, context, complaints } = await openPage(browser, program.url)
    await page.goto('/setup')
    await page.getByLabel('Name').fill('admin')
    await page.getByLabel('Password').fill('correct horse')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Sources' }).first().click()
    await page.getByText('There is no source yet.').waitFor()

    await page.getByRole('button', { name: 'Add a source' }).click()
    await page.getByLabel('Address, line or path').fill(receiver.url)
    await page.keyboard.press('Enter')
    await page.getByLabel('Name', { exact: true }).fill('Box in the attic')
    await page.getByRole('button', { name: 'Test' }).click()
    await page.getByRole('heading', { name: 'It answers' }).waitFor()
    await page.getByRole('button', { name: 'Add this source' }).click()
    const card = page.locator('[data-source="receiver"]')
    await card.getByText('ready').waitFor()
    await card.getByText(/\d+ channels/).waitFor()
    await assertAccessible(page)

    await page.getByRole('button', { name: 'Box in the attic', exact: true }).click()
    const dialog = page.getByRole('dialog')
    assert.equal(
      await dialog.getByLabel('Address', { exact: true }).getAttribute('placeholder'),
      'Kept. Type to replace it',
    )
    await dialog.getByText('Channels read').first().waitFor()
    await assertAccessible(page)
    await dialog.getByLabel('Address', { exact: true }).fill('http://')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('This should be an address like').waitFor()
    await dialog.getByLabel('Address', { exact: true }).fill('')
    await dialog.getByLabel('Name', { exact: true }).fill('Box')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await card.getByRole('heading', { name: 'Box' }).waitFor()

    await page.getByRole('button', { name: 'What to do with Box' }).click()
    await page.getByRole('menuitem', { name: 'Switch off' }).click()
    await card.getByText('switched off').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await card.getByText('ready').waitFor()

    await page.getByRole('button', { name: 'What to do with Box' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await card.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await card.getByText('ready').waitFor()
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('the MACs of a portal are rows: what is kept is never shown, and one that goes leaves the others', async () => {
    await using portal = await startPortal({ mode: 'stock4', boxes: [2, 3].map((n) => aBox(n)), air: clipAir() })
    const { page, context, complaints } = await openPage(browser, program.url)
    const login = { name: 'admin', password: 'correct horse' }
    assert.equal((await page.request.post('/api/v1/session', { data: login })).status(), 200)
    const macs = [1, 2].map((n) => aBox(n).mac)
    const entry = { id: 'portal', kind: 'stalker', name: 'Portal', url: portal.url, macs }
    assert.equal((await page.request.post('/api/v1/sources', { data: entry })).status(), 201)
    await visit(page, '/sources')
    await page.locator('[data-source="portal"]').getByText('ready').waitFor()
    await page.getByRole('button', { name: 'Portal', exact: true }).click()
    const dialog = page.getByRole('dialog')
    const row = (name: string) => dialog.getByRole('listitem').filter({ hasText: name })
    await row('MAC 2').getByText('0 of 1 stream in use · ready').waitFor()
    await row('MAC 1').getByText('rests until').waitFor()
    await dialog.getByRole('button', { name: 'Remove MAC 1' }).press('Enter')
    await row('MAC 1').waitFor({ state: 'detached' })
    const next = dialog.getByLabel('Another MAC address')
    await next.fill(`${aBox(3).mac}, nonsense`)
    await next.press('Enter')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('This is no MAC address', { exact: false }).waitFor()
    assert.equal(await dialog.getByLabel('New MAC in row 3').evaluate((one) => one === document.activeElement), true)
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'Remove nonsense' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.locator('[data-source="portal"]').getByText('ready').waitFor()
    await page.getByRole('button', { name: 'Portal', exact: true }).click()
    await row('MAC 2').waitFor()
    for (const box of [1, 2, 3].map((n) => aBox(n))) assert.ok(!(await page.content()).includes(box.mac))
    // The portal knows the second and the third: what is left are those, and not the first.
    for (const name of ['MAC 1', 'MAC 2']) await row(name).getByText('ready').waitFor()
    assert.equal((await page.request.delete('/api/v1/sources/portal')).status(), 204)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('a guide document is added, and says what is wrong with it', async () => {
    const { page, context } = await openPage(browser, program.url, { phone: true })
    await page.goto('/setup')
    await page.getByLabel('Name').fill('admin')
    await page.getByLabel('Password').fill('correct horse')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${program.url}/`)
    await visit(page, '/sources')
    await page.getByRole('button', { name: 'Add a guide' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Europe')
    await page.getByLabel('Address of the document').fill('http://127.0.0.1:9/guide.xml')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('source/unreachable').waitFor()
    await assertAccessible(page)
    await context.close()
  })
})
