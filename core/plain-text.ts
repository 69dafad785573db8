// C0 and C1 controls, the marks that turn the direction of writing (Unicode Bidi_Control), and what is left where a
// decoder failed: U+FFFD, and its three bytes read as Latin-1.
const UNWANTED = /(?:ï¿½|[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd-\uffff])+/g // eslint-disable-line no-control-regex -- these are what it removes

// Most texts are plain already; this tells it in one look. ASCII and the letters of U+00C0 … U+05FF (Latin, Greek, Cyrillic,
// Hebrew), where nothing is unwanted.
const IS_PLAIN = /^[!-~\u00c0-\u05ff]+(?: [!-~\u00c0-\u05ff]+)*$/

/**
 * The text on one line: controls, direction marks, half surrogates and broken characters become a space, runs of blanks
 * one, ends are trimmed. Applying it twice changes nothing more.
 */
export function plainText(text: string): string {
  if (IS_PLAIN.test(text)) return text
  return text.toWellFormed().replace(UNWANTED, ' ').replace(/\s+/g, ' ').trim()
}
