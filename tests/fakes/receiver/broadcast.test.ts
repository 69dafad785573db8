import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { joinBytes } from './bytes.ts'
import { createBroadcast, scramble } from './broadcast.ts'
import type { Broadcast } from './broadcast.ts'
import { readClip } from './clip.ts'
import { createClipStore } from './content.ts'
import { demoModel, demoTransponders } from './demo-model.ts'
import type { SignalFault } from './faults.ts'
import { muxLoop } from './loop.ts'
import { servicesOf } from './model.ts'
import type { Service } from './model.ts'
import { testClips } from './recipe.ts'
import { buildService } from './service-builder.ts'
import { findFfmpeg, skipWithoutFfmpeg, testCacheDir } from './test-setting.ts'
import { continuityErrors, readPackets, readPat, readPmt, readSections } from './ts-reader.ts'
import type { TsPacket } from './ts-reader.ts'
import { crc32, TIME_MODULUS } from './ts-writer.ts'

const skip = skipWithoutFfmpeg()
const START = 1_780_000_000_000
const STEP_MS = 240 // a joining viewer gets so much at once; steps of it make an unbroken recording without waiting

type OnAir = { broadcast: Broadcast; service: Service; clock: { ms: number }; signal: { fault: SignalFault | null } }

async function putOnAir(service: Service): Promise<OnAir> {
  await using clips = createClipStore({ ffmpegPath: findFfmpeg() ?? 'ffmpeg', cacheDir: testCacheDir })
  const clip = readClip(await clips.file(service.recipe), service.recipe)
  const clock = { ms: START }
  const signal: OnAir['signal'] = { fault: null }
  const broadcast = createBroadcast({
    service,
    neighbours: servicesOf(demoModel({ clips: 'tiny' }), service.transponder),
    loop: muxLoop(clip, service.pids),
    signal: () => signal.fault,
    now: () => clock.ms,
  })
  return { broadcast, service, clock, signal }
}

/** So many milliseconds of air, without waiting for them. */
function record({ broadcast, clock }: OnAir, ms: number): Uint8Array {
  const pieces: Uint8Array[] = []
  for (const end = clock.ms + ms; clock.ms < end;) {
    clock.ms += STEP_MS
    broadcast.subscribe((chunk) => pieces.push(chunk))()
  }
  return joinBytes(pieces)
}

function demoService(sid: number): Service {
  const service = demoModel({ clips: 'tiny' }).services.find((one) => one.sid === sid)
  assert.ok(service)
  return service
}

/** What FFmpeg complains about when it decodes all pictures and sounds. */
async function complaints(ts: Uint8Array): Promise<string> {
  const args = ['-v', 'warning', '-i', 'pipe:0', '-map', '0:v?', '-map', '0:a', '-f', 'null', '-']
  const child = spawn(findFfmpeg() ?? 'ffmpeg', args, { stdio: ['pipe', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.on('data', (piece) => (text += String(piece)))
  child.stdin.end(ts)
  await new Promise((resolve) => child.once('close', resolve))
  return text
}

/** From the first packet at which a decoder can start to the end of the last whole picture or sound. */
function decodable(ts: Uint8Array, { pids }: Service): Uint8Array {
  const packets = readPackets(ts)
  const pid = pids.video ?? pids.pcr
  const from = packets.findIndex((packet) => packet.pid === pid && (pids.video === null || packet.randomAccess))
  const to = packets.findLastIndex((packet) => packet.pid === pid && packet.isStart)
  assert.ok(from >= 0 && to > from)
  return ts.subarray(from * 188, to * 188)
}

/** The first PCR, in ticks. */
function firstPcr(ts: Uint8Array): number {
  return readPackets(ts).find((packet) => packet.pcr !== null)?.pcr ?? 0
}

for (const [name, recipe] of Object.entries(testClips)) {
  test(`a broadcast of the ${name} clip has no seam: counters, clock and decoder run on`, { skip }, async () => {
    const service = buildService({ name: 'Probe', sid: 0x99, transponder: demoTransponders.first, recipe })
    const onAir = await putOnAir(service)
    // Time stamps wrap at 2^33 in the middle, and the clip ends twice.
    onAir.signal.fault = { wrapAtMs: START + 4000 }
    const ts = record(onAir, 8400)
    const packets = readPackets(ts)
    assert.deepEqual(continuityErrors(packets), [])

    const clock = packets.flatMap(({ pid, pcr }) => (pid === service.pids.pcr && pcr !== null ? [pcr] : []))
    const steps = clock.slice(1).map((pcr, index) => (pcr - (clock[index] ?? 0) + TIME_MODULUS) % TIME_MODULUS)
    assert.ok(steps.length > 100)
    assert.ok(
      steps.every((step) => step > 0 && step <= 9000),
      `PCR steps up to ${Math.max(...steps)}`,
    )
    assert.ok((clock[0] ?? 0) > TIME_MODULUS / 2 && (clock.at(-1) ?? 0) < TIME_MODULUS / 2, 'wrapped')

    const text = await complaints(decodable(ts, service))
    assert.doesNotMatch(text, /continuity|corrupt|non-existing|Non-monotonous|frame num|concealing/i)
  })
}

test('a broadcast lists the whole transponder in its PAT but carries one PMT', { skip }, async () => {
  const onAir = await putOnAir(demoService(0x132f))
  const packets = readPackets(record(onAir, 1200))
  const [pat] = readSections(packets, 0)
  assert.ok(pat)
  assert.equal(crc32(pat), 0)
  const programmes = readPat(pat)
  assert.deepEqual([...programmes.keys()], [0x132f, 0x1330, 0x1331, 0x1350])
  const present = new Set(packets.map((packet) => packet.pid))
  const pmts = [...programmes.values()].filter((pid) => present.has(pid))
  assert.deepEqual(pmts, [onAir.service.pids.pmt])
})

test('a broadcast has valid present/following events of its neighbours, and the time', { skip }, async () => {
  const packets = readPackets(record(await putOnAir(demoService(0x132f)), 1200))
  const events = readSections(packets, 0x12)
  assert.ok(events.length >= 8)
  assert.ok(events.every((section) => crc32(section) === 0))
  assert.ok(readSections(packets, 0x14).length > 0)
})

test('every viewer of a broadcast gets the same moment', { skip }, async () => {
  const { broadcast } = await putOnAir(demoService(0x132f))
  const one: Uint8Array[] = []
  const two: Uint8Array[] = []
  const leaveOne = broadcast.subscribe((chunk) => one.push(chunk))
  const leaveTwo = broadcast.subscribe((chunk) => two.push(chunk))
  assert.equal(one[0], two[0])
  assert.equal(broadcast.viewers(), 2)
  leaveOne()
  leaveTwo()
})

test('sound tracks that go off air leave PMT and stream, with a new version', { skip }, async () => {
  const onAir = await putOnAir(demoService(0x132f))
  const { pids } = onAir.service
  const before = readPackets(record(onAir, 480))
  onAir.signal.fault = { soundTracks: 1 }
  const after = readPackets(record(onAir, 480))
  const pmt = (packets: readonly TsPacket[]): ReturnType<typeof readPmt> =>
    readPmt(readSections(packets, pids.pmt).at(-1) ?? new Uint8Array())
  assert.notEqual(pmt(before).version, pmt(after).version)
  assert.ok(pmt(before).pids.includes(pids.audio[1] ?? 0))
  assert.ok(!pmt(after).pids.includes(pids.audio[1] ?? 0))
  assert.ok(after.every((packet) => packet.pid !== pids.audio[1]))
})

test('moved PIDs are what the PMT says', { skip }, async () => {
  const onAir = await putOnAir(demoService(0x132f))
  onAir.signal.fault = { movedPids: true }
  const packets = readPackets(record(onAir, 960))
  const { pids } = readPmt(readSections(packets, onAir.service.pids.pmt).at(-1) ?? new Uint8Array())
  assert.ok(!pids.includes(onAir.service.pids.video ?? 0))
  for (const pid of pids.slice(0, 4))
    assert.ok(
      packets.some((packet) => packet.pid === pid),
      `PID ${pid} is there`,
    )
})

for (const { name, fault, check } of [
  {
    name: 'dropOneIn',
    fault: { dropOneIn: 50 },
    check: (ts: Uint8Array) => continuityErrors(readPackets(ts)).length > 0,
  },
  { name: 'lost', fault: { lost: true }, check: (ts: Uint8Array) => ts.length === 0 },
  { name: 'noPat', fault: { noPat: true }, check: (ts: Uint8Array) => readSections(readPackets(ts), 0).length === 0 },
  {
    name: 'noPmt',
    fault: { noPmt: true },
    check: (ts: Uint8Array) => readPackets(ts).every((packet) => packet.pid !== demoService(0x132f).pids.pmt),
  },
]) {
  test(`the signal fault ${name} does what it says`, { skip }, async () => {
    const onAir = await putOnAir(demoService(0x132f))
    onAir.signal.fault = fault
    assert.ok(check(record(onAir, 960)))
  })
}

test('shiftSeconds moves the programme clock', { skip }, async () => {
  const onAir = await putOnAir(demoService(0x132f))
  const before = firstPcr(record(onAir, STEP_MS))
  onAir.signal.fault = { shiftSeconds: 100 }
  const step = (firstPcr(record(onAir, STEP_MS)) - before + TIME_MODULUS) % TIME_MODULUS
  assert.ok(Math.abs(step - 100 * 90_000 - STEP_MS * 90) < 9000)
})

test('scramble() leaves tables clear and makes the rest useless', { skip }, async () => {
  const onAir = await putOnAir(demoService(0x132f))
  const clear = record(onAir, 480)
  const marked = readPackets(scramble(clear, false))
  const hidden = readPackets(scramble(clear, true))
  const original = readPackets(clear)
  const { video, pmt } = onAir.service.pids
  for (const [index, packet] of original.entries()) {
    if (packet.pid === pmt || packet.pid === 0) assert.deepEqual(marked[index], packet)
    if (packet.pid !== video) continue
    assert.equal(marked[index]?.scrambling, 2)
    assert.equal(hidden[index]?.scrambling, 0)
    assert.notDeepEqual(hidden[index]?.payload, packet.payload)
  }
})
