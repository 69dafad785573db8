import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PacketAligner } from '../../../core/live/align.ts'
import { KeyframeRing } from '../../../core/live/keyframe-ring.ts'
import type { Program } from '../../../core/live/program.ts'
import { buildPat, buildPmt, packetize, parsePat, parsePmt, SectionReader } from '../../../core/live/psi.ts'
import { Splicer } from '../../../core/live/splicer.ts'
import { add90k, CLOCK_MODULUS, diff90k } from '../../../core/live/timestamps.ts'
import type { TsChunk } from '../../../core/live/ts-chunk.ts'
import { concat, FRAME, synthesize, SYNTHETIC_SERVICE } from './synthetic-ts.ts'
import type { Synthetic } from './synthetic-ts.ts'
import { judge } from './ts-judge.ts'

// Laws that hold for any stream, any cut and any moment. The streams are synthetic; see `synthetic-ts.ts`.

const PACKET = 188

/** Compares long byte strings: a failure names the first difference instead of printing all. */
function assertSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  assert.equal(actual.length, expected.length)
  assert.equal(
    actual.findIndex((byte, index) => byte !== expected[index]),
    -1,
    'first byte that differs',
  )
}

/** A splicer with everything that it handed out, and a clock of its own. */
type Bench = {
  readonly splicer: Splicer
  readonly clock: { wallMs: number }
  readonly chunks: readonly TsChunk[]
  readonly programs: readonly Program[]
  readonly output: () => Uint8Array
}

function createBench(): Bench {
  const chunks: TsChunk[] = []
  const programs: Program[] = []
  const clock = { wallMs: 0 }
  const splicer = new Splicer({
    now: () => clock.wallMs,
    onProgram: (program) => programs.push(program),
    onChunk: (chunk) => chunks.push(chunk),
  })
  splicer.nextUpstream(SYNTHETIC_SERVICE)
  return { splicer, clock, chunks, programs, output: () => concat(...chunks.map(({ bytes }) => bytes)) }
}

/** Sends bytes through aligner and splicer in pieces of about 20 packets, and flushes now and then as a relay does. */
function feed(bench: Bench, bytes: Uint8Array, piece = 20 * PACKET + 77): void {
  const aligner = new PacketAligner()
  for (let at = 0; at < bytes.length; at += piece) {
    bench.splicer.push(aligner.push(bytes.slice(at, at + piece)))
    if ((at / piece) % 4 === 3) bench.splicer.flush()
  }
  bench.splicer.flush()
}

const GOOD = synthesize()
const OPEN = synthesize({ isOpen: true })

const anyStream = fc.record(
  {
    isOpen: fc.boolean(),
    clock: fc.oneof(
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.constant(CLOCK_MODULUS - 2 * 90_000),
      fc.constant(CLOCK_MODULUS - 1),
    ),
    counter: fc.integer({ min: 0, max: 15 }),
    gopLength: fc.constantFrom(3, 12, 24),
  },
  { noNullPrototype: true },
)

test('PacketAligner gives a good stream back as it is, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const source = GOOD.subarray(0, 200 * PACKET)
      const aligner = new PacketAligner()
      const parts: Uint8Array[] = []
      let at = 0
      for (let index = 0; at < source.length; index++) {
        const size = sizes[index % sizes.length] ?? 1
        parts.push(aligner.push(source.slice(at, at + size)).slice())
        at += size
      }
      assert.ok(parts.every(({ length }) => length % PACKET === 0))
      assertSameBytes(concat(...parts), source)
    }),
    { numRuns: 60 },
  )
})

test('PacketAligner finds a stream behind any bytes, even such that look like a sync', () => {
  const anyByte = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 255 }) }, fc.constant(0x47))
  fc.assert(
    fc.property(fc.array(anyByte, { maxLength: 2000 }), fc.integer({ min: 1, max: 5000 }), (noise, piece) => {
      const source = GOOD.subarray(0, 100 * PACKET)
      const bytes = concat(Uint8Array.from(noise), source)
      const aligner = new PacketAligner()
      const parts: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += piece) parts.push(aligner.push(bytes.slice(at, at + piece)).slice())
      const packets = concat(...parts)
      assertSameBytes(packets.slice(-source.length), source)
    }),
    { numRuns: 100 },
  )
})

test('PacketAligner never gives out a packet without sync byte, whatever it is fed', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), (pieces) => {
      const aligner = new PacketAligner()
      for (const piece of pieces) {
        const packets = aligner.push(piece)
        assert.equal(packets.length % PACKET, 0)
        for (let at = 0; at < packets.length; at += PACKET) assert.equal(packets[at], 0x47)
      }
    }),
  )
})

test('add90k() and diff90k() undo each other within half the clock', () => {
  const anyTime = fc.integer({ min: 0, max: CLOCK_MODULUS - 1 })
  fc.assert(
    fc.property(anyTime, fc.integer({ min: -(2 ** 32), max: 2 ** 32 - 1 }), (time, step) => {
      const later = add90k(time, step)
      assert.ok(later >= 0 && later < CLOCK_MODULUS)
      assert.equal(diff90k(later, time), step)
    }),
  )
})

const anyProgram = fc
  .record(
    {
      programNumber: fc.integer({ min: 1, max: 0xffff }),
      version: fc.integer({ min: 0, max: 31 }),
      pmtPid: fc.integer({ min: 0x20, max: 0x1ffe }),
      pcrPid: fc.integer({ min: 0x20, max: 0x1ffe }),
      streams: fc.array(
        fc.record(
          {
            pid: fc.integer({ min: 0x20, max: 0x1ffe }),
            streamType: fc.constantFrom(0x02, 0x03, 0x0f, 0x1b, 0x24),
            text: fc.uint8Array({ maxLength: 40 }),
          },
          { noNullPrototype: true },
        ),
        { maxLength: 12 },
      ),
    },
    { noNullPrototype: true },
  )
  .map(({ streams, ...rest }) => ({
    ...rest,
    streams: streams.map(({ pid, streamType, text }) => {
      const descriptors = Uint8Array.from([0x52, text.length, ...text])
      return { pid, streamType, descriptors, kind: 'data', codec: 'other', language: null } as const
    }),
  }))

test('parsePmt() reads through a SectionReader what buildPmt() and packetize() wrote', () => {
  fc.assert(
    fc.property(anyProgram, fc.integer({ min: 0, max: 15 }), (program, counter) => {
      const packets = packetize(buildPmt(program), program.pmtPid, counter)
      const reader = new SectionReader()
      const sections: Uint8Array[] = []
      for (let at = 0; at < packets.length; at += PACKET) sections.push(...reader.push(packets, at))
      assert.equal(sections.length, 1)
      const read = parsePmt(sections[0] ?? new Uint8Array(0))
      assert.ok(read)
      const { programNumber, version, pcrPid } = program
      assert.deepEqual({ ...read, streams: [] }, { programNumber, version, pcrPid, streams: [] })
      assert.deepEqual(
        read.streams.map(({ pid, streamType, descriptors }) => ({ pid, streamType, descriptors })),
        program.streams.map(({ pid, streamType, descriptors }) => ({ pid, streamType, descriptors })),
      )
    }),
  )
})

test('SectionReader drops a section with any one bit turned over', () => {
  const section = buildPat({ programNumber: 4911, pmtPid: 0x64 }, 1)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: section.length * 8 - 1 }), (bit) => {
      const spoilt = section.slice()
      spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const found = new SectionReader().push(packetize(spoilt, 0, 0), 0)
      assert.deepEqual(found, [])
    }),
  )
})

test('SectionReader, parsePat() and parsePmt() meet any bytes without throwing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 184, maxLength: 184 }), { maxLength: 6 }),
      fc.boolean(),
      (payloads, starts) => {
        const reader = new SectionReader()
        for (const payload of payloads) {
          const packet = Uint8Array.from([0x47, starts ? 0x40 : 0, 0x64, 0x10, ...payload])
          for (const section of reader.push(packet, 0)) assert.ok(section.length <= 1024)
        }
        for (const bytes of payloads) {
          parsePat(bytes)
          parsePmt(bytes)
        }
      },
    ),
  )
})

test('Splicer hands out one good programme in whole packets, complete and in order, for any stream', () => {
  fc.assert(
    fc.property(anyStream, fc.integer({ min: 1, max: 40_000 }), (options, piece) => {
      const bench = createBench()
      feed(bench, synthesize(options), piece)
      assert.deepEqual(judge(bench.output()).faults, [])
      let position = 0
      for (const chunk of bench.chunks) {
        assert.equal(chunk.position, position)
        assert.equal(chunk.bytes.length % PACKET, 0)
        assert.deepEqual(
          chunk.marks.map(({ offset }) => offset),
          chunk.marks.map(({ offset }) => offset).toSorted((a, b) => a - b),
        )
        position += chunk.bytes.length
      }
      assert.equal(bench.programs.length, 1)
    }),
    { numRuns: 40 },
  )
})

test('Splicer gives the same bytes, however its input is cut', () => {
  const whole = createBench()
  feed(whole, OPEN, OPEN.length)
  const expected = whole.output()
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9000 }), (piece) => {
      const bench = createBench()
      feed(bench, OPEN, piece)
      assertSameBytes(bench.output(), expected)
    }),
    { numRuns: 40 },
  )
})

test('Splicer never changes a chunk that it has handed out', () => {
  const copies: { readonly chunk: TsChunk; readonly bytes: Uint8Array; readonly marks: string }[] = []
  const splicer = new Splicer({
    now: () => 0,
    onProgram: () => {},
    onChunk: (chunk) => copies.push({ chunk, bytes: chunk.bytes.slice(), marks: JSON.stringify(chunk.marks) }),
  })
  splicer.nextUpstream(SYNTHETIC_SERVICE)
  for (let at = 0; at < OPEN.length; at += 5 * PACKET) {
    splicer.push(OPEN.slice(at, at + 5 * PACKET))
    splicer.flush()
  }
  assert.ok(copies.length > 20)
  for (const { chunk, bytes, marks } of copies) {
    assertSameBytes(chunk.bytes, bytes)
    assert.equal(JSON.stringify(chunk.marks), marks)
  }
})

test('Splicer leaves no trace of a cut at any byte: counters unbroken, DTS and PCR rising', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: OPEN.length - 1 }),
      fc.integer({ min: 1, max: 30_000 }),
      fc.boolean(),
      (from, length, isOpen) => {
        const source = isOpen ? OPEN : GOOD
        const bench = createBench()
        feed(bench, concat(source.subarray(0, from), source.subarray(from + length)))
        assert.deepEqual(judge(bench.output()).faults, [])
      },
    ),
    { numRuns: 150 },
  )
})

test('Splicer counts lost packets of the programme and nothing else', () => {
  const clean = createBench()
  feed(clean, GOOD)
  assert.equal(clean.splicer.counts.continuityErrors, 0)

  const packets = Array.from({ length: GOOD.length / PACKET }, (_, index) => index)
  const isOwn = (index: number): boolean => {
    const pid = (((GOOD[index * PACKET + 1] ?? 0) & 0x1f) << 8) | (GOOD[index * PACKET + 2] ?? 0)
    return pid === 0x1ff || pid === 0x200
  }
  const victims = packets.filter((index) => index > 60 && index < packets.length - 40 && isOwn(index))
  fc.assert(
    fc.property(fc.constantFrom(...victims), (victim) => {
      const bench = createBench()
      feed(bench, concat(GOOD.subarray(0, victim * PACKET), GOOD.subarray((victim + 1) * PACKET)))
      assert.equal(bench.splicer.counts.continuityErrors, 1)
    }),
    { numRuns: 60 },
  )
})

/** What a second upstream is like in relation to a first one of four seconds. */
const anyFollower = fc.record(
  {
    // From a repetition of 3 s, over the very next picture, to a gap of 5 s; or another clock altogether.
    clockStep: fc.oneof(
      fc.integer({ min: -75, max: 125 }).map((pictures) => pictures * FRAME),
      fc.constantFrom(2 ** 32, -(2 ** 31), 3_600 * 90_000),
    ),
    isOpen: fc.boolean(),
    counter: fc.integer({ min: 0, max: 15 }),
    silentMs: fc.integer({ min: 0, max: 6000 }),
    hasOtherPids: fc.boolean(),
    cut: fc.integer({ min: 0, max: 30 * PACKET }),
  },
  { noNullPrototype: true },
)

const START = 1_800_000
const GOPS = { gops: 8, gopLength: 12 } as const
const END = START + 96 * FRAME

const follower = (options: Pick<Synthetic, 'isOpen' | 'counter'>, clock: number, hasOtherPids: boolean): Uint8Array =>
  synthesize({
    ...GOPS,
    ...options,
    gops: 16,
    clock,
    ...(hasOtherPids ? { pids: { pmt: 0x90, video: 0x300, audio: 0x2f0 }, pmtVersion: 9 } : {}),
  })

test('Splicer joins upstream to upstream without a trace: repeated, behind a gap, on another clock, on other PIDs', () => {
  fc.assert(
    fc.property(anyFollower, ({ clockStep, silentMs, hasOtherPids, cut, ...options }) => {
      const bench = createBench()
      const first = synthesize({ ...GOPS, clock: START })
      feed(bench, first.subarray(0, first.length - cut))
      const before = bench.output().length
      bench.clock.wallMs += silentMs
      bench.splicer.nextUpstream(SYNTHETIC_SERVICE)
      feed(bench, follower(options, add90k(END, clockStep), hasOtherPids))
      const { faults, announced, dts, pmtVersions } = judge(bench.output())
      assert.deepEqual(faults, [])
      // Only a hole in the very same broadcast may be announced: nothing is there to fill it.
      const isHole = clockStep > 0 && clockStep < 10 * 90_000
      if (!isHole) assert.equal(announced, 0)
      assert.ok(bench.output().length > before, 'the second upstream is seen')
      // The same kinds and codecs: the same PIDs and the same table, wherever the upstream sends them.
      assert.equal(dts.size, 2)
      assert.equal(pmtVersions.length, 1)
    }),
    { numRuns: 80 },
  )
})

test('Splicer cuts what a reconnected upstream repeats by time stamps: no picture is sent twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), (gopsBack) => {
      const bench = createBench()
      feed(bench, synthesize({ ...GOPS, clock: START }))
      bench.splicer.nextUpstream(SYNTHETIC_SERVICE)
      feed(bench, synthesize({ ...GOPS, gops: 16, clock: END - gopsBack * 12 * FRAME }))
      const { dts, faults } = judge(bench.output())
      assert.deepEqual(faults, [])
      const pictures = dts.get(0x1ff) ?? []
      assert.equal(new Set(pictures).size, pictures.length)
      // The repetition began at a GOP border, so not one picture is missing either.
      assert.equal(pictures.length, 96 + (16 - gopsBack) * 12)
    }),
    { numRuns: 8 },
  )
})

test('Splicer carries its time line over the end of the 33-bit clock', () => {
  fc.assert(
    fc.property(fc.integer({ min: -30 * FRAME, max: 100 * FRAME }), (back) => {
      const bench = createBench()
      feed(bench, synthesize({ ...GOPS, clock: add90k(0, -back) }))
      const { faults, dts } = judge(bench.output())
      assert.deepEqual(faults, [])
      const pictures = dts.get(0x1ff) ?? []
      assert.equal(pictures.length, 96)
      for (const [index, time] of pictures.slice(1).entries()) assert.equal(diff90k(time, pictures[index] ?? 0), FRAME)
    }),
    { numRuns: 40 },
  )
})

test('Splicer goes on rising when the clock of a running upstream jumps', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: CLOCK_MODULUS - 1 }), fc.boolean(), (clock, isOpen) => {
      const bench = createBench()
      const second = synthesize({ ...GOPS, clock, isOpen })
      feed(bench, concat(synthesize({ ...GOPS, clock: START }), second))
      const { faults, dts } = judge(bench.output())
      assert.deepEqual(faults, [])
      assert.ok((dts.get(0x1ff) ?? []).length > 96, 'pictures behind the jump are seen')
    }),
    { numRuns: 60 },
  )
})

/** What viewers get who join behind chunk `at`: their private beginning, then what everybody gets. */
function joined(chunks: readonly TsChunk[], at: number, program: Program): Uint8Array | null {
  const ring = new KeyframeRing()
  for (const chunk of chunks.slice(0, at)) ring.push(chunk)
  const start = ring.start(program, { resumes: false })
  return start === null ? null : concat(start.prefix, ...[...start.next, ...chunks.slice(at)].map(({ bytes }) => bytes))
}

/** Chunks of a stream, small ones, so that there are many moments to join. */
function chunksOf(source: Uint8Array): { readonly chunks: readonly TsChunk[]; readonly program: Program } {
  const bench = createBench()
  for (let at = 0; at < source.length; at += 15 * PACKET) {
    bench.splicer.push(source.slice(at, at + 15 * PACKET))
    bench.splicer.flush()
  }
  const [program] = bench.programs
  assert.ok(program)
  return { chunks: bench.chunks, program }
}

const LIVE = {
  closed: chunksOf(synthesize({ gops: 8 })),
  open: chunksOf(synthesize({ gops: 8, isOpen: true })),
  radio: chunksOf(synthesize({ gops: 8, isRadio: true })),
}
const anyMoment = fc.record(
  { kind: fc.constantFrom('closed', 'open', 'radio'), part: fc.double({ min: 0, max: 1, noNaN: true }) },
  { noNullPrototype: true },
)

test('KeyframeRing lets viewers join at any moment: tables first, then a good stream to its end', () => {
  fc.assert(
    fc.property(anyMoment, ({ kind, part }) => {
      const { chunks, program } = LIVE[kind]
      const moment = Math.floor(part * chunks.length)
      const bytes = joined(chunks, moment, program)
      if (bytes === null) return assert.equal(moment, 0, 'there is a start as soon as there is a chunk')
      const { faults, announced, order } = judge(bytes)
      assert.deepEqual(faults, [])
      assert.equal(announced, 0)
      assert.deepEqual(order.slice(0, 2), ['PAT', 'PMT'])
      if (kind !== 'radio') assert.equal(order[2], '511', 'the picture comes before sound')
    }),
    { numRuns: 120 },
  )
})

/** PTS of all pictures in order of sending. */
function picturesOf(bytes: Uint8Array): { readonly pts: number; readonly isAccess: boolean }[] {
  const pictures: { pts: number; isAccess: boolean }[] = []
  for (let at = 0; at < bytes.length; at += PACKET) {
    const byte = (index: number): number => bytes[at + index] ?? 0
    if ((((byte(1) & 0x1f) << 8) | byte(2)) !== 0x1ff || (byte(1) & 0x40) === 0 || (byte(3) & 0x10) === 0) continue
    const from = (byte(3) & 0x20) !== 0 ? 5 + byte(4) : 4
    const t = from + 9
    const pts =
      ((byte(t) >> 1) & 7) * 2 ** 30 +
      byte(t + 1) * 2 ** 22 +
      (byte(t + 2) >> 1) * 2 ** 15 +
      byte(t + 3) * 128 +
      (byte(t + 4) >> 1)
    // Behind header and access unit delimiter stands an SPS, or a slice.
    const isAccess = byte(from + 9 + byte(from + 8) + 8) === 0x67
    pictures.push({ pts, isAccess })
  }
  return pictures
}

test('KeyframeRing starts every viewer of an open GOP at a key frame and leaves its leading pictures out', () => {
  const { chunks, program } = LIVE.open
  fc.assert(
    fc.property(fc.integer({ min: 1, max: chunks.length }), (at) => {
      const bytes = joined(chunks, at, program)
      assert.ok(bytes)
      const [first, ...rest] = picturesOf(bytes)
      assert.ok(first?.isAccess)
      const next = rest.findIndex(({ isAccess }) => isAccess)
      const gop = next < 0 ? rest : rest.slice(0, next)
      for (const { pts } of gop) assert.ok(diff90k(pts, first.pts) > 0, `${pts} is shown before ${first.pts}`)
    }),
    { numRuns: 60 },
  )
})

test('KeyframeRing keeps the pictures of later open GOPs whole', () => {
  const { chunks, program } = LIVE.open
  const all = picturesOf(concat(...chunks.map(({ bytes }) => bytes)))
  let compared = 0
  for (let at = 1; at <= chunks.length; at += 3) {
    const bytes = joined(chunks, at, program)
    assert.ok(bytes)
    const seen = picturesOf(bytes)
    const second = seen.findIndex(({ isAccess }, index) => index > 0 && isAccess)
    if (second < 0) continue
    compared += 1
    const from = all.findIndex(({ pts }) => pts === seen[second]?.pts)
    assert.deepEqual(
      seen.slice(second).map(({ pts }) => pts),
      all.slice(from).map(({ pts }) => pts),
    )
  }
  assert.ok(compared > 5)
})

test('KeyframeRing lets a viewer who lost chunks go on: the break is announced on every PID', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('closed', 'open', 'radio'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (kind, a, b) => {
        const { chunks, program } = LIVE[kind]
        const moments = [a, b].map((part) => 1 + Math.floor(part * (chunks.length - 1))).toSorted((x, y) => x - y)
        const [left = 1, back = 1] = moments
        const ring = new KeyframeRing()
        for (const chunk of chunks.slice(0, back)) ring.push(chunk)
        const start = ring.start(program, { resumes: true })
        assert.ok(start)
        const parts = [...chunks.slice(0, left), { bytes: start.prefix }, ...start.next, ...chunks.slice(back)]
        const { faults, announced } = judge(concat(...parts.map(({ bytes }) => bytes)))
        // A ring that starts before the place where the viewer left repeats a part, and says so.
        assert.deepEqual(
          faults.filter((fault) => !/^packet \d+: (DTS|PCR) /.test(fault)),
          [],
        )
        assert.ok(announced >= program.streams.length + 2)
      },
    ),
    { numRuns: 100 },
  )
})
