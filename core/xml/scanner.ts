/** What a scanner finds, in the order of the document. Texts come as parts of a buffer, so that nobody copies blanks. */
export interface XmlSink {
  /** A tag; `attributes` is its inside behind the name. A tag without content is followed by its `close`. */
  open(name: string, attributes: string): void
  close(name: string): void
  /** Characters between tags, in any number of pieces; `isLiteral`: entities are not to be decoded (CDATA). */
  text(buffer: string, from: number, to: number, isLiteral: boolean): void
  /** Something is broken here and is passed over. */
  problem(message: string): void
}

const LT = 0x3c
const GT = 0x3e
const SLASH = 0x2f
const BANG = 0x21
const QUESTION = 0x3f
const QUOTE = 0x22
const APOSTROPHE = 0x27

/** No tag of a guide is longer: what seems to be is a `<` that was not escaped. */
const LONGEST_TAG = 64 * 1024
/** A section that does not end would be held for ever. */
const LONGEST_CDATA = 1024 * 1024
/** Characters that an entity may have; text is not cut inside one. */
const LONGEST_ENTITY = 12

/**
 * Scans XML as it comes and never gives up: what is no markup is text, what is broken is reported and passed over.
 *
 * Comments, instructions and the document type are skipped; nothing that a document type defines is expanded or
 * fetched. Names are given as written. Holds at most one unfinished tag or CDATA section (1 MiB) between pieces.
 * Source: XML 1.0; what providers make of it: protocols/m3u-xmltv.md B4.
 */
export class XmlScanner {
  readonly #sink: XmlSink
  #rest = ''
  /** Inside something that is skipped: its end. */
  #until: string | null = null
  #linesBefore = 0
  /** The tag that was opened last. */
  #lastName = ' '
  #buffer = ''
  #at = 0

  constructor(sink: XmlSink) {
    this.#sink = sink
  }

  /** The line that is being read, from 1. */
  get line(): number {
    return this.#linesBefore + countLines(this.#buffer, this.#at) + 1
  }

  push(text: string): void {
    this.#scan(this.#rest === '' ? text : this.#rest + text, false)
  }

  /** The document is over: what is unfinished is text, or broken. */
  end(): void {
    this.#scan(this.#rest, true)
    if (this.#until !== null) this.#sink.problem('a comment or instruction does not end')
    this.#until = null
  }

  #scan(buffer: string, isLast: boolean): void {
    this.#buffer = buffer
    this.#at = 0
    while (this.#at < buffer.length && this.#step(buffer, isLast));
    this.#linesBefore += countLines(buffer, this.#at)
    this.#rest = buffer.slice(this.#at)
    this.#buffer = ''
    this.#at = 0
  }

  /** Takes one text or markup; false: its end is not there yet. */
  #step(buffer: string, isLast: boolean): boolean {
    if (this.#until !== null) return this.#skip(buffer, this.#until, isLast)
    const open = buffer.indexOf('<', this.#at)
    if (open < 0) return this.#tail(buffer, isLast)
    if (open > this.#at) {
      this.#sink.text(buffer, this.#at, open, false)
      this.#at = open
    }
    const next = buffer.charCodeAt(open + 1)
    if (next === SLASH) return this.#close(buffer, open, isLast)
    if (next === BANG) return this.#declaration(buffer, open, isLast)
    if (next === QUESTION) {
      this.#at = open + 2
      this.#until = '?>'
      return true
    }
    if (isNameStart(next)) return this.#open(buffer, open, isLast)
    return open + 1 < buffer.length || isLast ? this.#literal(buffer, open) : false
  }

  #skip(buffer: string, until: string, isLast: boolean): boolean {
    const end = buffer.indexOf(until, this.#at)
    if (end >= 0) {
      this.#at = end + until.length
      this.#until = null
      return true
    }
    this.#at = isLast ? buffer.length : Math.max(this.#at, buffer.length - until.length + 1)
    return false
  }

  /** Text to the end of what is there, without an entity that may go on. */
  #tail(buffer: string, isLast: boolean): boolean {
    const entity = isLast ? -1 : buffer.indexOf('&', Math.max(this.#at, buffer.length - LONGEST_ENTITY))
    const end = entity < 0 ? buffer.length : entity
    if (end > this.#at) this.#sink.text(buffer, this.#at, end, false)
    this.#at = end
    return false
  }

  /** A `<` that begins nothing. */
  #literal(buffer: string, open: number): true {
    this.#sink.text(buffer, open, open + 1, true)
    this.#at = open + 1
    return true
  }

  #close(buffer: string, open: number, isLast: boolean): boolean {
    // Nearly every element ends where the next tag is: no name has to be cut out again.
    const usual = open + 2 + this.#lastName.length
    if (buffer.charCodeAt(usual) === GT && buffer.startsWith(this.#lastName, open + 2)) {
      this.#at = usual + 1
      this.#sink.close(this.#lastName)
      return true
    }
    const end = endOfTag(buffer, open + 2)
    if (end.kind === 'unknown' && !isLast && buffer.length - open < LONGEST_TAG) return false
    const name = buffer.slice(open + 2, endOfEndName(buffer, open + 2))
    if (name === '') return this.#literal(buffer, open)
    if (end.kind !== 'end') this.#sink.problem(`the end tag "${name}" is not closed`)
    this.#at = end.kind === 'end' ? end.at + 1 : open + 2 + name.length
    this.#sink.close(name)
    return true
  }

  #open(buffer: string, open: number, isLast: boolean): boolean {
    const end = endOfTag(buffer, open + 1)
    if (end.kind === 'unknown' && !isLast && buffer.length - open < LONGEST_TAG) return false
    // A quote that does not end has swallowed the end of the tag.
    const at = end.kind === 'end' ? end.at : buffer.slice(open, end.kind === 'broken' ? end.at : undefined).indexOf('>')
    if (end.kind !== 'end') {
      this.#sink.problem('a tag is broken')
      if (at < 0) return this.#literal(buffer, open)
    }
    const close = end.kind === 'end' ? at : open + at
    this.#at = close + 1
    const isEmpty = buffer.charCodeAt(close - 1) === SLASH
    const nameEnd = endOfName(buffer, open + 1, close)
    const name = buffer.slice(open + 1, nameEnd)
    this.#lastName = name
    this.#sink.open(name, buffer.slice(nameEnd, isEmpty ? close - 1 : close))
    if (isEmpty) this.#sink.close(name)
    return true
  }

  #declaration(buffer: string, open: number, isLast: boolean): boolean {
    if (buffer.startsWith('<!--', open)) {
      this.#at = open + 4
      this.#until = '-->'
      return true
    }
    if (buffer.startsWith('<![CDATA[', open)) return this.#cdata(buffer, open + 9, isLast)
    if (buffer.length - open < 9 && !isLast) return false
    const end = buffer.indexOf('>', open)
    const subset = buffer.indexOf('[', open)
    if (end < 0 && !isLast && buffer.length - open < LONGEST_TAG) return false
    this.#at = open + 2
    // Declarations inside the document type have ends of their own.
    this.#until = subset >= 0 && (end < 0 || subset < end) ? ']>' : '>'
    return true
  }

  #cdata(buffer: string, from: number, isLast: boolean): boolean {
    const end = buffer.indexOf(']]>', from)
    if (end >= 0) {
      this.#sink.text(buffer, from, end, true)
      this.#at = end + 3
      return true
    }
    if (!isLast && buffer.length - from < LONGEST_CDATA) return false
    this.#sink.problem('a CDATA section does not end')
    this.#at = isLast ? buffer.length : from
    this.#until = isLast ? null : ']]>'
    return true
  }
}

const isNameStart = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code === 0x3a

function endOfName(buffer: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const code = buffer.charCodeAt(at)
    if (code <= 0x20 || code === SLASH) return at
  }
  return to
}

const isNamePart = (code: number): boolean =>
  isNameStart(code) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e

/** Where the name of an end tag ends; `from` if there is none. */
function endOfEndName(buffer: string, from: number): number {
  let at = from
  if (!isNameStart(buffer.charCodeAt(at))) return from
  while (isNamePart(buffer.charCodeAt(at))) at++
  return at
}

/** The `>` of a tag; `broken`: a `<` comes first, which no tag may contain; `unknown`: neither is there. */
type TagEnd = { readonly kind: 'end' | 'broken'; readonly at: number } | { readonly kind: 'unknown' }

function endOfTag(buffer: string, from: number): TagEnd {
  let quote = 0
  for (let at = from; at < buffer.length; at++) {
    const code = buffer.charCodeAt(at)
    if (code === LT) return { kind: 'broken', at }
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === GT) return { kind: 'end', at }
    else if (code === QUOTE || code === APOSTROPHE) quote = code
  }
  return { kind: 'unknown' }
}

function countLines(text: string, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}
