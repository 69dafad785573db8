import type { M3uEntry } from '../../../core/lineup/m3u/entry.ts'
import { parseServiceRef, printServiceRef } from '../../../core/lineup/service-reference.ts'
import { stableHash } from '../../../core/stable-hash.ts'

/** The service reference in the address of a receiver's stream (`http://box:8001/1:0:19:…`); null: none. */
export function serviceRefOf(url: URL): string | null {
  const [, path = ''] = /^\/(\d+(?::|%3a)[^?]*)$/i.exec(url.pathname) ?? []
  const ref = path === '' ? null : parseServiceRef(decodePercent(path))
  return ref === null || ref.path !== '' ? null : printServiceRef({ ...ref, name: '' })
}

/**
 * The provider's own number of a channel: `/live/{user}/{password}/{id}[.ts]` and the same without `live`
 * (protocols/xtream.md §1). Host, user and password change, this stays.
 */
function providerId(url: URL): string | null {
  const match = /^(?:.*\/live)?\/[^/]+\/[^/]+\/(\d{1,12})(?:\.\w{1,5})?$/.exec(url.pathname)
  return match?.[1] ?? null
}

/** Gives keys to the entries of one list. */
export interface KeyMaker {
  /** A key that no other entry of this list has; null: the list has had this very entry already. */
  keyOf(entry: M3uEntry, url: URL): string | null
}

/**
 * Makes keys that stay when a list is loaded again: the service reference, the provider's number, or else what the
 * channel is called; never the address as such, which holds passwords and changes with them. Where that is not enough to
 * tell two entries apart, the later one's key has its name, group, host, path and place as well, as far as needed.
 *
 * Keys are short texts without any secret. Source: protocols/m3u-xmltv.md A5, "Identity across refreshes".
 */
export function createKeyMaker(): KeyMaker {
  /** Who has a key: a hash of address and name, which is all that matters of them here. */
  const owners = new Map<string, number>()
  const places = new Map<string, number>()

  return {
    keyOf(entry, url) {
      const owner = stableHash(`${url.href}\n${entry.name}`)
      let key = ''
      for (key of candidates(entry, url)) {
        const known = owners.get(key)
        if (known === owner) return null
        if (known !== undefined) continue
        owners.set(key, owner)
        return key
      }
      const place = (places.get(key) ?? 1) + 1
      places.set(key, place)
      return `${key}-${place}`
    },
  }
}

/** The keys that an entry may have, the best one first. */
function* candidates(entry: M3uEntry, url: URL): Generator<string, void, undefined> {
  const ref = serviceRefOf(url)
  if (ref !== null) yield ref
  const id = providerId(url)
  const marks = [entry.tvgId?.toLowerCase() ?? '', entry.name]
  if (id !== null) yield `id${id}`
  for (const next of [null, entry.groups.join(';'), url.hostname, url.pathname]) {
    if (next !== null) marks.push(next)
    yield `${id === null ? 'n' : `id${id}-`}${stableHash(marks.join('\n')).toString(36)}`
  }
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
