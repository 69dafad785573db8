import { decodeEntities } from '../../entities.ts'
import { Failure } from '../../errors.ts'
import { plainText } from '../../plain-text.ts'
import { readInfoLine } from './attributes.ts'
import type { InfoLine } from './attributes.ts'
import type { M3uCatchup, M3uEntry, M3uHead, M3uProblem } from './entry.ts'
import { createLineSplitter } from './line-splitter.ts'
import { noOptions, readOption, setHeader, splitAddress } from './options.ts'

/** Who hears of what a list says, in its order. */
export type M3uListener = {
  /** Once, before the first entry, if the list has a head. */
  readonly head: (head: M3uHead) => void
  readonly entry: (entry: M3uEntry) => void
  readonly problem: (problem: M3uProblem) => void
}

/** Reads a list while it arrives. */
export interface M3uReader {
  push(chunk: Uint8Array): void
  /** Fails with `source/bad-answer` when it was no list, or `source/not-supported` when it was the playlist of one stream. */
  end(): void
}

/** Addresses without `#EXTINF` that are kept until it is clear that the list has none of these lines. */
const MOST_BARE = 10_000
/** Tags of an HLS playlist: the list is a channel, not a list of channels. */
const HLS_TAG = /^#EXT-X-(TARGETDURATION|MEDIA-SEQUENCE|STREAM-INF)\b/

const NUMBER_KEYS = [
  'tvg-chno',
  'ch-number',
  'channel-number',
  'tvg-channel-no',
  'tvh-chnum',
  'tvg-num',
  'channel-id',
] as const
const LOGO_KEYS = ['tvg-logo', 'logo', 'tvg-logo-small'] as const
const AGENT_KEYS = ['http-user-agent', 'user-agent'] as const
const REFERER_KEYS = ['http-referrer', 'http-referer', 'referrer', 'referer'] as const

type Pending = { readonly info: InfoLine; readonly line: number }

/**
 * Reads a channel list (M3U, M3U plus) as providers write it: any encoding and line ends, without a head, with broken
 * attributes. What cannot be used is told with its line and left out; nothing in a list is fatal but that it is none.
 *
 * An entry is `#EXTINF`, options, address, in this order; options may stand before `#EXTINF` as well. Memory is bounded by
 * a line. Source: protocols/m3u-xmltv.md, part A.
 */
export function createM3uReader(listener: M3uListener): M3uReader {
  let head: ReadonlyMap<string, string> = new Map()
  let isFirst = true
  let hasInfo = false
  let pending: Pending | null = null
  let options = noOptions()
  let bare: { readonly line: number; readonly address: string }[] = []
  let refusal: Failure | null = null

  const tell = (line: number, problem: string): void => listener.problem({ line, problem })

  const takeHead = (text: string): void => {
    head = readInfoLine(text.replace(/^[:\s]*/, '')).attributes
    const guideUrls = ['x-tvg-url', 'url-tvg', 'tvg-url']
      .flatMap((key) => (head.get(key) ?? '').split(','))
      .map((url) => url.trim())
      .filter((url) => /^https?:/i.test(url))
    listener.head({ guideUrls: [...new Set(guideUrls)], attributes: head })
  }
  const takeInfo = (text: string, line: number): void => {
    hasInfo = true
    bare = []
    if (pending !== null) {
      tell(pending.line, 'an #EXTINF without an address behind it')
      options = noOptions()
    }
    pending = { info: readInfoLine(text), line }
  }
  const takeAddress = (text: string, line: number): void => {
    if (pending === null && hasInfo) {
      tell(line, 'an address without #EXTINF before it')
      options = noOptions()
      return
    }
    if (pending === null) {
      if (bare.length < MOST_BARE) bare.push({ line, address: text })
      return
    }
    listener.entry(makeEntry({ info: pending.info, line, address: text, options, head }))
    pending = null
    options = noOptions()
  }
  const takeLine = (raw: string | null, line: number): void => {
    if (raw === null) return tell(line, 'a line of more than 64 KiB')
    const text = raw.trim()
    if (text === '' || refusal !== null) return
    if (isFirst) {
      isFirst = false
      refusal = refuseOther(text)
      if (refusal !== null) return
    }
    if (!text.startsWith('#')) return takeAddress(text, line)
    if (/^#EXTINF\b/i.test(text)) takeInfo(text.slice('#EXTINF'.length).replace(/^\s*:/, ''), line)
    else if (/^#EXTM3U\b/i.test(text)) takeHead(text.slice('#EXTM3U'.length))
    else if (HLS_TAG.test(text)) refusal = onlyOneStream()
    else readOption(text, options)
  }
  const splitter = createLineSplitter(takeLine)

  return {
    push(chunk) {
      if (refusal === null) splitter.push(chunk)
    },
    end() {
      splitter.end()
      if (refusal !== null) throw refusal
      if (isFirst) throw new Failure('source/bad-answer', 'The list is empty')
      if (pending !== null) tell(pending.line, 'an #EXTINF without an address behind it')
      if (hasInfo) return
      const entries = bare.filter(({ address }) => /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(address))
      if (entries.length === 0)
        throw new Failure('source/bad-answer', 'The answer is no list of channels: it has no #EXTINF')
      const info: InfoLine = { duration: null, attributes: new Map(), name: '' }
      for (const { line, address } of entries)
        listener.entry(makeEntry({ info, line, address, options: noOptions(), head }))
    },
  }
}

const onlyOneStream = (): Failure =>
  new Failure('source/not-supported', 'The list is the HLS playlist of one stream, not a list of channels')

/** A page or a message where a list should be; null: it may be a list. */
function refuseOther(text: string): Failure | null {
  if (text.startsWith('<'))
    return new Failure('source/bad-answer', 'The provider answers with a web page instead of a list')
  if (/^[{[]/.test(text))
    return new Failure('source/bad-answer', 'The provider answers with a message instead of a list')
  return null
}

function makeEntry({
  info,
  line,
  address,
  options,
  head,
}: {
  readonly info: InfoLine
  readonly line: number
  readonly address: string
  readonly options: ReturnType<typeof noOptions>
  readonly head: ReadonlyMap<string, string>
}): M3uEntry {
  const { attributes } = info
  const { url, headers } = splitAddress(address)
  const all: Record<string, string> = {}
  for (const [name, value] of [...Object.entries(headers), ...Object.entries(options.headers)])
    setHeader(all, name, value)
  setHeader(all, 'User-Agent', first(attributes, AGENT_KEYS) ?? first(head, AGENT_KEYS) ?? '')
  setHeader(all, 'Referer', first(attributes, REFERER_KEYS) ?? '')
  setHeader(all, 'Origin', attributes.get('http-origin') ?? '')
  const tvgId = attributes.get('tvg-id') ?? null
  const tvgName = attributes.get('tvg-name') ?? null
  return {
    line,
    name: cleanName(info.name) || cleanName(tvgName ?? '') || cleanName(tvgId ?? '') || fileNameOf(url),
    url,
    duration: options.isVod ? (info.duration ?? 1) : info.duration,
    tvgId,
    tvgName,
    number: first(attributes, NUMBER_KEYS),
    logo: first(attributes, LOGO_KEYS),
    groups: groupsOf(attributes.get('group-title') ?? options.group ?? ''),
    isRadio: /^(true|1|yes)$/i.test(attributes.get('radio') ?? ''),
    catchup: catchupOf(attributes, head),
    headers: all,
    programNumber: options.programNumber,
    attributes,
    properties: options.properties,
  }
}

const cleanName = (text: string): string => plainText(decodeEntities(text))

const groupsOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(';')
      .map(cleanName)
      .filter((group) => group !== ''),
  ),
]

function catchupOf(own: ReadonlyMap<string, string>, head: ReadonlyMap<string, string>): M3uCatchup | null {
  const get = (...keys: readonly string[]): string | null => first(own, keys) ?? first(head, keys)
  const days = Number(get('catchup-days', 'timeshift', 'tvg-rec') ?? Number.NaN)
  // `timeshift` and `tvg-rec` alone say that there is a past, and nothing of how to ask for it.
  const type = get('catchup', 'catchup-type') ?? (days > 0 ? 'shift' : null)
  if (type === null) return null
  const correctionHours = Number(get('catchup-correction') ?? 0) || 0
  return {
    type: type.toLowerCase(),
    days: days > 0 ? days : null,
    source: get('catchup-source'),
    ...(correctionHours === 0 ? {} : { correctionHours }),
  }
}

function first(attributes: ReadonlyMap<string, string>, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = attributes.get(key)
    if (value !== undefined) return value
  }
  return null
}

/** The last part of the path, without its ending; nothing of the query, which may hold passwords. */
function fileNameOf(url: string): string {
  const path = url.replace(/[?#].*$/, '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
  const file = path.split('/').findLast((part) => part !== '') ?? ''
  return cleanName(file.replace(/\.\w{1,5}$/, '')) || 'Unnamed'
}
