import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'
import type { Program } from './program.ts'

const CHANNELS = 3000
const HOURS = 12
const PASSWORD = 'correct horse battery'
const NAME = 'ui: opening a guide of 3,000 channels'

/** Opens `/guide` of a house of its own (the program on Node, its guide in SQLite), until programmes can be read. */
export async function guidePageFigure(browser: Browser): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-guide-page-'))
  try {
    await using house = await startHouse(folder)
    const cookie = await signIn(house)
    const times: number[] = []
    for (let run = 0; run < 5; run += 1) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
      await context.addCookies([{ ...cookie, url: house.url }])
      const page = await context.newPage()
      await page.goto('about:blank')
      const start = performance.now()
      await page.goto(`${house.url}/guide`, { waitUntil: 'commit' })
      await page.locator('.guide-running').first().waitFor()
      times.push(performance.now() - start)
      await context.close()
    }
    return {
      name: NAME,
      value: Math.min(...times),
      unit: 'ms',
      aim: '< 500',
      method: `${CHANNELS.toLocaleString('en')} channels with programmes of ${HOURS} h, program on Node, Chromium, empty cache; address to the first programmes, best of ${times.length} (${times.map(Math.round).join(', ')})`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A house with a list and an XMLTV document, both files, that knows its guide. */
async function startHouse(folder: string): Promise<Program> {
  const list = join(folder, 'list.m3u')
  const guide = join(folder, 'guide.xml')
  writeFileSync(list, printList())
  writeFileSync(guide, printGuide(Date.now()))
  const config = [
    `admin: { password: ${JSON.stringify(PASSWORD)} }`,
    'sources:',
    `  - { id: list, kind: m3u, file: ${JSON.stringify(list)} }`,
    'guide:',
    `  xmltv: [{ id: epg, file: ${JSON.stringify(guide)} }]`,
  ]
  const house = await startProgram('node', {}, config.join('\n'))
  await house.line(({ event }) => event === 'lineup-synced')
  await untilTheGuideIsThere(house)
  return house
}

const indices = Array.from({ length: CHANNELS }, (_, index) => index)

const printList = (): string =>
  `#EXTM3U\n${indices
    .map(
      (index) =>
        `#EXTINF:-1 tvg-id="sender${index}.test" group-title="Paket ${Math.floor(index / 50)}",Sender ${index + 1} HD\nhttp://127.0.0.1:9/live/${index}.ts\n`,
    )
    .join('')}`

function printGuide(now: number): string {
  const hour = 3_600_000
  const from = Math.floor(now / hour) * hour - 2 * hour
  const at = (instant: number): string => `${new Date(instant).toISOString().replace(/\D/g, '').slice(0, 14)} +0000`
  const channels = indices.map(
    (index) => `<channel id="sender${index}.test"><display-name>Sender ${index + 1}</display-name></channel>`,
  )
  const programmes = indices.flatMap((index) =>
    Array.from({ length: HOURS * 2 }, (_, half) => {
      const start = from + (half * hour) / 2
      return `<programme channel="sender${index}.test" start="${at(start)}" stop="${at(start + hour / 2)}"><title>Sendung ${half} auf ${index}</title><desc>Was darin geschieht, in einem Satz.</desc></programme>`
    }),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<tv>${channels.join('\n')}\n${programmes.join('\n')}</tv>\n`
}

async function signIn({ url }: Program): Promise<{ readonly name: string; readonly value: string }> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password: PASSWORD }),
  })
  const [name = '', value = ''] = (answer.headers.getSetCookie()[0]?.split(';')[0] ?? '').split('=')
  return { name, value }
}

const PATIENCE_MS = 60_000

async function untilTheGuideIsThere({ url }: Program): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (Date.now() < end) {
    const guide = await (await fetch(`${url}/xmltv.xml`)).text()
    if (guide.split('<programme ').length > CHANNELS) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`The guide of ${CHANNELS} channels did not come`)
}
