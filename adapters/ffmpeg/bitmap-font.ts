/** Dots of a letter's body, across. */
export const GLYPH_WIDTH = 5
/** Dots of a line of text, from the highest accent to the lowest tail. */
export const GLYPH_HEIGHT = 11

/** Rows above the body: two of an accent and a blank one. */
const ABOVE = 3
/** Row of the body in which small letters begin, below the dot of an i. */
const SMALL_FROM = 2

/**
 * The bodies of the letters: five columns from left to right, two hexadecimal digits each. The lowest bit is the top of a
 * capital, the sixth the base line, the seventh below it.
 */
const BODIES: Readonly<Record<string, string>> = {
  ' ': '0000000000',
  '!': '00005f0000',
  '"': '0007000700',
  '#': '147f147f14',
  $: '242a7f2a12',
  '%': '2313086462',
  '&': '3649562050',
  "'": '0000070000',
  '(': '001c224100',
  ')': '0041221c00',
  '*': '14083e0814',
  '+': '08083e0808',
  ',': '0080703000',
  '-': '0808080808',
  '.': '0000606000',
  '/': '2010080402',
  '0': '3e5149453e',
  '1': '00427f4000',
  '2': '4261514946',
  '3': '2241494936',
  '4': '1814127f10',
  '5': '2745454539',
  '6': '3c4a494930',
  '7': '0171090503',
  '8': '3649494936',
  '9': '064949291e',
  ':': '0000363600',
  ';': '0080763600',
  '<': '0814224100',
  '=': '1414141414',
  '>': '0041221408',
  '?': '0201590906',
  '@': '3e415d551e',
  A: '7e1111117e',
  B: '7f49494936',
  C: '3e41414122',
  D: '7f4141413e',
  E: '7f49494941',
  F: '7f09090901',
  G: '3e4149497a',
  H: '7f0808087f',
  I: '00417f4100',
  J: '2040413f01',
  K: '7f08142241',
  L: '7f40404040',
  M: '7f020c027f',
  N: '7f0408107f',
  O: '3e4141413e',
  P: '7f09090906',
  Q: '3e4151215e',
  R: '7f09192946',
  S: '2649494932',
  T: '01017f0101',
  U: '3f4040403f',
  V: '1f2040201f',
  W: '3f4038403f',
  X: '6314081463',
  Y: '0708700807',
  Z: '6151494543',
  '[': '007f414100',
  '\\': '0204081020',
  ']': '0041417f00',
  '^': '0402010204',
  _: '8080808080',
  '`': '0001020400',
  a: '2054545478',
  b: '7f48444438',
  c: '3844444428',
  d: '384444487f',
  e: '3854545418',
  f: '00087e0902',
  g: '18a4a4a47c',
  h: '7f08040478',
  i: '00447d4000',
  j: '0080847d00',
  k: '7f10284400',
  l: '00417f4000',
  m: '7c04180478',
  n: '7c08040478',
  o: '3844444438',
  p: 'fc24242418',
  q: '18242424fc',
  r: '7c08040408',
  s: '4854545420',
  t: '00043f4420',
  u: '3c4040207c',
  v: '1c2040201c',
  w: '3c4030403c',
  x: '4428102844',
  y: '1ca0a0a07c',
  z: '4464544c44',
  '{': '0008364100',
  '|': '00007f0000',
  '}': '0041360800',
  '~': '0804081008',
  ß: '7e01494936',
  æ: '20547c5458',
  Æ: '7e097f4949',
  ø: '5864544c34',
  Ø: '5e3149463d',
  œ: '38447c5458',
  Œ: '3e417f4949',
  ł: '00517f4400',
  Ł: '087f444040',
  đ: '3844442a7f',
  Đ: '087f49413e',
  ð: '304a4d4a3c',
  þ: 'ff24242418',
  Þ: '7f22222214',
  ı: '00447c4000',
  '€': '143e555541',
  '£': '487e494320',
  '§': '224d555922',
  '°': '0006090906',
  '•': '001c1c1c00',
  '·': '0000080000',
  '×': '2214081422',
  '¡': '00007d0000',
  '¿': '3048454020',
  '«': '0814221422',
  '»': '2214221408',
}

/** Accents: two rows of five dots, by what Unicode calls them. */
const ACCENTS: Readonly<Record<string, readonly [number, number]>> = {
  '\u0300': [0b01000, 0b00100], // grave
  '\u0301': [0b00010, 0b00100], // acute
  '\u0302': [0b00100, 0b01010], // circumflex
  '\u0303': [0b01101, 0b10110], // tilde
  '\u0304': [0, 0b01110], // macron
  '\u0306': [0b10001, 0b01110], // breve
  '\u0307': [0, 0b00100], // dot
  '\u0308': [0, 0b01010], // diaeresis
  '\u030a': [0b00100, 0b01110], // ring
  '\u030b': [0b00101, 0b01010], // double acute
  '\u030c': [0b01010, 0b00100], // caron
}

/** Tails below the base line: cedilla, comma, ogonek. */
const TAILS: Readonly<Record<string, number>> = { '\u0327': 0b00100, '\u0326': 0b00100, '\u0328': 0b00010 }

/** Letters that look like others, or like several. */
const ALIKE: Readonly<Record<string, string>> = {
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '‘': "'",
  '’': "'",
  '‚': ',',
  '“': '"',
  '”': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '‐': '-',
  '‑': '-',
  '…': '...',
  Ð: 'Đ',
  ª: 'a',
  º: 'o',
  µ: 'u',
  '©': '(c)',
  '®': '(R)',
  '™': 'TM',
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
  '№': 'No',
}

/** What a letter that is not in the font looks like: an empty box. */
const UNKNOWN = '7f4141417f'

/**
 * The text as letters of this font, one after the other: rows of dots from the top, the highest of five bits on the left.
 *
 * It has what European languages in Latin script need. Marks without a width of their own are left out; any other letter
 * becomes an empty box.
 */
export function glyphsOf(text: string): readonly (readonly number[])[] {
  const glyphs: number[][] = []
  for (const letter of [...text].flatMap((one) => [...(ALIKE[one] ?? one)])) {
    const [base = '', ...marks] = BODIES[letter] === undefined ? [...letter.normalize('NFD')] : [letter]
    const last = glyphs.at(-1)
    // A mark that came apart from its letter, or joins emoji: it has no place of its own.
    if (/[\p{Mark}\p{Format}]/u.test(base)) {
      if (last !== undefined) accent(last, base, true)
      continue
    }
    const hasDot = (base === 'i' || base === 'j') && marks.some((mark) => ACCENTS[mark] !== undefined)
    const glyph = rowsOf(BODIES[base] ?? UNKNOWN, hasDot)
    for (const mark of marks) accent(glyph, mark, isSmall(base))
    glyphs.push(glyph)
  }
  return glyphs
}

/** Without ascender: its accent sits lower. */
const isSmall = (letter: string): boolean => /[a-ceg-jm-su-z]/.test(letter) && letter !== 'h' && letter !== 'b'

function rowsOf(columns: string, withoutDot: boolean): number[] {
  const rows = Array.from({ length: GLYPH_HEIGHT }, () => 0)
  for (let column = 0; column < GLYPH_WIDTH; column++) {
    const dots = Number.parseInt(columns.slice(column * 2, column * 2 + 2), 16)
    for (let row = withoutDot ? SMALL_FROM : 0; row < 8; row++)
      if (((dots >> row) & 1) === 1) rows[ABOVE + row] = (rows[ABOVE + row] ?? 0) | (1 << (GLYPH_WIDTH - 1 - column))
  }
  return rows
}

function accent(glyph: number[], mark: string, isLow: boolean): void {
  const rows = ACCENTS[mark]
  const top = isLow ? SMALL_FROM : 0
  if (rows !== undefined)
    for (const [index, dots] of rows.entries()) glyph[top + index] = (glyph[top + index] ?? 0) | dots
  const tail = TAILS[mark]
  if (tail !== undefined) glyph[GLYPH_HEIGHT - 1] = (glyph[GLYPH_HEIGHT - 1] ?? 0) | tail
}
