import { createLineupStore } from '../adapters/store/lineup-store.ts'
import { openDatabase } from '../adapters/store/database.ts'
import { migrate } from '../adapters/store/migrate.ts'
import { HOUSE_STEPS } from '../adapters/store/schema.ts'
import type { SourceCatalogue } from '../core/lineup/catalogue.ts'
import { indexLineup } from '../core/lineup/lineup.ts'
import { EMPTY_STORED_LINEUP } from '../core/lineup/stored.ts'
import { sourceId } from '../core/lineup/stream.ts'
import { syncLineup } from '../core/lineup/sync.ts'
import { createLineupView } from '../core/lineup/view.ts'
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

async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const start = performance.now()
  const result = await work()
  return { ms: performance.now() - start, result }
}

/** Refreshes of lists of 100,000 channels, and what an edit of one channel among 200,000 streams costs. */
export async function lineupFigures(): Promise<Figure[]> {
  const one = catalogue('one', (country) => `${country}:`)
  const other = catalogue('other', (country) => `|${country}|`)
  const first = await timed(() => syncLineup(EMPTY_STORED_LINEUP, one, { now: 0 }).lineup)
  const merged = await timed(() => syncLineup(first.result, other, { now: 1 }).lineup)
  const again = await timed(() => syncLineup(merged.result, structuredClone(other), { now: 2 }).lineup)
  const view = createLineupView()
  const index = await timed(() => indexLineup(view(merged.result)))
  const [head, ...rest] = merged.result.channels
  const edited = { ...merged.result, channels: head === undefined ? rest : [{ ...head, ownName: 'Mine' }, ...rest] }
  const reindex = await timed(() => indexLineup(view(edited)))
  using database = openDatabase(':memory:', 'normal')
  migrate(database, HOUSE_STEPS)
  const store = createLineupStore(database)
  const empty = await store.load()
  const save = await timed(() => store.save(empty, merged.result))
  const load = await timed(() => store.load())
  const joined = merged.result.channels.filter(({ streams }) => streams.length === 2).length
  const figure = (name: string, { ms }: { readonly ms: number }, aim: string, method: string): Figure => ({
    name,
    value: ms,
    unit: 'ms',
    aim,
    method,
  })
  return [
    figure('line-up: first list of 100,000', first, '≤ 1500', 'syncLineup() of an empty line-up'),
    figure(
      'line-up: second list of 100,000, joined',
      merged,
      '≤ 1500',
      `by name and guide id; ${joined} channels joined`,
    ),
    figure('line-up: the same list again', again, '≤ 1500', 'nothing changed'),
    figure('line-up: view and index of 100,000', index, '≤ 300', 'toLineup() and indexLineup(), all new'),
    figure('line-up: the same after one edit', reindex, '≤ 300', 'unchanged channels are kept'),
    figure('line-up: written to SQLite', save, '-', '100,000 channels with 200,000 streams, in memory'),
    figure('line-up: read from SQLite', load, '-', 'the same'),
  ]
}
