import type { CatalogueItem, CatalogueProgress, SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import { Failure } from '../../../core/errors.ts'
import type { Log } from '../../../core/log.ts'
import { CHANNELS_QUERY, channelPageQuery, GENRES_QUERY, radioPageQuery } from './box-queries.ts'
import type { BoxSession } from './box-session.ts'
import { RADIO_GENRE, readChannel, readGenres, readPage, readStation } from './rows.ts'
import type { Genre, PortalChannel } from './rows.ts'
import { walkPages } from './pages.ts'

/** What one MAC may watch. */
export type BoxChannels = { readonly genres: readonly Genre[]; readonly channels: readonly PortalChannel[] }

/** What a portal offers over all MACs of its owner. */
export type ChannelList = {
  /** By key. */
  readonly channels: ReadonlyMap<string, PortalChannel>
  readonly groups: readonly Genre[]
  readonly byBox: ReadonlyMap<BoxSession, BoxChannels>
  /** Whether a MAC has a channel; true for a MAC that could not be asked. */
  has(box: BoxSession, key: string): boolean
}

/** A portal sends tens of megabytes, and takes its time. */
const LIST_TIMEOUT_MS = 180_000

/** Radio stations of a MAC; none where a portal knows no such list. */
export async function listStations(box: BoxSession, signal: AbortSignal): Promise<readonly PortalChannel[]> {
  const rows = await walkPages(box, radioPageQuery, signal)
  return rows.flatMap((row) => readStation(row) ?? [])
}

/** Groups of a MAC. */
export async function listGenres(box: BoxSession, signal: AbortSignal): Promise<readonly Genre[]> {
  const { js } = await box.ask(GENRES_QUERY, { urgency: 'list', signal })
  return readGenres(js)
}

/**
 * All channels of a MAC: in one answer, page by page where the portal has that switched off, and always page by page for
 * groups that are for adults, which stock portals leave out of the one answer (stalker.md §5.2).
 */
export async function listBoxChannels(
  box: BoxSession,
  genres: readonly Genre[],
  { signal, onRows }: { readonly signal: AbortSignal; readonly onRows: (count: number) => void },
): Promise<BoxChannels> {
  const answer = await box.ask(CHANNELS_QUERY, { urgency: 'list', timeoutMs: LIST_TIMEOUT_MS, signal })
  const whole = readPage(answer.js)?.rows ?? []
  onRows(whole.length)
  const walk = (genre: string) => walkPages(box, (page) => channelPageQuery(genre, page), signal, { onRows })
  const rows: unknown[] = [...whole]
  if (whole.length === 0) rows.push(...(await walk('*')))
  // Some panels have no group of everything.
  if (rows.length === 0) for (const { id } of genres) rows.push(...(await walk(id)))
  else {
    const told = new Set(rows.flatMap((row) => readChannel(row)?.genre ?? []))
    for (const { id, isCensored } of genres) if (isCensored && !told.has(id)) rows.push(...(await walk(id)))
  }
  const channels = new Map<string, PortalChannel>()
  for (const row of rows) {
    const channel = readChannel(row)
    if (channel !== null && !channels.has(channel.key)) channels.set(channel.key, channel)
  }
  return { genres, channels: [...channels.values()] }
}

/**
 * Lists the portal with every MAC that can be asked now. MACs with the same groups share one list; the others have
 * packages of their own (stalker.md §6). Fails with the first MAC's failure when none could be asked.
 */
export async function listChannels(options: {
  /** All MACs, in the owner's order. */
  readonly boxes: readonly BoxSession[]
  /** Whether a MAC may be asked now. */
  readonly isUsable: (box: BoxSession) => boolean
  /** Why no MAC may be asked. */
  readonly whyNone: () => Failure
  /** Radio stations too. */
  readonly radio: boolean
  /** What the MACs had before, for those that cannot be asked now. */
  readonly previous: ChannelList | null
  readonly log: Log
  /** Rows of all MACs together. */
  readonly onProgress?: (progress: CatalogueProgress) => void
  readonly signal: AbortSignal
}): Promise<ChannelList> {
  const { boxes, previous, log, signal } = options
  let done = 0
  const onRows = (count: number): void => {
    done += count
    options.onProgress?.({ done, total: null, unit: 'channels' })
  }
  const listAll = async (box: BoxSession, genres: readonly Genre[]): Promise<BoxChannels> => {
    const television = await listBoxChannels(box, genres, { signal, onRows })
    const stations = options.radio ? await listStations(box, signal) : []
    if (stations.length === 0) return television
    return { genres, channels: [...television.channels, ...stations] }
  }
  const known = new Map<BoxSession, BoxChannels>()
  const fresh: BoxChannels[] = []
  let first: unknown = null
  let isAway = false
  for (const box of boxes) {
    const before = previous?.byBox.get(box)
    if (before !== undefined) known.set(box, before)
    if (isAway || !options.isUsable(box)) continue
    try {
      const genres = await listGenres(box, signal)
      const same = fresh.find((one) => sameGenres(one.genres, genres))
      const list = same ?? (await listAll(box, genres))
      if (same === undefined) fresh.push(list)
      known.set(box, list)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Failure)) throw error
      first ??= error
      log('warn', 'mac-not-listed', { mac: box.number, code: error.code, detail: error.message })
      // A portal that is away or blocks us is so for all of its MACs.
      isAway = PORTAL_WIDE.has(error.code)
    }
  }
  if (fresh.length === 0) throw first ?? options.whyNone()
  return join(known)
}

const PORTAL_WIDE: ReadonlySet<string> = new Set(['source/unreachable', 'source/blocked', 'source/timeout'])

function sameGenres(a: readonly Genre[], b: readonly Genre[]): boolean {
  const ids = new Set(a.map(({ id }) => id))
  return a.length === b.length && b.every(({ id }) => ids.has(id))
}

/** One list of all lists: the first MAC's order, then what only others have. */
function join(known: ReadonlyMap<BoxSession, BoxChannels>): ChannelList {
  const channels = new Map<string, PortalChannel>()
  const groups = new Map<string, Genre>()
  const keys = new Map<BoxSession, ReadonlySet<string>>()
  for (const [box, list] of known) {
    for (const genre of list.genres) if (!groups.has(genre.id)) groups.set(genre.id, genre)
    for (const channel of list.channels) if (!channels.has(channel.key)) channels.set(channel.key, channel)
    keys.set(box, new Set(list.channels.map(({ key }) => key)))
  }
  return {
    channels,
    groups: [...groups.values()],
    byBox: known,
    has: (box, key) => keys.get(box)?.has(key) ?? true,
  }
}

/** The list as the line-up takes it: groups that have channels, each name once. */
export function toCatalogue(sourceId: SourceId, { channels, groups }: ChannelList): SourceCatalogue {
  const titles = new Map([...groups, RADIO_GENRE].map(({ id, title }) => [id, title]))
  const items = [...channels.values()].map((channel): CatalogueItem => {
    const group = titles.get(channel.genre)
    return {
      item: channel.key,
      name: channel.name,
      media: channel.media,
      serviceRef: null,
      programNumber: null,
      slotKey: channel.key,
      ...(channel.archiveHours === 0 ? {} : { pastHours: channel.archiveHours }),
      number: channel.number,
      groups: group === undefined ? [] : [group],
      hasLogo: channel.logo !== '',
      guide: channel.id === null ? null : { feed: sourceId, channel: channel.id },
    }
  })
  const used = new Set(items.flatMap((item) => item.groups))
  return { sourceId, groups: [...new Set(titles.values())].filter((title) => used.has(title)), items }
}
