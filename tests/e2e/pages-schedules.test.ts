import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { noFfmpeg } from '../runtime/house.ts'
import { until } from '../runtime/program.ts'
import { assertAccessible, visit } from './axe.ts'
import { makeFilms } from './film-folder.ts'
import { ownerHouse } from './owner-house.ts'
import { noBrowser } from './pages.ts'

describe('channels of one’s own', { skip: noBrowser() || noFfmpeg() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dl-films-'))
  const house = ownerHouse(() => {
    makeFilms(folder)
    return { sources: [{ id: 'films', kind: 'media', path: folder }], hdhr: { discovery: 'off' } }
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('a channel is made by its name, planned by dragging and keys, and saved from tomorrow on', async () => {
    const { page, context, complaints } = await house.asOwner()
    const read = async (path: string) => (await page.request.get(path)).json()
    await until('the films are read', async () => (await read('/api/v1/media/libraries')).items[0]?.counts.films === 2)
    await visit(page, '/schedules')
    await page.getByRole('button', { name: 'New channel' }).click()
    await page.getByLabel('Name').fill('Silent films')
    await page.getByLabel('Number').fill('71')
    await page.getByRole('button', { name: 'Make the channel' }).click()
    await page.getByRole('heading', { name: 'Silent films' }).waitFor()

    // What will really play is computed here.
    const strip = page.getByRole('region', { name: 'What will really play' })
    await strip.locator('.strip-programme').first().waitFor({ state: 'attached' })
    assert.match((await strip.locator('.strip-programme').first().textContent()) ?? '', /Metropolis|Nosferatu/)

    // A series is dragged to the afternoon; Shift is not held, so it is for all days.
    const body = page.locator('.week-body')
    const series = page.locator('.media-entry', { hasText: 'Dinner' })
    await series.dragTo(body, { targetPosition: { x: 300, y: 700 } })
    const block = page.locator('.week-block:not(.week-block-rest)', { hasText: 'dinner' })
    await block.first().waitFor()
    assert.equal(await block.count(), 7)
    await page.getByText('Not saved').waitFor()

    // The keys move it on its day alone, and take that back.
    await block.first().focus()
    await page.keyboard.press('Alt+Shift+ArrowDown')
    await page.getByText(/dinner begins Monday \d\d:\d\d now/).waitFor({ state: 'attached' })
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Alt+ArrowDown')
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('Begins at').fill('20:15')
    await drawer.getByLabel('Title in the guide').fill('Dinner time')
    await drawer.getByRole('button', { name: 'Done' }).click()
    await page.locator('.week-block', { hasText: 'Dinner time' }).first().waitFor()
    await page.getByRole('button', { name: 'Tomorrow' }).click()
    await strip
      .getByText(/Dinner time/)
      .first()
      .waitFor({ state: 'attached' })

    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Silent films is saved').waitFor()
    const { document } = await read('/api/v1/schedules/silent-films')
    const [before, from] = document.revisions
    assert.equal(before.slots.length, 0)
    assert.deepEqual(
      from.slots.map(({ at, days, show }: Record<string, unknown>) => [at, days, show]),
      [['20:15', null, { kind: 'pool', pool: 'dinner' }]],
    )
    // What the page foresaw is what the house plans.
    const [tomorrow] = await strip.locator('.strip-programme').allTextContents()
    const day = new Date()
    const midnight = (days: number) => new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).toISOString()
    const plan = await read(`/api/v1/schedules/silent-films/plan?from=${midnight(1)}&to=${midnight(2)}`)
    assert.ok(tomorrow?.includes(plan.programmes[0].title), tomorrow)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('all views are open to everybody, in both themes and sizes', async () => {
    const { page, context } = await house.asOwner()
    const pools = [{ id: 'all', query: {} }]
    const slots = [
      { at: '06:00', show: { pool: 'all' } },
      { at: '20:15', days: ['fri'], show: 'off' },
    ]
    const made = await page.request.post('/api/v1/schedules', {
      data: { document: { id: 'open', name: 'Open', pools, slots } },
    })
    assert.equal(made.status(), 201)
    for (const path of [
      '/schedules',
      '/schedules/open',
      '/schedules/open?view=list',
      '/schedules/open?view=pools',
      '/schedules/open?view=channel',
    ]) {
      await visit(page, path)
      await assertAccessible(page)
    }
    await visit(page, '/schedules/open')
    await page.locator('.week-day[data-shown="true"] .week-block').last().click()
    await page.getByRole('dialog').getByText('Exact rules').click()
    await assertAccessible(page)
    await context.close()
  })

  test('something else is shown at once, and unsaved changes stay', async () => {
    const { page, context } = await house.asOwner()
    const pools = [{ id: 'all', query: {} }]
    await page.request.post('/api/v1/schedules', { data: { document: { id: 'storm', name: 'Storm', pools } } })
    await visit(page, '/schedules/storm?view=channel')
    await page.getByLabel('Group').fill('Own')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.locator('.tag', { hasText: 'Not saved' }).waitFor()
    await page.getByRole('button', { name: 'More' }).last().click()
    await page.getByRole('menuitem', { name: 'Override' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Sentence' }).fill('Stay at home')
    await dialog.getByLabel('For how many minutes').fill('30')
    await dialog.getByRole('button', { name: 'Show it now' }).click()
    await page.getByText('Something else is shown now').waitFor()
    await page.locator('.tag', { hasText: 'Not saved' }).waitFor()
    const plan = await (await page.request.get('/api/v1/schedules/storm/plan')).json()
    assert.equal(plan.items[0].text, 'Stay at home')
    await page.getByRole('button', { name: 'End it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
    await page.getByText('Back to what is planned').waitFor()
    await context.close()
  })

  test('what somebody else saved meanwhile is not overwritten', async () => {
    const { page, context } = await house.asOwner()
    const document = { id: 'twice', name: 'Twice', pools: [{ id: 'all', query: {} }] }
    await page.request.post('/api/v1/schedules', { data: { document } })
    await visit(page, '/schedules/twice?view=channel')
    await page.getByLabel('Group').fill('Mine')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.request.put('/api/v1/schedules/twice', { data: { document: { ...document, group: 'Theirs' } } })
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Somebody else has saved this channel meanwhile').waitFor()
    await page.getByRole('button', { name: 'Load anew' }).click()
    await page.getByText('Somebody else has saved').waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel('Group').inputValue(), 'Theirs')
    await context.close()
  })
})
