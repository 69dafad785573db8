import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../../../../core/errors.ts'
import { splitSound } from '../../../../core/live/fmp4/sound-format.ts'
import { readFragments, readFragmentSetup } from '../../../../core/live/remux/fragments.ts'
import { PackedAudio } from '../../../../core/live/remux/packed-audio.ts'
import type { Sample } from '../../../../core/live/remux/sample.ts'
import { SegmentSamples } from '../../../../core/live/remux/segment-samples.ts'
import { inDecodingOrder, SoundQueue, spanOf } from '../../../../core/live/remux/sound-queue.ts'
import { TransportWriter } from '../../../../core/live/remux/transport-writer.ts'
import { continuityAt, hasPayload, PACKET_SIZE, pidAt } from '../../../../core/live/packet.ts'
import { diff90k, readPcr } from '../../../../core/live/timestamps.ts'
import { hlsFixture, timeTag } from '../../../fixtures/hls/fixture.ts'

const fragments = (name: string, init: string, files: readonly string[]): readonly Sample[] => {
  const reader = new SegmentSamples()
  const head = hlsFixture(`${name}/${init}`)
  return files.flatMap((file) => [...reader.read(hlsFixture(`${name}/${file}`), head)])
}
const transport = (files: readonly string[]): readonly Sample[] => {
  const reader = new SegmentSamples()
  return files.flatMap((file) => [...reader.read(hlsFixture(`demuxed-ts/${file}`), null)])
}
const FOUR = [0, 1, 2, 3]
const pictures = (samples: readonly Sample[]) => samples.filter(({ track }) => track.kind === 'video')
const sound = (samples: readonly Sample[]) => samples.filter(({ track }) => track.kind === 'audio')
const soundAhead = (samples: readonly Sample[]): number =>
  diff90k(sound(samples)[0]?.pts90k ?? Number.NaN, pictures(samples)[0]?.pts90k ?? Number.NaN)

// What FFmpeg's own writer of MPEG-TS makes of the same source.
const truth = [
  ...transport(FOUR.map((number) => `0-s${number}.mpegts`)),
  ...transport([...FOUR, 4].map((number) => `1-s${number}.mpegts`)),
]

for (const { name, samples } of [
  {
    name: 'one list of fragments',
    samples: fragments(
      'fmp4',
      'init.mp4',
      FOUR.map((number) => `s${number}.m4s`),
    ),
  },
  {
    name: 'two lists of fragments',
    samples: [
      ...fragments(
        'demuxed-fmp4',
        'init_0.mp4',
        FOUR.map((number) => `0-s${number}.m4s`),
      ),
      ...fragments(
        'demuxed-fmp4',
        'init_1.mp4',
        [...FOUR, 4].map((number) => `1-s${number}.m4s`),
      ),
    ],
  },
]) {
  test(`the samples of ${name} are those of a transport stream of the same source, picture by picture`, () => {
    const [ours, theirs] = [pictures(samples), pictures(truth)]
    assert.equal(ours.length, 100)
    for (const [index, { pts90k, dts90k }] of ours.entries()) {
      const [first, other] = [theirs[0], theirs[index]]
      const start = ours[0]
      assert.ok(first && other && start)
      assert.ok(Math.abs(diff90k(pts90k, start.pts90k) - diff90k(other.pts90k, first.pts90k)) <= 1)
      assert.ok(Math.abs(diff90k(dts90k, start.dts90k) - diff90k(other.dts90k, first.dts90k)) <= 1)
    }
    const marked = ours.flatMap(({ isRandomAccess }, index) => (isRandomAccess ? [index] : []))
    assert.deepEqual(marked, [0, 25, 50, 75])
  })

  test(`sound and pictures of ${name} lie as far apart as in a transport stream of the same source`, () => {
    assert.ok(Math.abs(soundAhead(samples) - soundAhead(truth)) <= 90, `${soundAhead(samples)} is ${soundAhead(truth)}`)
  })

  test(`the sound of ${name} is the same, frame by frame`, () => {
    const framesOf = (list: readonly Sample[]) =>
      sound(list).flatMap(({ bytes }) => splitSound('aac', bytes).frames.map(({ payload }) => payload.join()))
    assert.deepEqual(framesOf(samples), framesOf(truth))
  })
}

test('pictures at which one may start carry their parameters, and each has one delimiter', () => {
  const unitsOf = (bytes: Uint8Array): number[] => {
    const types: number[] = []
    for (let at = 0; at + 3 < bytes.length; at++)
      if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1) types.push((bytes[at + 3] ?? 0) & 0x1f)
    return types
  }
  const [first, second] = pictures(fragments('fmp4', 'init.mp4', ['s1.m4s']))
  assert.ok(first && second)
  assert.deepEqual(unitsOf(first.bytes).slice(0, 3), [9, 7, 8])
  assert.equal(unitsOf(second.bytes).filter((type) => type === 9).length, 1)
  assert.equal(unitsOf(second.bytes).includes(7), false)
})

test('HEVC and AC-3 of fragments keep their times and codecs', () => {
  const samples = fragments('hevc-ac3', 'init.mp4', ['s0.m4s', 's1.m4s'])
  assert.deepEqual(new Set(samples.map(({ track }) => track.streamType)), new Set([0x06, 0x24]))
  assert.equal(pictures(samples).length, 50)
  assert.deepEqual([...(pictures(samples)[0]?.bytes.subarray(0, 7) ?? [])], [0, 0, 0, 1, 0x46, 0x01, 0x50])
  assert.equal(splitSound('ac3', sound(samples)[0]?.bytes ?? new Uint8Array()).frames.length, 1)
})

test('TransportWriter writes what reads the same, its counters and clock without a break', () => {
  const samples = fragments(
    'fmp4',
    'init.mp4',
    FOUR.map((number) => `s${number}.m4s`),
  )
  const writer = new TransportWriter()
  const parts = FOUR.map((number) => writer.write(inDecodingOrder(samples.filter((_, index) => index % 4 === number))))
  const whole = new TransportWriter().write(inDecodingOrder(samples))
  const again = new SegmentSamples().read(whole, null)
  const plain = (list: readonly Sample[]) =>
    inDecodingOrder(list).map(({ pts90k, dts90k, bytes, track }) => [pts90k, dts90k, bytes.join(), track.streamType])
  const moved = samples.map((one) => ({ ...one, pts90k: one.pts90k + 90_000, dts90k: one.dts90k + 90_000 }))
  assert.deepEqual(plain(again), plain(moved))

  const counters = new Map<number, number>()
  for (const bytes of parts)
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
      const pid = pidAt(bytes, offset)
      assert.ok(hasPayload(bytes, offset))
      const last = counters.get(pid)
      if (last !== undefined) assert.equal(continuityAt(bytes, offset), (last + 1) & 0x0f)
      counters.set(pid, continuityAt(bytes, offset))
    }
  const clocks: number[] = []
  for (let offset = 0; offset < whole.length; offset += PACKET_SIZE) clocks.push(readPcr(whole, offset) ?? -1)
  const told = clocks.filter((clock) => clock >= 0)
  for (const [index, clock] of told.entries())
    assert.ok(index === 0 || (clock > (told[index - 1] ?? 0) && clock - (told[index - 1] ?? 0) <= 9000))
})

/** Versions of the PMT in a stream, as they come. */
function versionsIn(bytes: Uint8Array): readonly number[] {
  const versions: number[] = []
  for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE)
    if (pidAt(bytes, offset) === 0x1000) versions.push(((bytes[offset + 10] ?? 0) >> 1) & 0x1f)
  return versions
}

test('TransportWriter tells a change only where there is one to a decoder', () => {
  const writer = new TransportWriter()
  const segment = (name: string, init: string, file: string) => inDecodingOrder(fragments(name, init, [file]))
  const versions = [
    segment('fmp4', 'init.mp4', 's0.m4s'),
    segment('fmp4', 'init.mp4', 's1.m4s'), // read anew: other objects, the same tracks
    segment('demuxed-fmp4', 'init_0.mp4', '0-s2.m4s'), // no sound in this one
    segment('fmp4', 'init.mp4', 's3.m4s'),
    segment('hevc-ac3', 'init.mp4', 's0.m4s'),
    [],
  ].map((samples) => versionsIn(writer.write(samples)))
  assert.deepEqual(versions, [[0], [0], [0], [0], [1], []])
})

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

test('PackedAudio takes its time from the ID3 tag, also near the end of the clock', () => {
  const frames = sound(truth).slice(0, 20)
  const bytes = joined(...frames.map((one) => one.bytes))
  const near = 2 ** 33 - 3000
  const reader = new PackedAudio()
  const samples = reader.read(joined(timeTag(near), bytes))
  assert.deepEqual(
    samples.slice(0, 3).map(({ pts90k }) => pts90k),
    [near, near + 1920, (near + 3840) % 2 ** 33],
  )
  const [next] = reader.read(bytes)
  assert.equal(diff90k(next?.pts90k ?? 0, near), samples.length * 1920)
})

test('SoundQueue gives each piece of sound to the pictures of its time, none twice and none lost between two', () => {
  const queue = new SoundQueue()
  queue.push(sound(truth))
  const [all] = [pictures(truth)]
  const given: Sample[] = []
  for (const from of [0, 25, 50, 75]) {
    const span = spanOf(all.slice(from, from + 25))
    assert.ok(span)
    given.push(...queue.take(span.from, span.to))
  }
  assert.deepEqual(given, sound(truth).slice(0, given.length))
  const [last, end] = [given.at(-1), pictures(truth).at(-1)]
  assert.ok(last && end && Math.abs(diff90k(last.pts90k, end.pts90k)) < 45_000)
})

test('readers of fragments and sound survive any bytes', () => {
  const init = hlsFixture('fmp4/init.mp4')
  const segment = hlsFixture('fmp4/s0.m4s')
  const setup = readFragmentSetup(init)
  const damaged = (bytes: Uint8Array) =>
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 12 }).map((edits) => {
      const copy = bytes.slice()
      for (const [at, value] of edits) copy[at] = value
      return copy
    })
  fc.assert(
    fc.property(damaged(segment), (bytes) => void [...readFragments(bytes, setup)]),
    { numRuns: 300 },
  )
  const survive = (work: () => unknown): void => {
    try {
      work()
    } catch (error) {
      assert.ok(error instanceof Failure, String(error))
    }
  }
  fc.assert(
    fc.property(damaged(init), (bytes) => survive(() => readFragmentSetup(bytes))),
    { numRuns: 300 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => survive(() => new SegmentSamples().read(bytes, null))),
  )
})
