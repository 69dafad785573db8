/** What stands behind the colon of `#EXTINF:` (or behind `#EXTM3U`): attributes by lower-case name, and the name. */
export type InfoLine = {
  /** Seconds; -1 for a live channel; null: not told. */
  readonly duration: number | null
  /** The first value of each name that is not empty. */
  readonly attributes: ReadonlyMap<string, string>
  /** '' if there is none. */
  readonly name: string
}

const DURATION = /\s*(-?\d+(?:\.\d+)?)?/y
const KEY = /[\s;]*([A-Za-z0-9_-]+)\s*=\s*/y
/** What may stand behind the quote that closes a value. */
const AFTER_QUOTE = /\s*(?:$|,|[\s;]+[A-Za-z0-9_-]+\s*=|[A-Za-z][A-Za-z0-9_-]*=["'])/y
/** Another attribute within what should be a value. */
const NEXT_KEY = /\s[A-Za-z0-9_-]+=["']/g
const NAME_WITH_ATTRIBUTES = /^(.*?)\s+((?:tvg-[a-z]+|group-title)=["'].*)$/i

/**
 * Reads the rest of an `#EXTINF:` line as written in the wild: values with commas or quotes within, in single quotes, in
 * none, with a closing quote that is missing, with no blank between them, and behind the name.
 *
 * Source: protocols/m3u-xmltv.md A5.
 */
export function readInfoLine(text: string): InfoLine {
  const attributes = new Map<string, string>()
  DURATION.lastIndex = 0
  const [matched = '', duration] = DURATION.exec(text) ?? []
  const at = readAttributes(text, matched.length, attributes)
  const comma = text.indexOf(',', at)
  let name = (comma < 0 ? text.slice(at) : text.slice(comma + 1)).trim()
  const [, front, back] = (attributes.size === 0 && NAME_WITH_ATTRIBUTES.exec(name)) || []
  if (front !== undefined && back !== undefined) {
    readAttributes(back, 0, attributes)
    name = front
  }
  // A value without quotes that is an address swallows the name: nothing else tells where it ends.
  if (name === '' && comma < 0) name = giveBackName(attributes)
  return { duration: duration === undefined ? null : Number(duration), attributes, name }
}

/** Reads attributes from `from` on into the map and gives where they end. */
function readAttributes(text: string, from: number, attributes: Map<string, string>): number {
  let at = from
  for (;;) {
    KEY.lastIndex = at
    const match = KEY.exec(text)
    if (match === null) return at
    const [whole, key = ''] = match
    const start = at + whole.length
    const quote = text[start]
    const end = quote === '"' || quote === "'" ? closingQuote(text, start, quote) : endOfPlain(text, start)
    const value = (
      quote === '"' || quote === "'" ? text.slice(start + 1, end.value) : text.slice(start, end.value)
    ).trim()
    const name = key.toLowerCase()
    if (value !== '' && !attributes.has(name)) attributes.set(name, value)
    at = end.next
  }
}

type End = { readonly value: number; readonly next: number }

function closingQuote(text: string, start: number, quote: string): End {
  NEXT_KEY.lastIndex = start + 1
  const next = NEXT_KEY.exec(text)?.index ?? Infinity
  for (let at = text.indexOf(quote, start + 1); at >= 0 && at <= next; at = text.indexOf(quote, at + 1)) {
    AFTER_QUOTE.lastIndex = at + 1
    if (AFTER_QUOTE.test(text)) return { value: at, next: at + 1 }
  }
  // It was never closed: the value goes to the next attribute, else to the comma before the name.
  const comma = text.lastIndexOf(',')
  const end = next < Infinity ? next : comma > start ? comma : text.length
  return { value: end, next: end }
}

function endOfPlain(text: string, start: number): End {
  const isAddress = /^https?:/i.test(text.slice(start, start + 6))
  let end = start
  while (end < text.length && !/\s/.test(text[end] ?? '') && (isAddress || text[end] !== ',')) end++
  return { value: end, next: end }
}

/** Takes the name off the last address in the map: what stands behind its last comma. */
function giveBackName(attributes: Map<string, string>): string {
  const [key, value = ''] = [...attributes].at(-1) ?? []
  const comma = value.lastIndexOf(',')
  if (key === undefined || comma < 0 || !/^https?:/i.test(value)) return ''
  attributes.set(key, value.slice(0, comma))
  return value.slice(comma + 1)
}
