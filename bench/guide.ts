import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createMatchFinder } from '../core/guide/match/find-matches.ts'
import { createGuideIndex } from '../core/guide/match/guide-index.ts'
import {
  bigModel,
  demoModel,
  findFfmpeg,
  quickTiming,
  startReceiver,
  testCacheDir,
} from '../tests/fakes/receiver/index.ts'
import type { ReceiverModel } from '../tests/fakes/receiver/index.ts'
import { peakMemoryMb, watchLoop, worstAnswer } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'
import type { Program } from './program.ts'

const DOCUMENT_BYTES = 500e6
/** Enough for a week of all channels. */
const WEEK_BYTES = 300e6
const CHANNELS = 1000
const HALF_HOUR_MS = 1_800_000

/** All that is measured about guides. */
export const guideFigures = async (): Promise<Figure[]> => [...matchingFigures(), ...(await serverFigures())]

const WORDS =
  `der die das Mann Frau reist über München nach Köln und findet später eine große Überraschung in einem alten Haus am
   See wo niemand wohnt bis zum Abend`.split(/\s+/)
const words = (count: number, seed: number): string =>
  Array.from({ length: count }, (_, index) => WORDS[(seed * 7 + index * 13 + (seed >> 3)) % WORDS.length]).join(' ')

const xmltvTime = (instant: number): string =>
  `${new Date(instant).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)} +0000`

/** Writes a guide of all channels of the big receiver, with texts as long as real ones. */
async function writeDocument(path: string, size: number): Promise<void> {
  const file = createWriteStream(path)
  const ids = Array.from({ length: CHANNELS }, (_, index) => `bench${index + 1}.de`)
  const heads = ids.map(
    (id, index) => `<channel id="${id}"><display-name>Sender ${index + 1}</display-name></channel>\n`,
  )
  file.write(`<?xml version="1.0" encoding="UTF-8"?>\n<tv>\n${heads.join('')}`)
  const from = Math.floor(Date.now() / HALF_HOUR_MS) * HALF_HOUR_MS - 16 * HALF_HOUR_MS
  const perChannel = Math.ceil(size / CHANNELS / 780)
  let number = 0
  for (const id of ids) {
    let text = ''
    for (let index = 0; index < perChannel; index++) {
      const start = from + index * HALF_HOUR_MS
      number++
      text +=
        `  <programme start="${xmltvTime(start)}" stop="${xmltvTime(start + HALF_HOUR_MS)}" channel="${id}">\n` +
        `    <title lang="de">${words(3, number)}</title>\n    <sub-title lang="de">${words(4, number + 1)}</sub-title>\n` +
        `    <desc lang="de">${words(45, number)} &amp; mehr</desc>\n` +
        '    <credits>\n      <director>Eva Klein</director>\n      <actor>Hans Müller</actor>\n    </credits>\n' +
        `    <date>2019</date>\n    <category lang="de">Krimi</category>\n` +
        `    <episode-num system="xmltv_ns">${number % 10}.${number % 24}.</episode-num>\n  </programme>\n`
    }
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end('</tv>\n')
  await once(file, 'close')
}

/** The longest pause of a raw stream, until `stop`. */
async function worstPause(program: Program, stop: AbortSignal): Promise<number> {
  const response = await fetch(`${program.url}/live/1.ts`, { signal: stop })
  let worst = 0
  let last = Number.NaN
  try {
    for await (const _ of response.body ?? []) {
      const now = performance.now()
      if (now - last > worst) worst = now - last
      last = now
    }
  } catch (error) {
    if (!stop.aborted) throw error
  }
  return worst
}

/** Runs the program with a document of this size and a receiver, and removes both. */
async function withProgram<T>(
  options: {
    readonly size: number
    readonly model: ReceiverModel
    readonly ffmpegPath: string
  },
  work: (program: Program, size: number) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-guide-'))
  try {
    const path = join(folder, 'guide.xml')
    await writeDocument(path, options.size)
    const { ffmpegPath, model } = options
    await using receiver = await startReceiver({ ffmpegPath, cacheDir: testCacheDir, model, timing: quickTiming })
    const config = `guide:\n  xmltv: [{ id: bench, file: "${path}" }]\n`
    await using program = await startProgram('node', { DOWNLINK_E2_URL: receiver.url }, config)
    return await work(program, statSync(path).size)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function serverFigures(): Promise<Figure[]> {
  const ffmpegPath = findFfmpeg()
  if (ffmpegPath === null) {
    const skipped = 'no FFmpeg for the simulated receiver'
    return [{ name: 'guide import', value: null, unit: 'MB/s', aim: '≥ 25', method: '', skipped }]
  }
  const imported = await withProgram(
    { size: DOCUMENT_BYTES, model: demoModel({ clips: 'tiny' }), ffmpegPath },
    importFigures,
  )
  const exported = await withProgram({ size: WEEK_BYTES, model: bigModel(CHANNELS), ffmpegPath }, exportFigures)
  return [...imported, ...exported]
}

async function importFigures(program: Program, size: number): Promise<Figure[]> {
  const stop = new AbortController()
  await program.line(({ event }) => event === 'lineup-synced')
  const held = worstAnswer(`${program.url}/healthz`, stop.signal)
  const own = watchLoop()
  const paused = worstPause(program, stop.signal)
  const done = await program.line(({ event }) => event === 'guide-imported' || event === 'guide-import-failed')
  stop.abort()
  const peak = peakMemoryMb(program.pid)
  const lateMs = (await own()).toFixed(0)
  const method = `${(size / 1e6).toFixed(0)} MB, ${CHANNELS} channels, Node, one raw viewer meanwhile`
  return [
    { name: 'guide import', value: size / 1e3 / Number(done['durationMs']), unit: 'MB/s', aim: '≥ 25', method },
    {
      name: 'guide import, peak memory',
      value: peak,
      unit: 'MB RSS',
      aim: '≤ 200',
      method: `whole program, ${method}`,
    },
    {
      name: 'guide import, main thread held up',
      value: await held,
      unit: 'ms',
      aim: '≤ 50',
      method: `slowest of GET /healthz every 10 ms, meanwhile; who measured was ${lateMs} ms late at most`,
    },
    {
      name: 'guide import, longest pause of a stream',
      value: await paused,
      unit: 'ms',
      aim: '≤ 150',
      method: `raw TS at its real rate in chunks of up to 100 ms, meanwhile; who sent and measured was ${lateMs} ms late at most`,
    },
  ]
}

async function exportFigures(program: Program): Promise<Figure[]> {
  await program.line(({ event }) => event === 'guide-imported')
  await sleep(3000) // matched by then
  const start = performance.now()
  const response = await fetch(`${program.url}/xmltv.xml.gz`)
  const reader = response.body?.getReader()
  let bytes = (await reader?.read())?.value?.length ?? 0
  const first = performance.now() - start
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) bytes += part.value.length
  const all = performance.now() - start
  const method = `GET /xmltv.xml.gz of ${CHANNELS} channels × 7 days, made anew, ${(bytes / 1e6).toFixed(0)} MB packed`
  return [
    { name: 'guide export, first byte', value: first, unit: 'ms', aim: '≤ 50', method },
    { name: 'guide export, whole', value: all, unit: 'ms', aim: '-', method },
  ]
}

const MATCHED = 10_000
const BRANDS =
  `Sky Sport|Canal Plus|Nova|Discovery|RTL|ProSieben|Eurosport|National Geographic|Cinema|Kids Club|Music Box|News
   Channel|Travel|Comedy Central|Kanal|Antena|Polsat|TVP|Rai|Mediaset|BBC|ITV|Fox|Star|Zee`.split('|')
const KINDS = 'Alpha Beta Gamma Delta Action Family Premium Extra Plus Gold Max Prime Select Urban Classic'.split(' ')
const COUNTRIES = 'de at ch uk fr it es pl nl se no dk tr ro'.split(' ')

/** Matching of 10,000 channels with as many of a guide: names alike but for marks, and names that are never quite the same. */
function matchingFigures(): Figure[] {
  const names = COUNTRIES.flatMap((country) =>
    BRANDS.flatMap((brand) =>
      KINDS.flatMap((kind) => [1, 2].map((number) => ({ country, name: `${brand} ${kind} ${number}` }))),
    ),
  ).slice(0, MATCHED)
  const match = (nameOf: (name: string, country: string) => string): number => {
    const start = performance.now()
    const index = createGuideIndex()
    for (const { country, name } of names)
      index.add({ feed: 'bench', channel: `${name.replaceAll(' ', '')}.${country}`, names: [name, `${name} HD`] })
    const finder = createMatchFinder(index)
    for (const { country, name } of names)
      finder.find(
        { name: nameOf(name, country), media: 'tv', groups: [], guide: null, streams: [] },
        { perFeed: 1, withWords: false },
      )
    return performance.now() - start
  }
  const method = `${MATCHED} channels × ${MATCHED} guide ids, index included, Node`
  return [
    {
      name: 'guide matching, names alike',
      value: match((name, country) => `${country.toUpperCase()}: ${name} FHD`),
      unit: 'ms',
      aim: '≤ 2000',
      method,
    },
    { name: 'guide matching, by words', value: match((name) => `${name} Kanal`), unit: 'ms', aim: '≤ 2000', method },
  ]
}
