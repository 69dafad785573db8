// ETSI EN 300 468, annex A.1: 0x86 and 0x87 switch emphasis on and off, 0x8A breaks a line. Receivers hand them on as
// U+0086 …, and as U+E086 … where they were read through the UTF-16 table.
const LINE_BREAK = /[\u008a\ue08a]|\r\n?/g
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ue080-\ue09f]/g // eslint-disable-line no-control-regex -- these are what it removes
const BLANKS = /[^\S\n]+/g

// Most texts are clean already, and one look is a quarter of the work: no controls, no double or odd blanks, no halves
// of surrogates, no blanks at the ends.
const MAY_BE_DIRTY =
  /[\u0000-\u001f\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff\ue080-\ue09f\ufeff\ufffd]| {2}|^ | $/ // eslint-disable-line no-control-regex -- these are what it looks for

/**
 * Text of a broadcast as people should read it: line breaks as `\n` (at most one empty line), no other control
 * character, no unreadable remains, single blanks, trimmed. Applying it twice changes nothing more.
 */
export function cleanDvbText(text: string): string {
  if (!MAY_BE_DIRTY.test(text)) return text
  return text
    .toWellFormed()
    .replace(LINE_BREAK, '\n')
    .replaceAll('\t', ' ')
    .replace(CONTROLS, '')
    .replace(/\ufffd{2,}/g, '')
    .replace(BLANKS, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** The same on one line, for names and titles. */
export const cleanDvbLine = (text: string): string =>
  MAY_BE_DIRTY.test(text) ? cleanDvbText(text).replace(/\n+/g, ' ') : text
