import type { Sort } from '../grid/column.ts'

/** What the list shows, and in which order; all of it stands in the address, so that it can be shared. */
export type View = {
  readonly q: string
  readonly group: string | null
  readonly source: string | null
  readonly state: 'shown' | 'hidden' | null
  readonly guide: 'yes' | 'no' | null
  readonly media: 'tv' | 'radio' | null
  readonly quality: 'sd' | 'hd' | 'uhd' | null
  readonly flags: ReadonlySet<Flag>
  /** In the language of filters (docs/line-up.md). */
  readonly filter: string
  readonly sort: Sort
}

/** Chips that are pressed or not. */
export const FLAGS = ['problem', 'edited', 'favourite', 'adult'] as const
/** One of them. */
export type Flag = (typeof FLAGS)[number]

const SORTS = ['number', 'name', 'group', 'source', 'streams'] as const

const oneOf = <const T extends string>(all: readonly T[], text: string | null): T | null =>
  all.find((one) => one === text) ?? null

/** Reads the view of an address; what is not known there is left alone. */
export function readView(query: URLSearchParams): View {
  return {
    q: query.get('q') ?? '',
    group: query.get('group'),
    source: query.get('source'),
    state: oneOf(['shown', 'hidden'], query.get('state')),
    guide: oneOf(['yes', 'no'], query.get('guide')),
    media: oneOf(['tv', 'radio'], query.get('media')),
    quality: oneOf(['sd', 'hd', 'uhd'], query.get('quality')),
    flags: new Set(FLAGS.filter((flag) => query.get(flag) === '1')),
    filter: query.get('filter') ?? '',
    sort: { by: oneOf(SORTS, query.get('sort')) ?? 'number', isDescending: query.get('desc') === '1' },
  }
}

/** The query of an address that shows this view; what is as usual is not in it. */
export function printView(view: View): string {
  const query = new URLSearchParams()
  const { q, group, source, state, guide, media, quality, filter } = view
  for (const [name, value] of Object.entries({ q, group, source, state, guide, media, quality, filter }))
    if (value !== null && value !== '') query.set(name, value)
  for (const flag of FLAGS) if (view.flags.has(flag)) query.set(flag, '1')
  if (view.sort.by !== 'number') query.set('sort', view.sort.by)
  if (view.sort.isDescending) query.set('desc', '1')
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The view without any chip, in the same order. */
export const plainView = ({ sort }: View): View => ({ ...readView(new URLSearchParams()), sort })

/** Whether the view leaves channels out. */
export const isFiltered = (view: View): boolean => filterOf(view) !== ''

/** A text as filters quote it. */
export const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** The view in the language of filters: '' is all channels. A selection of "all that match" is this text. */
export function filterOf({ q, group, source, state, guide, media, quality, flags, filter }: View): string {
  const parts = [
    q.trim() === '' ? '' : `text = ${quote(q.trim())}`,
    group === null ? '' : `group = ${quote(group)}`,
    source === null ? '' : `source = ${quote(source)}`,
    state === null ? '' : state === 'shown' ? 'enabled' : 'not enabled',
    guide === null ? '' : guide === 'yes' ? 'guide' : 'not guide',
    media === null ? '' : `media = ${quote(media)}`,
    quality === null ? '' : `quality = ${quote(quality)}`,
    ...FLAGS.filter((flag) => flags.has(flag)),
    filter.trim() === '' ? '' : `(${filter.trim()})`,
  ]
  return parts.filter((part) => part !== '').join(' and ')
}
