import type { SlateKind } from '../../core/live/slate.ts'
import { bluePage, fillSquare, lineHeight, writeCentred } from './drawing.ts'

/** What the slates of the relay say: a headline and a line below it. */
const WORDS: Readonly<Record<SlateKind, SlateText>> = {
  opening: { headline: 'ONE MOMENT', lines: ['THE CHANNEL IS BEING OPENED'] },
  switching: { headline: 'ONE MOMENT', lines: ['THE PICTURE IS GONE - LOOKING FOR ANOTHER SOURCE'] },
  'no-slot': { headline: 'NO FREE TUNER', lines: ['EVERY TUNER OR CONNECTION IS IN USE'] },
  refused: { headline: 'NOT AVAILABLE', lines: ['THE SOURCE REFUSES THE CHANNEL - IT IS TRIED AGAIN'] },
  'off-air': { headline: 'OFF AIR', lines: ['NOTHING IS BROADCAST HERE NOW - IT IS TRIED AGAIN'] },
}

/** What a picture says: large, and below it in small. */
export type SlateText = { readonly headline: string; readonly lines: readonly string[] }

type Size = { readonly width: number; readonly height: number }

/** The slate of the relay as a picture: `yuv420p` (three planes one behind the other, 4:2:0, 8 bits). Sides are even. */
export const drawSlate = (kind: SlateKind, size: Size): Uint8Array => drawText(WORDS[kind], size)

/** Any text as a picture: `yuv420p`. Lines that are too long become smaller; see `wrapText`. */
export function drawText({ headline, lines }: SlateText, size: Size): Uint8Array {
  const page = bluePage(size)
  const { width, height } = size
  const unit = Math.max(1, Math.floor(width / 220))
  writeCentred(page, headline, { centre: height * 0.42, dot: unit * 3, shade: 225 })
  const wide = Math.round(width * 0.12)
  fillSquare(page, {
    x: Math.round((width - wide) / 2),
    y: Math.round(height * 0.52),
    wide,
    high: unit,
    shade: 190,
  })
  for (const [index, line] of lines.entries())
    writeCentred(page, line, { centre: height * 0.6 + index * lineHeight(unit) * 1.1, dot: unit, shade: 160 })
  return page.bytes
}

/** Text in lines of at most so many letters, broken at blanks; what is beyond `most` lines ends in three dots. */
export function wrapText(text: string, letters: number, most: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap((one) => one.match(new RegExp(`.{1,${letters}}`, 'gsu')) ?? [])) {
    if (line !== '' && [...line].length + 1 + [...word].length > letters) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') lines.push(line)
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most - 1), `${(lines[most - 1] ?? '').slice(0, letters - 3)}...`]
}
