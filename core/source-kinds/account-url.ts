import { decodeAddressPart } from '../address-part.ts'
/** What an address that a person pasted says about an account. Credentials are null where it has none. */
export type PastedAccount = {
  /** Scheme, host, port and path prefix of the panel; the path ends in `/`, there is no query. */
  readonly base: URL
  readonly username: string | null
  readonly password: string | null
}

/** Files of a panel that people paste the address of, and the folder of its portal for boxes. */
const PANEL_FILE = /\/(?:player_api|panel_api|get|playlist|xmltv|epg|portal)\.php$|\/c\/?$/i
const STREAM_PATH = /^(.*?)\/(?:live|movie|series)\/([^/]+)\/([^/]+)\/[^/]+$/
const SHORT_STREAM_PATH = /^(.*?)\/([^/]+)\/([^/]+)\/\d+(?:\.\w{2,5})?$/

/**
 * Reads the address of a panel in any of the forms that people paste: base address with or without scheme, `get.php?…`,
 * `player_api.php?…`, `…/c/`, a stream's address. Null: that is no http address, or it has a user name before the host.
 *
 * Source: protocols/xtream.md §1.
 */
export function readAccountUrl(text: string): PastedAccount | null {
  const trimmed = text.trim()
  const url = URL.parse(trimmed.includes('://') ? trimmed : `http://${trimmed}`)
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return null
  if (url.username !== '' || url.password !== '') return null
  const stream = STREAM_PATH.exec(url.pathname) ?? SHORT_STREAM_PATH.exec(url.pathname)
  const [, before, user, pass] = stream ?? []
  const path = (before ?? url.pathname.replace(PANEL_FILE, '')).replace(/\/*$/, '/')
  const base = new URL(url.origin)
  base.pathname = path
  return {
    base,
    username: filled(user === undefined ? url.searchParams.get('username') : decodeAddressPart(user)),
    password: filled(pass === undefined ? url.searchParams.get('password') : decodeAddressPart(pass)),
  }
}

const filled = (text: string | null): string | null => text?.trim() || null
