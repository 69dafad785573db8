import assert from 'node:assert/strict'
import process from 'node:process'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createAudioSidecar } from '../../../adapters/ffmpeg/audio-sidecar.ts'
import type { AudioSidecar } from '../../../adapters/ffmpeg/audio-sidecar.ts'
import { elementaryBytes, ptsOf, withPts } from '../../../core/live/pes-unit.ts'
import { Tally } from '../../../core/live/counts/tally.ts'
import type { PesUnit } from '../../../core/live/pes-unit.ts'
import type { ElementaryStream } from '../../../core/live/program.ts'
import { add90k, diff90k } from '../../../core/live/timestamps.ts'
import { requireProgram } from '../../require-program.ts'
import { isRunning, until } from './running.ts'
import { soundOf } from './sound-units.ts'

const SECOND = 90_000

/** A sidecar with all that came out of it, on a clock that the test moves. */
type Bench = AsyncDisposable & {
  readonly sidecar: AudioSidecar
  readonly out: PesUnit[]
  readonly logged: string[]
  readonly clock: { now: number }
  readonly tally: Tally
  /** Frames that could not be decoded. */
  readonly broken: () => number
  /** Sends units as a relay does, 100 ms at a time. */
  readonly send: (units: readonly PesUnit[]) => void
}

function open(t: TestContext, stream: ElementaryStream): Bench | null {
  const path = requireProgram(t, 'ffmpeg')
  if (path === null) return null
  const out: PesUnit[] = []
  const logged: string[] = []
  const clock = { now: 1_000_000 }
  const tally = new Tally()
  let broken = 0
  const sidecar = createAudioSidecar({
    path,
    stream,
    intent: { bitrateKbps: 96, channels: 2 },
    unit: (unit) => out.push(unit),
    tally,
    complained: (count) => (broken += count),
    log: (_level, event) => logged.push(event),
    now: () => clock.now,
  })
  return {
    sidecar,
    out,
    logged,
    clock,
    tally,
    broken: () => broken,
    send(units) {
      for (const [index, unit] of units.entries()) {
        sidecar.push(unit)
        if (index % 4 === 3) sidecar.flush()
      }
      sidecar.flush()
    },
    [Symbol.asyncDispose]: () => sidecar[Symbol.asyncDispose](),
  }
}

/** The same sound at another time. */
const shifted = (units: readonly PesUnit[], ticks: number): PesUnit[] =>
  units.map((unit) => {
    const pts90k = add90k(unit.pts90k, ticks)
    return { ...unit, pts90k, dts90k: pts90k, bytes: withPts(unit.bytes, pts90k) }
  })

/** Seconds from the first to the last time. */
const span = (units: readonly PesUnit[]): number => diff90k(units.at(-1)?.pts90k ?? 0, units[0]?.pts90k ?? 0) / SECOND

/** AAC frames follow one another without a hole, at 48 kHz: 1920 ticks each. */
function assertUnbroken(out: readonly PesUnit[]): void {
  for (const [index, { pts90k }] of out.entries())
    if (index > 0) assert.ok(Math.abs(diff90k(pts90k, out[index - 1]?.pts90k ?? 0) - 1920) <= 2, `frame ${index}`)
}

for (const { clip, codec } of [
  { clip: 'h264-closed-ac3-mp2', codec: 'ac3' },
  { clip: 'h264-closed-ac3-mp2', codec: 'mp2' },
  { clip: 'radio-mp2', codec: 'mp2' },
] as const)
  test(`createAudioSidecar() makes AAC of ${codec} in ${clip}, on the same PID and clock`, async (t) => {
    const { stream, units } = soundOf(clip, codec)
    await using bench = open(t, stream)
    if (bench === null) return
    bench.send(units)
    await until(() => span(bench.out) > span(units) - 0.5)
    const [first] = bench.out
    assert.ok(first)
    assert.ok(Math.abs(diff90k(first.pts90k, units[0]?.pts90k ?? 0)) < 0.1 * SECOND, 'begins where the sound began')
    assertUnbroken(bench.out)
    for (const unit of bench.out) {
      assert.equal(unit.pid, stream.pid)
      assert.equal(ptsOf(unit.bytes), unit.pts90k)
      const [sync, layer] = elementaryBytes(unit)
      assert.deepEqual([sync, (layer ?? 0) & 0xf6], [0xff, 0xf0], 'ADTS')
    }
  })

test('createAudioSidecar() keeps the time where the clock turns over, also when it starts just before', async (t) => {
  const { stream, units } = soundOf('radio-mp2', 'mp2')
  await using bench = open(t, stream)
  if (bench === null) return
  // Two seconds before 2³³: FFmpeg by itself would shift such a start (`hls-ffmpeg.md` §5).
  const late = shifted(units, diff90k(2 ** 33 - 2 * SECOND, units[0]?.pts90k ?? 0))
  bench.send(late)
  await until(() => span(bench.out) > span(late) - 0.5)
  assert.ok(Math.abs(diff90k(bench.out[0]?.pts90k ?? 0, 2 ** 33 - 2 * SECOND)) < 0.1 * SECOND)
  assertUnbroken(bench.out)
  assert.ok((bench.out.at(-1)?.pts90k ?? Infinity) < 2 * SECOND, 'counts on from 0')
})

test('createAudioSidecar() follows a clock that jumps', async (t) => {
  const { stream, units } = soundOf('radio-mp2', 'mp2')
  await using bench = open(t, stream)
  if (bench === null) return
  bench.send(units)
  await until(() => span(bench.out) > 2)
  const there = shifted(units, 3600 * SECOND)
  const before = bench.out.length
  bench.send(there)
  await until(() => bench.out.length > before + 50)
  const late = bench.out.filter(({ pts90k }) => Math.abs(diff90k(pts90k, there[0]?.pts90k ?? 0)) < 10 * SECOND)
  assert.ok(late.length > 50)
  assert.ok(Math.abs(diff90k(late[0]?.pts90k ?? 0, there[0]?.pts90k ?? 0)) < 0.1 * SECOND)
  assertUnbroken(late)
})

test('createAudioSidecar() starts again, but not at once, when FFmpeg is killed', async (t) => {
  const { stream, units } = soundOf('radio-mp2', 'mp2')
  await using bench = open(t, stream)
  if (bench === null) return
  bench.send(units)
  await until(() => bench.out.length > 20)
  const first = bench.sidecar.pid
  assert.ok(first)
  process.kill(first, 'SIGKILL')
  await until(() => bench.logged.includes('sidecar-ended'))
  bench.send(shifted(units, 4 * SECOND))
  assert.equal(bench.sidecar.pid, undefined)
  bench.clock.now += 10_000
  const before = bench.out.length
  const later = shifted(units, 8 * SECOND)
  bench.send(later)
  await until(() => bench.out.length > before + 50)
  assert.notEqual(bench.sidecar.pid, first)
  assert.deepEqual(bench.tally.read(), { running: 1, started: 2, failed: 1 })
  assert.ok(Math.abs(diff90k(bench.out[before]?.pts90k ?? 0, later[0]?.pts90k ?? 0)) < 0.1 * SECOND)
})

test('createAudioSidecar() starts again when nothing comes out', async (t) => {
  const { stream, units } = soundOf('radio-mp2', 'mp2')
  await using bench = open(t, stream)
  if (bench === null) return
  // Sound that nobody can decode.
  const noise = units.map((unit) => {
    const bytes = unit.bytes.slice()
    bytes.fill(0x55, 30, 188)
    return { ...unit, bytes: withPts(bytes, unit.pts90k) }
  })
  bench.send(noise.slice(0, 20))
  bench.clock.now += 6000
  bench.send(noise.slice(20, 40))
  assert.ok(bench.logged.includes('sidecar-drift') || bench.logged.includes('sidecar-ended'), bench.logged.join())
})

test('createAudioSidecar() starts nothing before the first sound and leaves no process behind', async (t) => {
  const { stream, units } = soundOf('radio-mp2', 'mp2')
  const bench = open(t, stream)
  if (bench === null) return
  assert.equal(bench.sidecar.pid, undefined)
  bench.send(units)
  const { pid } = bench.sidecar
  assert.equal(isRunning(pid), true)
  await bench.sidecar[Symbol.asyncDispose]()
  assert.equal(isRunning(pid), false)
  assert.deepEqual(bench.tally.read(), { running: 0, started: 1, failed: 0 })
  const { length } = bench.out
  bench.send(units)
  assert.equal(bench.sidecar.pid, undefined)
  assert.equal(bench.out.length, length)
})

test('createAudioSidecar() tells of frames that cannot be decoded', async (t) => {
  const { stream, units } = soundOf('h264-closed-ac3-mp2', 'ac3')
  await using bench = open(t, stream)
  if (bench === null) return
  // The head of every third unit is whole, what follows it is not.
  bench.send(
    units.map((unit, index) => {
      if (index % 3 !== 2) return unit
      const bytes = unit.bytes.slice()
      for (let packet = 188; packet < bytes.length; packet += 188) bytes.fill(0x5a, packet + 20, packet + 188)
      return { ...unit, bytes }
    }),
  )
  await until(() => bench.broken() > 2)
  assert.equal(bench.tally.read().failed, 0, 'it goes on')
})
