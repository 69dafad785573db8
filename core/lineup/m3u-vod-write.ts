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
  return fileLines(m3uText(film.name + year) || `Film ${film.id}`, { url, posterUrl, group })
}

/** One episode, as players tell episodes from films: `{series} S01E02 {title}`. Its group is its series. */
export function episodeLines(
  series: Pick<VodEntry, 'id' | 'name'>,
  { season, number, title }: { readonly season: number; readonly number: number; readonly title: string },
  { url, posterUrl }: { readonly url: string; readonly posterUrl: string | null },
): string {
  const name = m3uText(series.name) || `Series ${series.id}`
  const two = (value: number): string => String(value).padStart(2, '0')
  const code = `S${two(season)}E${two(number)}`
  const told = m3uText(title)
  // Many panels write the whole of it into the title.
  const rest = told === '' || told.startsWith(name) ? '' : ` ${told}`
  return fileLines(`${name} ${code}${rest}`, { url, posterUrl, group: name })
}

function fileLines(
  name: string,
  { url, posterUrl, group }: { readonly url: string; readonly posterUrl: string | null; readonly group: string | null },
): string {
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
