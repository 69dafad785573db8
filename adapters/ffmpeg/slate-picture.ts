import type { SlateKind } from '../../core/live/slate.ts'

/** What the slates say: a headline and a line below it. The font has capitals, digits and a little more. */
const WORDS: Readonly<Record<SlateKind, readonly [string, string]>> = {
  opening: ['ONE MOMENT', 'THE CHANNEL IS BEING OPENED'],
  switching: ['ONE MOMENT', 'THE PICTURE IS GONE - LOOKING FOR ANOTHER SOURCE'],
  'no-slot': ['NO FREE TUNER', 'EVERY TUNER OR CONNECTION IS IN USE'],
  refused: ['NOT AVAILABLE', 'THE SOURCE REFUSES THE CHANNEL - IT IS TRIED AGAIN'],
  'off-air': ['OFF AIR', 'NOTHING IS BROADCAST HERE NOW - IT IS TRIED AGAIN'],
}

const GLYPH_WIDTH = 5
const GLYPH_HEIGHT = 7

/** Rows of five dots, top to bottom, one letter a row in base 32. */
const FONT: Readonly<Record<string, string>> = {
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hhpljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllra',
  X: 'hha4ahh',
  Y: 'hhha444',
  Z: 'v1248gv',
  '-': '000e000',
}

/** A picture as three planes one behind the other, 4:2:0, 8 bits: what FFmpeg calls `yuv420p`. Sides are even. */
export function drawSlate(
  kind: SlateKind,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const luma = width * height
  const bytes = new Uint8Array(luma + luma / 2)
  // Dark blue that grows a little lighter towards the ground.
  for (let y = 0; y < height; y++) bytes.fill(28 + Math.round((26 * y) / height), y * width, (y + 1) * width)
  bytes.fill(142, luma, luma + luma / 4)
  bytes.fill(120, luma + luma / 4)
  const [headline, line] = WORDS[kind]
  const unit = Math.max(1, Math.floor(width / 220))
  const page = { bytes, width, height }
  write(page, headline, { centre: height * 0.42, dot: unit * 3, shade: 225 })
  bar(page, { at: height * 0.52, wide: width * 0.12, high: unit })
  write(page, line, { centre: height * 0.6, dot: unit, shade: 160 })
  return bytes
}

type Page = { readonly bytes: Uint8Array; readonly width: number; readonly height: number }

function write(page: Page, text: string, style: { centre: number; dot: number; shade: number }): void {
  const step = GLYPH_WIDTH + 1
  const fitting = Math.floor((page.width * 0.94) / (text.length * step))
  const dot = Math.max(1, Math.min(Math.round(style.dot), fitting))
  const left = Math.round((page.width - (text.length * step - 1) * dot) / 2)
  const top = Math.round(style.centre - (GLYPH_HEIGHT * dot) / 2)
  for (const [index, letter] of [...text].entries()) {
    const rows = FONT[letter] ?? ''
    for (let row = 0; row < rows.length; row++) {
      const dots = Number.parseInt(rows[row] ?? '0', 32)
      for (let column = 0; column < GLYPH_WIDTH; column++)
        if (((dots >> (GLYPH_WIDTH - 1 - column)) & 1) === 1)
          square(page, left + (index * step + column) * dot, top + row * dot, {
            wide: dot,
            high: dot,
            shade: style.shade,
          })
    }
  }
}

function bar(page: Page, { at, wide, high }: { at: number; wide: number; high: number }): void {
  square(page, Math.round((page.width - wide) / 2), Math.round(at), { wide: Math.round(wide), high, shade: 190 })
}

function square(
  page: Page,
  x: number,
  y: number,
  { wide, high, shade }: { wide: number; high: number; shade: number },
): void {
  for (let row = Math.max(0, y); row < Math.min(page.height, y + high); row++) {
    const from = row * page.width
    page.bytes.fill(shade, from + Math.max(0, x), from + Math.min(page.width, x + wide))
  }
}
