/**
 * The height up to which an element is drawn right by every browser: Firefox ends at 17.8 million pixels, Chromium and
 * Safari at 33 million (fewer on screens with more than one pixel to a CSS pixel).
 */
const TALLEST_PX = 8_000_000

/** How far a list that may be taller than a page can be is moved by the page's scroll bar. */
export type ScrollScale = {
  /** Height of the element that is scrolled, pixels. */
  readonly height: number
  /** How far the list's own top is above the view's, for a position of the scroll bar. */
  toList(scrollTop: number): number
  /** The position of the scroll bar that shows the list from here on. */
  toScroll(top: number): number
}

/** The scale of a list of `listHeight` in a view of `viewHeight` pixels: one to one as long as that can be drawn. */
export function scrollScale(listHeight: number, viewHeight: number): ScrollScale {
  const height = Math.min(listHeight, TALLEST_PX)
  const ratio = height <= viewHeight ? 1 : (listHeight - viewHeight) / (height - viewHeight)
  return { height, toList: (scrollTop) => scrollTop * ratio, toScroll: (top) => top / ratio }
}

/** Where a list has to stand so that a row is in view, moved as little as possible. */
export function revealing(
  row: number,
  list: { readonly top: number; readonly viewHeight: number; readonly rowHeight: number },
): number {
  const upper = row * list.rowHeight
  const lower = upper + list.rowHeight - list.viewHeight
  return Math.min(upper, Math.max(lower, list.top))
}
