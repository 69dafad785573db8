import { Failure } from '../../errors.ts'
import { attributeOf } from '../../xml/attribute.ts'
import { line, PROGRAMME_TEXTS, ProgrammeDraft, readProgrammeTag } from './draft.ts'
import type { XmltvProgramme } from './draft.ts'
import { createDocumentDecoder } from '../../xml/text-decoder.ts'
import { XmlScanner } from '../../xml/scanner.ts'
import type { XmlSink } from '../../xml/scanner.ts'

export type { XmltvProgramme } from './draft.ts'

/** A channel as a document tells it; documents may tell one several times. */
export type XmltvChannel = {
  readonly id: string
  /** Names as written, each once, the first one first; none: the id is all there is. */
  readonly names: readonly string[]
  readonly icons: readonly string[]
}

/** Something that is broken and was passed over; `line` counts from 1. */
export type XmltvProblem = { readonly line: number; readonly message: string }

/** Takes what a document says, in its order. */
export interface XmltvSink {
  channel(channel: XmltvChannel): void
  programme(programme: XmltvProgramme): void
  /** At most the first 20. */
  problem(problem: XmltvProblem): void
}

/** How a document is read. */
export type XmltvReadOptions = {
  /** Programmes that neither begin nor end in it are passed over, epoch milliseconds. */
  readonly window: { readonly from: number; readonly to: number }
  /** Texts of this language (`de`) are taken where there are several; null: the first. */
  readonly language?: string | null
}

/** What was in a document. */
export type XmltvCounts = {
  readonly channels: number
  /** Programmes handed on. */
  readonly programmes: number
  /** Programmes outside of the window. */
  readonly outside: number
  /** Broken places, those that were not told as well. */
  readonly problems: number
}

/** Reads a document that comes in pieces of any size. */
export interface XmltvReader {
  /** Fails with `guide/not-xmltv` when the document is something else (an error page, an empty answer). */
  push(bytes: Uint8Array): void
  /** What an unfinished document told stays told. Fails as `push` does. */
  end(): XmltvCounts
}

const MOST_PROBLEMS = 20
const MOST_NAMES = 12
const LONGEST_FIELD = 32 * 1024
/** A document says within so many characters that it is a guide (protocols/m3u-xmltv.md B4). */
const HEAD = 4096
const DAY_MS = 24 * 3600 * 1000

/**
 * A reader of XMLTV that takes what real providers send.
 *
 * Any encoding that is declared, entities of HTML, CDATA, comments, tags that are not closed, programmes before their
 * channels, every form of time; what cannot be read is reported with its line and passed over. Texts come decoded and
 * clean. Not done here: ends that are missing or overlap, double starts (`cleanProgrammes`).
 * Source: xmltv.dtd; protocols/m3u-xmltv.md B4.
 */
export function createXmltvReader(sink: XmltvSink, options: XmltvReadOptions): XmltvReader {
  const assembler = new Assembler(sink, options)
  const { scanner } = assembler
  const decoder = createDocumentDecoder()
  let seen = 0
  const take = (text: string): void => {
    scanner.push(text)
    seen += text.length
    if (seen > HEAD) assembler.requireGuide()
  }
  return {
    push: (bytes) => take(decoder.push(bytes)),
    end() {
      scanner.push(decoder.end())
      scanner.end()
      return assembler.end()
    },
  }
}

/** Puts elements together; knows what may stand in what, and that it may not. */
class Assembler implements XmlSink {
  readonly scanner = new XmlScanner(this)
  readonly #sink: XmltvSink
  readonly #from: number
  readonly #to: number
  readonly #language: string | null
  readonly #counts = { channels: 0, programmes: 0, outside: 0, problems: 0 }
  #isGuide = false
  #channel: { id: string; names: string[]; icons: string[] } | null = null
  #draft: ProgrammeDraft | null = null
  /** The element whose text is being collected. */
  #field = ''
  #fieldAttributes = ''
  #pieces = ''

  constructor(sink: XmltvSink, { window, language }: XmltvReadOptions) {
    this.#sink = sink
    // One that is told without an end may reach into the window.
    this.#from = window.from - DAY_MS
    this.#to = window.to
    this.#language = language?.toLowerCase() ?? null
  }

  open(name: string, attributes: string): void {
    if (name === 'programme') this.#beginProgramme(attributes)
    else if (name === 'channel') this.#beginChannel(attributes)
    else if (this.#draft !== null) {
      if (PROGRAMME_TEXTS.has(name)) this.#collect(name, attributes)
      else if (this.#field === '') this.#draft.mark(name, attributes)
      // Markup of a web page inside a text.
      else this.#pieces += name.toLowerCase() === 'br' ? '\n' : ' '
    } else if (this.#channel !== null) {
      if (name === 'display-name') this.#collect(name, attributes)
      else if (name === 'icon') this.#icon(attributes)
    } else if (name === 'tv') this.#isGuide = true
    else if (!this.#isGuide) this.#refuse(`begins with <${name.slice(0, 20)}>`)
  }

  close(name: string): void {
    if (name === this.#field) this.#finishField()
    else if (name === 'programme') this.#finishProgramme()
    else if (name === 'channel') this.#finishChannel()
  }

  text(buffer: string, from: number, to: number, isLiteral: boolean): void {
    if (this.#field === '' || this.#pieces.length > LONGEST_FIELD) return
    const piece = buffer.slice(from, to)
    this.#pieces += isLiteral && piece.includes('&') ? piece.replaceAll('&', '&amp;') : piece
  }

  problem(message: string): void {
    if (this.#counts.problems++ < MOST_PROBLEMS) this.#sink.problem({ line: this.scanner.line, message })
  }

  requireGuide(): void {
    if (!this.#isGuide) this.#refuse('does not begin with <tv>')
  }

  end(): XmltvCounts {
    this.requireGuide()
    if (this.#draft !== null || this.#channel !== null) this.problem('the document ends in the middle')
    this.#finishProgramme()
    this.#finishChannel()
    return this.#counts
  }

  #refuse(how: string): never {
    throw new Failure('guide/not-xmltv', `The document is no XMLTV guide: it ${how}`)
  }

  #collect(name: string, attributes: string): void {
    if (this.#field !== '') {
      this.problem(`"${this.#field}" is not closed`)
      this.#finishField()
    }
    this.#field = name
    this.#fieldAttributes = attributes
    this.#pieces = ''
  }

  #finishField(): void {
    const name = this.#field
    if (name === '') return
    this.#field = ''
    if (this.#draft !== null) this.#draft.text(name, this.#fieldAttributes, this.#pieces)
    else if (this.#channel !== null) {
      const text = line(this.#pieces)
      const { names } = this.#channel
      if (text !== '' && names.length < MOST_NAMES && !names.includes(text)) names.push(text)
    }
  }

  #beginChannel(attributes: string): void {
    this.#endUnclosed()
    this.#isGuide = true
    const id = line(attributeOf(attributes, 'id') ?? '')
    if (id === '') this.problem('a channel has no id')
    else this.#channel = { id, names: [], icons: [] }
  }

  #icon(attributes: string): void {
    const src = line(attributeOf(attributes, 'src') ?? '')
    if (/^https?:\/\//i.test(src) && this.#channel !== null && this.#channel.icons.length < MOST_NAMES)
      this.#channel.icons.push(src)
  }

  #finishChannel(): void {
    if (this.#channel === null) return
    this.#finishField()
    this.#counts.channels++
    this.#sink.channel(this.#channel)
    this.#channel = null
  }

  #beginProgramme(attributes: string): void {
    this.#endUnclosed()
    this.#isGuide = true
    const tag = readProgrammeTag(attributes)
    if (typeof tag === 'string') this.problem(tag)
    else if (tag.start < this.#from || tag.start >= this.#to) this.#counts.outside++
    else this.#draft = new ProgrammeDraft(tag, this.#language)
  }

  #finishProgramme(): void {
    if (this.#draft === null) return
    this.#finishField()
    const programme = this.#draft.finish()
    this.#draft = null
    if (programme === null) this.problem('a programme has no title')
    else {
      this.#counts.programmes++
      this.#sink.programme(programme)
    }
  }

  #endUnclosed(): void {
    if (this.#draft === null && this.#channel === null) return
    this.problem(`"${this.#draft === null ? 'channel' : 'programme'}" is not closed`)
    this.#finishProgramme()
    this.#finishChannel()
  }
}
