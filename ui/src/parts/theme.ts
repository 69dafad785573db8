/** Colours by the system's wish, or always light, or always dark. */
export type Theme = 'auto' | 'light' | 'dark'

const KEY = 'downlink.theme'
const ORDER: readonly Theme[] = ['auto', 'light', 'dark']

/** The theme chosen on this device. */
export function storedTheme(storage: Pick<Storage, 'getItem'>): Theme {
  const stored = storage.getItem(KEY)
  return ORDER.find((theme) => theme === stored) ?? 'auto'
}

/** Shows a theme; `data-theme` on the root element decides which half of `light-dark()` counts. */
export function applyTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** Remembers and shows a theme. */
export function chooseTheme(theme: Theme, storage: Pick<Storage, 'setItem'>): void {
  storage.setItem(KEY, theme)
  applyTheme(theme)
}

/** The theme after this one, round and round. */
export const nextTheme = (theme: Theme): Theme => ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? 'auto'
