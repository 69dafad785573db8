/** Rows of a long list that are worth drawing, `last` excluded. */
export type RowWindow = { readonly first: number; readonly last: number }

/**
 * The rows in view and a few beyond, so that a list of any length draws only what is looked at.
 *
 * `top` is how far the list's upper edge has moved above the viewport's, in pixels (negative while it is below).
 */
export function windowOf(list: {
  top: number
  height: number
  rowHeight: number
  total: number
  overscan: number
}): RowWindow {
  const first = Math.floor(list.top / list.rowHeight) - list.overscan
  const last = Math.ceil((list.top + list.height) / list.rowHeight) + list.overscan
  const clamp = (row: number) => Math.min(list.total, Math.max(0, row))
  return { first: clamp(first), last: clamp(last) }
}

/** Pages of `size` rows that a window touches, as page numbers. */
export function pagesOf({ first, last }: RowWindow, size: number): readonly number[] {
  if (last <= first) return []
  const from = Math.floor(first / size)
  const to = Math.floor((last - 1) / size)
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
