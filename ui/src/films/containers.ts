/** How a page can play a file: by the browser itself, by a script that takes MPEG-TS apart, or not at all. */
export type Way = 'browser' | 'ts' | 'elsewhere'

// Matroska plays in Chromium where its codecs do; where it does not, the player says so.
const BY_BROWSER = new Set(['mp4', 'm4v', 'mov', 'webm', 'mkv'])
const BY_SCRIPT = new Set(['ts', 'm2ts', 'mpegts'])

/** The way for a container, as sources name it (`mkv`, `TS`); without a name the browser may try. */
export function wayFor(container: string | null): Way {
  const name = (container ?? '').toLowerCase().replace(/^\./, '')
  if (name === '' || BY_BROWSER.has(name)) return 'browser'
  return BY_SCRIPT.has(name) ? 'ts' : 'elsewhere'
}
