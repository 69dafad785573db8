import type { CatalogueItem, SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import { parseChannelNumber } from '../../../core/lineup/channel.ts'
import { catchupAddress, hasCatchupAddress } from '../../../core/lineup/m3u/catchup-address.ts'
import type { CatchupMoment } from '../../../core/lineup/m3u/catchup-address.ts'
import type { M3uCatchup, M3uEntry } from '../../../core/lineup/m3u/entry.ts'
import { createM3uReader } from '../../../core/lineup/m3u/reader.ts'
import { parseServiceRef } from '../../../core/lineup/service-reference.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import { Secret } from '../../../core/secret.ts'
import { noChannel } from './channel-entry.ts'
import type { NoChannel } from './channel-entry.ts'
import { createKeyMaker, serviceRefOf } from './item-key.ts'
import type { OpenList } from './list-file.ts'

/** What is kept of an entry beside what everybody may know: where it is, and how to ask there. */
export class ListItem {
  readonly #url: string
  readonly #logo: string | null
  readonly #catchup: M3uCatchup | null
  readonly headers: Readonly<Record<string, string>>

  constructor(entry: {
    readonly url: string
    readonly logo: string | null
    readonly catchup: M3uCatchup | null
    readonly headers: Readonly<Record<string, string>>
  }) {
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

/** A list that was read. */
export type ChannelList = {
  readonly catalogue: SourceCatalogue
  readonly items: ReadonlyMap<string, ListItem>
  /** The guide that the list names first; null: none. */
  readonly guideUrl: Secret | null
  /** How many entries were left out, by reason. */
  readonly leftOut: ReadonlyMap<NoChannel | 'twice', number>
  /** How many lines could not be used, and the first of them. */
  readonly problems: { readonly count: number; readonly first: readonly string[] }
}

const KEPT_PROBLEMS = 5
const NO_HEADERS: Readonly<Record<string, string>> = {}
/** How far back one can go where a list does not say it. */
const USUAL_PAST_DAYS = 3
/** More channels than any list has. */
const MOST_ITEMS = 500_000

/** Reads a list while it arrives. Fails with `source/*`. */
export async function readChannelList(sourceId: SourceId, { bytes, base }: OpenList): Promise<ChannelList> {
  const keys = createKeyMaker()
  const catalogue: CatalogueItem[] = []
  const items = new Map<string, ListItem>()
  const groups = new Set<string>()
  const groupLists = new Map<string, readonly string[]>([['', []]])
  const leftOut = new Map<NoChannel | 'twice', number>()
  const problems: string[] = []
  let problemCount = 0
  let guideUrl: Secret | null = null

  const leaveOut = (reason: NoChannel | 'twice'): void => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
  const take = (entry: M3uEntry): void => {
    const url = base === null ? URL.parse(entry.url) : URL.parse(entry.url, base)
    const reason = noChannel(entry, url)
    if (reason !== null || url === null) return leaveOut(reason ?? 'address')
    const key = keys.keyOf(entry, url)
    if (key === null || items.size >= MOST_ITEMS) return leaveOut('twice')
    const item = toItem(entry, { key, url, sourceId, groups: groupsOf(entry.groups) })
    catalogue.push(item)
    // Most addresses are whole as they stand: their text is there already.
    const address = URL.canParse(entry.url) ? entry.url : url.href
    const headers = Object.keys(entry.headers).length === 0 ? NO_HEADERS : entry.headers
    const catchup = item.pastHours === undefined ? null : entry.catchup
    items.set(key, new ListItem({ url: address, logo: item.hasLogo ? entry.logo : null, catchup, headers }))
  }
  /** The same few lists of groups over and over: one for all entries that have it. */
  const groupsOf = (names: readonly string[]): readonly string[] => {
    const key = names.join('\n')
    const known = groupLists.get(key)
    if (known !== undefined) return known
    for (const name of names) groups.add(name)
    groupLists.set(key, names)
    return names
  }
  const reader = createM3uReader({
    head: ({ guideUrls: [first] }) => void (guideUrl = first === undefined ? null : new Secret(first)),
    entry: take,
    problem({ line, problem }) {
      problemCount += 1
      if (problems.length < KEPT_PROBLEMS) problems.push(`line ${line}: ${problem}`)
    },
  })
  for await (const chunk of bytes) reader.push(chunk)
  reader.end()
  return {
    catalogue: { sourceId, groups: [...groups], items: catalogue },
    items,
    guideUrl,
    leftOut,
    problems: { count: problemCount, first: problems },
  }
}

function toItem(
  entry: M3uEntry,
  at: { readonly key: string; readonly url: URL; readonly sourceId: SourceId; readonly groups: readonly string[] },
): CatalogueItem {
  const serviceRef = serviceRefOf(at.url)
  const sid = serviceRef === null ? 0 : (parseServiceRef(serviceRef)?.sid ?? 0)
  return {
    item: at.key,
    name: entry.name,
    media: entry.isRadio ? 'radio' : 'tv',
    serviceRef,
    programNumber: entry.programNumber ?? (sid === 0 ? null : sid),
    slotKey: at.key,
    ...pastOf(entry.catchup, at.url),
    number: entry.number === null ? null : parseChannelNumber(entry.number),
    groups: at.groups,
    hasLogo: entry.logo !== null && /^https?:\/\//i.test(entry.logo) && URL.canParse(entry.logo),
    guide: entry.tvgId === null ? null : { feed: at.sourceId, channel: entry.tvgId },
  }
}

function pastOf(catchup: M3uCatchup | null, url: URL): Pick<CatalogueItem, 'pastHours'> {
  if (catchup === null || !hasCatchupAddress(catchup, url.href)) return {}
  return { pastHours: (catchup.days ?? USUAL_PAST_DAYS) * 24 }
}
