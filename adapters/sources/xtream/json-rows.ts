import { Failure } from '../../../core/errors.ts'

/** One element of a list; `key` is its name where the panel sends an object, else ''. */
export type JsonRow = { readonly key: string; readonly value: unknown }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

/** No row of a list is longer; what is, is no list of channels. */
const MAX_ROW_BYTES = 4 * 1024 * 1024
/** Tells the outside of the list from the row under way. */
const NOT_STARTED = -1

/**
 * The elements of a JSON list (or of the object that some panels send in its place) one by one while it arrives: a list
 * of 60,000 channels is 30 MB, and parsing it in one go would hold up every stream.
 *
 * `false`, `null`, `""` and `{}` are empty lists. Fails with `source/bad-answer` when the text ends early (then nothing
 * that was read may be trusted to be all) or is no JSON; `what` names it in the message.
 */
export async function* jsonRows(
  chunks: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<readonly JsonRow[], void, undefined> {
  const decoder = new TextDecoder()
  const scanner = createScanner(what)
  for await (const chunk of chunks) {
    const rows = scanner.push(chunk).map(({ key, bytes }) => ({
      key: key === null ? '' : String(parse(decoder.decode(key), what)),
      value: parse(decoder.decode(bytes), what),
    }))
    if (rows.length > 0) yield rows
  }
  scanner.end()
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(what, cause)
  }
}

const unreadable = (what: string, cause?: unknown): Failure =>
  new Failure('source/bad-answer', `The panel answers ${what} with something that is no JSON list`, {}, cause)

type RawRow = { readonly key: Uint8Array | null; readonly bytes: Uint8Array }

/** Finds the borders of the elements; what is within them is not looked at but for quotes and brackets. */
function createScanner(what: string) {
  /** Bytes of the element under way that came with chunks before. */
  let kept: Uint8Array[] = []
  let keptBytes = 0
  let key: Uint8Array | null = null
  let depth = 0
  let isText = false
  let isEscaped = false
  let isObject = false
  let state: 'before' | 'word' | 'list' | 'after' = 'before'
  let word = ''

  const take = (chunk: Uint8Array, from: number, to: number): Uint8Array => {
    const last = chunk.subarray(from, to)
    if (kept.length === 0) return last
    const bytes = new Uint8Array(keptBytes + last.length)
    let at = 0
    for (const part of [...kept, last]) {
      bytes.set(part, at)
      at += part.length
    }
    kept = []
    keptBytes = 0
    return bytes
  }

  return {
    push(chunk: Uint8Array): readonly RawRow[] {
      const rows: RawRow[] = []
      let start = kept.length > 0 ? 0 : NOT_STARTED
      const finish = (end: number): void => {
        if (start === NOT_STARTED) return
        const bytes = take(chunk, start, end)
        start = NOT_STARTED
        if (isObject && key === null) throw unreadable(what)
        rows.push({ key, bytes })
        key = null
      }
      for (let index = 0; index < chunk.length; index++) {
        const byte = chunk[index] ?? 0
        if (isText) {
          if (isEscaped) isEscaped = false
          else if (byte === BACKSLASH) isEscaped = true
          else if (byte === QUOTE) isText = false
        } else if (state === 'list') {
          if (depth === 0 && (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT)) {
            finish(index)
            if (byte !== COMMA) {
              if ((byte === CLOSE_OBJECT) !== isObject) throw unreadable(what)
              state = 'after'
            }
          } else if (depth === 0 && byte === COLON && isObject && key === null) {
            key = take(chunk, start === NOT_STARTED ? index : start, index).slice()
            start = NOT_STARTED
          } else if (!isBlank(byte)) {
            if (start === NOT_STARTED) start = index
            if (byte === QUOTE) isText = true
            else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth += 1
            else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1
          }
        } else if (state === 'before' && (byte === OPEN_LIST || byte === OPEN_OBJECT)) {
          state = 'list'
          isObject = byte === OPEN_OBJECT
        } else if (!isBlank(byte) && !isMark(byte)) {
          if (state === 'after') throw unreadable(what)
          state = 'word'
          word += String.fromCharCode(byte)
          if (word.length > 5) throw unreadable(what)
        }
      }
      if (start !== NOT_STARTED) {
        kept.push(chunk.slice(start))
        keptBytes += chunk.length - start
        if (keptBytes > MAX_ROW_BYTES) throw unreadable(what)
      }
      return rows
    },
    end(): void {
      if (state === 'after') return
      if (state === 'word' && /^(false|null|"")$/.test(word)) return
      throw state === 'list'
        ? new Failure('source/bad-answer', `The panel cut ${what} short: the list has no end`)
        : unreadable(what)
    },
  }
}

/** The bytes of UTF-8's mark, which some panels send first. */
const isMark = (byte: number): boolean => byte === 0xef || byte === 0xbb || byte === 0xbf
