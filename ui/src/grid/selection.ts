/** Places in a list, `to` excluded. */
export type Range = { readonly from: number; readonly to: number }

/**
 * Which rows of a list are selected: a few by their ids, which nothing that happens to the list can mix up; more by their
 * places, which mean something only in the list as it was; or all that the list shows, whatever it is.
 */
export type Selection =
  | { readonly kind: 'ids'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'rows'; readonly ranges: readonly Range[] }
  | { readonly kind: 'all' }

/** Nothing is selected. */
export const NOTHING: Selection = { kind: 'ids', ids: new Set() }

/** So many ids fit into a filter of 2,000 characters. */
export const MOST_IDS = 100

/** What a selection needs to know of the list. */
export type SelectionList = {
  readonly total: number
  /** Null: the row is not known here. */
  readonly idAt: (index: number) => string | null
  /** Null: the row is not known here. */
  readonly placeOf: (id: string) => number | null
}

/** How many rows are selected. */
export function countSelected(selection: Selection, total: number): number {
  if (selection.kind === 'all') return total
  return selection.kind === 'ids'
    ? selection.ids.size
    : selection.ranges.reduce((sum, { from, to }) => sum + to - from, 0)
}

/** Whether a row is selected. */
export function isSelected(selection: Selection, index: number, id: string | null): boolean {
  if (selection.kind === 'all') return true
  if (selection.kind === 'ids') return id !== null && selection.ids.has(id)
  return selection.ranges.some(({ from, to }) => from <= index && index < to)
}

/** The selection with these rows as well, or without them. */
export function select(selection: Selection, range: Range, isIn: boolean, list: SelectionList): Selection {
  if (selection.kind === 'all' && isIn) return selection
  if (selection.kind === 'ids') {
    const ids = idsIn(range, list)
    if (ids !== null) {
      const next = new Set(selection.ids)
      for (const id of ids) {
        if (isIn) next.add(id)
        else next.delete(id)
      }
      if (next.size <= MOST_IDS) return { kind: 'ids', ids: next }
    }
  }
  const ranges = rangesOf(selection, list)
  const next = isIn ? union(ranges, range) : without(ranges, range)
  if (next.length === 0) return NOTHING
  const [only] = next
  if (next.length === 1 && only?.from === 0 && only.to === list.total) return { kind: 'all' }
  return asIds(next, list) ?? { kind: 'rows', ranges: next }
}

/** The ids of these rows; null if one is not known or there are too many. */
function idsIn({ from, to }: Range, list: SelectionList): readonly string[] | null {
  if (to - from > MOST_IDS) return null
  const ids: string[] = []
  for (let index = from; index < to; index += 1) {
    const id = list.idAt(index)
    if (id === null) return null
    ids.push(id)
  }
  return ids
}

function asIds(ranges: readonly Range[], list: SelectionList): Selection | null {
  const ids: string[] = []
  for (const range of ranges) {
    const some = idsIn(range, list)
    if (some === null || ids.length + some.length > MOST_IDS) return null
    ids.push(...some)
  }
  return { kind: 'ids', ids: new Set(ids) }
}

function rangesOf(selection: Selection, { total, placeOf }: SelectionList): readonly Range[] {
  if (selection.kind === 'all') return [{ from: 0, to: total }]
  if (selection.kind === 'rows') return selection.ranges
  let ranges: readonly Range[] = []
  for (const id of selection.ids) {
    const place = placeOf(id)
    if (place !== null) ranges = union(ranges, { from: place, to: place + 1 })
  }
  return ranges
}

/** Ranges in order, none of which touch. */
function union(ranges: readonly Range[], added: Range): readonly Range[] {
  if (added.to <= added.from) return ranges
  const apart = ranges.filter(({ from, to }) => to < added.from || added.to < from)
  const touching = ranges.filter(({ from, to }) => !(to < added.from || added.to < from))
  const merged = {
    from: Math.min(added.from, ...touching.map(({ from }) => from)),
    to: Math.max(added.to, ...touching.map(({ to }) => to)),
  }
  return [...apart, merged].toSorted((a, b) => a.from - b.from)
}

function without(ranges: readonly Range[], taken: Range): readonly Range[] {
  return ranges.flatMap(({ from, to }) =>
    [
      { from, to: Math.min(to, taken.from) },
      { from: Math.max(from, taken.to), to },
    ].filter((rest) => rest.from < rest.to),
  )
}
