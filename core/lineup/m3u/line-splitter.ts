/** Takes bytes of a text and hands out its lines. */
export interface LineSplitter {
  push(chunk: Uint8Array): void
  /** The last line may have no end. */
  end(): void
}

/** Longer lines are no entry of any list; they are left out. */
const LONGEST_LINE = 64 * 1024
const LF = 10
const CR = 13

/**
 * Splits a text of any encoding that lists come in, at LF, CR LF or CR: UTF-8, UTF-16 with a byte order mark, and
 * Windows-1252 in the blocks that are no UTF-8. NULs are dropped.
 *
 * `line` gets each line with its number from 1; null stands for one that is longer than 64 KiB. Keeps one line at most.
 */
export function createLineSplitter(line: (text: string | null, number: number) => void): LineSplitter {
  let number = 0
  let held: Uint8Array[] = []
  let heldLength = 0
  /** Set by the first bytes. */
  let wide: TextDecoder | null = null
  let wideText = ''
  let isFirst = true
  let isTooLong = false

  const emit = (text: string | null): void => {
    number += 1
    if (isTooLong || (text !== null && text.length > LONGEST_LINE)) line(null, number)
    else line(text !== null && text.includes('\0') ? text.replaceAll('\0', '') : text, number)
    isTooLong = false
  }
  /** Lines of a text that ends with the end of a line, or with the text as a whole. */
  const emitAll = (text: string): void => {
    let from = 0
    const separator = text.includes('\n') ? '\n' : '\r'
    for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      emit(text.slice(from, text.charCodeAt(at - 1) === CR && separator === '\n' && at > from ? at - 1 : at))
      from = at + 1
    }
    if (from < text.length) emit(text.slice(from))
  }
  const pushWide = (text: string): void => {
    wideText += text
    const end = Math.max(wideText.lastIndexOf('\n'), wideText.lastIndexOf('\r', wideText.length - 2))
    if (end >= 0) {
      emitAll(wideText.slice(0, end + 1))
      wideText = wideText.slice(end + 1)
    } else if (wideText.length > LONGEST_LINE) {
      isTooLong = true
      wideText = ''
    }
  }

  return {
    push(chunk) {
      let bytes = chunk
      if (isFirst) {
        if (heldLength + bytes.length < 3) return hold(bytes)
        bytes = takeHeld(bytes)
        isFirst = false
        const mark = byteOrderMark(bytes)
        wide = mark.wide === null ? null : new TextDecoder(mark.wide)
        bytes = bytes.subarray(mark.length)
      }
      if (wide !== null) return pushWide(wide.decode(bytes, { stream: true }))
      const end = lastLineEnd(bytes)
      if (end < 0) return hold(bytes)
      const rest = bytes.subarray(end + 1)
      emitAll(decodeBlock(takeHeld(bytes.subarray(0, end + 1))))
      if (rest.length > 0) hold(rest)
    },
    end() {
      if (wide !== null) return emitAll(wideText + wide.decode())
      const bytes = takeHeld(new Uint8Array())
      const mark = isFirst ? byteOrderMark(bytes) : null
      if (bytes.length > 0 || isTooLong) emitAll(decodeBlock(bytes.subarray(mark?.length ?? 0)))
    },
  }

  function hold(bytes: Uint8Array): void {
    if (heldLength + bytes.length > LONGEST_LINE) {
      isTooLong = true
      held = []
      heldLength = 0
      return
    }
    held.push(new Uint8Array(bytes))
    heldLength += bytes.length
  }

  function takeHeld(bytes: Uint8Array): Uint8Array {
    if (heldLength === 0) return bytes
    const joined = new Uint8Array(heldLength + bytes.length)
    let at = 0
    for (const part of held) {
      joined.set(part, at)
      at += part.length
    }
    joined.set(bytes, at)
    held = []
    heldLength = 0
    return joined
  }
}

function byteOrderMark(bytes: Uint8Array): { readonly length: number; readonly wide: 'utf-16le' | 'utf-16be' | null } {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return { length: 3, wide: null }
  if (a === 0xff && b === 0xfe) return { length: 2, wide: 'utf-16le' }
  if (a === 0xfe && b === 0xff) return { length: 2, wide: 'utf-16be' }
  return { length: 0, wide: null }
}

/** Where the last line ends; a CR that may be half of a CR LF is not an end. -1: none ends here. */
function lastLineEnd(bytes: Uint8Array): number {
  const feed = bytes.lastIndexOf(LF)
  return feed >= 0 ? feed : bytes.lastIndexOf(CR, bytes.length - 2)
}

const strict = (): TextDecoder => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Most lists are UTF-8 throughout; where a block is not, each of its lines is read as what it is. */
function decodeBlock(bytes: Uint8Array): string {
  try {
    return strict().decode(bytes)
  } catch {
    let text = ''
    for (let from = 0; from < bytes.length;) {
      const feed = bytes.indexOf(LF, from)
      const to = feed < 0 ? bytes.length : feed + 1
      text += decodeLine(bytes.subarray(from, to))
      from = to
    }
    return text
  }
}

function decodeLine(bytes: Uint8Array): string {
  try {
    return strict().decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
