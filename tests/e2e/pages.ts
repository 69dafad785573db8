import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'
const CONFIG = fileURLToPath(new URL('../../ui/vite.config.ts', import.meta.url))

/**
 * Why the tests in a browser cannot run here; false: they can. With `CI=true` a missing Chromium is no excuse.
 *
 * They run on Node only: what they look at is the page in Chromium, which is the same whoever serves it.
 */
export function noBrowser(): string | false {
  if ('Bun' in globalThis || 'Deno' in globalThis) return 'the pages are looked at once, from Node'
  if (existsSync(CHROMIUM) || process.env['CI'] === 'true') return false
  return `${CHROMIUM} is not installed`
}

/** Why tests with a moving picture cannot run here; false: they can. */
export function noPicture(): string | false {
  const browser = noBrowser()
  if (browser !== false || process.env['CI'] === 'true') return browser
  return spawnSync('ffmpeg', ['-version']).error === undefined ? false : '"ffmpeg" is not installed'
}

/** Builds the pages as they are now into a new folder below the system's temporary one; gives its path. */
export async function buildPages(): Promise<string> {
  const { build } = await import('vite')
  const outDir = mkdtempSync(join(tmpdir(), 'downlink-pages-'))
  await build({ configFile: CONFIG, logLevel: 'error', build: { outDir, emptyOutDir: true } })
  return outDir
}

/** Makes sure that the pages inside the program are those of the source as it is now. */
export function buildAssets(): void {
  const script = fileURLToPath(new URL('../../bin/downlink.js', import.meta.url))
  const built = spawnSync(process.execPath, [script, '--script', 'runtime/build/ui.ts'], { encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`Cannot build the pages: ${built.stdout}${built.stderr}`)
}

/** Starts Chromium without a screen; `autoplay` allows sound without a touch. */
export async function startBrowser(autoplay: boolean): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath: CHROMIUM,
    // Playwright mutes the sound of a headless browser; muted sound is decoded all the same.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      autoplay ? '--autoplay-policy=no-user-gesture-required' : '--autoplay-policy=user-gesture-required',
    ],
  })
}

/** A window on a desk. */
export const DESKTOP = { width: 1280, height: 800 }
/** A phone held upright. */
export const PHONE = { width: 390, height: 844 }

/** A page of its own, with everything that went wrong in it. `phone` brings touch along. */
export async function openPage(
  browser: Browser,
  origin: string,
  { phone }: { readonly phone: boolean } = { phone: false },
): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: phone ? PHONE : DESKTOP,
    isMobile: phone,
    hasTouch: phone,
    locale: 'en-GB',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // Answers that say no are part of several tests; the policy's refusals never are.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  return { page, context, complaints }
}
