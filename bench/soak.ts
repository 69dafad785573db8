import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { demoModel, findFfmpeg, quickTiming, startReceiver, testCacheDir } from '../tests/fakes/receiver/index.ts'
import { median, memoryMb } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'

const BINARY = fileURLToPath(new URL('../dist/downlink', import.meta.url))
/** `SOAK_MINUTES` shortens it while one works on the bench itself. */
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 30)
const JOINS = 500
/** What runs into caches and pools at first is not a leak. */
const WARM_SHARE = 0.2

/** Memory of a house in which people come and go for half an hour. */
export async function soakFigures(): Promise<Figure[]> {
  const ffmpegPath = findFfmpeg()
  const runtime = existsSync(BINARY) ? 'binary' : 'bun'
  const method = `${runtime}, ${MINUTES} min, ${JOINS} joins and leaves of raw TS and HLS over 14 channels; median RSS of the last fifth less that of the second`
  if (ffmpegPath === null) return [{ name: 'soak', value: null, unit: 'MB', aim: '≤ 10', method, skipped: 'no FFmpeg' }]
  await using receiver = await startReceiver({
    ffmpegPath,
    cacheDir: testCacheDir,
    model: demoModel({ clips: 'tiny', frontends: 4 }),
    timing: quickTiming,
  })
  await using program = await startProgram(runtime, { DOWNLINK_E2_URL: receiver.url, DOWNLINK_LINGER: '2' })
  await program.line(({ event }) => event === 'lineup-synced')
  const samples: number[] = []
  const endAt = performance.now() + MINUTES * 60_000
  const eachMs = (MINUTES * 60_000) / JOINS
  const refused: number[] = []

  const raw = async (channel: number, ms: number): Promise<void> => {
    const gone = new AbortController()
    const response = await fetch(`${program.url}/live/${channel}.ts`, { signal: gone.signal })
    if (response.status !== 200) refused.push(response.status)
    const timer = setTimeout(() => gone.abort(), ms)
    try {
      for await (const _ of response.body ?? []);
    } catch {
      // It has left.
    }
    clearTimeout(timer)
  }
  const hls = async (channel: number, ms: number): Promise<void> => {
    const master = await fetch(`${program.url}/live/${channel}.m3u8`)
    if (master.status !== 200) {
      refused.push(master.status)
      return
    }
    const uri = (await master.text()).split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? ''
    const list = new URL(uri, master.url)
    for (const until = performance.now() + ms; performance.now() < until;) {
      const text = await (await fetch(list)).text()
      const segment = text.split('\n').findLast((line) => line.endsWith('.ts'))
      if (segment !== undefined) await (await fetch(new URL(segment, list))).arrayBuffer()
      await sleep(1000)
    }
    await fetch(list, { method: 'DELETE' })
  }

  const people: Promise<void>[] = []
  for (let joins = 0; joins < JOINS && performance.now() < endAt; joins++) {
    const channel = 1 + (joins % 12)
    const stayMs = 3000 + ((joins * 7919) % 12_000)
    people.push((joins % 3 === 0 ? hls(channel, stayMs) : raw(channel, stayMs)).catch(() => {}))
    samples.push(memoryMb(program.pid).rss)
    await sleep(eachMs)
  }
  await Promise.all(people)
  const part = (from: number, to: number): number =>
    median(samples.slice(Math.floor(samples.length * from), Math.floor(samples.length * to)))
  const streams = (await (await fetch(`${program.url}/api/status`)).json()) as {
    sources: { slots: { used: number } }[]
  }
  await sleep(15_000)
  return [
    { name: 'soak', value: part(0.8, 1) - part(WARM_SHARE, 2 * WARM_SHARE), unit: 'MB', aim: '≤ 10', method },
    {
      name: 'soak, refused joins',
      value: refused.length,
      unit: `of ${JOINS}`,
      aim: '-',
      method: `all tuners in use at that moment; ${streams.sources[0]?.slots.used ?? 0} slots in use at the end`,
    },
  ]
}
