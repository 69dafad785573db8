import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fragmentFormat, initSection, writeFragment } from '../../../core/live/hls-fragment.ts'
import type { FragmentContent, FragmentFormat } from '../../../core/live/hls-fragment.ts'
import { audioStreams } from '../../../core/live/program.ts'
import type { HlsRing } from '../../../core/live/hls-ring.ts'
import type { Piece } from '../../../core/live/ring/piece.ts'
import { judgeFragments, readFragments, readInit } from '../../conformance/hls-fragment-judge.ts'
import type { FetchedFragment } from '../../conformance/hls-fragment-judge.ts'
import { requireProgram } from '../../require-program.ts'
import { clip } from './clips.ts'
import type { ClipName } from './clips.ts'
import { ringBench } from './hls-bench.ts'
import { concat, synthesize } from './synthetic-ts.ts'

/** The ring of a stream, and the pieces of its last programme: what is made before it has another initialization section. */
function ringOf(bytes: Uint8Array): { ring: HlsRing; pieces: readonly Piece[] } {
  const { ring, feed } = ringBench()
  feed(bytes)
  const start = ring.pieces.findLastIndex(({ discontinuity }) => discontinuity)
  return { ring, pieces: ring.pieces.slice(Math.max(start, 0)) }
}

const contentOf = (ring: HlsRing, piece: Piece): FragmentContent => ({
  span: piece,
  program: piece.program,
  pictures: ring.pictures(piece),
  sounds: audioStreams(piece.program).map(({ pid, codec, language }) => ({
    pid,
    codec,
    language,
    ...ring.sound(pid, piece),
  })),
})

/** All pieces as fragments, a decoder starting with the first. */
function fragmentsOf(bytes: Uint8Array): { format: FragmentFormat; init: Uint8Array; files: FetchedFragment[] } {
  const { ring, pieces } = ringOf(bytes)
  const [first] = pieces
  assert.ok(first)
  const format = fragmentFormat(contentOf(ring, first), null)
  assert.ok(format)
  const init = initSection(format)
  const files = pieces.map((piece, index) => ({
    name: `piece ${piece.index}`,
    seconds: piece.duration90k / 90_000,
    discontinuity: false,
    independent: piece.randomAccess,
    init,
    bytes: writeFragment(contentOf(ring, piece), { sequence: index + 1, format, clean: index === 0 }),
  }))
  return { format, init, files }
}

const CASES: readonly { clip: ClipName; entries: readonly string[] }[] = [
  { clip: 'h264-closed-ac3-mp2', entries: ['avc1', 'ac-3', 'mp4a'] },
  { clip: 'h264-open-ac3', entries: ['avc1', 'ac-3'] },
  { clip: 'hevc-aac', entries: ['hvc1', 'mp4a'] },
  { clip: 'mpeg2-mp2', entries: ['mp4v', 'mp4a'] },
  { clip: 'radio-aac', entries: ['mp4a'] },
  { clip: 'radio-mp2', entries: ['mp4a'] },
]

for (const { clip: name, entries } of CASES) {
  const { init, files } = fragmentsOf(clip(name))

  test(`initSection() names the tracks of ${name}`, () => {
    const { tracks, faults } = readInit(init)
    assert.deepEqual(faults, [])
    assert.deepEqual(
      tracks.map(({ entry }) => entry),
      entries,
    )
  })

  test(`writeFragment() makes fragments of ${name} whose tracks go on where they ended`, () => {
    assert.deepEqual(judgeFragments(files), [])
  })

  test(`writeFragment() makes fragments of ${name} that FFmpeg decodes without a word`, (t) => {
    const ffmpeg = requireProgram(t, 'ffmpeg')
    if (ffmpeg === null) return
    const input = concat(init, ...files.map(({ bytes }) => bytes))
    const args = ['-v', 'warning', '-xerror', '-f', 'mp4', '-i', 'pipe:0', '-map', '0', '-f', 'null', '-']
    const { stderr, status } = spawnSync(ffmpeg, args, { input })
    assert.equal(stderr.toString(), '')
    assert.equal(status, 0)
  })
}

test('writeFragment() leaves out of a clean fragment what a decoder cannot use, and of its time nothing', () => {
  const { ring, pieces } = ringOf(synthesize({ gopLength: 24, gops: 5, isOpen: true }))
  const piece = pieces.find(({ randomAccess, index }) => randomAccess && index > 0)
  assert.ok(piece)
  const content = contentOf(ring, piece)
  const format = fragmentFormat(content, null)
  assert.ok(format)
  const runOf = (clean: boolean) => {
    const run = readFragments(writeFragment(content, { sequence: 1, format, clean })).fragments[0]?.runs[0]
    assert.ok(run)
    return run
  }
  const [whole, clean] = [runOf(false), runOf(true)]
  assert.equal(whole.samples.length - clean.samples.length, 2)
  assert.deepEqual([clean.start, clean.end], [whole.start, whole.end])
  assert.equal(clean.durations[0], 3 * 3600, 'the first picture stands where the two were')
})

test('writeFragment() starts a clean fragment with its random access point, wherever that is', () => {
  const { ring, pieces } = ringOf(synthesize({ gopLength: 24, gops: 5, isOpen: true }))
  const second = pieces.find(({ randomAccess, index }) => randomAccess && index > 0)
  const before = pieces.find(({ index }) => index === (second?.index ?? 0) - 1)
  assert.ok(second && before)
  const span = { ...before, duration90k: before.duration90k + second.duration90k }
  const content = { ...contentOf(ring, before), span, pictures: ring.pictures(span) }
  const format = fragmentFormat(content, null)
  assert.ok(format)
  const [run] = readFragments(writeFragment(content, { sequence: 1, format, clean: true })).fragments[0]?.runs ?? []
  assert.deepEqual([run?.start, run?.syncs[0]], [second.start90k, true])
})

test('fragmentFormat() knows nothing before the parameter sets have come, and keeps what it knew', () => {
  const { ring, pieces } = ringOf(clip('h264-open-ac3'))
  const [first, second] = pieces
  assert.ok(first && second && !second.randomAccess)
  assert.equal(fragmentFormat(contentOf(ring, second), null), null)
  const format = fragmentFormat(contentOf(ring, first), null)
  assert.deepEqual(fragmentFormat(contentOf(ring, second), format)?.picture, format?.picture)
})

test('writeFragment() fills a hole in the sound with the frame before it', () => {
  const { ring, pieces } = ringOf(synthesize({ gopLength: 24, gops: 3 }))
  const [piece] = pieces
  assert.ok(piece)
  const content = contentOf(ring, piece)
  const format = fragmentFormat(content, null)
  assert.ok(format)
  const sounds = content.sounds.map((run) => ({ ...run, units: run.units.filter((_, index) => index !== 4) }))
  const { runs } = readFragments(writeFragment({ ...content, sounds }, { sequence: 1, format, clean: false }))
    .fragments[0] ?? { runs: [] }
  assert.deepEqual(runs[1]?.durations.slice(2, 5), [1536, 3072, 1536])
})
