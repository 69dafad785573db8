import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { aCatalogue, anItem } from '../core/lineup/samples.ts'
import { assertAccessible } from './axe.ts'
import { startEditorHouse } from './editor-house.ts'
import type { EditorHouse } from './editor-house.ts'
import { buildPages, noBrowser, startBrowser } from './pages.ts'

const GROUPS = ['News', 'Sport', 'Film', 'Kids']
const BOX = aCatalogue(
  Array.from({ length: 40 }, (_, index) =>
    anItem(`i${index}`, {
      name: `DE: Channel ${index + 1}`,
      number: String(index + 1),
      groups: [GROUPS[index % 4] ?? ''],
    }),
  ),
  { source: 'box', groups: GROUPS },
)

describe('groups', { skip: noBrowser() }, () => {
  let folder: string
  let browser: Browser
  let house: EditorHouse
  let page: Page
  let opened: Awaited<ReturnType<EditorHouse['open']>>
  before(async () => {
    folder = await buildPages()
    browser = await startBrowser(true)
  })
  after(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    house = await startEditorHouse(folder, [BOX])
    opened = await house.open(browser)
    page = opened.page
  })
  afterEach(async () => {
    await opened.context.close()
    await house.close()
    assert.deepEqual(opened.complaints, [])
  })

  const row = (index: number) => page.locator(`.grid [data-row="${index}"]`)
  const waitFor = (index: number, text: string) =>
    row(index).locator('.row-name').getByText(text, { exact: true }).waitFor()
  const groups = () => house.keeper.current().groups.map(({ name }) => name)
  const toast = (text: RegExp) => page.locator('.toast').filter({ hasText: text })

  test('groups are ordered by keyboard and mouse, and a voice says where one landed', async () => {
    await page.goto('/groups')
    await waitFor(3, 'Kids')
    await page.getByRole('grid').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Alt+ArrowUp')
    await page.getByText('Kids is at place 3 of 4 now').waitFor({ state: 'attached' })
    await waitFor(2, 'Kids')
    await row(2)
      .locator('[data-handle]')
      .dragTo(row(0), { targetPosition: { x: 200, y: 3 } })
    await waitFor(0, 'Kids')
    assert.deepEqual(groups(), ['Kids', 'News', 'Sport', 'Film'])
  })

  test('a group is renamed, hidden, ordered inside, made and taken back', async () => {
    await page.goto('/groups')
    await waitFor(0, 'News')
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('Nachrichten')
    await page.keyboard.press('Enter')
    await waitFor(0, 'Nachrichten')
    await row(1).getByRole('button', { name: 'Hide Sport' }).click()
    await toast(/hidden now/).waitFor()
    assert.deepEqual(groups(), ['Nachrichten', 'Film', 'Kids'])
    await row(0)
      .getByRole('button', { name: /^Details/ })
      .click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('Order of its channels').selectOption('own')
    await drawer.getByRole('button', { name: /^Move DE: Channel 5, / }).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await drawer.getByRole('button', { name: 'Save' }).click()
    await toast(/“Nachrichten” changed/).waitFor()
    const made = house.keeper.current().groups.find(({ name }) => name === 'Nachrichten')
    assert.deepEqual(made?.members?.slice(0, 2), [5, 1])
    await page.getByLabel('Name of the new group').fill('Mine')
    await page.getByRole('button', { name: 'New group' }).click()
    await page.locator('.row-name').getByText('Mine', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Details of Nachrichten' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take all changes back' }).click()
    await page.locator('.row-name').getByText('News', { exact: true }).waitFor()
  })

  test('a selection is made of channels and a filter, and has addresses with a QR code', async () => {
    await page.goto('/groups?tab=selections')
    await page.getByRole('button', { name: 'New selection' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('Name', { exact: true }).fill('Für Kinder')
    assert.equal(await drawer.getByLabel('Word in its address').inputValue(), 'fuer-kinder')
    await drawer.getByLabel('Filter', { exact: false }).first().fill('group = "Kids')
    await drawer.getByText('no " at its end').waitFor()
    await drawer.getByLabel('Filter', { exact: false }).first().fill('group = "Kids"')
    await drawer.getByText('The filter finds 10 channels').waitFor()
    await drawer.getByRole('combobox', { name: 'Choose a channel' }).fill('channel 1')
    await page.getByRole('option', { name: '1 DE: Channel 1', exact: true }).click()
    await drawer.locator('.stream-name').getByText('DE: Channel 1', { exact: true }).waitFor()
    await drawer.getByRole('button', { name: 'Save selection' }).click()
    await page.getByText('11 channels').waitFor()
    const [made] = house.keeper.current().selections ?? []
    assert.deepEqual(made?.channels.slice(0, 2), [1, 4])
    await page.getByText('Addresses', { exact: true }).click()
    await page.getByRole('img', { name: 'QR code of the playlist of Für Kinder' }).waitFor()
    const address = await page.getByRole('textbox', { name: 'Playlist of Für Kinder' }).textContent()
    assert.match(address ?? '', /\/playlist\.m3u\?selection=fuer-kinder$/)
  })

  test('a selection gets a short link for one device and program, which is shown once, followed, and revoked', async () => {
    const made = await page.request.put('/api/v1/selections/kids', {
      data: { name: 'Kids', filter: 'group = "Kids"', channels: [], sort: 'number' },
    })
    assert.equal(made.status(), 200)
    await page.goto('/groups?tab=selections')
    await page.getByText('Addresses', { exact: true }).click()
    await page.getByLabel('For which device').fill('Kitchen TV')
    await page.getByLabel('Read by').selectOption({ label: 'Kodi' })
    await page.getByLabel('Read by').press('Tab')
    await page.getByRole('button', { name: 'Make a short link' }).press('Enter')
    await page.getByRole('img', { name: 'QR code of the short address of Kitchen TV' }).waitFor()
    await page.getByText('Kodi · not used yet', { exact: false }).waitFor()
    const short = (await page.getByRole('textbox', { name: 'Short address of Kitchen TV' }).textContent()) ?? ''
    const long = (await page.getByRole('textbox', { name: 'Long address of Kitchen TV' }).textContent()) ?? ''
    const { pathname } = new URL(short)
    assert.match(pathname, /^\/x\/[0-9a-z]{8}$/)
    const followed = await page.request.get(pathname, { maxRedirects: 0 })
    const { pathname: target, search } = new URL(followed.headers()['location'] ?? '')
    assert.equal(target + search, new URL(long).pathname + new URL(long).search)
    assert.equal(search, '?selection=kids&client=kodi')
    await assertAccessible(page)

    await page.getByRole('button', { name: 'Revoke Kitchen TV' }).click()
    const question = page.getByRole('alertdialog')
    await assertAccessible(page)
    await question.getByRole('button', { name: 'Revoke Kitchen TV' }).click()
    await page.getByRole('button', { name: 'Revoke Kitchen TV' }).waitFor({ state: 'detached' })
    assert.equal((await page.request.get(pathname, { maxRedirects: 0 })).status(), 404)
  })

  test('rules are previewed while they are made, and saved by the button that says what it does', async () => {
    await page.goto('/groups?tab=rules')
    await page.getByLabel('Find (pattern)').fill('^DE: ')
    await page.getByRole('button', { name: 'Add a rule' }).click()
    await page.getByText('40 channels will look different').waitFor()
    assert.equal(house.keeper.current().channels[0]?.name, 'DE: Channel 1')
    await page.getByRole('button', { name: 'Save rules and change 40 channels' }).click()
    await toast(/Rules saved/)
      .getByRole('button', { name: 'Undo' })
      .waitFor()
    assert.equal(house.keeper.current().channels[0]?.name, 'Channel 1')
    await page.getByRole('button', { name: /^Remove/ }).click()
    await page.getByRole('button', { name: 'Discard' }).click()
    assert.equal(await page.locator('.order-row').count(), 1)
    await toast(/Rules saved/)
      .getByRole('button', { name: 'Undo' })
      .click()
    await page.getByText('No rules yet.').waitFor()
  })

  test('axe finds nothing on groups, selections and rules', async () => {
    await page.goto('/groups')
    await waitFor(0, 'News')
    await assertAccessible(page)
    await row(0)
      .getByRole('button', { name: /^Details/ })
      .click()
    await page.getByRole('dialog').waitFor()
    await assertAccessible(page)
    await page.goto('/groups?tab=rules')
    await page.getByRole('button', { name: 'Add a rule' }).waitFor()
    await assertAccessible(page)
    await page.goto('/groups?tab=selections')
    await page.getByRole('button', { name: 'New selection' }).click()
    await page.getByRole('dialog').waitFor()
    await assertAccessible(page)
  })
})
