import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PacketAligner } from '../../../core/live/align.ts'
import type { Program } from '../../../core/live/program.ts'
import { buildPat, buildPmt, packetize } from '../../../core/live/psi.ts'
import { Splicer } from '../../../core/live/splicer.ts'
import type { TsChunk } from '../../../core/live/ts-chunk.ts'
import { endless, patched } from './fake-house.ts'
import { concat, SYNTHETIC_SERVICE, synthesize } from './synthetic-ts.ts'
import { judge } from './ts-judge.ts'

const VIDEO = 0x1ff
const AUDIO = 0x200

/** A splicer with a clock of its own, and all that came out. */
function bench(programNumber: number | null = SYNTHETIC_SERVICE) {
  const clock = { now: 0 }
  const chunks: TsChunk[] = []
  const programs: Program[] = []
  const splicer = new Splicer({
    now: () => clock.now,
    onProgram: (program) => programs.push(program),
    onChunk: (chunk) => chunks.push(chunk),
  })
  splicer.nextUpstream(programNumber)
  return {
    clock,
    chunks,
    programs,
    splicer,
    push: (bytes: Uint8Array) => splicer.push(bytes.slice()),
    output: () => {
      splicer.flush()
      return concat(...chunks.map(({ bytes }) => bytes))
    },
  }
}

const pidAt = (bytes: Uint8Array, at: number): number => (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0)

/** The packets for which `keeps` says yes. */
function only(bytes: Uint8Array, keeps: (pid: number, packet: Uint8Array) => boolean): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += 188) {
    const packet = bytes.subarray(at, at + 188)
    if (keeps(pidAt(bytes, at), packet)) parts.push(packet)
  }
  return concat(...parts)
}

/** What PES packets carry behind their headers, by PID; the last one of each PID may be a part. */
function payloads(bytes: Uint8Array, pid: number): string[] {
  const units: string[] = []
  for (let at = 0; at < bytes.length; at += 188) {
    const control = (bytes[at + 3] ?? 0) & 0x30
    if (pidAt(bytes, at) !== pid || (control & 0x10) === 0) continue
    let from = at + 4 + (control === 0x30 ? 1 + (bytes[at + 4] ?? 0) : 0)
    if (((bytes[at + 1] ?? 0) & 0x40) !== 0) {
      units.push('')
      from += 9 + (bytes[from + 8] ?? 0)
    }
    if (units.length > 0) units.push(`${units.pop() ?? ''}${String.fromCharCode(...bytes.subarray(from, at + 188))}`)
  }
  return units
}

test('Splicer keeps times rising and PES packets whole, wherever a good stream begins and however it is cut', () => {
  const streams = [synthesize({ gops: 8 }), synthesize({ gops: 8, isOpen: true })]
  const wholes = streams.map((stream) => new Set([...payloads(stream, VIDEO), ...payloads(stream, AUDIO)]))
  fc.assert(
    fc.property(fc.nat(1), fc.nat({ max: 60_000 }), fc.integer({ min: 1, max: 9000 }), (which, from, piece) => {
      const { splicer, output } = bench()
      const aligner = new PacketAligner()
      const stream = streams[which] as Uint8Array
      for (let at = from; at < stream.length; at += piece) splicer.push(aligner.push(stream.slice(at, at + piece)))
      const bytes = output()
      const { faults, announced } = judge(bytes)
      assert.deepEqual(faults, [])
      assert.equal(announced, 0)
      for (const pid of [VIDEO, AUDIO])
        for (const unit of payloads(bytes, pid).slice(0, -1))
          assert.ok(wholes[which]?.has(unit), 'a PES packet is whole')
    }),
    { numRuns: 60 },
  )
})

test('Splicer keeps counters and times rising when bytes are missing or foreign anywhere in the stream', () => {
  const stream = synthesize({ gops: 10 })
  const damage = fc.record({
    at: fc.nat({ max: stream.length - 1 }),
    missing: fc.nat({ max: 3000 }),
    garbage: fc.uint8Array({ maxLength: 600 }),
  })
  fc.assert(
    fc.property(
      fc.array(damage, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 100, max: 9000 }),
      (wounds, piece) => {
        const { splicer, output } = bench()
        const aligner = new PacketAligner()
        let bytes = stream
        for (const { at, missing, garbage } of wounds)
          bytes = concat(bytes.subarray(0, at), garbage, bytes.subarray(at + missing))
        for (let at = 0; at < bytes.length; at += piece) splicer.push(aligner.push(bytes.slice(at, at + piece)))
        assert.deepEqual(judge(output()).faults, [])
      },
    ),
    { numRuns: 150 },
  )
})

test('Splicer takes the first programme whose PMT comes when none is wanted', () => {
  const { push, output, programs } = bench(null)
  push(synthesize())
  assert.equal(programs[0]?.programNumber, SYNTHETIC_SERVICE)
  assert.ok(output().length > 0)
})

test('Splicer says how many tables in a row did not name the programme', () => {
  const { push, splicer } = bench(77)
  push(synthesize({ gops: 1 }))
  assert.ok(splicer.tables.missing >= 5)
  assert.equal(splicer.tables.missing, splicer.tables.read)
})

test('Splicer makes a clock of the times when no PCR comes', () => {
  const { push, output, clock } = bench()
  const next = endless()
  for (let gop = 0; gop < 12; gop++) {
    push(
      patched(next(1), (packet) => {
        if (((packet[3] ?? 0) & 0x20) !== 0 && (packet[4] ?? 0) > 0) packet[5] = (packet[5] ?? 0) & 0xef
      }),
    )
    clock.now += 480
  }
  const { faults, pcr, dts } = judge(output())
  assert.deepEqual(faults, [])
  assert.ok((dts.get(VIDEO) ?? []).length > 60)
  assert.ok(pcr.length > 60)
})

test('Splicer sends the clock on, also on a PID of its own and while nothing else of it passes', () => {
  // The same programme with its clock moved to PID 0x1ee: the PCR packets are copied there, without payload.
  const original = synthesize({ gops: 4 })
  const parts: Uint8Array[] = []
  for (let at = 0; at < original.length; at += 188) {
    const packet = original.slice(at, at + 188)
    const hasClock = ((packet[3] ?? 0) & 0x20) !== 0 && (packet[4] ?? 0) > 0 && ((packet[5] ?? 0) & 0x10) !== 0
    if (hasClock) {
      const clock = new Uint8Array(188).fill(0xff)
      clock.set(packet.subarray(0, 12))
      clock.set([0x47, 0x01, 0xee, 0x20, 183, 0x10])
      parts.push(clock)
      packet[5] = (packet[5] ?? 0) & 0xef
    }
    parts.push(packet)
  }
  const table = {
    programNumber: SYNTHETIC_SERVICE,
    version: 9,
    pmtPid: 0x64,
    pcrPid: 0x1ee,
    streams: [
      { pid: VIDEO, kind: 'video', codec: 'h264', streamType: 0x1b, language: null, descriptors: new Uint8Array() },
      { pid: AUDIO, kind: 'audio', codec: 'ac3', streamType: 0x81, language: null, descriptors: new Uint8Array() },
    ],
  } as const
  const { push, output, programs } = bench()
  push(packetize(buildPat(table, 1), 0, 0))
  push(packetize(buildPmt(table), 0x64, 0))
  push(only(concat(...parts), (pid) => pid !== 0 && pid !== 0x64))
  const bytes = output()
  const { faults, pcr } = judge(bytes)
  assert.deepEqual(faults, [])
  assert.equal(programs[0]?.pcrPid, 0x1ee)
  assert.ok(pcr.length >= 46, `${pcr.length} clocks`)
})

test('Splicer starts teletext and subtitles that have no times, behind the first picture', () => {
  const teletext = 0x201
  const table = {
    programNumber: SYNTHETIC_SERVICE,
    version: 9,
    pmtPid: 0x64,
    pcrPid: VIDEO,
    streams: [
      { pid: VIDEO, kind: 'video', codec: 'h264', streamType: 0x1b, language: null, descriptors: new Uint8Array() },
      {
        pid: teletext,
        kind: 'teletext',
        codec: 'dvb_teletext',
        streamType: 6,
        language: 'deu',
        descriptors: Uint8Array.of(0x56, 5, 0x64, 0x65, 0x75, 8, 0),
      },
    ],
  } as const
  const page = (counter: number): Uint8Array => {
    const packet = new Uint8Array(188).fill(0xff)
    packet.set([0x47, 0x40 | (teletext >> 8), teletext & 255, 0x10 | counter, 0, 0, 1, 0xbd, 0, 178, 0x80, 0, 0, 0x10])
    return packet
  }
  const { push, output } = bench()
  push(packetize(buildPat(table, 1), 0, 0))
  push(packetize(buildPmt(table), 0x64, 0))
  const pictures = only(synthesize({ gops: 2 }), (pid) => pid === VIDEO)
  push(page(0))
  push(pictures.subarray(0, 188 * 20))
  push(page(1))
  push(page(2))
  push(pictures.subarray(188 * 20))
  const { faults, order } = judge(output())
  assert.deepEqual(faults, [])
  assert.deepEqual(order, ['PAT', 'PMT', String(VIDEO), String(teletext)])
})

test('Splicer leaves out times that slip back a little and drops packets whose times are wild', () => {
  const { push, output } = bench()
  const stream = synthesize({ gops: 6 })
  let pictures = 0
  push(
    patched(stream, (packet, pid) => {
      if (pid !== VIDEO || ((packet[1] ?? 0) & 0x40) === 0) return
      pictures += 1
      const pes = ((packet[3] ?? 0) & 0x20) !== 0 ? 5 + (packet[4] ?? 0) : 4
      // One time some hours ahead.
      if (pictures === 30) packet[pes + 9] = (packet[pes + 9] ?? 0) ^ 0x08
    }),
  )
  const { faults, dts } = judge(output())
  assert.deepEqual(faults, [])
  assert.equal(dts.get(VIDEO)?.length, 71)
})

test('Splicer leaves out packets that are marked as damaged, and counts them', () => {
  const stream = synthesize({ gops: 3 })
  let nth = 0
  const damaged = bench()
  damaged.push(
    patched(stream, (packet) => {
      if (pidAt(packet, 0) !== VIDEO) return
      nth += 1
      if (nth > 20 && nth <= 25) packet[1] = (packet[1] ?? 0) | 0x80
    }),
  )
  assert.deepEqual([damaged.splicer.counts.damagedPackets, damaged.splicer.counts.continuityErrors], [5, 1])
})

test('Splicer drops repeated packets, and keeps those of a sender that does not count', () => {
  const stream = synthesize({ gops: 3 })
  const twice: Uint8Array[] = []
  for (let at = 0; at < stream.length; at += 188) {
    const packet = stream.subarray(at, at + 188)
    twice.push(packet)
    if (pidAt(stream, at) === VIDEO && ((packet[3] ?? 0) & 0x10) !== 0) twice.push(packet)
  }
  const plain = bench()
  plain.push(stream)
  const doubled = bench()
  doubled.push(concat(...twice))
  assert.deepEqual(doubled.output(), plain.output())
  assert.equal(doubled.splicer.counts.continuityErrors, 0)
  assert.equal(doubled.splicer.counts.damagedPackets, 0)

  const uncounted = bench()
  uncounted.push(
    patched(stream, (packet) => {
      packet[3] = (packet[3] ?? 0) & 0xf0
    }),
  )
  assert.deepEqual(payloads(uncounted.output(), VIDEO), payloads(plain.output(), VIDEO))
})

for (const { name, seconds, reconnects } of [
  { name: 'a reconnect', seconds: 8, reconnects: true },
  { name: 'a reconnect after half a minute', seconds: 29, reconnects: true },
  { name: 'a silence of the same connection', seconds: 6, reconnects: false },
])
  test(`Splicer bridges the hole in time that ${name} leaves`, () => {
    const { push, output, splicer, chunks, clock } = bench()
    push(synthesize({ gops: 4 }))
    clock.now += seconds * 1000
    if (reconnects) splicer.nextUpstream(SYNTHETIC_SERVICE)
    const before = chunks.length
    push(synthesize({ gops: 4, clock: 900_000 + 4 * 12 * 3600 + seconds * 90_000 }))
    splicer.endUpstream()
    const { faults, announced, dts } = judge(output())
    assert.deepEqual(faults, [])
    assert.equal(announced, 0)
    assert.ok(chunks.slice(before).every(({ discontinuity }) => !discontinuity))
    for (const times of dts.values())
      for (const [index, time] of times.slice(1).entries())
        assert.ok(time - (times[index] ?? 0) <= 1.6 * 90_000, `${(time - (times[index] ?? 0)) / 90_000} s`)
  })

test('Splicer goes on from a stream whose repetition never ends', () => {
  // A source that is 20 s late after a reconnect: nobody wants to wait for it to catch up.
  const { push, output, splicer, clock } = bench()
  push(synthesize({ gops: 60 }))
  splicer.nextUpstream(SYNTHETIC_SERVICE)
  const next = endless({ clock: 900_000 + 9 * 90_000 })
  const before = output().length
  let waited = 0
  while (output().length === before && waited < 12_000) {
    push(next(1))
    clock.now += 480
    waited += 480
  }
  assert.ok(waited > 4500 && waited < 8000, `${waited} ms`)
  push(next(4))
  assert.deepEqual(judge(output()).faults, [])
})

test('Splicer keeps the PIDs when a broadcaster moves a track', () => {
  const { push, programs, output } = bench()
  push(synthesize({ gops: 3 }))
  push(
    synthesize({
      gops: 3,
      clock: 900_000 + 36 * 3600,
      pids: { pmt: 0x64, video: VIDEO, audio: 0x2aa },
      pmtVersion: 4,
    }),
  )
  assert.deepEqual(
    programs.map(({ streams }) => streams.map(({ pid }) => pid)),
    [[VIDEO, AUDIO]],
  )
  const { faults, dts } = judge(output())
  assert.deepEqual(faults, [])
  assert.ok((dts.get(AUDIO) ?? []).length > 80)
})
