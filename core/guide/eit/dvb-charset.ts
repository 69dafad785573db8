import { cleanDvbText } from '../dvb-text.ts'

// ETSI EN 300 468, annex A, table A.3: one byte in front selects a part of ISO/IEC 8859, from 0x01 (part 5) to 0x0B
// (part 15); there is no part 12.
const FIRST_PART = 5
const LAST_SELECTOR = 0x0b
/** Selectors of tables with characters of more than one byte. */
const WIDE: Readonly<Record<number, string>> = {
  0x11: 'utf-16be',
  0x12: 'euc-kr',
  0x13: 'gbk',
  0x14: 'big5',
  0x15: 'utf-8',
}
const LATIN_PART_SELECTOR = 0x10
/** Freesat's own compression, whose tables are not published. */
const COMPRESSED = 0x1f

// ISO/IEC 6937: a mark in 0xC1 … 0xCF stands before its letter.
const MARKS: Readonly<Record<number, string>> = {
  0xc1: '\u0300',
  0xc2: '\u0301',
  0xc3: '\u0302',
  0xc4: '\u0303',
  0xc5: '\u0304',
  0xc6: '\u0306',
  0xc7: '\u0307',
  0xc8: '\u0308',
  0xca: '\u030a',
  0xcb: '\u0327',
  0xcd: '\u030b',
  0xce: '\u0328',
  0xcf: '\u030c',
}
const FROM_A0 =
  '\u00a0¡¢£€¥\u00a0§¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿' + // 0xA0 … 0xBF
  '\u0000'.repeat(16) + // marks
  '―¹®©™♪¬¦\u0000\u0000\u0000\u0000⅛⅜⅝⅞' + // 0xD0 … 0xDF
  'ΩÆĐªĦ\u0000ĲĿŁØŒºÞŦŊŉ' + // 0xE0 … 0xEF
  'ĸæđðħıĳŀłøœßþŧŋ\u00ad' // 0xF0 … 0xFF

/**
 * A text of DVB tables, clean: the first byte says in which character table, else it is ISO/IEC 6937.
 *
 * Many broadcasters forget the byte and mean ISO 8859-9: a text with letters of its upper half but without one of
 * ISO 6937's marks is read so. '' for Freesat's compressed texts. Source: ETSI EN 300 468, annex A.
 */
export const decodeDvbText = (bytes: Uint8Array): string => cleanDvbText(decodeDvbPart(bytes))

/** The same as it was sent, for texts that go on in another part: to be joined, then cleaned. */
export function decodeDvbPart(bytes: Uint8Array): string {
  const [selector = 0x20] = bytes
  if (selector >= 0x20) return decodeDefault(bytes)
  if (selector <= LAST_SELECTOR) return decodeLatin(bytes.subarray(1), selector + FIRST_PART - 1)
  if (selector === LATIN_PART_SELECTOR) return decodeLatin(bytes.subarray(3), bytes[2] ?? 1)
  const wide = WIDE[selector]
  if (wide !== undefined) return new TextDecoder(wide).decode(bytes.subarray(1))
  return selector === COMPRESSED ? '' : decodeDefault(bytes.subarray(1))
}

function decodeDefault(bytes: Uint8Array): string {
  let isLatin = false
  for (const [index, byte] of bytes.entries()) {
    if (MARKS[byte] !== undefined && isLetter(bytes[index + 1] ?? 0)) return decode6937(bytes)
    isLatin ||= byte >= 0xc0 && byte !== 0xe0
  }
  return isLatin ? decodeLatin(bytes, 9) : decode6937(bytes)
}

const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)

function decode6937(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    const mark = MARKS[byte]
    if (mark !== undefined) text += String.fromCharCode(bytes[++index] ?? 0x20) + mark
    // The range below is left to the control codes of A.1.
    else if (byte >= 0xa0) text += (FROM_A0[byte - 0xa0] ?? '').replace('\u0000', '')
    else text += String.fromCharCode(byte)
  }
  return text.normalize('NFC')
}

/** A part of ISO/IEC 8859; what the Encoding Standard reads into 0x80 … 0x9F are control codes here. */
function decodeLatin(bytes: Uint8Array, part: number): string {
  const plain = bytes.map((byte) => (byte === 0x8a ? 0x0a : byte >= 0x80 && byte <= 0x9f ? 0x00 : byte))
  try {
    return new TextDecoder(`iso-8859-${part}`).decode(plain)
  } catch {
    return new TextDecoder('iso-8859-1').decode(plain) // a part that does not exist
  }
}
