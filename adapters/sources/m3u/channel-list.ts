import type { CatalogueItem, SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import { parseChannelNumber } from '../../../core/lineup/channel.ts'
import type { M3uEntry } from '../../../core/lineup/m3u/entry.ts'
import { createM3uReader } from '../../../core/lineup/m3u/reader.ts'
import { parseServiceRef } from '../../../core/lineup/service-reference.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import { Secret } from '../../../core/secret.ts'
import { noChannel } from './channel-entry.ts'
import type { NoChannel } from './channel-entry.ts'
import { createKeyMaker, serviceRefOf } from './item-key.ts'
import type { OpenList } from './list-file.ts'

/** What is kept of an entry beside what everybody may know: where it is, and how to ask there. */
export type ListItem = {
  readonly name: string
  readonly url: Secret
  readonly logo: Secret | null
  readonly headers: Readonly<Record<string, string>>
  readonly programNumber: number | null
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
/** More channels than any list has. */
const MOST_ITEMS = 500_000

/** Reads a list while it arrives. Fails with `source/*`. */
export async function readChannelList(sourceId: SourceId, { bytes, base }: OpenList): Promise<ChannelList> {
  const keys = createKeyMaker()
  const catalogue: CatalogueItem[] = []
  const items = new Map<string, ListItem>()
  const groups = new Map<string, string>()
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
    // The same few names over and over: one text for each.
    const ownGroups = entry.groups.map((group) => groups.get(group) ?? (groups.set(group, group), group))
    const item = toItem(entry, { key, url, sourceId, groups: ownGroups })
    catalogue.push(item)
    items.set(key, {
      name: entry.name,
      url: new Secret(url.href),
      logo: item.hasLogo && entry.logo !== null ? new Secret(entry.logo) : null,
      headers: entry.headers,
      programNumber: item.programNumber,
    })
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
    catalogue: { sourceId, groups: [...groups.keys()], items: catalogue },
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
    number: entry.number === null ? null : parseChannelNumber(entry.number),
    groups: at.groups,
    hasLogo: entry.logo !== null && /^https?:\/\//i.test(entry.logo) && URL.canParse(entry.logo),
    guide: entry.tvgId === null ? null : { feed: at.sourceId, channel: entry.tvgId },
  }
}
