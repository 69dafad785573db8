import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { probeItemTools } from '../../adapters/playout/item/filters.ts'
import type { ItemTools } from '../../adapters/playout/item/filters.ts'
import { itemArgs } from '../../adapters/playout/item/item-args.ts'
import type { ItemIntent } from '../../adapters/playout/item/item-intent.ts'
import { gopPictures, HOUSE_SOUND_SAMPLES, quantum90k } from '../../core/linear/house-format.ts'
import { hasPayload, PACKET_SIZE, pidAt, writeContinuity } from '../../core/live/packet.ts'
import { diff90k } from '../../core/live/timestamps.ts'
import { faultsOf, nalTypes, readPiece, steps } from '../adapters/playout/item/piece.ts'
import type { Piece } from '../adapters/playout/item/piece.ts'
import { ALL_TOOLS, intentOf } from '../adapters/playout/item/intent.ts'
import { clip } from '../clips/make.ts'
import type { ClipName } from '../clips/make.ts'
import { MIXED_TEN } from '../clips/mixed.ts'
import { findProgram, requireProgram } from '../require-program.ts'

const ffmpeg = findProgram('ffmpeg') ?? ''
const HOUSE = { ...intentOf().house, width: 320, height: 180, videoKbps: 600 } as const
/** Asked once; without FFmpeg all tests are skipped. */
const asked: Promise<ItemTools> = ffmpeg === '' ? Promise.resolve(ALL_TOOLS) : probeItemTools(ffmpeg)
const MUCH = 256 * 1024 * 1024

/** Runs FFmpeg for one piece. */
function play(intent: ItemIntent): {
  readonly bytes: Uint8Array
  readonly status: number | null
  readonly messages: string
} {
  const { stdout, stderr, status } = spawnSync(ffmpeg, itemArgs(intent), { maxBuffer: MUCH })
  return { bytes: new Uint8Array(stdout), status, messages: String(stderr) }
}

/** Everything that makes pieces fit together, about one of them. */
function check(piece: Piece, { house, looks, offset90k, duration90k }: ItemIntent): void {
  const picture90k = 90_000 / house.frameRate
  const pictures = piece.units.get(0x100) ?? []
  assert.equal(pictures.length, duration90k / picture90k, 'number of pictures')
  assert.equal(diff90k(pictures[0]?.pts90k ?? 0, offset90k), 0, 'time of the first picture')
  assert.deepEqual([...new Set(steps(pictures.map(({ pts90k }) => pts90k)))], [picture90k])
  assert.ok(pictures.every(({ pts90k, dts90k }) => pts90k === dts90k))
  const keys = pictures.flatMap(({ isKey }, index) => (isKey ? [index] : []))
  const gop = gopPictures(house)
  assert.deepEqual(
    keys,
    Array.from({ length: Math.ceil(pictures.length / gop) }, (_, index) => index * gop),
  )
  assert.ok(nalTypes(pictures[0]?.bytes ?? new Uint8Array()).includes(5), 'begins with an IDR picture')
  // 24 pictures a second cannot carry a clock every 40 ms.
  assert.ok(Math.max(...steps(piece.pcr90k)) <= Math.max(3600, picture90k), 'interval of the clock')
  const frame90k = (HOUSE_SOUND_SAMPLES[house.audioCodec] * 90_000) / 48_000
  for (let track = 0; track < looks.audioTracks; track++) {
    const frames = framesOf(piece, track, frame90k)
    assert.equal(frames.length, duration90k / frame90k, 'frames of sound')
    assert.equal(diff90k(frames[0] ?? 0, offset90k), 0, 'time of the first sound')
    assert.deepEqual([...new Set(steps(frames))], [frame90k])
  }
}

/** The time of each frame: of silence several are in one PES packet. */
function framesOf(piece: Piece, track: number, frame90k: number): readonly number[] {
  return (piece.units.get(0x101 + track) ?? []).flatMap(({ pts90k, bytes }) => {
    let count = 0
    for (let at = 0; at + 7 <= bytes.length; count++) {
      const isAdts = bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xf6) === 0xf0
      const length = (((bytes[at + 3] ?? 0) & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | ((bytes[at + 5] ?? 0) >> 5)
      at += isAdts && length > 0 ? length : bytes.length
    }
    return Array.from({ length: count }, (_, index) => pts90k + index * frame90k)
  })
}

/** Pieces one behind the other, with their packets counted on. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(Buffer.concat(pieces))
  const counters = new Map<number, number>()
  for (let at = 0; at < all.length; at += PACKET_SIZE) {
    const pid = pidAt(all, at)
    const counter = ((counters.get(pid) ?? -1) + (hasPayload(all, at) ? 1 : 0)) & 15
    counters.set(pid, counter)
    writeContinuity(all, at, counter)
  }
  return all
}

/** What a decoder complains about. */
const complaints = (bytes: Uint8Array): string =>
  String(
    spawnSync(ffmpeg, ['-v', 'warning', '-f', 'mpegts', '-i', 'pipe:0', '-f', 'null', '-'], { input: bytes }).stderr,
  )

test('itemArgs() makes pieces of ten mixed files that join without a seam', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const tools = await asked
  const tables = new Set<string>()
  const duration90k = quantum90k(HOUSE) * 7
  const pieces = MIXED_TEN.map((name, index) => {
    // The clock wraps in the middle of all that.
    const offset90k = (2 ** 33 - duration90k * 5 + duration90k * index) % 2 ** 33
    const intent = intentOf({
      tools,
      house: HOUSE,
      file: clip(ffmpeg, name),
      offset90k,
      duration90k,
      inMs: index % 3 === 0 ? 1234 : 0,
    })
    const { bytes, messages } = play(intent)
    assert.doesNotMatch(messages, /error/i, name)
    assert.deepEqual(faultsOf(bytes), [], name)
    const piece = readPiece(bytes)
    check(piece, intent)
    for (const table of piece.pmts) tables.add(table)
    return bytes
  })
  assert.equal(tables.size, 1, 'one PMT for all')
  const all = joined(pieces)
  assert.deepEqual(faultsOf(all), [])
  assert.equal(complaints(all), '')
})

for (const name of [
  'tenBit',
  'hdr',
  'rotated',
  'longSound',
  'lateSound',
  'noPicture',
  'chapters',
  'languages',
  'truncated',
] as const satisfies readonly ClipName[]) {
  test(`itemArgs() makes whole pieces of the clip "${name}"`, async (t) => {
    if (requireProgram(t, 'ffmpeg') === null) return
    const tools = await asked
    // Some are shorter than that: the last picture stands, in silence.
    const quanta = name === 'rotated' || name === 'truncated' ? 14 : 6
    const intent = intentOf({ tools, house: HOUSE, file: clip(ffmpeg, name), duration90k: quantum90k(HOUSE) * quanta })
    const { bytes } = play(intent)
    assert.deepEqual(faultsOf(bytes), [])
    check(readPiece(bytes), intent)
    assert.equal(complaints(bytes), '')
  })
}

for (const [frameRate, audioCodec, audioChannels, audioTracks] of [
  [50, 'ac3', 2, 1],
  [30, 'mp2', 2, 1],
  [24, 'aac', 1, 1],
  [25, 'ac3', 6, 2],
  [60, 'aac', 6, 1],
] as const) {
  test(`itemArgs() keeps to the grid with ${frameRate} pictures and ${audioTracks} × ${audioCodec} ${audioChannels}`, async (t) => {
    if (requireProgram(t, 'ffmpeg') === null) return
    const tools = await asked
    const house = { ...HOUSE, frameRate, audioCodec, audioChannels, audioKbps: 256 } as const
    const looks = { ...intentOf().looks, audioTracks, languages: ['de', 'en'] }
    const duration90k = quantum90k(house) * Math.ceil(180_000 / quantum90k(house))
    const [a, b] = (['D', 'anamorphic'] as const).map((name, index) => {
      const intent = intentOf({
        tools,
        house,
        looks,
        duration90k,
        offset90k: duration90k * (100 + index),
        file: clip(ffmpeg, name),
      })
      const { bytes } = play(intent)
      check(readPiece(bytes), intent)
      return bytes
    })
    assert.ok(a !== undefined && b !== undefined)
    assert.deepEqual(faultsOf(joined([a, b])), [])
    assert.equal(complaints(joined([a, b])), '')
  })
}

for (const name of ['headless', 'empty'] as const satisfies readonly ClipName[]) {
  test(`itemArgs() lets FFmpeg say why it cannot play the clip "${name}"`, async (t) => {
    if (requireProgram(t, 'ffmpeg') === null) return
    const tools = await asked
    const { bytes, status, messages } = play(intentOf({ tools, house: HOUSE, file: clip(ffmpeg, name) }))
    assert.equal(bytes.length, 0)
    assert.notEqual(status, 0)
    assert.match(messages, /moov atom not found/)
  })
}

test('itemArgs() copies a picture that fits, and only its sound is encoded', async (t) => {
  if (requireProgram(t, 'ffmpeg') === null) return
  const tools = await asked
  const house = { ...intentOf().house, mode: 'audio-only' } as const
  const intent = intentOf({ tools, house, file: clip(ffmpeg, 'A'), duration90k: quantum90k(house) * 12 })
  const { bytes } = play(intent)
  const pictures = readPiece(bytes).units.get(0x100) ?? []
  assert.equal(diff90k(pictures[0]?.pts90k ?? 0, intent.offset90k), 0)
  // Copied pictures refer in both directions, and their key frames are where the file has them.
  assert.ok(pictures.some(({ pts90k, dts90k }) => pts90k !== dts90k))
  assert.deepEqual(
    pictures.flatMap(({ isKey }, index) => (isKey ? [index] : [])),
    [0, 50],
  )
  assert.ok(pictures.length - 96 <= 2)
  assert.equal(complaints(bytes), '')
})
