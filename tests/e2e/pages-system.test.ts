import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertAccessible, visit } from './axe.ts'
import { ownerHouse } from './owner-house.ts'
import { noBrowser } from './pages.ts'

describe('what is behind the screens, as a page', { skip: noBrowser() }, () => {
  const house = ownerHouse()

  test('a backup is made, downloaded, brought back and deleted', async () => {
    const { page, context, complaints } = await house.asOwner()
    await visit(page, '/system')
    await page.getByText('There is no backup yet').waitFor()
    await page.getByRole('button', { name: 'Make a backup' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click()
    const download = page.getByRole('link', { name: /^Download the backup of/ })
    await download.waitFor()
    const [file] = await Promise.all([page.waitForEvent('download'), download.click()])
    assert.match(file.suggestedFilename(), /^downlink-.*-asked-.*\.tar\.gz$/)
    await page.getByRole('button', { name: 'Bring back' }).click()
    const question = page.getByRole('alertdialog')
    await Promise.all([
      page.waitForEvent('load', { timeout: 30_000 }),
      question.getByRole('button', { name: 'Bring it back' }).click(),
    ])
    await house.program.line('restored')
    await page.getByRole('button', { name: /^Delete the backup of/ }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete it' }).click()
    await page.getByText('There is no backup yet').waitFor()
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('a setting is changed at once, shown as changed here, and taken back', async () => {
    const { page, context, complaints } = await house.asOwner()
    await visit(page, '/system')
    await page.getByLabel('log.level').selectOption('debug')
    await page.getByText('log.level is changed').waitFor()
    const level = async () => {
      const { items } = await (await page.request.get('/api/v1/system/settings')).json()
      return items.find(({ key }: { key: string }) => key === 'log.level')
    }
    assert.partialDeepStrictEqual(await level(), { value: 'debug', origin: 'house' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('row', { name: /log\.level.*default/ }).waitFor()
    assert.partialDeepStrictEqual(await level(), { value: 'info', origin: 'default' })
    await page.getByLabel('guide.days').fill('99')
    await page.getByLabel('guide.days').press('Enter')
    await page.getByText('The request cannot be read').waitFor()
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('the documentation of the API is one click away', async () => {
    const { page, context, complaints } = await house.asOwner()
    await visit(page, '/system')
    await page.getByRole('link', { name: 'Documentation of the API' }).click()
    await page.getByRole('heading', { name: /^The API of downlink/ }).waitFor()
    // Its style has come too: the address of it is relative.
    assert.ok(await page.evaluate(() => document.styleSheets[0]?.cssRules.length))
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('a German page says in German what was looked at', async () => {
    const { page, context, complaints } = await house.asOwner()
    await page.addInitScript(() => localStorage.setItem('downlink.language', 'de'))
    await visit(page, '/system')
    const findings = page.locator('.findings')
    await findings.getByText('Platte des Datenordners').waitFor()
    await findings.getByText(/MiB frei$/).waitFor()
    // English stands only beside a German sentence.
    assert.equal(await findings.locator('strong [lang=en]').count(), 0)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  for (const scheme of ['light', 'dark'] as const) {
    for (const phone of [false, true]) {
      test(`axe finds nothing, ${scheme}, ${phone ? 'on a phone' : 'on a desk'}`, async () => {
        const { page, context } = await house.asOwner(phone)
        await page.emulateMedia({ colorScheme: scheme })
        await visit(page, '/system')
        await page.getByRole('heading', { name: 'Storage' }).waitFor()
        await page.getByRole('rowheader', { name: 'log.level' }).waitFor()
        await assertAccessible(page)
        await page.getByRole('button', { name: 'Make a backup' }).click()
        await page.getByRole('dialog').waitFor()
        await assertAccessible(page)
        await context.close()
      })
    }
  }
})
