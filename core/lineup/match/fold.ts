/** Latin small capitals, which lists use for decoration and which Unicode does not fold to letters. */
const SMALL_CAPITALS = new Map(
  [...'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ'].map((sign, at) => [sign, 'abcdefghijklmnopqrstuvwyz'[at] ?? '']),
)
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}
const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' }

const foldLetter = (letter: string): string => LETTERS[letter] ?? letter.normalize('NFD').replace(/\p{M}/gu, '')

/** Latin letters with marks, worked out once: lists of 100,000 names are full of them. */
const LATIN = new Map(
  Array.from({ length: 0x250 - 0xc0 }, (_, index) => String.fromCharCode(0xc0 + index)).map((letter) => [
    letter,
    foldLetter(letter),
  ]),
)

// What stands above the line was set apart by somebody: "RTLᴴᴰ" is "RTL HD".
const SUPERSCRIPTS = /[\u00b2\u00b3\u00b9\u02b0-\u02b8\u1d2c-\u1d6a\u1d9b-\u1dbf\u2070-\u209c\u2c7d]+/g

const IS_ASCII = /^[\u0000-\u007f]*$/ // eslint-disable-line no-control-regex -- the range is what is meant

/**
 * The text in lower case, with decorated letters (ᴴᴰ, ＨＤ, 𝐇𝐃, small capitals) as plain ones. Umlauts stay: there are two
 * ways to write them without.
 */
export function undecorate(text: string): string {
  if (IS_ASCII.test(text)) return text.toLowerCase()
  return text
    .replace(SUPERSCRIPTS, ' $& ')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ᴀ-ᴢꜰꜱꞯɢɪɴʀʏʙʜʟ]/g, (sign) => SMALL_CAPITALS.get(sign) ?? sign)
}

/** Whether the text has letters that there are two ways to fold; the input is in lower case. */
export const hasUmlauts = (text: string): boolean => /[äöü]/.test(text)

/** Letters without marks, `ß` as `ss`; the input comes from `undecorate`. `umlauts`: whether `ä` becomes `ae` or `a`. */
export function foldLetters(text: string, umlauts: 'ae' | 'a'): string {
  if (IS_ASCII.test(text)) return text
  const spelled = umlauts === 'ae' ? text.replace(/[äöü]/g, (sign) => UMLAUTS[sign] ?? sign) : text
  return spelled.replace(/[^\u0000-\u007f]/gu, (sign) => LATIN.get(sign) ?? foldLetter(sign)) // eslint-disable-line no-control-regex -- ASCII is what is left alone
}
