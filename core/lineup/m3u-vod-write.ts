import { m3uAttribute, m3uText } from './m3u-write.ts'
import type { VodEntry } from './vod.ts'

/** The line that a playlist of films begins with. */
export const M3U_VOD_HEAD = '#EXTM3U\n'

/**
 * One film of a playlist: its `#EXTINF` line and its URL line. `media="true"` makes it a recording in Kodi, instead of a
 * channel among channels.
 *
 * Source: protocols/m3u-xmltv.md A1, A3.
 */
export function vodLines(
  film: VodEntry,
  { url, posterUrl, group }: { readonly url: string; readonly posterUrl: string | null; readonly group: string | null },
): string {
  const year = film.year === null || film.name.includes(String(film.year)) ? '' : ` (${film.year})`
  const name = m3uText(film.name + year) || `Film ${film.id}`
  const shelf = m3uText(group ?? '')
  return (
    '#EXTINF:-1' +
    m3uAttribute('tvg-id', '') +
    m3uAttribute('tvg-name', name) +
    (posterUrl === null ? '' : m3uAttribute('tvg-logo', posterUrl)) +
    m3uAttribute('media', 'true') +
    (shelf === '' ? '' : m3uAttribute('group-title', shelf)) +
    `,${name}\n${url}\n`
  )
}
