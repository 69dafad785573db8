import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertAccessible, visit } from './axe.ts'
import { ownerHouse } from './owner-house.ts'
import { noBrowser } from './pages.ts'

describe('the log as a page', { skip: noBrowser() }, () => {
  const house = ownerHouse()
  /** Writes a line: a sign-in that is refused. */
  const knock = () =>
    fetch(`${house.program.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'nobody', password: 'wrong horse' }),
    })

  test('new lines come by themselves, wait while it is paused, and open with their facts', async () => {
    const { page, context, complaints } = await house.asOwner()
    await visit(page, '/log')
    const list = page.getByRole('listbox')
    await list.waitFor()
    await knock()
    await list.getByText('sign-in-refused').first().waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await knock()
    const more = page.getByRole('button', { name: /^Show 1 new line/ })
    await more.waitFor()
    assert.equal(await list.getByText('sign-in-refused').count(), 1)
    await more.click()
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll('.logs-event')].filter((one) => one.textContent === 'sign-in-refused').length ===
        2,
    )
    await list.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog')
    await drawer.getByText('access/wrong-password', { exact: true }).waitFor()
    await drawer.getByRole('button', { name: 'Only event sign-in-refused' }).click()
    await page.waitForURL(/\/log\?event=sign-in-refused$/)
    await page.waitForFunction(() => document.querySelectorAll('.logs-row').length === 2)
    await page.reload()
    await page.getByRole('button', { name: 'Without the filter: event sign-in-refused' }).click()
    await page.waitForURL(/\/log$/)
    // As an alert leads here: of its time, and of no other.
    await page.goto(`/log?event=sign-in-refused&from=${new Date(Date.now() + 3_600_000).toISOString()}`)
    await page.getByText('No line is like that.').waitFor()
    await knock()
    await page.getByRole('button', { name: /^Without the filter: since/ }).click()
    await page.waitForURL(/\/log\?event=sign-in-refused$/)
    await page.waitForFunction(() => document.querySelectorAll('.logs-row').length === 3)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  for (const scheme of ['light', 'dark'] as const) {
    for (const phone of [false, true]) {
      test(`axe finds nothing, ${scheme}, ${phone ? 'on a phone' : 'on a desk'}`, async () => {
        const { page, context } = await house.asOwner(phone)
        await page.emulateMedia({ colorScheme: scheme })
        await knock()
        await visit(page, '/log')
        await page.getByRole('listbox').waitFor()
        await assertAccessible(page)
        await page.getByRole('listbox').getByRole('option').first().click()
        await page.getByRole('dialog').waitFor()
        await assertAccessible(page)
        await context.close()
      })
    }
  }
})
