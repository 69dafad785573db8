import type { Catalogue } from '../core/linear/catalogue.ts'
import { readChannelDoc } from '../core/linear/document.ts'
import { plan } from '../core/linear/plan.ts'
import { programmesOf } from '../core/linear/programmes.ts'
import { median } from './measure.ts'
import type { Figure } from './measure.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const ROUNDS = 30
const FROM = Date.UTC(2026, 9, 18) // the end of summer time lies in the two weeks
const YEARS = 3

/** 600 episodes of 20 series, 400 films, 60 adverts and 5 idents. */
function bigCatalogue(): Catalogue {
  const entry = (ms: number, title: string, series: string | null, breaksMs: readonly number[] = []) => ({
    ms,
    breaksMs,
    kind: series === null ? ('film' as const) : ('episode' as const),
    title,
    series,
    season: series === null ? null : 1,
    episode: null,
    year: 1990,
    plot: 'What happens in it.',
    genres: ['Drama'],
    rating: null,
    airedOn: null,
  })
  const list = (count: number, make: (index: number) => [string, ReturnType<typeof entry>]) =>
    Array.from({ length: count }, (_, index) => make(index))
  return {
    revision: 'bench',
    media: Object.fromEntries([
      ...list(600, (index) => [
        `episode-${index}`,
        entry(
          21 * MINUTE_MS + index * 997,
          `Part ${index}`,
          `Series ${index % 20}`,
          [6, 12, 17].map((at) => at * MINUTE_MS),
        ),
      ]),
      ...list(400, (index) => [
        `film-${index}`,
        entry(
          (75 + (index % 70)) * MINUTE_MS + index,
          `Film ${index}`,
          null,
          [20, 40, 60].map((at) => at * MINUTE_MS),
        ),
      ]),
      ...list(60, (index) => [`advert-${index}`, entry(12_000 + index * 531, `Advert ${index}`, null)]),
      ...list(5, (index) => [`ident-${index}`, entry(4000 + index * 900, `Ident ${index}`, null)]),
    ]),
  }
}

const catalogue = bigCatalogue()
const ids = (kind: string): string[] => Object.keys(catalogue.media).filter((id) => id.startsWith(kind))
const anchorDay = new Date(FROM - YEARS * 365 * DAY_MS).toISOString().slice(0, 10)

const PLAIN = readChannelDoc({
  id: 'plain',
  name: 'Plain',
  zone: 'Europe/Berlin',
  anchorDay,
  pools: [{ id: 'films', items: ids('film') }],
})
const RICH = readChannelDoc({
  id: 'rich',
  name: 'Rich',
  zone: 'Europe/Berlin',
  anchorDay,
  pools: [
    { id: 'series', items: ids('episode'), mode: 'rotate' },
    { id: 'films', items: ids('film') },
    { id: 'adverts', items: ids('advert') },
    { id: 'idents', items: ids('ident') },
  ],
  filler: ['adverts'],
  breaks: { max: 3 },
  bumpers: { before: 'idents' },
  slots: [
    { at: '06:00', show: { pool: 'series' }, padToMinutes: 30 },
    { at: '13:00', days: ['sat', 'sun'], show: { pool: 'series' }, marathon: true, bleed: true },
    { id: 'prime', at: '20:15', show: { pool: 'films' }, padToMinutes: 15 },
    { at: '02:30', show: { rerunOf: 'prime' } },
  ],
})

/** CPU milliseconds of this process, which other work on the machine does not change. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** How fast a plan is made, for a plain channel and for one with everything. */
export async function linearPlanFigures(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const doc of [PLAIN, RICH]) {
    const { checkpoint } = plan(doc, catalogue, FROM, FROM)
    const to = FROM + 14 * DAY_MS
    const first = cpuMs(() => void plan(doc, catalogue, FROM, to, checkpoint))
    const times = Array.from({ length: ROUNDS }, () => cpuMs(() => void plan(doc, catalogue, FROM, to, checkpoint)))
    const { items } = plan(doc, catalogue, FROM, to, checkpoint)
    const what = `${doc.id} channel, ${items.length} items`
    const method = `CPU time of plan(), median of ${ROUNDS}; the first time ${first.toFixed(1)} ms`
    figures.push({
      name: `14 days from a checkpoint, ${doc.id}`,
      value: median(times),
      unit: 'ms',
      aim: '≤ 10',
      method: `${what}; ${method}`,
    })
    figures.push({
      name: `their guide, ${doc.id}`,
      value: median(Array.from({ length: ROUNDS }, () => cpuMs(() => void programmesOf(items, catalogue)))),
      unit: 'ms',
      aim: '-',
      method: `CPU time of programmesOf(), median of ${ROUNDS}`,
    })
    figures.push({
      name: `${YEARS} years folded, ${doc.id}`,
      value: cpuMs(() => void plan(doc, catalogue, FROM, FROM)),
      unit: 'ms',
      aim: '≤ 500',
      method: 'CPU time from the anchor day to a checkpoint, once a start',
    })
    figures.push({
      name: `checkpoint, ${doc.id}`,
      value: JSON.stringify(checkpoint).length,
      unit: 'bytes',
      aim: '-',
      method: 'as JSON',
    })
  }
  return figures
}
