import type { Selection } from '../grid/selection.ts'
import { filterOf, quote } from './view.ts'
import type { View } from './view.ts'

/** Which channels an edit of many means: never a list of thousands, always words about them. */
export type Target = {
  readonly filter: string
  /** Places in the list of `filter`, which are only good for its revision. */
  readonly rows?: {
    readonly sort: string
    readonly desc: boolean
    readonly ranges: readonly { readonly from: number; readonly to: number }[]
  }
}

/** An empty filter would be refused as a mistake: this one means all channels. */
const EVERY_CHANNEL = 'number > 0'

/** What a selection in a view means; null: nothing is selected. */
export function targetOf(selection: Selection, view: View): Target | null {
  const filter = filterOf(view)
  switch (selection.kind) {
    case 'all':
      return { filter: filter === '' ? EVERY_CHANNEL : filter }
    case 'ids':
      return selection.ids.size === 0 ? null : { filter: `id in (${[...selection.ids].map(quote).join(', ')})` }
    case 'rows':
      return { filter, rows: { sort: view.sort.by, desc: view.sort.isDescending, ranges: selection.ranges } }
    default:
      return selection satisfies never
  }
}
