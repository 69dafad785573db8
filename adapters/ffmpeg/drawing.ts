import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphsOf } from './bitmap-font.ts'

/** Dots from the left edge of one letter to the next. */
const STEP = GLYPH_WIDTH + 1
/** Of the text's cell, where the middle of a capital is: centred text looks centred by that. */
const MIDDLE = 6.5

/** The brightness of a picture, one byte a pixel, row by row. `bytes` may go on behind it with the colours. */
export type Page = { readonly bytes: Uint8Array; readonly width: number; readonly height: number }

/** How a text is written: the side of a dot in pixels, and the brightness. */
export type Pen = { readonly dot: number; readonly shade: number }

/** Pixels that a text takes across. */
export const textWidth = (text: string, dot: number): number => Math.max(0, glyphsOf(text).length * STEP - 1) * dot

/** Pixels that a line takes from the highest accent to the lowest tail. */
export const lineHeight = (dot: number): number => GLYPH_HEIGHT * dot

/** Writes a line in the middle of the page, as large as `dot` says or as fits; `centre`: where the capitals' middle is. */
export function writeCentred(
  page: Page,
  text: string,
  { centre, dot, shade }: Pen & { readonly centre: number },
): void {
  const fitting = Math.floor((page.width * 0.94) / Math.max(1, textWidth(text, 1)))
  const side = Math.max(1, Math.min(Math.round(dot), fitting))
  const x = Math.round((page.width - textWidth(text, side)) / 2)
  writeText(page, text, { x, y: Math.round(centre - MIDDLE * side), dot: side, shade })
}

/** Writes a line whose cell begins at this point; what lies outside of the page is left out. */
export function writeText(
  page: Page,
  text: string,
  { x, y, dot, shade }: Pen & { readonly x: number; readonly y: number },
): void {
  for (const [index, rows] of glyphsOf(text).entries())
    for (const [row, dots] of rows.entries())
      for (let column = 0; column < GLYPH_WIDTH; column++)
        if (((dots >> (GLYPH_WIDTH - 1 - column)) & 1) === 1)
          fillSquare(page, { x: x + (index * STEP + column) * dot, y: y + row * dot, wide: dot, high: dot, shade })
}

/** Fills a rectangle; what lies outside of the page is left out. */
export function fillSquare(
  page: Page,
  { x, y, wide, high, shade }: { x: number; y: number; wide: number; high: number; shade: number },
): void {
  for (let row = Math.max(0, y); row < Math.min(page.height, y + high); row++) {
    const from = row * page.width
    const left = Math.min(page.width, Math.max(0, x))
    page.bytes.fill(shade, from + left, from + Math.max(left, Math.min(page.width, x + wide)))
  }
}

/** Dark blue that grows a little lighter towards the ground, as `yuv420p`; sides are even. */
export function bluePage({ width, height }: { readonly width: number; readonly height: number }): Page {
  const luma = width * height
  const bytes = new Uint8Array(luma + luma / 2)
  for (let y = 0; y < height; y++) bytes.fill(28 + Math.round((26 * y) / height), y * width, (y + 1) * width)
  bytes.fill(142, luma, luma + luma / 4)
  bytes.fill(120, luma + luma / 4)
  return { bytes, width, height }
}
