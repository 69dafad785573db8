import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import { cleanDvbLine } from '../../../core/guide/dvb-text.ts'
import type { CatalogueItem, CatalogueProgress, SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import { parseServiceRef, SERVICE_FLAGS } from '../../../core/lineup/service-reference.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import type { Log } from '../../../core/log.ts'
import type { ReceiverFacts } from './facts.ts'
import { readItem } from './item.ts'
import type { ReceiverItem } from './item.ts'
import { isMissing } from './discovery.ts'
import type { WebClient } from './web-client.ts'
import { xmlElements, xmlText } from './xml.ts'

/** How a receiver's channels are listed. */
export type ListOptions = {
  readonly client: WebClient
  readonly dialect: ReceiverFacts['dialect']
  readonly sourceId: SourceId
  /** Names of the wanted bouquets; empty: all. */
  readonly bouquets: readonly string[]
  readonly radio: boolean
  /** Whether a URL's host is this receiver, beside loopback. */
  readonly isOwnHost: (host: string) => boolean
  readonly log: Log
  /** In bouquets. */
  readonly onProgress?: (progress: CatalogueProgress) => void
  readonly signal: AbortSignal
}

/** The channels of a receiver and what its driver has to remember of them. */
export type Listing = {
  readonly catalogue: SourceCatalogue
  readonly items: ReadonlyMap<string, ReceiverItem>
  /** Wanted bouquets that the box does not have. */
  readonly missingBouquets: readonly string[]
}

type Media = CatalogueItem['media']
type Bouquet = { readonly ref: string; readonly name: string; readonly startNumber: number | null }
/** `position` is the number inside the bouquet; null: not told. */
type Line = { readonly ref: string; readonly name: string; readonly position: number | null }
type Lines = { readonly lines: readonly Line[]; readonly last: number }

const RADIO_ROOT = '1:7:2:0:0:0:0:0:0:0:(type == 2) || (type == 10) FROM BOUQUET "bouquets.radio" ORDER BY bouquet'
const DEEPEST = 3

/**
 * Lists the bouquets one after another: groups in the box's order, channels under the box's numbers.
 *
 * A channel in several bouquets is one item with several groups and its first number. Left out are headlines, hidden
 * lines, files, and services that the box itself does not know (`<n/a>`). Fails with `source/*`.
 */
export async function listChannels(options: ListOptions): Promise<Listing> {
  const collector = createCollector(options)
  const asked = new Set(options.bouquets.map(fold))
  const found = new Set<string>()
  let walked = 0
  for (const media of options.radio ? (['tv', 'radio'] as const) : (['tv'] as const)) {
    const all = await listBouquets(options, media)
    const named = all.filter(({ name }) => asked.has(fold(name)))
    for (const { name } of named) found.add(fold(name))
    // Who names television bouquets and wants radio has not chosen among those of radio.
    const wanted = options.bouquets.length === 0 || (media === 'radio' && named.length === 0) ? all : named
    let next = 0
    const total = walked + wanted.length
    for (const bouquet of wanted) {
      options.onProgress?.({ done: walked, total, unit: 'steps' })
      walked += 1
      const { lines, last } = await listLines(options, bouquet.ref)
      const start = bouquet.startNumber ?? next // boxes that do not tell: numbers run on from bouquet to bouquet
      next = start + last
      await collector.add({ bouquet, lines, media, start, visited: new Set([bouquet.ref]), depth: 1 })
    }
  }
  return { ...collector.result(), missingBouquets: options.bouquets.filter((name) => !found.has(fold(name))) }
}

const fold = (name: string): string => cleanDvbLine(name).toLowerCase()

type Part = {
  readonly bouquet: Pick<Bouquet, 'name'>
  readonly lines: readonly Line[]
  readonly media: Media
  /** Number before the first line's; null: this part has no numbers of its own. */
  readonly start: number | null
  readonly visited: ReadonlySet<string>
  readonly depth: number
}

function createCollector(options: ListOptions) {
  const { sourceId, isOwnHost, log } = options
  const groups: string[] = []
  const items = new Map<string, ReceiverItem>()
  const listed = new Map<string, CatalogueItem & { groups: readonly string[] }>()

  const addLine = async (line: Line, { bouquet, media, start, visited, depth }: Part): Promise<void> => {
    const flags = parseServiceRef(line.ref)?.flags ?? 0
    if ((flags & (SERVICE_FLAGS.marker | SERVICE_FLAGS.invisible)) !== 0) return
    if ((flags & SERVICE_FLAGS.directory) !== 0) {
      if (visited.has(line.ref) || depth >= DEEPEST) return
      const inner = await listLines(options, line.ref)
      await collect({
        bouquet: line,
        lines: inner.lines,
        media,
        start: null,
        visited: new Set([...visited, line.ref]),
        depth: depth + 1,
      })
      return
    }
    const name = cleanDvbLine(line.name)
    if (/^<n\/a>$/i.test(name)) return
    const item = await readItem({ ref: line.ref, name, isOwnHost, members: (ref) => listMembers(options, ref) })
    if (item === null) {
      log('debug', 'receiver-line-skipped', { sourceId, flags })
      return
    }
    const group = cleanDvbLine(bouquet.name)
    // Radio has its own numbers on the box, which would meet those of television.
    const hasNumber = start !== null && line.position !== null && line.position > 0 && media === 'tv'
    const number = hasNumber ? String(start + (line.position ?? 0)) : null
    const known = listed.get(item.key)
    if (known !== undefined) {
      const inBoth = known.groups.includes(group) ? known.groups : [...known.groups, group]
      listed.set(item.key, { ...known, groups: inBoth, number: known.number ?? number })
      return
    }
    items.set(item.key, item)
    listed.set(item.key, {
      item: item.key,
      name: item.name,
      media: media === 'radio' || item.isRadio ? 'radio' : 'tv',
      serviceRef: item.kind === 'broadcast' ? item.key : null,
      programNumber: item.programNumber,
      slotKey: item.slotKey,
      number,
      groups: [group],
      hasLogo: true,
      guide: item.guideChannel === null ? null : { feed: sourceId, channel: item.guideChannel },
    })
  }
  const collect = async (part: Part): Promise<void> => {
    const group = cleanDvbLine(part.bouquet.name)
    if (group !== '' && !groups.includes(group)) groups.push(group)
    for (const line of part.lines) await addLine(line, part)
  }
  return {
    add: collect,
    result: () => ({ catalogue: { sourceId, groups, items: [...listed.values()] }, items }),
  }
}

const text = v.fallback(v.pipe(v.union([v.string(), v.number()]), v.transform(String)), '')
const count = v.fallback(
  v.nullable(v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer(), v.minValue(0))),
  null,
)
const listSchema = v.object({ pos: count, services: v.array(v.unknown()) })
const lineSchema = v.object({ servicereference: text, servicename: text, pos: count, startpos: count })
const bouquetsSchema = v.object({ bouquets: v.array(v.unknown()) })
const bouquetPairSchema = v.pipe(v.array(v.unknown()), v.minLength(2))

/** The bouquets of a kind. The list form with numbers first; boxes without it have the plain one. */
async function listBouquets(options: ListOptions, media: Media): Promise<readonly Bouquet[]> {
  const query: Readonly<Record<string, string>> = media === 'radio' ? { sRef: RADIO_ROOT } : {}
  const { client, signal, dialect } = options
  if (dialect === 'xml') return (await readXmlList(options, query)).map((line) => ({ ...line, startNumber: null }))
  let json: unknown = null
  try {
    json = await client.json({ path: 'api/getservices', query, priority: 'ui', signal })
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  const list = v.safeParse(listSchema, json)
  const numbered = list.success ? list.output.services.flatMap(readBouquetLine) : []
  if (numbered.length > 0) return numbered
  const plain = await client.json({ path: 'api/bouquets', query: { stype: media }, priority: 'ui', signal })
  return readAs(bouquetsSchema, plain, 'its bouquets').bouquets.flatMap((entry) => {
    const pair = v.safeParse(bouquetPairSchema, entry)
    if (!pair.success) return []
    return [{ ref: String(pair.output[0]), name: String(pair.output[1]), startNumber: null }]
  })
}

function readBouquetLine(entry: unknown): readonly Bouquet[] {
  const line = v.safeParse(lineSchema, entry)
  if (!line.success) return []
  const { servicereference: ref, servicename: name, startpos } = line.output
  const flags = parseServiceRef(ref)?.flags ?? 0
  const isShown = (flags & SERVICE_FLAGS.directory) !== 0 && (flags & SERVICE_FLAGS.invisible) === 0
  return isShown ? [{ ref, name, startNumber: startpos }] : []
}

/** The lines of one bouquet and the number of its last channel. */
async function listLines(options: ListOptions, ref: string): Promise<Lines> {
  if (options.dialect === 'xml') {
    // Hidden lines are asked for because some of them count: this dialect tells no numbers.
    const lines = numberLines(await readXmlList(options, { sRef: ref, hidden: '1' }))
    return { lines, last: lines.findLast((line) => line.position !== null)?.position ?? 0 }
  }
  const request = {
    path: 'api/getservices',
    query: { sRef: ref },
    priority: 'ui',
    bulk: true,
    signal: options.signal,
  } as const
  const { pos, services } = readAs(listSchema, await options.client.json(request), 'a bouquet')
  const lines: Line[] = []
  let last = pos ?? 0
  for (const entry of services) {
    const line = v.safeParse(lineSchema, entry)
    if (!line.success || line.output.servicereference === '') continue
    last = Math.max(last, line.output.pos ?? 0)
    lines.push({ ref: line.output.servicereference, name: line.output.servicename, position: line.output.pos })
  }
  return { lines, last }
}

/** The members of an alternatives group; none when the box does not say. */
async function listMembers(options: ListOptions, ref: string): Promise<readonly string[]> {
  try {
    return (await listLines(options, ref)).lines.map((line) => line.ref)
  } catch (error) {
    if (options.signal.aborted) throw error
    options.log('info', 'receiver-group-unknown', { sourceId: options.sourceId })
    return [] // the box picks the member itself when the channel is played
  }
}

async function readXmlList({ client, signal }: ListOptions, query: Readonly<Record<string, string>>) {
  const xml = await client.text({ path: 'web/getservices', query, priority: 'ui', bulk: true, signal })
  if (!xml.includes('<e2servicelist'))
    throw new Failure('source/bad-answer', 'The receiver answers its channel list in an unknown way')
  return Array.from(xmlElements(xml, 'e2service'), (service) => ({
    ref: xmlText(service, 'e2servicereference') ?? '',
    name: xmlText(service, 'e2servicename') ?? '',
  })).filter(({ ref }) => ref !== '')
}

/** Numbers lines as the box does: all but headlines and hidden ones count, and numbered headlines do. */
function numberLines(lines: readonly Omit<Line, 'position'>[]): readonly Line[] {
  let number = 0
  return lines.map((line) => {
    const flags = parseServiceRef(line.ref)?.flags ?? 0
    const isPlain = (flags & (SERVICE_FLAGS.marker | SERVICE_FLAGS.invisible)) === 0
    const counts = isPlain || (flags & SERVICE_FLAGS.numberedMarker) !== 0
    if (counts) number++
    return { ...line, position: counts ? number : null }
  })
}

function readAs<Schema extends v.GenericSchema>(schema: Schema, json: unknown, what: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return parsed.output
  throw new Failure(
    'source/bad-answer',
    `The receiver lists ${what} in an unknown way`,
    {},
    new v.ValiError(parsed.issues),
  )
}
