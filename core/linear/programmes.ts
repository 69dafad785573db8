import type { Programme } from '../guide/programme.ts'
import { plainText } from '../plain-text.ts'
import { catalogued } from './catalogue.ts'
import type { Catalogue, CatalogueItem } from './catalogue.ts'
import type { ProgrammeLine } from './line.ts'
import type { PlanItem } from './plan-item.ts'

/** What is hidden and lasts longer is told: what comes before it would otherwise seem to go on for ever. */
const LONGEST_HIDDEN_MS = 5 * 60_000
const DAY_MS = 86_400_000

/**
 * The guide of a stretch of the plan (protocols/linear-channels.md §17): one programme for all parts around breaks, bumpers
 * and filler belong to what they stand at, so that there are neither holes nor overlaps. What is broken off at the borders
 * of the stretch is told as far as it is there; `programmesBetween` looks beyond them.
 */
export function programmesOf(items: readonly PlanItem[], catalogue: Catalogue): readonly Programme[] {
  const found: Programme[] = []
  for (const run of joined(runsOf(items))) {
    const last = found.at(-1)
    if (run.shown !== null) found.push(programmeOf(run, run.shown, catalogue))
    else if (run.stop - run.start > LONGEST_HIDDEN_MS) found.push(plain(run, run.first.guide.title))
    else if (last !== undefined) found[found.length - 1] = { ...last, stop: run.stop }
  }
  return found
}

/** The programmes of a line that overlap a window, whole. */
export function programmesBetween(
  line: Pick<ProgrammeLine, 'items'>,
  catalogue: Catalogue,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Programme[] {
  const programmes = programmesOf(line.items(from - DAY_MS, to + DAY_MS), catalogue)
  return programmes.filter(({ start, stop }) => start < to && stop > from)
}

/** Items of one group that follow each other. `shown`: the first of them that stands in the guide. */
type Run = {
  readonly group: string
  readonly start: number
  readonly stop: number
  readonly first: PlanItem
  readonly shown: PlanItem | null
  readonly media: ReadonlySet<string>
}

function runsOf(items: readonly PlanItem[]): readonly Run[] {
  const runs: Run[] = []
  for (const item of items) {
    const { guide, start, stop } = item
    const last = runs.at(-1)
    const own = new Set(guide.isShown && item.media !== null ? [item.media] : [])
    if (last?.group === guide.group)
      runs[runs.length - 1] = {
        ...last,
        stop,
        shown: last.shown ?? (guide.isShown ? item : null),
        media: own.size === 0 ? last.media : last.media.union(own),
      }
    else runs.push({ group: guide.group, start, stop, first: item, shown: guide.isShown ? item : null, media: own })
  }
  return runs
}

/** Hidden runs that follow each other as one. */
function joined(runs: readonly Run[]): readonly Run[] {
  const result: Run[] = []
  for (const run of runs) {
    const last = result.at(-1)
    if (last !== undefined && last.shown === null && run.shown === null)
      result[result.length - 1] = { ...last, stop: run.stop }
    else result.push(run)
  }
  return result
}

const plain = ({ start, stop }: Pick<Run, 'start' | 'stop'>, title: string): Programme => ({
  start,
  stop,
  title: plainText(title) || '-',
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
})

function programmeOf(run: Run, { guide, kind, media }: PlanItem, catalogue: Catalogue): Programme {
  const bare = { ...plain(run, guide.title), subtitle: guide.subtitle === null ? null : plainText(guide.subtitle) }
  const [only] = run.media
  const item = only === undefined || run.media.size > 1 ? null : catalogued(catalogue, only)
  // Under a title of the slot's own the episode is not to be known.
  const isTold = item !== null && (guide.subtitle !== null || guide.title === (item.series ?? item.title))
  if (!isTold) return kind === 'live' && media === null ? { ...bare, details: { isLive: true } } : bare
  const repeat = guide.isRepeat === true
  return {
    ...bare,
    description: item.plot === null ? null : plainText(item.plot) || null,
    categories: categoriesOf(item),
    season: item.season,
    episode: item.episode,
    repeat,
    details: detailsOf(item, repeat),
  }
}

function categoriesOf({ kind, genres }: CatalogueItem): readonly string[] {
  const type = kind === 'film' ? ['Movie'] : kind === 'episode' ? ['Series'] : []
  return [...new Set([...type, ...genres.map(plainText).filter((genre) => genre !== '')])]
}

function detailsOf({ kind, year, airedOn, rating }: CatalogueItem, repeat: boolean): NonNullable<Programme['details']> {
  const date = airedOn?.replaceAll('-', '') ?? (year === null ? null : String(year).padStart(4, '0'))
  const isNew = !repeat && (kind === 'film' || kind === 'episode')
  return {
    ...(date !== null && { date }),
    ...(rating !== null && { rating: { system: rating.system, value: plainText(rating.value) } }),
    ...(isNew && { isNew: true as const }),
  }
}
