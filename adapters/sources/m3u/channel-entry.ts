import type { M3uEntry } from '../../../core/lineup/m3u/entry.ts'

/** Why an entry of a list is no channel of ours; null: it is one. */
export type NoChannel = 'film' | 'separator' | 'address' | 'scheme'

const FILM_PATH = /\/(movie|series|vod)\//i
const FILM_ENDING = /\.(mp4|mkv|avi|mov|m4v|wmv|mpe?g|webm)$/i
/** `###### SPORT ######`, `--- UK ---`, `●▬▬ DE ▬▬●`: lines that part a list. */
const DECORATION = '[#=*~_\\-•·●○▬═─━■□▪▫◆◇★☆►◄▶◀✦✪➤|]'
const SEPARATOR = new RegExp(`^(?:${DECORATION}{2,}.*${DECORATION}{2,}|${DECORATION}+)$`, 'u')

/** Looks whether an entry is a live channel that can be asked for; `url` null: its address cannot be read. */
export function noChannel(entry: M3uEntry, url: URL | null): NoChannel | null {
  if (SEPARATOR.test(entry.name.replace(/\s+/g, ''))) return 'separator'
  if (url === null) return 'address'
  if (!/^https?:$/.test(url.protocol)) return 'scheme'
  if (FILM_PATH.test(url.pathname) || FILM_ENDING.test(url.pathname)) return 'film'
  // A length tells a film, but some lists write 1 or 10 for everything.
  return (entry.duration ?? 0) >= 300 ? 'film' : null
}
