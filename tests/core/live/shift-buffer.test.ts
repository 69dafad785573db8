import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { openTapeStore } from '../../../adapters/time-shift/tape-store.ts'
import { createTimeShift } from '../../../core/live/time-shift.ts'
import type { ShiftBuffer } from '../../../core/live/shift-buffer.ts'
import { diff90k } from '../../../core/live/timestamps.ts'
import { requireProgram } from '../../require-program.ts'
import { CLIPS } from './clips.ts'
import type { ClipName } from './clips.ts'
import { complaints, splice } from './decoding.ts'
import { fakeChannel } from './fake-house.ts'
import { concat } from './synthetic-ts.ts'
import { judge } from './ts-judge.ts'

/** A clip that was sent three times, kept on a real disk; wall clock and stream begin at 0 and run alike. */
async function kept(t: TestContext, name: ClipName) {
  const dir = mkdtempSync(join(tmpdir(), 'downlink-shift-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const store = await openTapeStore({ dir, reelBytes: 100_000, floorBytes: 0 })
  const shift = createTimeShift({ store, minutes: 10, maxBytes: Infinity, log: () => {}, now: () => 0 })
  const buffer = shift.buffer(fakeChannel(1))
  const { chunks, programs } = splice([name, name, name], { wholeUnits: true })
  const [first] = programs
  assert.ok(first)
  buffer.program(first)
  let firstClock: number | null = null
  let lastMs = 0
  for (const chunk of chunks) {
    firstClock ??= chunk.clock90k
    lastMs = chunk.clock90k === null || firstClock === null ? 0 : diff90k(chunk.clock90k, firstClock) / 90
    buffer.push({ ...chunk, atMs: lastMs })
  }
  return { dir, shift, buffer, lastMs }
}

/** Everything from a clean start on, as a viewer gets it. */
async function readFrom(buffer: ShiftBuffer, atMs: number): Promise<Uint8Array> {
  const start = await buffer.start(atMs, { resumes: false })
  assert.ok(start)
  const parts = [start.prefix]
  let position = start.end
  for (;;) {
    const strip = buffer.stripAt(position)
    if (typeof strip === 'string') break
    const bytes = await buffer.read(position, strip)
    parts.push(bytes)
    position += bytes.length
  }
  return concat(...parts)
}

for (const name of CLIPS) {
  test(`ShiftBuffer.start() gives a decodable "${name}" from any moment that is kept`, async (t) => {
    const ffmpeg = requireProgram(t, 'ffmpeg')
    if (ffmpeg === null) return
    const { buffer, shift, lastMs } = await kept(t, name)
    for (const part of [0, 0.3, 0.55]) {
      const bytes = await readFrom(buffer, lastMs * part)
      const { faults, announced, dts } = judge(bytes)
      assert.deepEqual(faults, [])
      assert.equal(announced, 0)
      assert.ok(dts.size >= 1)
      assert.equal(complaints(ffmpeg, bytes), '', `from ${part} on`)
    }
    await shift[Symbol.asyncDispose]()
  })
}

test('ShiftBuffer.close() leaves nothing on the disk', async (t) => {
  const { buffer, dir, shift } = await kept(t, 'radio-aac')
  while (readdirSync(dir).length === 0) await setImmediate()
  await buffer.close()
  assert.deepEqual(readdirSync(dir), [])
  assert.equal(await buffer.start(0, { resumes: false }), null)
  await shift[Symbol.asyncDispose]()
})
