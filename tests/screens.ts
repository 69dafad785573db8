import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as v from 'valibot'
import { DESKTOP, noBrowser, openPage, PHONE, startBrowser } from './e2e/pages.ts'
import { settled } from './e2e/axe.ts'
import { ROOT } from './runner/source-files.ts'
import { SHOTS } from './screens/shots.ts'

// `npm run screens [-- NAME…]`: pictures of every screen of the running demo, light, dark and on a phone, into
// `docs/screens/`. To be looked at: what is cut off or empty there is so for everybody.

const OUT = join(ROOT, 'docs/screens')
const OWNER = { name: 'Jo', password: 'correct horse battery' }
/** Channels that are watched while the pictures are taken, so that there is something to see. */
const WATCHED = ['c4', 'c7', 'c9']
const Line = v.object({ event: v.string(), urls: v.optional(v.array(v.string())), code: v.optional(v.string()) })

/** A channel of one's own with a week that shows what a week can hold. */
const EVENING = {
  id: 'evening',
  name: 'Evening',
  number: '901',
  pools: [
    { id: 'films', query: { kinds: ['film'] } },
    { id: 'series', query: { kinds: ['episode'] }, mode: 'rotate' },
    { id: 'idents', query: { kinds: ['filler'] } },
  ],
  slots: [
    { at: '06:00', show: { pool: 'series' } },
    { at: '13:30', days: ['sat', 'sun'], show: { pool: 'films' }, guide: { title: 'Matinee' } },
    { at: '18:00', show: { channel: 'c4' }, guide: { title: 'News' } },
    { at: '20:15', show: { pool: 'films' }, guide: { title: 'The film' } },
    { at: '23:45', show: { rerunOf: '1800' } },
  ],
  filler: ['idents'],
}

const LOOKS = [
  { suffix: '', viewport: DESKTOP, colorScheme: 'light' },
  { suffix: '-dark', viewport: DESKTOP, colorScheme: 'dark' },
  { suffix: '-phone', viewport: PHONE, colorScheme: 'light' },
] as const

/** Starts the demo; gives its address and the code of its owner. */
async function startDemo(data: string) {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'bin/downlink.js'), 'demo', '--with-providers', '--listen', '127.0.0.1:0', '--data', data],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const said = { url: '', code: '', guides: 0 }
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The demo was not ready within a minute')), 60_000)
    child.on('exit', () => reject(new Error('The demo ended')))
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = v.safeParse(Line, JSON.parse(text))
      if (!line.success) return
      const { event, urls, code } = line.output
      if (event === 'listening') said.url = urls?.[0]?.replace(/\/$/, '') ?? ''
      if (event === 'setup-code') said.code = code ?? ''
      if (event === 'guide-refreshed') said.guides++
      if (said.url === '' || said.code === '' || said.guides === 0) return
      clearTimeout(timer)
      resolve()
    })
  })
  return { child, ...said }
}

async function takePictures(wanted: readonly string[]): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'downlink-screens-'))
  const demo = await startDemo(data)
  const browser = await startBrowser(true)
  const stop = new AbortController()
  try {
    mkdirSync(OUT, { recursive: true })
    for (const id of WATCHED)
      void fetch(`${demo.url}/live/${id}.ts`, { signal: stop.signal })
        .then((answer) => answer.body?.pipeTo(new WritableStream()))
        .catch(() => undefined) // ended with the pictures
    const { page, context, complaints } = await openPage(browser, demo.url)
    const made = await page.request.post('/api/v1/setup', { data: { code: demo.code, ...OWNER } })
    if (!made.ok()) throw new Error(`The owner could not be made: ${made.status()}`)
    const planned = await page.request.post('/api/v1/schedules', { data: { document: EVENING } })
    if (!planned.ok()) throw new Error(`The channel could not be made: ${planned.status()}`)
    for (const { name, path, prepare } of SHOTS) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      for (const { suffix, viewport, colorScheme } of LOOKS) {
        await page.setViewportSize(viewport)
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const answer = await page.goto(path)
        if (answer?.ok() !== true) throw new Error(`${path} answers ${answer?.status()}`)
        await page.waitForFunction(() => document.querySelector('main, [role="main"]') !== null)
        await page.waitForFunction(() => document.querySelector('.waiting') === null)
        await prepare?.(page)
        await settled(page)
        // Pictures of channels and films arrive a moment later, and graphs have to have something to show.
        await page.waitForTimeout(1500)
        await page.screenshot({ path: join(OUT, `${name}${suffix}.png`) })
      }
      console.log(name)
    }
    await context.close()
    if (complaints.length > 0) throw new Error(`The pages complained: ${complaints.join('\n')}`)
  } finally {
    stop.abort()
    await browser.close()
    demo.child.kill('SIGTERM')
    await new Promise((resolve) => demo.child.once('exit', resolve))
    rmSync(data, { recursive: true, force: true })
  }
}

const reason = noBrowser()
if (reason !== false) {
  console.error(`No pictures: ${reason}`)
  process.exitCode = 1
} else await takePictures(process.argv.slice(2))
