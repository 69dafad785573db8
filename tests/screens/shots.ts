import type { Page } from 'playwright-core'

/** A picture of the pages: where it is, and what is done before it is taken. */
export type Shot = {
  /** Name of the file, without theme and ending. */
  readonly name: string
  readonly path: string
  readonly prepare?: (page: Page) => Promise<void>
}

const opened = async (page: Page, selector: string): Promise<void> => {
  await page.locator(selector).first().click()
  await page.getByRole('dialog').waitFor()
}

/** Chooses the shelf of the panel, which has posters. */
const onThePanel = async (page: Page): Promise<void> => {
  await page.getByRole('combobox', { name: 'Source' }).selectOption('panel')
  await page.locator('.poster').first().waitFor()
}

/** Every screen of the product, in the order of its navigation. */
export const SHOTS: readonly Shot[] = [
  { name: 'watch', path: '/' },
  {
    name: 'player',
    path: '/player/demo/c7',
    prepare: async (page) => {
      await page.locator('video[data-state="playing"]').waitFor({ timeout: 20_000 })
      await page.mouse.move(300, 300)
    },
  },
  {
    name: 'guide',
    path: '/guide',
    prepare: (page) => page.locator('.guide-running').first().waitFor(),
  },
  { name: 'programme', path: '/guide', prepare: (page) => opened(page, '.guide-coming') },
  { name: 'films', path: '/movies', prepare: onThePanel },
  {
    name: 'film',
    path: '/movies',
    prepare: async (page) => {
      await onThePanel(page)
      await opened(page, '.poster')
    },
  },
  { name: 'channels', path: '/channels' },
  { name: 'groups', path: '/groups' },
  { name: 'own-channels', path: '/schedules', prepare: (page) => page.locator('.schedule-on dd').first().waitFor() },
  {
    name: 'schedule',
    path: '/schedules/evening',
    prepare: (page) => page.locator('.strip-programme').first().waitFor(),
  },
  { name: 'sources', path: '/sources' },
  { name: 'streams', path: '/streams' },
  { name: 'dashboard', path: '/dashboard' },
  { name: 'alerts', path: '/alerts' },
  { name: 'users', path: '/users' },
  { name: 'logs', path: '/log' },
  { name: 'system', path: '/system' },
]
