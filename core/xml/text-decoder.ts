/** Bytes of a document as text, whatever it is written in. */
export interface DocumentDecoder {
  push(bytes: Uint8Array): string
  /** What was held back of a character that never ended. */
  end(): string
  /** The encoding that is used, in the spelling of the Encoding Standard; null before the first bytes. */
  readonly encoding: string | null
}

const HEAD_BYTES = 256
const DECLARATION = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/i
// Encoding Standard: what it calls latin1 and iso-8859-1 is windows-1252, as broadcasters mean it.
const FALLBACK = 'windows-1252'

/**
 * A decoder that takes the encoding from the byte order mark, else from the XML declaration, else UTF-8.
 *
 * A document that is said to be UTF-8, but whose first characters beyond ASCII are none, is read as windows-1252: that
 * is what tools of broadcasters write without saying so. Holds back at most 3 bytes, and 256 until the head is there.
 * Source: XML 1.0, appendix F; protocols/m3u-xmltv.md B4.
 */
export function createDocumentDecoder(): DocumentDecoder {
  let decoder: TextDecoder | null = null
  let head = new Uint8Array(0)
  /** Whether it is certain that UTF-8 is right; other encodings are what somebody said. */
  let isCertain = false
  let tail = new Uint8Array(0)

  const decode = (bytes: Uint8Array, stream: boolean): string => {
    decoder ??= new TextDecoder(encodingOf(head))
    const text = decoder.decode(bytes, { stream })
    if (isCertain || decoder.encoding !== 'utf-8') return text
    const broken = text.indexOf('\ufffd')
    if (broken < 0) {
      // eslint-disable-next-line no-control-regex -- everything beyond ASCII
      isCertain = /[^\u0000-\u007f]/.test(text)
      tail = isCertain ? new Uint8Array(0) : unfinished(bytes)
      return text
    }
    isCertain = true
    // eslint-disable-next-line no-control-regex -- everything beyond ASCII
    if (/[^\u0000-\u007f]/.test(text.slice(0, broken)) || text.includes('\ufffd\ufffd\ufffd')) return text
    decoder = new TextDecoder(FALLBACK)
    return decoder.decode(join(tail, bytes), { stream })
  }

  return {
    get encoding() {
      return decoder?.encoding ?? null
    },
    push(bytes) {
      if (decoder !== null) return decode(bytes, true)
      head = join(head, bytes)
      return head.length < HEAD_BYTES ? '' : decode(head, true)
    },
    end: () => (decoder === null ? decode(head, false) : decode(new Uint8Array(0), false)),
  }
}

function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head[0] === 0x3c && head[1] === 0x00) return 'utf-16le'
  if (head[0] === 0x00 && head[1] === 0x3c) return 'utf-16be'
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  const declared = DECLARATION.exec(String.fromCharCode(...head.subarray(0, HEAD_BYTES)))?.[1]
  // Bytes that could be read up to here are not UTF-16, whatever the declaration says.
  return declared === undefined || /^utf-?16|^ucs/i.test(declared) || !isKnown(declared) ? 'utf-8' : declared
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== 'replacement'
  } catch {
    return false // a name of an encoding that no standard has: UTF-8 is the best guess
  }
}

/** The beginning of a UTF-8 character at the end of these bytes. */
function unfinished(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  for (let length = 1; length <= 3; length++) {
    const byte = bytes.at(-length) ?? 0
    if (byte < 0x80) break
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return length < needed ? bytes.slice(-length) : new Uint8Array(0)
    }
  }
  return new Uint8Array(0)
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}
