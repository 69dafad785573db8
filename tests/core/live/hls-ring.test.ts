import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Piece } from '../../../core/live/ring/piece.ts'
import { PACKET_SIZE, continuityAt, hasPayload } from '../../../core/live/packet.ts'
import { clip, CLIPS } from './clips.ts'
import { ringBench } from './hls-bench.ts'
import { FRAME, synthesize } from './synthetic-ts.ts'

const VIDEO = 0x1ff
const AUDIO = 0x200

const open = (gops: number, more: Parameters<typeof synthesize>[0] = {}): Uint8Array =>
  synthesize({ gopLength: 24, gops, isOpen: true, ...more })
const seconds = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { duration90k }) => sum + duration90k, 0) / 90_000

/** Each piece begins where the one before ended. */
function assertContiguous(pieces: readonly Piece[]): void {
  for (const [index, piece] of pieces.entries()) {
    const before = pieces[index - 1]
    if (before) assert.equal(piece.start90k, before.start90k + before.duration90k)
    if (before) assert.equal(piece.index, before.index + 1)
  }
}

test('HlsRing cuts at every random access point, and inside a GOP at half a second', () => {
  const { ring, feed } = ringBench()
  feed(open(5))
  assert.deepEqual(
    ring.pieces
      .slice(0, 4)
      .map(({ duration90k, randomAccess, endsAtAccess }) => [duration90k / FRAME, randomAccess, endsAtAccess]),
    [
      [13, true, false],
      [11, false, true],
      [13, true, false],
      [11, false, true],
    ],
  )
  assertContiguous(ring.pieces)
})

test('HlsRing gives sound to the piece that shows the picture of its time', () => {
  const { ring, feed } = ringBench()
  feed(open(6))
  for (const piece of ring.pieces) {
    const sound = piece.audio.get(AUDIO) ?? []
    assert.ok(sound.length >= 12, `${sound.length} units`)
    for (const { pts90k } of sound) {
      assert.ok(pts90k >= piece.startPts90k)
      assert.ok(pts90k < piece.startPts90k + piece.duration90k)
    }
  }
})

test('HlsRing keeps every unit once, in order, with counters that run on', () => {
  for (const name of CLIPS) {
    const { ring, feed } = ringBench()
    feed(clip(name))
    assert.ok(ring.pieces.length >= 3, name)
    const counters = new Map<number, number>()
    const stamps = new Map<number, number>()
    for (const piece of ring.pieces)
      for (const unit of [...piece.video, ...[...piece.audio.values()].flat()]) {
        assert.ok((stamps.get(unit.pid) ?? -1) < unit.dts90k, `${name}: time of ${unit.pid}`)
        stamps.set(unit.pid, unit.dts90k)
        for (let at = 0; at < unit.bytes.length; at += PACKET_SIZE) {
          const before = counters.get(unit.pid)
          const step = hasPayload(unit.bytes, at) ? 1 : 0
          if (before !== undefined)
            assert.equal(continuityAt(unit.bytes, at), (before + step) & 15, `${name}: ${unit.pid}`)
          counters.set(unit.pid, continuityAt(unit.bytes, at))
        }
      }
  }
})

test('HlsRing counts on over the wrap of the 33-bit clock', () => {
  const { ring, feed } = ringBench()
  feed(open(10, { clock: 2 ** 33 - 4 * 90_000 }))
  assertContiguous(ring.pieces)
  assert.ok(ring.pieces.every(({ duration90k }) => duration90k > 0 && duration90k <= 14 * FRAME))
  assert.ok(seconds(ring.pieces) > 8)
})

test('HlsRing dates pieces by media time', () => {
  const { ring, feed } = ringBench()
  feed(open(8))
  const [first] = ring.pieces
  for (const { dateMs, start90k } of ring.pieces)
    assert.ok(Math.abs(dateMs - (first?.dateMs ?? 0) - (start90k - (first?.start90k ?? 0)) / 90) < 1)
})

test('HlsRing goes on without sound that is 1.5 s late, and has it again when it comes back', () => {
  const { ring, clock, feed } = ringBench()
  const stream = open(30)
  const third = Math.floor(stream.length / 3 / PACKET_SIZE) * PACKET_SIZE
  feed(stream.slice(0, third))
  const before = ring.pieces.length
  feed(withoutPid(stream.slice(third, 2 * third), AUDIO))
  assert.ok(ring.pieces.length > before + 8, 'pieces come without sound')
  assert.equal(ring.pieces.at(-1)?.audio.get(AUDIO)?.length, 0)
  feed(stream.slice(2 * third))
  assert.ok((ring.pieces.at(-1)?.audio.get(AUDIO)?.length ?? 0) > 8)
  assert.ok(clock.wallMs > 0)
})

test('HlsRing does not wait for a track that is announced and never comes', () => {
  const { ring, clock, feed } = ringBench()
  // No sound at all: the first piece waits 1.5 s, the others do not wait again.
  feed(withoutPid(open(12), AUDIO))
  assert.ok(seconds(ring.pieces) > 9)
  const newest = ring.pieces.at(-1)
  assert.ok(clock.wallMs - (newest?.listedAtMs ?? 0) < 1500)
})

test('HlsRing cuts radio by its sound', () => {
  const { ring, feed } = ringBench()
  feed(open(10, { isRadio: true }))
  assertContiguous(ring.pieces)
  assert.ok(ring.pieces.every(({ randomAccess, video }) => randomAccess && video.length === 0))
  assert.ok(ring.pieces.every(({ duration90k }) => duration90k >= 45_000 && duration90k < 48_000))
  assert.equal(ring.facts, null)
})

test('HlsRing starts anew at a random access point behind a break, with a discontinuity', () => {
  const { ring, feed } = ringBench()
  const stream = open(12)
  const half = Math.floor(stream.length / 2 / PACKET_SIZE) * PACKET_SIZE
  feed(stream.slice(0, half))
  let isFirst = true
  feed(stream.slice(half), (chunk) => {
    const changed = isFirst ? { ...chunk, discontinuity: true } : chunk
    isFirst = false
    return changed
  })
  const behind = ring.pieces.filter(({ discontinuity }) => discontinuity)
  assert.equal(behind.length, 1)
  assert.equal(behind[0]?.randomAccess, true)
  const at = ring.pieces.findIndex(({ discontinuity }) => discontinuity)
  assert.equal(ring.pieces[at - 1]?.endsAtAccess, true)
  for (const [index, piece] of ring.pieces.entries())
    if (index > 0)
      assert.ok(piece.start90k >= (ring.pieces[index - 1]?.start90k ?? 0) + (ring.pieces[index - 1]?.duration90k ?? 0))
})

test('HlsRing breaks where the programme changes, and names each piece by its own', () => {
  const { ring, feed, programs } = ringBench()
  feed(open(5))
  feed(synthesize({ gopLength: 24, gops: 6, isRadio: true, clock: 900_000 + 5 * 24 * FRAME, pmtVersion: 4 }))
  assert.equal(programs.length, 2)
  assert.deepEqual([...new Set(ring.pieces.map(({ program }) => program))], programs)
  assert.equal(ring.pieces.filter(({ discontinuity }) => discontinuity).length, 1)
})

test('HlsRing goes on where a track is only described otherwise, as by the muxer of FFmpeg', () => {
  const { ring, feed, programs } = ringBench()
  feed(clip('h264-closed-ac3-mp2'))
  assert.deepEqual(
    programs.map(({ version }) => version),
    [0, 1],
  )
  assert.equal(ring.pieces.filter(({ discontinuity }) => discontinuity).length, 0)
  assert.equal(ring.pieces[0]?.startDts90k, 126_000)
  assertContiguous(ring.pieces)
})

test('HlsRing describes the picture by its parameters', () => {
  for (const [name, expected] of [
    ['h264-closed-ac3-mp2', { codec: 'avc1.64000c', width: 320, height: 180, frameRate: 25 }],
    ['h264-open-ac3', { codec: 'avc1.64000c', width: 320, height: 180, frameRate: 25 }],
    ['hevc-aac', { codec: 'hvc1.1.6.L60.90', width: 320, height: 180, frameRate: null }],
    ['mpeg2-mp2', { codec: 'mp4v.61', width: 320, height: 180, frameRate: 25 }],
  ] as const) {
    const { ring, feed } = ringBench()
    feed(clip(name))
    assert.deepEqual(ring.facts, expected, name)
  }
})

test('HlsRing keeps its time and no more, and knows its bytes', () => {
  const { ring, feed } = ringBench({ keepSeconds: 5 })
  feed(open(20))
  assert.ok(seconds(ring.pieces) <= 5 && seconds(ring.pieces) > 4)
  const sizes = ring.pieces.map(({ video, audio }) =>
    [video, ...audio.values()].flat().reduce((sum, unit) => sum + unit.bytes.length, 0),
  )
  assert.equal(
    ring.bytes,
    sizes.reduce((sum, size) => sum + size, 0),
  )
})

test('HlsRing tells of changes, until its listener leaves', () => {
  const { ring, feed } = ringBench()
  let told = 0
  const leave = ring.onChange(() => (told += 1))
  feed(open(3))
  assert.ok(told >= 3)
  leave()
  const before = told
  feed(open(3, { clock: 900_000 + 72 * FRAME }))
  assert.equal(told, before)
})

test('HlsRing tells as soon as the channel can be described, before its first piece', () => {
  const { ring, feed } = ringBench()
  const seen: { pieces: number; described: boolean }[] = []
  ring.onChange(() => seen.push({ pieces: ring.pieces.length, described: ring.hasStarted && ring.facts !== null }))
  const stream = open(3)
  // Packet by packet, as slowly as a receiver sends.
  for (let at = 0; at < stream.length && seen.length === 0; at += PACKET_SIZE)
    feed(stream.subarray(at, at + PACKET_SIZE))
  assert.deepEqual(seen, [{ pieces: 0, described: true }])
})

test('HlsRing starts with the first random access point of what it gets', () => {
  const { ring, feed } = ringBench()
  const stream = open(5)
  feed(stream.slice(PACKET_SIZE * 40))
  assert.equal(ring.pieces[0]?.randomAccess, true)
  assert.equal(ring.pieces[0]?.video[0]?.pid, VIDEO)
  assert.equal(ring.pieces[0]?.discontinuity, false)
})

/** The stream without one PID. */
function withoutPid(bytes: Uint8Array, pid: number): Uint8Array {
  const packets: Uint8Array[] = []
  for (let at = 0; at + PACKET_SIZE <= bytes.length; at += PACKET_SIZE)
    if (((((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0)) !== pid)
      packets.push(bytes.subarray(at, at + PACKET_SIZE))
  const out = new Uint8Array(packets.length * PACKET_SIZE)
  for (const [index, packet] of packets.entries()) out.set(packet, index * PACKET_SIZE)
  return out
}
