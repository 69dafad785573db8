import { catchupAddress } from '../../../core/lineup/m3u/catchup-address.ts'
import type { CatchupMoment } from '../../../core/lineup/m3u/catchup-address.ts'
import type { M3uCatchup } from '../../../core/lineup/m3u/entry.ts'
import { createTextCopier, createTextStore } from './text-store.ts'

/** What a list says of an entry: its address, that of its picture, how to ask for its past (null: not), headers. */
export type ListItemParts = {
  readonly url: string
  readonly logo: string | null
  readonly catchup: M3uCatchup | null
  readonly headers: Readonly<Record<string, string>>
}

/** What is kept of an entry beside what everybody may know: where it is, and how to ask there. */
export class ListItem {
  readonly #url: string
  readonly #logo: string | null
  readonly #catchup: M3uCatchup | null
  readonly headers: Readonly<Record<string, string>>

  constructor(entry: ListItemParts) {
    this.#url = entry.url
    this.#logo = entry.logo
    this.#catchup = entry.catchup
    this.headers = entry.headers
  }

  /** Its address, which may hold passwords. */
  revealUrl(): URL {
    return new URL(this.#url)
  }

  /** The address of its picture, which may hold them too; null: none. */
  revealLogo(): URL | null {
    return this.#logo === null ? null : new URL(this.#logo)
  }

  /** The address of a stretch of its past, which may hold them too; null: the list names none. */
  revealPast(moment: CatchupMoment): URL | null {
    const address = this.#catchup === null ? null : catchupAddress(this.#catchup, this.#url, moment)
    return address === null ? null : URL.parse(address)
  }

  toJSON(): string {
    return '***'
  }
}

/** The entries of a list by their keys. */
export interface ListItems {
  readonly size: number
  get(key: string): ListItem | undefined
}

/** Collects the entries of a list, so that 100,000 of them take little more memory than their addresses. */
export interface ListItemsBuilder extends ListItems {
  add(key: string, item: ListItemParts): void
}

const NO_HEADERS: Readonly<Record<string, string>> = {}

/** An empty list. */
export function createListItems(): ListItemsBuilder {
  const places = new Map<string, number>()
  const headersOf = new Map<string, Readonly<Record<string, string>>>()
  const catchupOf = new Map<string, M3uCatchup>()
  /** Most entries that have a past say the same of it. */
  const ways = new Map<string, M3uCatchup>()
  const texts = createTextStore()
  const copy = createTextCopier()

  const shared = ({ type, days, source }: M3uCatchup): M3uCatchup => {
    const key = copy(`${type}\n${days}\n${source}`)
    const known = ways.get(key)
    if (known !== undefined) return known
    const way = { type: copy(type), days, source: source === null ? null : copy(source) }
    ways.set(key, way)
    return way
  }

  return {
    get size() {
      return places.size
    },
    add(key, { url, logo, catchup, headers }) {
      places.set(key, texts.put(`${url}\n${logo ?? ''}`)) // neither has a line break: they come from lines
      if (catchup !== null) catchupOf.set(key, shared(catchup))
      if (Object.keys(headers).length > 0) headersOf.set(key, headers)
    },
    get(key) {
      const place = places.get(key)
      if (place === undefined) return undefined
      const [url = '', logo = ''] = texts.get(place).split('\n')
      return new ListItem({
        url,
        logo: logo === '' ? null : logo,
        catchup: catchupOf.get(key) ?? null,
        headers: headersOf.get(key) ?? NO_HEADERS,
      })
    },
  }
}
