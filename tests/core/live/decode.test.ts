import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyframeRing } from '../../../core/live/keyframe-ring.ts'
import type { Program } from '../../../core/live/program.ts'
import type { TsChunk } from '../../../core/live/ts-chunk.ts'
import { requireProgram } from '../../require-program.ts'
import { clip, CLIPS } from './clips.ts'
import { complaints, splice } from './decoding.ts'
import { concat } from './synthetic-ts.ts'
import { judge } from './ts-judge.ts'

/** What somebody gets who joins behind chunk `at`. */
function joined(chunks: readonly TsChunk[], at: number, program: Program): Uint8Array {
  const ring = new KeyframeRing()
  for (const chunk of chunks.slice(0, at)) ring.push(chunk)
  const start = ring.start(program, { resumes: false })
  assert.ok(start)
  return concat(start.prefix, ...start.next.map(({ bytes }) => bytes), ...chunks.slice(at).map(({ bytes }) => bytes))
}

for (const name of CLIPS) {
  test(`Splicer and KeyframeRing give a decodable "${name}" to whoever joins at any moment`, (t) => {
    const ffmpeg = requireProgram(t, 'ffmpeg')
    if (ffmpeg === null) return
    const { chunks, programs } = splice([name])
    const [program] = programs
    assert.ok(program)
    for (const part of [0.1, 0.5, 0.75]) {
      const bytes = joined(chunks, Math.ceil(chunks.length * part), program)
      assert.deepEqual(judge(bytes).faults, [])
      assert.equal(complaints(ffmpeg, bytes), '', `joined at ${part}`)
    }
  })
}

test('Splicer joins a stream to itself after a reconnect, and all of it can be decoded', (t) => {
  const ffmpeg = requireProgram(t, 'ffmpeg')
  if (ffmpeg === null) return
  // The open GOP's leading pictures, which refer to what was before the seam, are left out there.
  for (const name of ['h264-open-ac3', 'mpeg2-mp2', 'hevc-aac'] as const) {
    const { chunks } = splice([name, name])
    const bytes = concat(...chunks.map((chunk) => chunk.bytes))
    const { faults, dts } = judge(bytes)
    assert.deepEqual(faults, [])
    assert.ok(dts.size >= 2)
    assert.equal(complaints(ffmpeg, bytes), '', name)
  }
})

test('Splicer that sends whole units leaves nothing that cannot be decoded where upstreams break off anywhere', (t) => {
  const ffmpeg = requireProgram(t, 'ffmpeg')
  if (ffmpeg === null) return
  for (const name of ['h264-open-ac3', 'h264-closed-ac3-mp2', 'mpeg2-mp2', 'hevc-aac'] as const)
    for (const part of [0.53, 0.71, 0.87]) {
      const cutAt = clip(name).length * part
      const { chunks } = splice([name, name, name], { wholeUnits: true, cutAt })
      const bytes = concat(...chunks.map((chunk) => chunk.bytes))
      const { faults, dts } = judge(bytes)
      assert.deepEqual(faults, [])
      assert.ok(dts.size >= 2)
      assert.equal(complaints(ffmpeg, bytes), '', `${name} cut at ${part}`)
    }
})
