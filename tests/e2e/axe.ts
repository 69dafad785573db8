import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { DESKTOP, PHONE } from './pages.ts'

const AXE = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js')

type AxeResult = { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }

/** Opens a page and waits until it shows what it has: nothing is awaited any more (the line of events stays open for ever). */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.waitForFunction(
    () => document.querySelector('main, [role="main"]') !== null && document.querySelector('.waiting') === null,
  )
  await settled(page)
}

/** The new colours and sizes are drawn: styles are recalculated, and no transition runs any more, however slow the machine. */
export const settled = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    for (let still = 0; still < 3;) {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60)))
      const running = document.getAnimations().filter(({ playState }) => playState === 'running')
      await Promise.all(running.map(({ finished }) => finished.catch(() => null)))
      still = running.length === 0 ? still + 1 : 0
    }
  })

/** What axe finds on a page as it is now: rule, element, what to fix. */
async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResult> } }
    const found = await axe.run()
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
    )
  })
}

/** Asserts that axe finds nothing on the page as it stands, and that it does not scroll sideways: both themes, desktop and phone. */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(readFileSync(AXE, 'utf8'))
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [DESKTOP, PHONE]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize(viewport)
      await settled(page)
      const where = `${colorScheme}, ${viewport.width} px wide`
      assert.deepEqual(await violations(page), [], where)
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      assert.equal(sideways, false, `the page scrolls sideways: ${where}`)
    }
  }
}
