import type { Crawl } from '../../../core/linear/looks.ts'
import { GLYPH_HEIGHT } from '../../ffmpeg/bitmap-font.ts'
import { textWidth, writeText } from '../../ffmpeg/drawing.ts'
import type { Size } from './house-output.ts'

/** Between two lines of the text. */
const BETWEEN = '   •   '
/** Rows of dots of the band, with some room above and below the letters. */
const BAND_ROWS = GLYPH_HEIGHT + 3
/** White as television has it, and no colour. */
const WHITE = 235
const GREY = 128
/** No decoder takes pictures that are wider. */
const MAX_WIDTH = 60_000

/** The whole text in one line of white letters on nothing: `yuva420p`. Its height is that of the band. */
export function crawlPicture(
  { lines, heightPercent }: Pick<Crawl, 'lines' | 'heightPercent'>,
  raster: Size,
): Size & { readonly bytes: Uint8Array } {
  const text = lines.join(BETWEEN)
  const wanted = Math.max(1, Math.round((raster.height * heightPercent) / 100 / BAND_ROWS))
  const dot = Math.max(1, Math.min(wanted, Math.floor(MAX_WIDTH / textWidth(text, 1))))
  const width = Math.min(MAX_WIDTH, even(textWidth(text, dot)))
  const height = even(BAND_ROWS * dot)
  const luma = width * height
  const bytes = new Uint8Array(luma * 2.5).fill(GREY)
  bytes.fill(WHITE, 0, luma)
  const opacity = bytes.subarray(luma * 1.5).fill(0)
  // Capitals in the middle of the band: there is more room above them than below.
  writeText({ bytes: opacity, width, height }, text, { x: 0, y: dot, dot, shade: 255 })
  return { width, height, bytes }
}

const even = (pixels: number): number => Math.max(2, Math.ceil(pixels / 2) * 2)
