import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { createLineupKeeper } from '../adapters/lan/lineup-keeper.ts'
import type { LineupKeeper } from '../adapters/lan/lineup-keeper.ts'
import { openStore } from '../adapters/store/open-store.ts'
import { editChannelsSteps } from '../core/lineup/edits/edit-many.ts'
import type { SourceCatalogue } from '../core/lineup/catalogue.ts'
import { sourceId } from '../core/lineup/stream.ts'
import { startEditorHouse } from '../tests/e2e/editor-house.ts'
import type { EditorHouse } from '../tests/e2e/editor-house.ts'
import { buildPages, noBrowser, startBrowser } from '../tests/e2e/pages.ts'
import { guidePageFigure } from './guide-page.ts'
import { watchLoop } from './measure.ts'
import type { Figure } from './measure.ts'

const CHANNELS = 100_000
const KINDS = ['News', 'Sport', 'Film', 'Kids', 'Music', 'Documentary']

const CATALOGUE: SourceCatalogue = {
  sourceId: sourceId('panel'),
  groups: KINDS,
  items: Array.from({ length: CHANNELS }, (_, index) => ({
    item: String(index),
    name: `DE: Télé Chaîne ${index + 1} HD`,
    media: 'tv' as const,
    serviceRef: null,
    programNumber: null,
    slotKey: String(index),
    number: String(index + 1),
    groups: [KINDS[index % KINDS.length] ?? ''],
    hasLogo: false,
    guide: null,
  })),
}

const METHOD = `${CHANNELS.toLocaleString('en')} channels, Chromium, house in the same process`

/** The channel editor in a browser: first paint, the slowest interaction, a bulk edit of all rows. */
export async function uiFigures(): Promise<Figure[]> {
  const reason = noBrowser()
  if (reason !== false) return [{ name: 'ui', value: null, unit: '', aim: '-', method: METHOD, skipped: reason }]
  const folder = await buildPages()
  const browser = await startBrowser(true)
  const house = await startEditorHouse(folder, [CATALOGUE])
  try {
    return [
      await firstPaint(browser, house),
      ...(await interactions(browser, house)),
      await guidePageFigure(browser),
      await bulkEditOnDisk(),
    ]
  } finally {
    await browser.close()
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const firstRow = (page: Page) => page.locator('.grid [data-row="0"] .row-name').waitFor()

/** From the address to rows that can be read; the best of three, the first of which warms nothing of the browser up. */
async function firstPaint(browser: Browser, house: EditorHouse): Promise<Figure> {
  const times: number[] = []
  for (let run = 0; run < 3; run += 1) {
    const { page, context } = await house.open(browser)
    await page.goto('about:blank')
    const start = performance.now()
    await page.goto(`${house.origin}/channels`, { waitUntil: 'commit' })
    await firstRow(page)
    times.push(performance.now() - start)
    await context.close()
  }
  return figure('ui: first paint of the channel list', Math.min(...times), '< 1000', `${METHOD}; empty cache`)
}

type Watch = { slowest: number; longest: number }

/** Event Timing says how long after an input the next frame was drawn, in steps of 8 ms; long tasks what held it up. */
const watch = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const seen: Watch = { slowest: 0, longest: 0 }
    Object.assign(globalThis, { seen })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.slowest = Math.max(seen.slowest, duration)
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration)
    }).observe({ type: 'longtask' })
  })

async function interactions(browser: Browser, house: EditorHouse): Promise<Figure[]> {
  const { page, context } = await house.open(browser)
  await page.goto('/channels')
  await firstRow(page)
  const steps: readonly (readonly [name: string, work: () => Promise<unknown>])[] = [
    [
      'scroll to the middle',
      async () => {
        await page.getByRole('grid').evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight / 2 }))
        await page.locator(`.grid [data-row="${CHANNELS / 2}"] .row-name`).waitFor()
      },
    ],
    [
      'select all',
      async () => {
        await page.getByRole('grid').focus()
        await page.keyboard.press('Control+a')
        await page.getByText('100,000 channels selected').first().waitFor()
      },
    ],
    [
      'open the drawer',
      async () => {
        await page.getByRole('button', { name: 'Change …' }).click()
        await page.getByLabel('Find (pattern)').waitFor()
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      },
    ],
    [
      'type in the filter',
      async () => {
        await page.getByRole('searchbox').pressSequentially('chaine 999', { delay: 30 })
        await page.locator('.filter-count').getByText('280 channels').waitFor()
      },
    ],
  ]
  const figures: Figure[] = []
  let slowest = 0
  for (const [name, work] of steps) {
    await watch(page)
    const start = performance.now()
    await work()
    const took = performance.now() - start
    await page.waitForTimeout(200) // entries are told after the frame
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: Watch }).seen)
    slowest = Math.max(slowest, seen.slowest, seen.longest)
    figures.push(
      figure(
        `ui: ${name}, until it is there`,
        took,
        '-',
        `slowest input ${seen.slowest} ms, longest task ${seen.longest} ms`,
      ),
    )
  }
  await context.close()
  return [
    figure('ui: slowest interaction', slowest, '<= 100', `${METHOD}; input to next frame, or a long task`),
    ...figures,
  ]
}

/** Renames all channels, as the button of the drawer does, in a house whose line-up is in SQLite. */
async function bulkEditOnDisk(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-ui-'))
  const { lineup: store, ...opened } = await openStore(folder, { now: Date.now, log: () => {} })
  try {
    const keeper = createLineupKeeper({ store, priority: () => [], now: Date.now, log: () => {} })
    await keeper.load()
    await keeper.sync(CATALOGUE)
    return await bulkEdit(keeper)
  } finally {
    await opened[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function bulkEdit(keeper: LineupKeeper): Promise<Figure> {
  const cpu = process.cpuUsage()
  const heldUp = watchLoop()
  const start = performance.now()
  const change = { rename: { pattern: '^DE: ', replacement: '' } }
  await keeper.apply(
    (stored) => editChannelsSteps(stored, { target: { filter: 'number > 0' }, change, seen: keeper.current() }),
    null,
  )
  const took = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  const waited = await heldUp()
  if (keeper.current().channels.some(({ name }) => name.startsWith('DE: '))) throw new Error('Not all were renamed')
  return figure(
    'ui: bulk edit of all rows',
    took,
    '< 2000',
    `${CHANNELS.toLocaleString('en')} renamed, to the answer; SQLite on disk; ${((user + system) / 1000).toFixed(0)} ms of CPU, others waited ${waited.toFixed(0)} ms at most`,
  )
}

const figure = (name: string, value: number, aim: string, method: string): Figure => ({
  name,
  value,
  unit: 'ms',
  aim,
  method,
})
