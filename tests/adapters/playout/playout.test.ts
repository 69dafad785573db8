import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from '../../core/live/ts-judge.ts'
import { FakeChannel, planOf } from './fake-channel.ts'
import { tablesOf } from './fake-encoders.ts'
import { runsOf } from './played.ts'

const QUANTUM_MS = 320

/**
 * Fails unless the stream is whole: nothing missing, nothing twice, no discontinuity, a clock every 40 ms. `heldMs`: where an
 * encoder broke off a picture may stand so long.
 */
function assertSeamless(bytes: Uint8Array, heldMs = 40): void {
  const { faults, announced, dts, pcr, pmtVersions } = judge(bytes)
  assert.deepEqual(faults, [])
  assert.equal(announced, 0)
  assert.deepEqual(pmtVersions, [0])
  const steps = (times: readonly number[]): Set<number> =>
    new Set(times.slice(1).map((time, index) => (time - (times[index] ?? 0) + 2 ** 33) % 2 ** 33))
  assert.ok(Math.max(...steps(dts.get(0x100) ?? [])) <= heldMs * 90)
  assert.deepEqual([...steps(dts.get(0x101) ?? [])], [1920])
  assert.deepEqual([...steps(pcr)], [3600])
}

const whats = (channel: FakeChannel): readonly string[] => runsOf(channel.shown.pictures).map(({ what }) => what)

test('createPlayout() joins programmes without a seam, each at its time', async () => {
  const channel = new FakeChannel([
    { media: 'a', ms: 5000 },
    { media: 'b', ms: 4000, inMs: 60_000 },
    { media: 'c', ms: 20_000 },
  ])
  await channel.play(15_000)
  channel.close()
  assertSeamless(channel.bytes)
  const runs = runsOf(channel.shown.pictures)
  assert.deepEqual(
    runs.map(({ what, first }) => [what, first.name]),
    [
      ['a', 'a@0'],
      ['b', 'b@60000'],
      ['c', 'c@0'],
    ],
  )
  for (const [index, { first }] of runs.entries()) {
    assert.equal(first.isKey, true)
    const planned = channel.items[index]?.start ?? 0
    assert.ok(Math.abs(channel.instantOf(first.pts90k) - planned) <= QUANTUM_MS, first.name)
  }
  assert.deepEqual(
    runsOf(channel.shown.sound.map((one) => ({ ...one, name: one.name.split('@')[0] ?? '' }))).map(({ what }) => what),
    ['a', 'b', 'c'],
  )
})

test('createPlayout() joins in progress, and leaves nothing behind when it is closed', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000, inMs: 1000 }], 600_000)
  await channel.play(3000)
  const [first] = channel.shown.pictures
  const at = Number(first?.name.split('@')[1])
  assert.ok(at > 599_000 && at <= 601_000, `${at} ms`)
  assert.equal(channel.encoders.running.length, 1)
  channel.close()
  await channel.time.advance(100)
  assert.equal(channel.encoders.running.length, 0)
  assert.equal(channel.time.running, 0)
})

test('createPlayout() paces: at once what a player needs to start, then as time passes', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }], 600_000)
  await channel.play(20_000)
  channel.close()
  const { pictures } = channel.shown
  const sentMs = pictures.length * 40
  // A second back and a second ahead, and what has passed.
  assert.ok(sentMs >= 21_500 && sentMs <= 22_500, `${sentMs} ms were sent in 20 s`)
})

test('createPlayout() starts the next encoder ahead, lets it wait on its pipe, and ends the one before', async () => {
  const channel = new FakeChannel([
    { media: 'a', ms: 10_000 },
    { media: 'b', ms: 600_000 },
  ])
  await channel.play(4000)
  assert.deepEqual(
    channel.encoders.running.map(({ media }) => media),
    ['a'],
  )
  await channel.time.advance(3000)
  assert.deepEqual(
    channel.encoders.asked.map(({ media }) => media),
    ['a', 'b'],
  )
  await channel.time.advance(5000)
  assert.deepEqual(
    channel.encoders.running.map(({ media }) => media),
    ['b'],
  )
  channel.close()
})

test('createPlayout() shows a slate while an encoder is slow to start, and joins the picture where it is by then', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }], 600_000)
  channel.encoders.tempers.set('film', { startsAfter: 4000, speed: 4 })
  await channel.play(12_000)
  channel.close()
  assertSeamless(channel.bytes)
  const runs = runsOf(channel.shown.pictures)
  assert.deepEqual(
    runs.map(({ what }) => what),
    ['slate ONE MOMENT', 'film'],
  )
  const film = runs[1]?.first
  const at = Number(film?.name.split('@')[1])
  const planned = channel.instantOf(film?.pts90k ?? 0) - (channel.items[0]?.start ?? 0)
  assert.ok(Math.abs(at - planned) <= QUANTUM_MS, `${at} is shown at ${planned}`)
  const slateSentAt = channel.sentAt('slate') ?? 0
  assert.ok(slateSentAt - channel.time.now() + 12_000 <= 500, 'the slate comes at once')
})

test('createPlayout() keeps the deadline when the next encoder is late', async () => {
  const channel = new FakeChannel([
    { media: 'a', ms: 6000 },
    { media: 'late', ms: 600_000 },
  ])
  channel.encoders.tempers.set('late', { startsAfter: 6000, speed: 4 })
  await channel.play(15_000)
  channel.close()
  assertSeamless(channel.bytes)
  const runs = runsOf(channel.shown.pictures)
  assert.deepEqual(
    runs.map(({ what }) => what),
    ['a', 'slate ONE MOMENT', 'late'],
  )
  const boundary = channel.items[1]?.start ?? 0
  assert.ok(Math.abs(channel.instantOf(runs[1]?.first.pts90k ?? 0) - boundary) <= QUANTUM_MS)
  const joined = runs[2]?.first
  const planned = channel.instantOf(joined?.pts90k ?? 0) - boundary
  assert.ok(Math.abs(Number(joined?.name.split('@')[1]) - planned) <= QUANTUM_MS)
})

test('createPlayout() goes from hardware to software when an encoder breaks off in the middle of a GOP', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }], 600_000)
  channel.machine = [{ kind: 'nvenc' }, { kind: 'software' }]
  channel.encoders.tempers.set('film nvenc', { startsAfter: 200, speed: 4, diesAt: 7000 })
  await channel.play(20_000)
  channel.close()
  assertSeamless(channel.bytes, QUANTUM_MS)
  assert.deepEqual(
    channel.encoders.asked.map(({ encoder }) => encoder),
    ['nvenc', 'software'],
  )
  assert.ok(whats(channel).every((what) => what === 'film' || what.startsWith('slate')))
  assert.equal(whats(channel).at(-1), 'film')
  const [failed] = channel.events.filter(({ event }) => event === 'playout-item-failed')
  assert.equal(failed?.facts['channelId'], 'c1')
  assert.equal(failed?.facts['title'], 'Title of film')
})

test('createPlayout() shows a slate where software fails too, tries again later, and never ends', async () => {
  const channel = new FakeChannel([
    { media: 'bad', ms: 60_000 },
    { media: 'good', ms: 60_000 },
  ])
  channel.encoders.tempers.set('bad', { startsAfter: 100, speed: 4, diesAt: 400 })
  await channel.play(65_000)
  channel.close()
  assertSeamless(channel.bytes, QUANTUM_MS)
  const tries = channel.encoders.asked.filter(({ media }) => media === 'bad').length
  assert.ok(tries >= 3 && tries <= 5, `${tries} tries`)
  assert.equal(whats(channel).at(-1), 'good')
  assert.ok(whats(channel).includes('slate ONE MOMENT Title of bad'))
  assert.equal(channel.failure, null)
})

test('createPlayout() ends an encoder that hangs', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }], 600_000)
  channel.machine = [{ kind: 'vaapi', device: '/dev/dri/renderD128' }, { kind: 'software' }]
  channel.encoders.tempers.set('film vaapi', { startsAfter: 200, speed: 4, hangsAt: 6000 })
  await channel.play(15_000)
  assertSeamless(channel.bytes)
  assert.deepEqual(
    channel.encoders.asked.map(({ encoder }) => encoder),
    ['vaapi', 'software'],
  )
  assert.equal(channel.encoders.running.length, 1)
  assert.equal(whats(channel).at(-1), 'film')
  channel.close()
})

test('createPlayout() takes no garbage', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }], 600_000)
  channel.encoders.tempers.set('film', { startsAfter: 100, speed: 1, isGarbage: true })
  await channel.play(8000)
  channel.close()
  assertSeamless(channel.bytes)
  assert.ok(whats(channel).every((what) => what.startsWith('slate')))
})

test('createPlayout() fills sound that is missing', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }], 600_000)
  channel.encoders.tempers.set('film', { startsAfter: 100, speed: 4, muteFrom: 3000 })
  await channel.play(10_000)
  channel.close()
  assertSeamless(channel.bytes)
  assert.equal(channel.shown.sound.at(-1)?.name, 'silence')
})

test('createPlayout() shows a slate for a file that is away, and the file when it is back', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }], 600_000)
  channel.missing.add('film')
  await channel.play(5000)
  assert.deepEqual(whats(channel), ['slate ONE MOMENT Title of film'])
  channel.missing.clear()
  await channel.time.advance(20_000)
  channel.close()
  assertSeamless(channel.bytes)
  assert.equal(whats(channel).at(-1), 'film')
})

test('createPlayout() cuts to an override at the next quantum, and rejoins the programme in progress', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }], 600_000)
  await channel.play(5000)
  const [film] = channel.items
  assert.ok(film !== undefined)
  const from = channel.time.now()
  const [news] = planOf(from, [{ kind: 'slate', text: 'Storm warning', ms: 4000 }])
  assert.ok(news !== undefined)
  const rest = { ...film, id: 'rest', start: news.stop, inMs: news.stop - film.start }
  channel.change([{ ...film, stop: from }, news, rest])
  await channel.time.advance(12_000)
  channel.close()
  assertSeamless(channel.bytes)
  const runs = runsOf(channel.shown.pictures)
  assert.deepEqual(
    runs.map(({ what }) => what),
    ['film', 'slate ANNOUNCEMENT Storm warning', 'film'],
  )
  const cutAt = channel.instantOf(runs[1]?.first.pts90k ?? 0)
  // What was sent ahead has gone already.
  assert.ok(cutAt - from <= 1000 + 2 * QUANTUM_MS, `cut after ${cutAt - from} ms`)
  const back = runs[2]?.first
  const planned = channel.instantOf(back?.pts90k ?? 0) - film.start
  assert.ok(Math.abs(Number(back?.name.split('@')[1]) - planned) <= QUANTUM_MS)
})

test('createPlayout() goes on with what an edit made longer', async () => {
  const channel = new FakeChannel([
    { media: 'a', ms: 6000 },
    { media: 'b', ms: 600_000 },
  ])
  await channel.play(2000)
  const [a] = channel.items
  assert.ok(a !== undefined)
  channel.change([{ ...a, stop: a.start + 12_000 }, ...planOf(a.start + 12_000, [{ media: 'b', ms: 600_000 }])])
  await channel.time.advance(14_000)
  channel.close()
  assertSeamless(channel.bytes)
  assert.deepEqual(whats(channel), ['a', 'b'])
})

test('createPlayout() does not start anew what an edit leaves as it is', async () => {
  const channel = new FakeChannel([
    { media: 'a', ms: 60_000 },
    { media: 'b', ms: 600_000 },
  ])
  await channel.play(2000)
  const [a] = channel.items
  assert.ok(a !== undefined)
  channel.change([a, ...planOf(a.stop, [{ media: 'c', ms: 600_000 }])])
  await channel.time.advance(5000)
  channel.close()
  assert.deepEqual(
    channel.encoders.asked.map(({ media }) => media),
    ['a'],
  )
})

test('createPlayout() goes on without a seam when the clock of the wall is set', async () => {
  for (const byMs of [3_600_000, -1_800_000]) {
    const channel = new FakeChannel([{ media: 'film', ms: 36_000_000 }], 7_200_000)
    await channel.play(5000)
    channel.wallOffMs = byMs
    await channel.time.advance(8000)
    channel.close()
    assertSeamless(channel.bytes)
    const runs = runsOf(channel.shown.pictures)
    assert.equal(runs.at(-1)?.what, 'film')
    const at = Number(channel.shown.pictures.at(-1)?.name.split('@')[1])
    const planned = 7_200_000 + 13_000 + byMs
    assert.ok(Math.abs(at - planned) <= 2000, `${at} instead of ${planned}`)
  }
})

test('createPlayout() joins the plan in progress when it was held up, instead of sending a flood', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 36_000_000 }], 7_200_000)
  await channel.play(5000)
  const before = channel.bytes.length
  // Suspended: no timer runs, both clocks go on.
  channel.time.suspend(60_000)
  await channel.time.advance(5000)
  channel.close()
  assertSeamless(channel.bytes)
  const pictures = channel.shown.pictures
  assert.ok(channel.bytes.length < before * 3, 'no flood')
  const at = Number(pictures.at(-1)?.name.split('@')[1])
  assert.ok(Math.abs(at - 7_270_000) <= 2500, `${at}`)
})

test('createPlayout() shows a slate where nothing is planned', async () => {
  const channel = new FakeChannel([
    { kind: 'off', ms: 6000 },
    { media: 'a', ms: 600_000 },
  ])
  await channel.play(9000)
  channel.close()
  assertSeamless(channel.bytes)
  assert.deepEqual(whats(channel), ['slate OFF AIR', 'a'])
})

test('createPlayout() shows a slate while every seat among the encoders is taken', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }], 600_000)
  channel.seats = 0
  await channel.play(4000)
  assert.deepEqual(channel.encoders.asked, [])
  channel.seats = 1
  await channel.time.advance(10_000)
  channel.close()
  assertSeamless(channel.bytes)
  assert.deepEqual(
    whats(channel).map((what) => what.split(' ')[0]),
    ['slate', 'film'],
  )
})

test('createPlayout() counts on where the 33 bits of the clock end', async () => {
  const channel = new FakeChannel([
    { media: 'a', ms: 60_000 },
    { media: 'b', ms: 600_000 },
  ])
  const wrap = Math.ceil((channel.time.now() * 90) / 2 ** 33) * 2 ** 33
  channel.wallOffMs = Math.round(wrap / 90 - channel.time.now() - 5000)
  channel.items = planOf(channel.time.now() + channel.wallOffMs - 1000, [
    { media: 'a', ms: 6100 },
    { media: 'b', ms: 600_000 },
  ])
  await channel.play(12_000)
  channel.close()
  assertSeamless(channel.bytes)
  assert.deepEqual(whats(channel), ['a', 'b'])
  const { pictures } = channel.shown
  assert.ok((pictures[0]?.pts90k ?? 0) > 2 ** 32 && (pictures.at(-1)?.pts90k ?? 0) < 2 ** 32)
})

test('createPlayout() waits for a slow encoder where there is no slate, and goes on where the plan is by then', async () => {
  const channel = new FakeChannel([
    { media: 'a', ms: 5000 },
    { media: 'late', ms: 600_000 },
  ])
  channel.hasSlates = false
  channel.encoders.tempers.set('late', { startsAfter: 12_000, speed: 4 })
  await channel.play(20_000)
  channel.close()
  const { faults, announced, pcr } = judge(channel.bytes)
  assert.deepEqual(faults, [])
  assert.equal(announced, 0)
  for (const [index, clock] of pcr.entries()) assert.ok(index === 0 || clock - (pcr[index - 1] ?? 0) <= 3600)
  assert.deepEqual(whats(channel), ['a', 'late'])
  assert.equal(channel.encoders.asked.length, 2)
  const joined = channel.shown.pictures.find(({ name }) => name.startsWith('late'))
  const planned = channel.instantOf(joined?.pts90k ?? 0) - (channel.items[1]?.start ?? 0)
  assert.ok(planned > 8000)
  assert.ok(Math.abs(Number(joined?.name.split('@')[1]) - planned) <= QUANTUM_MS)
  assert.equal(joined?.isKey, true)
})

test('createPlayout() ends, and leaves nothing behind, when the plan itself breaks', async () => {
  const channel = new FakeChannel([{ media: 'a', ms: 60_000 }])
  await channel.play(5000)
  channel.change(
    new Proxy([], {
      get() {
        throw new TypeError('a mistake of ours')
      },
    }),
  )
  await channel.time.advance(1000)
  assert.equal(channel.failure?.code, 'live/ended')
  assert.equal(channel.encoders.running.length, 0)
  assert.equal(channel.time.running, 0)
})

test('createPlayout() fails when nothing at all can be shown', async () => {
  const channel = new FakeChannel([{ media: 'film', ms: 3_600_000 }])
  channel.hasSlates = false
  channel.missing.add('film')
  await channel.play(40_000)
  assert.equal(channel.failure?.code, 'live/silent')
  assert.equal(channel.time.running, 0)
})

test('createPlayout() passes another channel on, and tries again when it ends', async () => {
  const channel = new FakeChannel([
    { media: 'a', ms: 5000 },
    { kind: 'live', channel: 'sat', ms: 25_000 },
    { media: 'b', ms: 600_000 },
  ])
  channel.encoders.tempers.set('sat', { startsAfter: 300, speed: 1 })
  const seats: { ended: (why: string) => void; isLeft: boolean }[] = []
  channel.live = {
    join(_channel, { data, ended }) {
      const seat = { ended, isLeft: false }
      seats.push(seat)
      for (let turn = 0; turn < 3; turn++) data(tablesOf())
      return Promise.resolve({ leave: () => void (seat.isLeft = true) })
    },
  }
  await channel.play(12_000)
  assert.equal(seats.length, 1)
  seats[0]?.ended('The satellite has gone down')
  await channel.time.advance(25_000)
  assertSeamless(channel.bytes, QUANTUM_MS)
  assert.deepEqual(
    whats(channel).map((what) => what.split(' ')[0]),
    ['a', 'sat', 'slate', 'sat', 'b'],
  )
  assert.deepEqual(
    seats.map(({ isLeft }) => isLeft),
    [true, true],
  )
  const told = channel.events.find(({ event }) => event === 'playout-item-failed')
  assert.equal(told?.facts['why'], 'The satellite has gone down')
  channel.close()
})
