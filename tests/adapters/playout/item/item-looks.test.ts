import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import * as v from 'valibot'
import { createItemArgs } from '../../../../adapters/playout/item/create-item-args.ts'
import { probeItemTools } from '../../../../adapters/playout/item/filters.ts'
import { createItemProps } from '../../../../adapters/playout/item/item-props.ts'
import { keyFrameBefore } from '../../../../adapters/playout/item/key-frame.ts'
import type { PlanItem } from '../../../../core/linear/plan-item.ts'
import { looksSchema } from '../../../../core/linear/looks.ts'
import type { ShelvedFile } from '../../../../core/linear/line.ts'
import { quantum90k } from '../../../../core/linear/house-format.ts'
import { clip } from '../../../clips/make.ts'
import { findProgram, requireProgram } from '../../../require-program.ts'
import { SMALL_HOUSE } from './intent.ts'

const ffmpeg = findProgram('ffmpeg') ?? ''
const { width, height } = SMALL_HOUSE
const MUCH = 256 * 1024 * 1024

// A folder that would break any filter that did not escape it.
const dir = mkdtempSync(join(tmpdir(), "item's [looks], 100%; ä-"))
after(() => rmSync(dir, { recursive: true, force: true }))

const ITEM: PlanItem = {
  id: 'a',
  start: 0,
  stop: 60_000,
  kind: 'programme',
  media: 'a',
  inMs: 0,
  channel: null,
  text: null,
  guide: { group: 'a', isShown: true, title: 'Größe', subtitle: null },
}

type Asked = {
  readonly looks: unknown
  readonly file: ShelvedFile
  readonly seekMs?: number
  readonly startsAt?: number
  readonly kind?: PlanItem['kind']
}

/** Plays 2.56 s of a file with these looks; what comes is a transport stream. */
async function play({ looks, file, seekMs = 0, startsAt = 0, kind = 'programme' }: Asked): Promise<Uint8Array> {
  const logoFile = join(dir, 'logo.bmp')
  writeFileSync(logoFile, whiteBmp())
  const parsed = v.parse(looksSchema, looks)
  const args = createItemArgs({
    style: { house: SMALL_HOUSE, looks: parsed, serviceName: 'Kanal 1' },
    looks: parsed,
    logoFile,
    ffmpeg: { path: ffmpeg },
    tools: () => probeItemTools(ffmpeg),
    props: createItemProps({ ffmpeg: { path: ffmpeg }, dir, log: () => {} }),
  })
  const list = await args(
    {
      item: { ...ITEM, kind },
      input: { kind: 'file', file, seekMs },
      duration90k: quantum90k(SMALL_HOUSE) * 8,
      startsAt,
      encoder: { kind: 'software' },
      isPlain: false,
    },
    new AbortController().signal,
  )
  return new Uint8Array(spawnSync(ffmpeg, list, { maxBuffer: MUCH }).stdout)
}

/** The picture at a time: one byte of brightness for each pixel. */
function grab(bytes: Uint8Array, seconds: number): Uint8Array {
  const args = ['-v', 'error', '-f', 'mpegts', '-i', 'pipe:0', '-vf', `select=gte(n\\,${Math.round(seconds * 25)})`]
  const { stdout } = spawnSync(ffmpeg, [...args, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], {
    input: bytes,
    maxBuffer: MUCH,
  })
  assert.equal(stdout.length, width * height)
  return new Uint8Array(stdout)
}

/** A part of the picture, in percent of its sides: left, top, right, bottom. */
type Part = readonly [number, number, number, number]

function pixels(picture: Uint8Array, [left, top, right, bottom]: Part): readonly number[] {
  const side = (percent: number, of: number): number => Math.round((percent * of) / 100)
  const rows = Array.from({ length: side(bottom, height) - side(top, height) }, (_, row) => side(top, height) + row)
  return rows.flatMap((y) => [...picture.subarray(y * width + side(left, width), y * width + side(right, width))])
}

/** The mean brightness of a part, and the highest. */
const mean = (picture: Uint8Array, part: Part): number =>
  pixels(picture, part).reduce((sum, pixel) => sum + pixel, 0) / pixels(picture, part).length
const highest = (picture: Uint8Array, part: Part): number => Math.max(...pixels(picture, part))

/** A white picture of 20 × 10 pixels, as BMP. */
function whiteBmp(): Buffer {
  const bmp = Buffer.alloc(54 + 600, 255)
  bmp.fill(0, 0, 54)
  bmp.write('BM')
  for (const [at, value] of [
    [2, 654],
    [10, 54],
    [14, 40],
    [18, 20],
    [22, 10],
    [34, 600],
  ] as const)
    bmp.writeUInt32LE(value, at)
  bmp.writeUInt16LE(1, 26)
  bmp.writeUInt16LE(24, 28)
  return bmp
}

const plain = (): ShelvedFile => clip(ffmpeg, 'subtitles')
const logo = { file: 'logo.bmp', place: 'top-right', widthPercent: 20, opacityPercent: 100 }
/** Where that is, and where it would be on the other side. */
const LOGO: Part = [78, 8, 94, 20]
const OPPOSITE: Part = [6, 8, 22, 20]

test('createItemArgs() shows the logo in its place, and not in adverts', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const shown = await play({ looks: { logo }, file: plain() })
  assert.ok(mean(grab(shown, 1), LOGO) > 200)
  assert.ok(mean(grab(shown, 1), OPPOSITE) < 80)
  assert.ok(mean(grab(await play({ looks: { logo }, file: plain(), kind: 'filler' }), 1), LOGO) < 80)
})

test('createItemArgs() shows a periodic logo in step with the wall clock', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const timing = { kind: 'periodic', everyMs: 60_000, phaseMs: 20_000, holdMs: 2000, fadeMs: 1000 }
  // It is on from 20 s of every minute on; the piece begins one second before.
  const bytes = await play({ looks: { logo: { ...logo, timing } }, file: plain(), startsAt: 7 * 60_000 + 19_000 })
  const [before, half, full] = [0.9, 1.5, 2].map((seconds) => mean(grab(bytes, seconds), LOGO))
  assert.ok(before !== undefined && half !== undefined && full !== undefined)
  assert.ok(before < 80, `before: ${before}`)
  assert.ok(half > before + 40 && half < full - 40, `half: ${half}`)
  assert.ok(full > 200, `full: ${full}`)
})

test('createItemArgs() lets the crawl go on where the piece before has left it', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const looks = { crawl: { lines: ['MMMMMMMMMMMM'], place: 'top', speedPercent: 25, heightPercent: 10 } }
  const startsAt = 1_700_000_000_000
  const first = await play({ looks, file: plain(), startsAt })
  const second = await play({ looks, file: plain(), startsAt: startsAt + 1280 })
  const columns = Array.from({ length: 20 }, (_, index): Part => [index * 5, 6, index * 5 + 5, 14])
  const shape = (bytes: Uint8Array, seconds: number): readonly number[] => {
    const picture = grab(bytes, seconds)
    return columns.map((part) => Math.round(mean(picture, part) / 40))
  }
  assert.deepEqual(shape(first, 1.6), shape(second, 0.32))
  assert.notDeepEqual(shape(first, 1.6), shape(first, 0.32))
})

/** Where subtitles stand. */
const TEXT: Part = [30, 85, 70, 97]

test('createItemArgs() draws subtitles in at their time, also from within the file', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const looks = { subtitles: { mode: 'burn', languages: ['de'] } }
  const start = await play({ looks, file: plain() })
  assert.deepEqual(
    [0.2, 1].map((seconds) => highest(grab(start, seconds), TEXT) > 180),
    [false, true],
  )
  const later = await play({ looks, file: plain(), seekMs: 2600 })
  assert.deepEqual(
    [0.2, 1].map((seconds) => highest(grab(later, seconds), TEXT) > 180),
    [false, true],
  )
})

test('createItemArgs() draws in only what the file marks as forced if that is wished', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const bytes = await play({ looks: { subtitles: { mode: 'forced-only' } }, file: plain() })
  assert.deepEqual(
    [0.7, 1.5].map((seconds) => highest(grab(bytes, seconds), TEXT) > 180),
    [false, true],
  )
})

test('createItemArgs() draws in subtitles that are pictures', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const file = clip(ffmpeg, 'pictureSubtitles')
  const bytes = await play({ looks: { subtitles: { mode: 'burn' } }, file })
  assert.deepEqual(
    [0.5, 1.5, 2.4].map((seconds) => highest(grab(bytes, seconds), TEXT) > 180),
    [false, true, false],
  )
})

test('createItemArgs() shows the title of what has no picture', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const bytes = await play({ looks: {}, file: clip(ffmpeg, 'noPicture') })
  assert.ok(mean(grab(bytes, 1), [30, 38, 70, 46]) > mean(grab(bytes, 1), [30, 80, 70, 88]) + 20)
})

test('createItemArgs() brings a programme to its loudness', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const level = (bytes: Uint8Array): number => {
    const args = ['-v', 'error', '-f', 'mpegts', '-i', 'pipe:0', '-ss', '0.5', '-vn', '-f', 'f32le', '-ac', '1', '-']
    const { stdout } = spawnSync(ffmpeg, args, { input: bytes, maxBuffer: MUCH })
    const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + (stdout.length & ~3)))
    return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length)
  }
  const file = plain()
  const as = level(await play({ looks: {}, file }))
  const louder = level(await play({ looks: {}, file: { ...file, loudness: { integratedLufs: -29, truePeakDb: -18 } } }))
  const softer = level(await play({ looks: {}, file: { ...file, loudness: { integratedLufs: -13, truePeakDb: -3 } } }))
  assert.ok(Math.abs(louder - as - 6) < 0.3, `${louder - as} dB`)
  assert.ok(Math.abs(softer - as + 10) < 0.3, `${softer - as} dB`)
})

test('keyFrameBefore() finds where a copied picture may begin', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const { signal } = new AbortController()
  assert.equal(await keyFrameBefore(ffmpeg, { path: clip(ffmpeg, 'A').path, inMs: 3000 }, signal), 2000)
  assert.equal(await keyFrameBefore(ffmpeg, { path: clip(ffmpeg, 'empty').path, inMs: 3000 }, signal), null)
})
