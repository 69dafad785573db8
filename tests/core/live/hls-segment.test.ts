import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { buildSegment, withoutLeading } from '../../../core/live/hls-segment.ts'
import type { Piece } from '../../../core/live/ring/piece.ts'
import type { Program } from '../../../core/live/program.ts'
import { requireProgram } from '../../require-program.ts'
import { readSegment } from '../../conformance/hls-segment-judge.ts'
import { clip, CLIPS } from './clips.ts'
import { ringBench } from './hls-bench.ts'
import { concat, synthesize } from './synthetic-ts.ts'
import { judge } from './ts-judge.ts'

const VIDEO = 0x1ff
const AUDIO = 0x200

/** The pieces of a stream. */
function piecesOf(bytes: Uint8Array): readonly Piece[] {
  const { ring, feed } = ringBench()
  feed(bytes)
  return ring.pieces
}

type Changes = {
  readonly clean?: boolean
  readonly program?: Program
  readonly hasVideo?: boolean
  readonly audio?: readonly number[]
}

/** A segment of these pieces with all their streams, or as `changes` say. */
function segmentOf(pieces: readonly Piece[], msn: number, changes: Changes = {}): Uint8Array {
  const program = changes.program ?? pieces[0]?.program
  assert.ok(program)
  const pids = changes.audio ?? program.streams.filter(({ kind }) => kind === 'audio').map(({ pid }) => pid)
  return buildSegment({
    msn,
    pieces,
    program,
    hasVideo: changes.hasVideo ?? true,
    audio: (piece) => pids.flatMap((pid) => piece.audio.get(pid) ?? []),
    clean: changes.clean ?? false,
  })
}

const CLIP_SEGMENTS = CLIPS.map((name) => {
  const pieces = piecesOf(clip(name))
  return { name, segments: pieces.map((piece, index) => segmentOf([piece], index, { clean: index === 0 })) }
})

for (const { name, segments } of CLIP_SEGMENTS) {
  test(`buildSegment() makes segments of ${name} that are whole in themselves and run on in a row`, () => {
    for (const segment of segments) {
      assert.deepEqual(readSegment(segment, { startsAtAccess: false }).faults, [])
    }
    assert.deepEqual(judge(concat(...segments)).faults, [])
  })

  test(`buildSegment() makes segments of ${name} that FFmpeg decodes without a word`, (t) => {
    const ffmpeg = requireProgram(t, 'ffmpeg')
    if (ffmpeg === null) return
    const args = ['-v', 'error', '-xerror', '-f', 'mpegts', '-i', 'pipe:0', '-map', '0', '-f', 'null', '-']
    const { stderr, status } = spawnSync(ffmpeg, args, { input: concat(...segments) })
    assert.equal(stderr.toString(), '')
    assert.equal(status, 0)
  })
}

const count = (bytes: Uint8Array): number => judge(bytes).dts.get(VIDEO)?.length ?? 0

test('buildSegment() leaves leading pictures out of a clean segment and nowhere else', () => {
  const pieces = piecesOf(synthesize({ gopLength: 24, gops: 5, isOpen: true }))
  const gop = pieces.slice(2, 4)
  assert.equal(count(segmentOf(gop, 1)), 24)
  assert.equal(count(segmentOf(gop, 1, { clean: true })), 22)
  const twoGops = pieces.slice(2, 6)
  assert.equal(count(segmentOf(twoGops, 1, { clean: true })), 46)
})

test('buildSegment() numbers a clean segment so that the next one runs on', () => {
  const pieces = piecesOf(synthesize({ gopLength: 24, gops: 6, isOpen: true }))
  const [, , first, second, third] = pieces
  assert.ok(first && second && third)
  const row = concat(segmentOf([first], 4, { clean: true }), segmentOf([second], 5), segmentOf([third], 6))
  assert.deepEqual(judge(row).faults, [])
})

test('buildSegment() keeps the clock of pictures that it leaves out', () => {
  const [, , piece] = piecesOf(synthesize({ gopLength: 24, gops: 4, isOpen: true }))
  assert.ok(piece)
  assert.deepEqual(judge(segmentOf([piece], 0, { clean: true })).pcr, judge(segmentOf([piece], 0)).pcr)
})

test('buildSegment() makes a clock where the one of the programme is in a stream that is left out', () => {
  const pieces = piecesOf(synthesize({ gopLength: 24, gops: 8 }))
  const program = pieces[0]?.program
  assert.ok(program)
  const alone = { ...program, pcrPid: AUDIO, streams: program.streams.filter(({ kind }) => kind === 'audio') }
  const segments = pieces.map((piece, index) => segmentOf([piece], index, { program: alone, hasVideo: false }))
  for (const segment of segments) assert.deepEqual(readSegment(segment).faults, [])
  assert.deepEqual(judge(concat(...segments)).faults, [])
  const { pcr, dts } = judge(concat(...segments))
  const steps = pcr.slice(1).map((clock, index) => clock - (pcr[index] ?? 0))
  assert.ok(Math.max(...steps) <= 9000, `${Math.max(...steps)} ticks`)
  assert.ok((pcr[0] ?? 0) < (dts.get(AUDIO)?.[0] ?? 0), 'the clock comes before what it times')
})

test('buildSegment() begins with a picture where sound has the same time', () => {
  const [piece] = piecesOf(synthesize({ gopLength: 24, gops: 3 }))
  assert.ok(piece)
  assert.deepEqual(judge(segmentOf([piece], 0)).order.slice(0, 3), ['PAT', 'PMT', String(VIDEO)])
})

test('withoutLeading() leaves leading pictures of later GOPs', () => {
  const pictures = piecesOf(synthesize({ gopLength: 24, gops: 5, isOpen: true })).flatMap(({ video }) => video)
  const second = pictures.findIndex(({ randomAccess }, index) => index > 0 && randomAccess)
  const twoGops = pictures.slice(second, second + 48)
  // Of the two that are left out, one packet with the clock stays of each.
  assert.equal(withoutLeading(twoGops).filter(({ bytes }) => bytes.length > 188).length, 46)
  assert.deepEqual(withoutLeading([]), [])
})
