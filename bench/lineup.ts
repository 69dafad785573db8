import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLineupKeeper } from '../adapters/lan/lineup-keeper.ts'
import { openStore } from '../adapters/store/open-store.ts'
import type { SourceCatalogue } from '../core/lineup/catalogue.ts'
import { channelKey } from '../core/lineup/channel.ts'
import { editChannel } from '../core/lineup/edits/edit-channel.ts'
import { proposalSteps } from '../core/lineup/edits/proposals.ts'
import { sourceId } from '../core/lineup/stream.ts'
import { watchLoop } from './measure.ts'
import type { Figure } from './measure.ts'

const CHANNELS = 100_000
const COUNTRIES = ['DE', 'UK', 'FR', 'IT', 'PL', 'TR', 'US', 'NL']

/** A provider's list; `prefix` says how it marks countries, so that two lists name the same channels differently. */
function catalogue(source: string, prefix: (country: string) => string): SourceCatalogue {
  const groups = COUNTRIES.flatMap((country) => ['News', 'Sport', 'Film'].map((kind) => `${country} | ${kind}`))
  return {
    sourceId: sourceId(source),
    groups,
    items: Array.from({ length: CHANNELS }, (_, index) => {
      const country = COUNTRIES[index % COUNTRIES.length] ?? 'DE'
      return {
        item: String(index),
        name: `${prefix(country)} Télé Chaîne ${Math.floor(index / 8)} ${index % 3 === 0 ? 'HD' : 'FHD'}`,
        media: 'tv' as const,
        serviceRef: null,
        programNumber: null,
        slotKey: String(index),
        number: String(index + 1),
        groups: [groups[index % groups.length] ?? ''],
        hasLogo: true,
        guide: index % 2 === 0 ? { feed: source, channel: `channel${index}.${country.toLowerCase()}` } : null,
      }
    }),
  }
}

type Timed<T> = { readonly ms: number; readonly cpuMs: number; readonly heldUpMs: number; readonly result: T }

/** Does it, and says how long it took, how much of a core, and how long others had to wait for their turn meanwhile. */
async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const heldUp = watchLoop()
  const cpu = process.cpuUsage()
  const start = performance.now()
  const result = await work()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { ms, cpuMs: (user + system) / 1000, heldUpMs: await heldUp(), result }
}

const figure = (name: string, { ms, cpuMs, heldUpMs }: Timed<unknown>, aim: string, method: string): Figure => ({
  name,
  value: ms,
  unit: 'ms',
  aim,
  method: `${method}; ${cpuMs.toFixed(0)} ms of CPU, others waited ${heldUpMs.toFixed(0)} ms at most`,
})

/** Refreshes of lists of 100,000 channels, and what an edit of one channel among 200,000 streams costs; with a store on disk. */
export async function lineupFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-lineup-'))
  const { lineup: store, ...opened } = await openStore(folder, { now: Date.now, log: () => {} })
  try {
    const keeper = createLineupKeeper({ store, priority: () => [], now: Date.now, log: () => {} })
    await keeper.load()
    const other = catalogue('other', (country) => `|${country}|`)
    const first = await timed(() => keeper.sync(catalogue('one', (country) => `${country}:`)))
    const merged = await timed(() => keeper.sync(other))
    const joined = keeper.stored().channels.filter(({ streams }) => streams.length === 2).length
    const same = structuredClone(other)
    const again = await timed(() => keeper.sync(same))
    const key = channelKey(1)
    const edited = await timed(() => keeper.apply((stored) => editChannel(stored, key, { name: 'Mine' }, null), null))
    const proposed = await timed(() => keeper.inspect((stored) => proposalSteps(stored)))
    const load = await timed(() => store.load())
    const whole = 'to the disk and to viewers'
    return [
      figure('line-up: first list of 100,000', first, '≤ 2500', `into an empty line-up, ${whole}`),
      figure('line-up: second list of 100,000, joined', merged, '≤ 5000', `${joined} channels joined, ${whole}`),
      figure('line-up: the same list again', again, '≤ 1500', 'nothing changed'),
      figure('line-up: one edit among 100,000', edited, '≤ 300', whole),
      figure('line-up: what may be one channel', proposed, '-', 'proposals among 200,000 streams'),
      figure('line-up: read from the disk', load, '-', `${keeper.stored().channels.length} channels, at the start`),
    ]
  } finally {
    await opened[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
}
