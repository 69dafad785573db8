// C0 and C1 controls, and the marks that turn the direction of writing (Unicode Bidi_Control).
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/g // eslint-disable-line no-control-regex -- these are what it removes

/**
 * The text on one line: control and direction characters become a space, runs of blanks one, ends trimmed; half
 * surrogates become U+FFFD. Applying it twice changes nothing more.
 */
export function plainText(text: string): string {
  return text.toWellFormed().replace(UNWANTED, ' ').replace(/\s+/g, ' ').trim()
}
