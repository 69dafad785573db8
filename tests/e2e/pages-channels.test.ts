import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { channelKey } from '../../core/lineup/channel.ts'
import { editChannel } from '../../core/lineup/edits/edit-channel.ts'
import { editChannels } from '../../core/lineup/edits/edit-many.ts'
import { aCatalogue, anItem } from '../core/lineup/samples.ts'
import { assertAccessible, settled } from './axe.ts'
import { DOT, startEditorHouse } from './editor-house.ts'
import type { EditorHouse } from './editor-house.ts'
import { buildPages, noBrowser, startBrowser } from './pages.ts'

const COUNT = 5000
const GROUPS = ['News', 'Sport', 'Film', 'Radio']
const BOX = aCatalogue(
  Array.from({ length: COUNT }, (_, index) =>
    anItem(`i${index}`, {
      name: `DE: Channel ${index + 1} HD`,
      number: String(index + 1),
      groups: [GROUPS[index % 4] ?? ''],
      media: index % 4 === 3 ? 'radio' : 'tv',
    }),
  ),
  { source: 'box', groups: GROUPS },
)
const SPARE = aCatalogue([anItem('s1', { name: 'DE: Channel 1 HD' }), anItem('s2', { name: 'Only here' })], {
  source: 'spare',
})

describe('channel editor', { skip: noBrowser() }, () => {
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
    house = await startEditorHouse(folder, [BOX, SPARE])
    opened = await house.open(browser)
    page = opened.page
  })
  afterEach(async () => {
    await opened.context.close()
    await house.close()
    assert.deepEqual(opened.complaints, [])
  })

  const row = (index: number) => page.locator(`.grid [data-row="${index}"]`)
  const nameIn = (index: number) => row(index).locator('.row-name')
  const show = async (path = '/channels') => {
    await page.goto(path)
    await nameIn(0).waitFor()
  }
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  /** To the cells with names, as somebody at the keyboard gets there. */
  const enterGrid = async () => {
    await page.getByRole('grid').focus()
    const column = await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-colindex')
    await press(...Array.from({ length: Number(column) - 2 }, () => 'ArrowRight'))
  }
  const stored = (key: number) => house.keeper.current().channels.find((one) => one.key === channelKey(key))
  const waitFor = (index: number, text: string) => nameIn(index).getByText(text, { exact: true }).waitFor()
  const toast = (text: RegExp) => page.locator('.toast').filter({ hasText: text })

  test('a channel gets a logo of its own, by address and out of a file, and goes back to that of its source', async () => {
    await show()
    await row(0).getByRole('button', { name: 'Details of DE: Channel 1 HD' }).click()
    const drawer = page.getByRole('dialog')
    const picture = drawer.locator('.drawer-face img')
    await drawer.getByLabel('Address of a picture').fill('https://logos.test/none.png')
    await press('Enter')
    await drawer.getByRole('alert').getByText('its server answers 404').waitFor()
    await drawer.getByLabel('Address of a picture').fill('https://logos.test/ard.png')
    await press('Enter')
    await drawer.getByText('Chosen here, and kept in this house').waitFor()
    await picture.waitFor()
    const first = stored(1)?.ownLogo
    assert.ok((await picture.getAttribute('src'))?.endsWith(`/logo/c1?v=${first}`))
    assert.equal(await picture.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth)), 1)
    await drawer
      .locator('input[type=file]')
      .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from([...DOT, 0]) })
    await toast(/has another logo now/)
      .first()
      .waitFor()
    await page.waitForFunction(
      (old) => !document.querySelector('.drawer-face img')?.getAttribute('src')?.endsWith(old),
      first ?? '',
    )
    assert.notEqual(stored(1)?.ownLogo, first)
    await drawer.getByRole('button', { name: 'Back to the logo of the source' }).click()
    await drawer.getByText('Its sources have none').waitFor()
    assert.equal(stored(1)?.ownLogo, undefined)
    // The messages lie above the drawer and belong to it: seen, clicked, and reached by the keyboard.
    const undo = drawer.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).last()
    await assertAccessible(page)
    for (let tabs = 0; tabs < 60 && !(await undo.evaluate((button) => button === document.activeElement)); tabs++)
      await press('Tab')
    await press('Enter')
    await toast(/Undone/).waitFor()
    assert.notEqual(stored(1)?.ownLogo, undefined)
    await picture.waitFor()
    await drawer.getByRole('button', { name: 'Back to the logo of the source' }).click()
    await drawer.getByText('Its sources have none').waitFor()
    await undo.click()
    await picture.waitFor()
    assert.equal(await drawer.count(), 1, 'a click on a message leaves the drawer open')
    await press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await page.getByRole('region', { name: 'Messages' }).getByText('Undone').first().waitFor()
  })

  test('a stream is switched off and on again; with all of them off the editor says that nobody can watch', async () => {
    await show()
    await row(0).getByRole('button', { name: 'Details of DE: Channel 1 HD' }).click()
    const drawer = page.getByRole('dialog')
    const switches = drawer.getByRole('button', { name: 'Use DE: Channel 1 HD' })
    await switches.first().focus()
    await press('Enter')
    await drawer.locator('.order-row .row-off').waitFor()
    const [, spare] = house.keeper.stored().channels[0]?.streams ?? []
    assert.deepEqual(
      stored(1)?.streams.map(({ id }) => id),
      [spare?.id],
    )
    await switches.nth(1).click()
    await drawer.getByText('nobody can watch this channel').waitFor()
    assert.equal(stored(1)?.streams.length, 0)
    await assertAccessible(page)
    await switches.first().click()
    await drawer.getByText('nobody can watch this channel').waitFor({ state: 'detached' })
    assert.equal(stored(1)?.streams.length, 1)
  })

  test('Enter on the cell of groups, sources or guide opens the channel there, and Escape comes back', async () => {
    // This house has no guides; what one would say of the channel is enough here.
    await page.route('**/api/v1/guide/matches/c1', (route) =>
      route.fulfill({ json: { channelId: 'c1', state: 'none', choice: null, layers: [], candidates: [] } }),
    )
    await show()
    for (const [column, part] of [
      ['Sources', 'Streams, the first that works is played'],
      ['Guide', 'Guide'],
      ['Groups', 'Groups'],
    ] as const) {
      await page.getByRole('grid').focus()
      await press('Home', 'Control+Home')
      const wanted = Number(await page.getByRole('columnheader', { name: column }).getAttribute('aria-colindex'))
      const at = () =>
        page.getByRole('grid').evaluate((grid) => {
          const active = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')
          return Number(active?.getAttribute('aria-colindex'))
        })
      while ((await at()) !== wanted) await press((await at()) < wanted ? 'ArrowRight' : 'ArrowLeft')
      await press('Enter')
      const region = page.getByRole('dialog').getByRole('region', { name: part, exact: true })
      await region.waitFor()
      await page.waitForFunction((name) => document.activeElement?.getAttribute('aria-label') === name, part)
      await press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    assert.ok(!page.url().includes('part='))
  })

  test('only rows that are looked at exist, and the keyboard reaches the last one', async () => {
    await show()
    const grid = page.getByRole('grid')
    assert.equal(await grid.getAttribute('aria-rowcount'), String(COUNT + 2))
    assert.ok((await page.getByRole('row').count()) < 50)
    await enterGrid()
    await press('End')
    await waitFor(COUNT, 'Only here')
    const active = await grid.getAttribute('aria-activedescendant')
    assert.ok(active?.startsWith(`${await grid.getAttribute('id')}-${COUNT}-`))
    assert.equal(await page.locator(`[id="${active}"]`).count(), 1)
    assert.ok((await page.getByRole('row').count()) < 50)
    await press('Home')
    await waitFor(0, 'DE: Channel 1 HD')
  })

  test('chips stand in the address, and the address alone shows the same list', async () => {
    await show()
    await page.getByLabel('Group').focus() // the list is made when somebody turns to it
    await page.getByLabel('Group').selectOption('Sport')
    await page.getByRole('button', { name: 'Edited by hand' }).click()
    await page.getByText('No channel is like this.').waitFor()
    await page.getByRole('button', { name: 'Edited by hand' }).click()
    await page.getByRole('searchbox').fill('channel 4998')
    await page.getByText('1 channel', { exact: true }).waitFor()
    const address = page.url()
    assert.match(address, /\?q=channel\+4998&group=Sport$/)
    const count = await page.locator('.filter-count').textContent()
    await page.goto('about:blank')
    await page.goto(address)
    await page
      .locator('.filter-count')
      .getByText(count ?? '')
      .waitFor()
    assert.equal(await page.getByLabel('Group').inputValue(), 'Sport')
    await page.getByRole('columnheader', { name: 'Name' }).click()
    await page.waitForURL(/sort=name/)
  })

  test('a name is edited in its cell: Escape leaves it, Enter keeps it, Undo takes it back', async () => {
    await show()
    await enterGrid()
    await press('ArrowDown', 'F2')
    await page.keyboard.type('Nothing')
    await press('Escape')
    assert.equal(stored(2)?.name, 'DE: Channel 2 HD')
    await press('Enter')
    await page.keyboard.type('Two')
    await press('Enter')
    await waitFor(1, 'Two')
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid')
    await toast(/Renamed to “Two”/)
      .getByRole('button', { name: 'Undo' })
      .click()
    await waitFor(1, 'DE: Channel 2 HD')
    assert.equal(stored(2)?.name, 'DE: Channel 2 HD')
  })

  test('Tab goes on to the next field, and Ctrl+Z undoes edit after edit', async () => {
    await show()
    await page.getByRole('grid').focus()
    await press('Enter')
    await page.keyboard.type('9001')
    await press('Tab')
    await page.keyboard.type('One')
    await press('Enter')
    await toast(/Renamed/).waitFor()
    await page.waitForFunction(() => document.querySelectorAll('.toast').length === 2)
    assert.deepEqual([stored(1)?.number, stored(1)?.name], ['9001', 'One'])
    await press('Control+z')
    await toast(/Undone/)
      .first()
      .waitFor()
    assert.deepEqual([stored(1)?.number, stored(1)?.name], ['9001', 'DE: Channel 1 HD'])
    await press('Control+z')
    await toast(/Undone/)
      .nth(1)
      .waitFor()
    assert.equal(stored(1)?.number, '1')
  })

  test('all that match are renamed with a preview, by words and never by ids', async () => {
    await show('/channels?group=Sport')
    await page.getByRole('grid').focus()
    await press('Control+a')
    await page.getByText('1,250 channels selected').first().waitFor()
    await page.getByRole('button', { name: 'Change …' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('Find (pattern)').fill('^DE: ')
    await drawer.getByText('1,250 channels will look different').waitFor()
    assert.equal(stored(2)?.name, 'DE: Channel 2 HD', 'nothing has happened yet')
    await drawer.getByRole('button', { name: 'Rename 1,250 channels' }).click()
    await waitFor(0, 'Channel 2 HD')
    const longest = Math.max(...house.bodies.map(({ text }) => text.length))
    assert.ok(longest < 300, `a body of ${longest} characters`)
    await toast(/changed/)
      .getByRole('button', { name: 'Undo' })
      .click()
    await waitFor(0, 'DE: Channel 2 HD')
  })

  test('a range is selected with Shift and changed by its places', async () => {
    await show('/channels?sort=name&desc=1')
    await enterGrid()
    await press('Space', 'End', 'Shift+Space')
    await page.getByText('5,001 channels selected').first().waitFor()
    await press('Space', 'Home')
    await page.getByText('5,000 channels selected').first().waitFor()
    await page.getByRole('button', { name: 'Change …' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('What should change?').selectOption('enabled')
    await drawer.getByRole('button', { name: /^Change 5,000/ }).click()
    await toast(/5,000 channels changed/).waitFor()
    const shown = house.keeper.current().channels.filter(({ enabled }) => enabled)
    assert.deepEqual(
      shown.map(({ name }) => name),
      ['DE: Channel 1 HD'],
    )
    const body = JSON.parse(house.bodies.at(-1)?.text ?? '{}')
    assert.deepEqual(body.rows, { sort: 'name', desc: true, ranges: [{ from: 0, to: 5000 }] })
  })

  test('Alt + ↑ and the mouse move a row, and a voice says where it landed', async () => {
    await show()
    await enterGrid()
    await press('ArrowDown', 'ArrowDown', 'Alt+ArrowUp')
    await page.getByText('DE: Channel 3 HD is number 2 now, row 2 of 5,001').waitFor({ state: 'attached' })
    await waitFor(1, 'DE: Channel 3 HD')
    await row(5)
      .locator('[data-handle]')
      .dragTo(row(1), { targetPosition: { x: 200, y: 3 } })
    await waitFor(1, 'DE: Channel 6 HD')
    assert.deepEqual([stored(6)?.number, stored(3)?.number, stored(7)?.number], ['2', '3', '7'])
  })

  test('what somebody else changes comes by itself, and is marked', async () => {
    await show()
    await settled(page)
    await house.keeper.apply((lineup) => editChannel(lineup, channelKey(3), { name: 'Theirs' }, null), null)
    await waitFor(2, 'Theirs')
    assert.match((await row(2).getAttribute('class')) ?? '', /grid-marked/)
    assert.doesNotMatch((await row(1).getAttribute('class')) ?? '', /grid-marked/)
  })

  test('an edit of what somebody else has just changed shows both values, and one decides', async () => {
    await show()
    await enterGrid()
    await press('Enter')
    await page.keyboard.type('Mine')
    await house.keeper.apply((lineup) => editChannel(lineup, channelKey(1), { name: 'Theirs' }, null), null)
    await press('Enter')
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('Theirs').waitFor()
    await dialog.getByText('Mine', { exact: true }).waitFor()
    await dialog.getByRole('button', { name: 'Keep what is there' }).click()
    assert.equal(stored(1)?.name, 'Theirs')
    await waitFor(0, 'Theirs')
  })

  test('an edit goes through when somebody else changed something different', async () => {
    await show()
    await enterGrid()
    await press('Enter')
    await page.keyboard.type('Mine')
    await house.keeper.apply((lineup) => editChannels(lineup, 'name ~ "Channel 7 "', { favourite: true }), null)
    await press('Enter')
    await waitFor(0, 'Mine')
    assert.equal(await page.getByRole('alertdialog').count(), 0)
  })

  test('several channels become one, and its streams are ordered and split off', async () => {
    await show('/channels?source=spare')
    await page.getByRole('grid').focus()
    await press('Control+a', 'Escape', 'Space', 'ArrowDown', 'Space')
    await page.getByRole('button', { name: 'Make one channel of these …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Join 2 channels' }).click()
    await toast(/has the streams/).waitFor()
    assert.equal(stored(1)?.streams.length, 3)
    await row(0)
      .getByRole('button', { name: /^Details/ })
      .click()
    const drawer = page.getByRole('dialog')
    const streams = drawer.locator('.order-list .stream-name')
    await streams.nth(2).getByText('Only here').waitFor()
    await drawer.getByRole('button', { name: /^Move Only here/ }).focus()
    await press('Alt+ArrowUp', 'Alt+ArrowUp')
    await page.getByText('Only here is at place 1 of 3 now').waitFor({ state: 'attached' })
    await toast(/arranged/)
      .nth(1)
      .waitFor()
    assert.equal(stored(1)?.streams[0]?.name, 'Only here')
    await drawer.getByRole('button', { name: 'Only here', exact: true }).focus()
    await press('Enter')
    await page.getByRole('menuitem', { name: 'Make it a channel of its own' }).waitFor()
    await press('Enter')
    await toast(/of its own/).waitFor()
    assert.equal(stored(1)?.streams.length, 2)
  })

  test('a finger opens a channel, and its name is saved there', async () => {
    await opened.context.close()
    opened = await house.open(browser, { phone: true })
    page = opened.page
    await show()
    await nameIn(1).tap()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('Name', { exact: true }).fill('Second')
    await drawer.getByRole('button', { name: 'Save' }).tap()
    await toast(/Renamed/).waitFor()
    assert.equal(stored(2)?.name, 'Second')
  })

  test('axe finds nothing on the list, on what is selected, and in the drawers', async () => {
    await show('/channels?group=News')
    await page.getByRole('grid').focus()
    await press('Space', 'Shift+ArrowDown')
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Change …' }).click()
    await page.getByLabel('Find (pattern)').fill('^DE: ')
    await page.getByText('2 channels will look different').waitFor()
    await assertAccessible(page)
    await press('Escape')
    await page.goto('/channels?channel=c1')
    await page.getByRole('dialog').locator('.stream-name').first().waitFor()
    await assertAccessible(page)
  })
})
