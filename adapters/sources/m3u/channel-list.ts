import type { CatalogueItem, SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import { parseChannelNumber } from '../../../core/lineup/channel.ts'
import { hasCatchupAddress } from '../../../core/lineup/m3u/catchup-address.ts'
import type { M3uCatchup, M3uEntry } from '../../../core/lineup/m3u/entry.ts'
import { createM3uReader } from '../../../core/lineup/m3u/reader.ts'
import { parseServiceRef } from '../../../core/lineup/service-reference.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import { Secret } from '../../../core/secret.ts'
import { noChannel } from './channel-entry.ts'
import type { NoChannel } from './channel-entry.ts'
import { createKeyMaker, serviceRefOf } from './item-key.ts'
import type { OpenList } from './list-file.ts'
import { createListItems } from './list-items.ts'
import type { ListItems } from './list-items.ts'
import { createTextCopier } from './text-store.ts'

/** A list that was read. */
export type ChannelList = {
  readonly catalogue: SourceCatalogue
  readonly items: ListItems
  /** The guide that the list names first; null: none. */
  readonly guideUrl: Secret | null
  /** How many entries were left out, by reason. */
  readonly leftOut: ReadonlyMap<NoChannel | 'twice', number>
  /** How many lines could not be used, and the first of them. */
  readonly problems: { readonly count: number; readonly first: readonly string[] }
}

const KEPT_PROBLEMS = 5
/** How far back one can go where a list does not say it. */
const USUAL_PAST_DAYS = 3
/** More channels than any list has. */
const MOST_ITEMS = 500_000

/** Reads a list while it arrives. Fails with `source/*`. */
export async function readChannelList(sourceId: SourceId, { bytes, base }: OpenList): Promise<ChannelList> {
  const keys = createKeyMaker()
  const catalogue: CatalogueItem[] = []
  const items = createListItems()
  // What is kept of a list must not keep the list.
  const copy = createTextCopier()
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
    const item = toItem(entry, { key, url, sourceId, groups: groupsOf(entry.groups), copy })
    catalogue.push(item)
    items.add(key, {
      // As it stands where that is whole: what makes addresses of the past out of it goes by its form.
      url: URL.canParse(entry.url) ? entry.url : url.href,
      logo: item.hasLogo ? entry.logo : null,
      catchup: item.pastHours === undefined ? null : entry.catchup,
      headers: entry.headers,
    })
  }
  /** The same few lists of groups over and over: one for all entries that have it. */
  const groupsOf = (names: readonly string[]): readonly string[] => {
    const key = names.join('\n')
    const known = groupLists.get(key)
    if (known !== undefined) return known
    const own = names.map(copy)
    for (const name of own) groups.add(name)
    groupLists.set(copy(key), own)
    return own
  }
  const reader = createM3uReader({
    head: ({ guideUrls: [first] }) => void (guideUrl = first === undefined ? null : new Secret(copy(first))),
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
  at: {
    readonly key: string
    readonly url: URL
    readonly sourceId: SourceId
    readonly groups: readonly string[]
    readonly copy: (text: string) => string
  },
): CatalogueItem {
  const serviceRef = serviceRefOf(at.url)
  const sid = serviceRef === null ? 0 : (parseServiceRef(serviceRef)?.sid ?? 0)
  return {
    item: at.key,
    name: at.copy(entry.name),
    media: entry.isRadio ? 'radio' : 'tv',
    serviceRef,
    programNumber: entry.programNumber ?? (sid === 0 ? null : sid),
    slotKey: at.key,
    ...pastOf(entry.catchup, at.url),
    number: entry.number === null ? null : parseChannelNumber(entry.number),
    groups: at.groups,
    hasLogo: entry.logo !== null && /^https?:\/\//i.test(entry.logo) && URL.canParse(entry.logo),
    guide: entry.tvgId === null ? null : { feed: at.sourceId, channel: at.copy(entry.tvgId) },
  }
}

function pastOf(catchup: M3uCatchup | null, url: URL): Pick<CatalogueItem, 'pastHours'> {
  if (catchup === null || !hasCatchupAddress(catchup, url.href)) return {}
  return { pastHours: (catchup.days ?? USUAL_PAST_DAYS) * 24 }
}
