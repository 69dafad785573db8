import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
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
