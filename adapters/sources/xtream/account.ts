import { Secret } from '../../../core/secret.ts'
import type { XtreamSettings } from '../../../core/source-kinds/xtream.ts'

/** Kinds of streams as panels spell them in paths. */
export type StreamPath = 'live' | 'movie' | 'series'

/**
 * The addresses of one account. They hold its password: for the HTTP client only, never for logs, messages or answers.
 *
 * The panel's own `server_info.url` is never used: it is often an internal or a dead name (protocols/xtream.md §2.1).
 */
export interface Account {
  /** Scheme, host and port as the owner typed them. */
  readonly origin: string
  api(action: string | null, parameters?: Readonly<Record<string, string>>): URL
  guide(): URL
  stream(kind: StreamPath, id: string, extension: string): URL
  /** A programme that is over: `start` as the panel's own clock spells it, `YYYY-MM-DD:HH-MM`. */
  archive(id: string, start: string, minutes: number, extension: string): URL
  /** The same as panels of older make ask for it; `extension` '': as the panel likes. */
  oldArchive(id: string, start: string, minutes: number, extension: string): URL
}

/** The addresses of the account that these settings describe. */
export function createAccount({ url, username, password }: XtreamSettings): Account {
  const user = username || (url.username ?? '')
  const pass = (password ?? url.password ?? new Secret('')).reveal()
  const query = (file: string, parameters: Readonly<Record<string, string>>): URL => {
    const address = new URL(file, url.base)
    address.search = new URLSearchParams({ username: user, password: pass, ...parameters }).toString()
    return address
  }
  // Players leave colons as they are, and some panels look for just that.
  const segment = (part: string): string => encodeURIComponent(part).replaceAll('%3A', ':')
  const path = (...parts: readonly string[]): URL => new URL(parts.map(segment).join('/'), url.base)
  return {
    origin: url.base.origin,
    api: (action, parameters = {}) =>
      query('player_api.php', { ...(action === null ? {} : { action }), ...parameters }),
    guide: () => query('xmltv.php', {}),
    stream: (kind, id, extension) => path(kind, user, pass, `${id}.${extension}`),
    archive: (id, start, minutes, extension) =>
      path('timeshift', user, pass, wholeMinutes(minutes), start, `${id}.${extension}`),
    oldArchive: (id, start, minutes, extension) =>
      query('streaming/timeshift.php', {
        stream: id,
        start,
        duration: wholeMinutes(minutes),
        ...(extension === '' ? {} : { extension }),
      }),
  }
}

/** No panel sends less than a minute. */
const wholeMinutes = (minutes: number): string => String(Math.max(1, Math.ceil(minutes)))
