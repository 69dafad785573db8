import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startProgram } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'
import { assertAccessible, visit } from './axe.ts'
import { noBrowser, openPage, startBrowser } from './pages.ts'

const OWNER = { name: 'admin', password: 'correct horse battery' }

// The demo brings its own receiver, so that there is something to watch and to stop.
describe('streams, dashboard and alerts', { skip: noBrowser() }, () => {
  let program: Program
  let browser: Browser
  let viewer: AbortController
  before(async () => {
    program = await startProgram({ command: ['demo'], env: { DOWNLINK_ADMIN_PASSWORD: OWNER.password } })
    browser = await startBrowser(true)
    viewer = new AbortController()
    await watch('Kitchen TV')
  })
  after(async () => {
    viewer.abort()
    await browser.close()
    await program[Symbol.asyncDispose]()
  })

  /** Somebody who watches until the test ends. */
  async function watch(player: string): Promise<void> {
    while ((await fetch(`${program.url}/readyz`)).status !== 200) await sleep(100)
    const response = await fetch(`${program.url}/live/1.ts`, {
      headers: { 'User-Agent': player },
      signal: viewer.signal,
    })
    assert.equal(response.status, 200)
    void response.body?.pipeTo(new WritableStream()).catch(() => {}) // it is stopped, or the test is over
  }

  async function asOwner(): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
    const opened = await openPage(browser, program.url)
    const answer = await opened.page.request.post('/api/v1/session', { data: OWNER })
    assert.equal(answer.status(), 200)
    return opened
  }

  test('the dashboard shows that it is up, who watches and what flows, as it happens', async () => {
    const { page, context, complaints } = await asOwner()
    await visit(page, '/dashboard')
    await page.getByText('Kitchen TV').waitFor()
    await page.locator('.graph canvas').first().waitFor()
    await page
      .getByText(/Mbit\/s/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Day' }).click()
    await page.getByRole('button', { name: 'Day', pressed: true }).waitFor()
    await assertAccessible(page)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('a running channel goes on with the stream that is chosen, and those who watch stay', async () => {
    const { page, context, complaints } = await asOwner()
    const joined = await page.request.post('/api/v1/channels/c1/join', { data: { channels: ['c2'] } })
    assert.equal(joined.status(), 200)
    const [first, second] = (await joined.json()).items.map(({ name }: { name: string }) => name)
    await visit(page, '/streams')
    const card = page.getByRole('listitem').filter({ hasText: 'Kitchen TV' }).first()
    await card.getByRole('button', { name: /^Choose a stream of / }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('listitem').filter({ hasText: first }).getByText('plays', { exact: true }).waitFor()
    await assertAccessible(page)
    await dialog.getByRole('button', { name: `Play ${second} from ` }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await card.getByText('1 change of stream').click()
    await card.getByText(`${first} → ${second}`).waitFor()
    await card.getByText('Kitchen TV').waitFor()
    await card.getByRole('button', { name: /^Choose a stream of / }).click()
    await dialog.getByRole('listitem').filter({ hasText: second }).getByText('plays', { exact: true }).waitFor()
    await dialog.getByRole('button', { name: `Play ${first} from ` }).click()
    await dialog.waitFor({ state: 'detached' })
    await card.getByText('2 changes of stream').waitFor()
    // Others watch the second channel as itself.
    assert.equal((await page.request.post('/api/v1/lineup/undo', { data: {} })).status(), 200)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('a viewer is stopped after a question that names them, and stands in the history', async () => {
    const { page, context, complaints } = await asOwner()
    await visit(page, '/streams')
    const card = page.getByRole('listitem').filter({ hasText: 'Kitchen TV' }).first()
    await card.locator('.graph canvas').waitFor()
    await card.getByText('in numbers').waitFor()
    await assertAccessible(page)
    await page.getByRole('button', { name: /^Stop Somebody in the house on / }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Let it run' }).click()
    await page.getByRole('button', { name: /^Stop Somebody in the house on / }).click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Stop / })
      .click()
    await page.getByText('is stopped', { exact: false }).waitFor()
    const row = page.getByRole('row').filter({ hasText: 'Kitchen TV' })
    await row.getByText('stopped').waitFor()
    await page.getByLabel('Why it ended').selectOption('failed')
    await page.getByText('Nothing in the history is like that.').waitFor()
    await context.close()
    assert.deepEqual(complaints, [])
  })

  /** The owner watches for a moment by name and password, as a player does. */
  async function watchAsOwner(): Promise<void> {
    const { name, password } = OWNER
    const list = await (await fetch(`${program.url}/playlist.m3u`)).text()
    const [, other] = [...list.matchAll(/\/live\/(c\d+)\.ts/g)].map(([, id]) => id)
    const stop = new AbortController()
    const response = await fetch(`${program.url}/live/${other}.ts`, {
      headers: { Authorization: `Basic ${btoa(`${name}:${password}`)}`, 'User-Agent': 'Study' },
      signal: stop.signal,
    })
    assert.equal(response.status, 200)
    await response.body?.getReader().read()
    stop.abort()
  }

  test('the history is narrowed by who, what and from where, and its address says how', async () => {
    await watchAsOwner()
    const { page, context, complaints } = await asOwner()
    await visit(page, '/streams')
    const rows = page.getByRole('region', { name: 'What was watched' }).locator('tbody tr')
    await rows.filter({ hasText: 'Study' }).waitFor()
    await rows.filter({ hasText: 'Kitchen TV' }).waitFor()
    const channel = await rows.filter({ hasText: 'Study' }).getByRole('rowheader').getByRole('link').first().innerText()

    const who = page.getByRole('combobox', { name: 'Who' })
    await who.click()
    await page.getByRole('option', { name: /^admin/ }).waitFor()
    await who.pressSequentially('adm')
    await page.getByRole('option', { name: /^admin/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/streams?person=admin')
    await rows.filter({ hasText: 'Kitchen TV' }).waitFor({ state: 'detached' })
    assert.equal(await rows.count(), 1)

    await rows.getByRole('link', { name: channel }).click()
    await page.waitForURL(/person=admin&channel=c\d+$/)
    await page.getByRole('button', { name: `Channel: ${channel}. Show all again` }).waitFor()
    await assertAccessible(page)

    await visit(page, `${new URL(page.url()).pathname}${new URL(page.url()).search}`)
    await rows.filter({ hasText: 'Study' }).waitFor()
    assert.equal(await rows.count(), 1, 'the address alone shows the same')
    await page.getByRole('button', { name: 'Who: admin. Show all again' }).click()
    await page.waitForURL(/\/streams\?channel=c\d+$/)
    await page.getByRole('combobox', { name: 'Who' }).waitFor()

    await visit(page, '/streams?source=nowhere')
    await page.getByText('Nothing in the history is like that.').waitFor()
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('the player tells the owner how the channel comes in', async () => {
    const { page, context, complaints } = await asOwner()
    const { items } = (await (await page.request.get('/api/v1/channels?limit=1')).json()) as { items: { id: string }[] }
    await page.goto(`/player/any/${items[0]?.id}`)
    await page.locator('video[data-state="playing"]').waitFor({ timeout: 20_000 })
    await page.keyboard.press('i')
    await page.locator('[data-fact="source"] dd', { hasText: /^demo/ }).waitFor()
    await page.locator('[data-fact="lost"] dd', { hasText: /^(none|[\d,]+)$/ }).waitFor()
    await assertAccessible(page)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('rules are changed, and a target is made, tested and removed, by keyboard too', async () => {
    const { page, context, complaints } = await asOwner()
    await visit(page, '/alerts')
    await page.getByText('Nothing is wrong.').waitFor()
    const rule = page.getByRole('form', { name: 'The disk is nearly full' })
    await rule.getByLabel('From (GiB free)').fill('5')
    await rule.getByLabel('From (GiB free)').press('Enter')
    await page.getByText('“The disk is nearly full” is saved').waitFor()
    const { items } = await (await page.request.get('/api/v1/alerts/rules')).json()
    assert.equal(items.find((one: { kind: string }) => one.kind === 'disk-low').threshold, 5)

    await page.getByRole('button', { name: 'Add a target' }).press('Enter')
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('Name').fill('Phone')
    // Nobody listens there, and it is not allowed to lead there anyway.
    await drawer.getByLabel('Address', { exact: false }).first().fill('http://127.0.0.1:9/secret-topic')
    const rules = drawer.getByRole('group', { name: 'By which rules' })
    await rules.getByLabel('Only these').check()
    await drawer.getByRole('button', { name: 'Save' }).click()
    assert.equal(await drawer.count(), 1, 'a list of nothing is not saved')
    await rules.getByLabel('The disk is nearly full').check()
    await assertAccessible(page)
    await drawer.getByRole('button', { name: 'Save' }).click()
    await page.getByText('“Phone” is saved').first().waitFor()
    await drawer.waitFor({ state: 'detached' })

    const kindsKept = async () => {
      const answer = await page.request.get('/api/v1/alerts/targets')
      return ((await answer.json()) as { items: { kinds: unknown }[] }).items[0]?.kinds
    }
    assert.deepEqual(await kindsKept(), ['disk-low'])
    await page.getByRole('button', { name: 'Edit Phone' }).click()
    await drawer.getByLabel('Gather for so many minutes').fill('5')
    await drawer.getByRole('button', { name: 'Save' }).click()
    await drawer.waitFor({ state: 'detached' })
    assert.deepEqual(await kindsKept(), ['disk-low'], 'another change leaves the list alone')
    await page.getByRole('button', { name: 'Edit Phone' }).click()
    await rules.getByLabel('All, also new ones').check()
    await drawer.getByRole('button', { name: 'Save' }).click()
    await drawer.waitFor({ state: 'detached' })
    assert.equal(await kindsKept(), null)
    await page.getByRole('button', { name: 'Send a test to Phone' }).click()
    await page.locator('.deliveries').getByText('given up').waitFor()
    assert.ok(!(await page.content()).includes('secret-topic'), 'addresses are not shown again')

    await page.getByRole('button', { name: 'Remove Phone' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove Phone' }).click()
    await page.getByText('Nobody is told yet.').waitFor()
    await assertAccessible(page)
    await context.close()
    assert.deepEqual(complaints, [])
  })
})
