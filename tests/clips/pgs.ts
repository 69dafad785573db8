/** Subtitles as pictures, as on Blu-ray (PGS): a white rectangle that is there for a while. Times are seconds, sides pixels. */
export type PgsBox = {
  readonly screen: { readonly width: number; readonly height: number }
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  readonly from: number
  readonly to: number
}

// Types of segments, as in FFmpeg's libavcodec/pgssubdec.c.
const PALETTE = 0x14
const OBJECT = 0x15
const PRESENTATION = 0x16
const WINDOW = 0x17
const END = 0x80

const word = (value: number): readonly number[] => [value >> 8, value & 0xff]

/** The bytes of a `.sup` file. */
export function pgs({ screen, box, from, to }: PgsBox): Uint8Array {
  const composition = (number: number, objects: readonly number[]): readonly number[] => [
    ...word(screen.width),
    ...word(screen.height),
    0x10,
    ...word(number),
    // An epoch begins; no palette update; palette 0.
    0x80,
    0,
    0,
    ...objects,
  ]
  const window = [1, 0, ...word(box.x), ...word(box.y), ...word(box.width), ...word(box.height)]
  // One run of colour 1 in each line.
  const line = [0, 0xc0 | (box.width >> 8), box.width & 0xff, 1, 0, 0]
  const picture = [...word(box.width), ...word(box.height), ...Array.from({ length: box.height }, () => line).flat()]
  const size = [picture.length >> 16, (picture.length >> 8) & 0xff, picture.length & 0xff]
  return new Uint8Array([
    ...segment(from, PRESENTATION, composition(0, [1, ...word(0), 0, 0, ...word(box.x), ...word(box.y)])),
    ...segment(from, WINDOW, window),
    // Colour 1: white, without colour, opaque.
    ...segment(from, PALETTE, [0, 0, 1, 235, 128, 128, 255]),
    ...segment(from, OBJECT, [...word(0), 0, 0xc0, ...size, ...picture]),
    ...segment(from, END, []),
    ...segment(to, PRESENTATION, composition(1, [0])),
    ...segment(to, WINDOW, window),
    ...segment(to, END, []),
  ])
}

function segment(seconds: number, type: number, body: readonly number[]): readonly number[] {
  const ticks = Math.round(seconds * 90_000)
  const time = [ticks >>> 24, (ticks >> 16) & 0xff, (ticks >> 8) & 0xff, ticks & 0xff]
  return [0x50, 0x47, ...time, 0, 0, 0, 0, type, ...word(body.length), ...body]
}
