import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LEAVE_ROOM_MS, ROOM_BEFORE_MS, starvedClaim } from '../../../core/live/slot-claims.ts'
import type { SlotClaim, SlotDemand } from '../../../core/live/slot-claims.ts'
import { sourceId, streamId } from '../../../core/lineup/stream.ts'
import type { Stream } from '../../../core/lineup/stream.ts'
import { fakeChannel, fakeHouse, fakeStream, settled } from './fake-house.ts'
import type { Watcher } from './fake-house.ts'
import { synthesize } from './synthetic-ts.ts'

const claim = (slotKey: string, dueInMs: number | null): SlotClaim => ({ slotKey, dueInMs })

for (const { name, slots, claims, held, starved } of [
  { name: 'a free slot', slots: 2, claims: [claim('a', 0)], held: ['x'], starved: null },
  { name: 'a shared slot', slots: 1, claims: [claim('x', 0)], held: ['x'], starved: null },
  { name: 'no slot', slots: 1, claims: [claim('a', 0)], held: ['x'], starved: 'a' },
  { name: 'time enough', slots: 1, claims: [claim('a', 60_000)], held: ['x'], starved: null },
  { name: 'a claim that is late', slots: 1, claims: [claim('a', -5000)], held: ['x'], starved: 'a' },
  { name: 'a slot in use by itself', slots: 1, claims: [claim('a', null)], held: ['x'], starved: null },
  {
    name: 'two that come after a running one',
    slots: 2,
    claims: [claim('r', null), claim('a', 0)],
    held: ['x'],
    starved: 'a',
  },
  { name: 'two at a time on one slot', slots: 2, claims: [claim('a', 0), claim('a', 5)], held: ['x'], starved: null },
  { name: 'the later of two', slots: 2, claims: [claim('b', 9), claim('a', 0)], held: ['x'], starved: 'b' },
] as const) {
  test(`starvedClaim() with ${name}`, () => {
    assert.equal(starvedClaim({ slots, claims }, held, 30_000)?.slotKey ?? null, starved)
  })
}

/** A house whose receiver has two tuners and wants what the test says. */
function recordingHouse(options: { readonly lingerSeconds?: number; readonly precedence?: readonly string[] } = {}) {
  const wanted: { claims: readonly SlotClaim[] } = { claims: [] }
  const { precedence = [], lingerSeconds = 5 } = options
  const demand = (): SlotDemand => ({ slots: 2, claims: wanted.claims })
  const rank = ({ user }: { readonly user: string | null }): number =>
    user === null ? 0 : precedence.indexOf(user) + 1
  const house = fakeHouse({ tuners: 2, lingerSeconds, rule: { demand }, precedence: rank })
  const play = async (key: number, streams: readonly Stream[], users: readonly string[] = ['somebody']) => {
    const viewers: Watcher[] = []
    for (const user of users) viewers.push(await house.watch(fakeChannel(key, streams), undefined, { user }))
    const opening = house.opening()
    opening.accept()
    await settled()
    opening.send(synthesize())
    await house.time.advance(100)
    return { opening, viewers }
  }
  return { ...house, play, want: (...claims: readonly SlotClaim[]) => void (wanted.claims = claims) }
}

/** The same channel at a source that records nothing. */
const elsewhere = (item: string): Stream => {
  const other = sourceId('provider')
  return { ...fakeStream(item), sourceId: other, id: streamId(other, item) }
}

test('Hub makes room for a recording shortly before it is due: the fewest viewers go on elsewhere', async () => {
  const { play, want, time, opening, openings } = recordingHouse()
  const many = await play(1, [fakeStream('1', 'x')], ['a', 'b'])
  const few = await play(2, [fakeStream('2', 'y'), elsewhere('2 by cable')])
  want(claim('r', ROOM_BEFORE_MS + 2000))
  await time.advance(1500)
  assert.equal(openings.length, 2, 'not too early')
  want(claim('r', ROOM_BEFORE_MS))
  await time.advance(1500)
  assert.deepEqual([many.opening.isClosed, few.opening.isClosed], [false, true])
  assert.equal(opening().stream.item, '2 by cable')
  assert.equal(few.viewers[0]?.closed, undefined)
})

test('Hub takes a lingering relay before any that is watched', async () => {
  const { play, want, time } = recordingHouse({ lingerSeconds: 60 })
  const watched = await play(1, [fakeStream('1', 'x')])
  const left = await play(2, [fakeStream('2', 'y')], ['a', 'b'])
  for (const viewer of left.viewers) viewer.seat?.leave()
  want(claim('r', 0))
  await time.advance(1500)
  assert.deepEqual([watched.opening.isClosed, left.opening.isClosed], [false, true])
})

test('Hub takes no tuner from somebody with precedence while another will do', async () => {
  const { play, want, time } = recordingHouse({ precedence: ['owner'] })
  const owner = await play(1, [fakeStream('1', 'x')], ['owner'])
  const others = await play(2, [fakeStream('2', 'y')], ['a', 'b', 'c'])
  want(claim('r', 0))
  await time.advance(1500)
  assert.deepEqual([owner.opening.isClosed, others.opening.isClosed], [false, true])
})

test('Hub closes everybody on a tuner, and never those on the transponder of the recording', async () => {
  const { play, want, time } = recordingHouse()
  const shared = await play(1, [fakeStream('1', 'r')])
  const first = await play(2, [fakeStream('2', 'y')])
  const second = await play(3, [fakeStream('3', 'y')])
  want(claim('r', 0))
  await time.advance(1500)
  const isClosed = () => [shared, first, second].map(({ opening }) => opening.isClosed)
  assert.deepEqual(isClosed(), [false, false, false], 'it shares a tuner with us')
  want(claim('r', null), claim('q', 0))
  await time.advance(1500)
  assert.deepEqual(isClosed(), [false, true, true])
})

test('Hub lets go those who have nowhere else to go, opens nothing for them meanwhile, and says why', async () => {
  const { play, want, time, openings, logged } = recordingHouse()
  await play(1, [fakeStream('1', 'x')], ['a', 'b'])
  const { viewers } = await play(2, [fakeStream('2', 'y')])
  want(claim('r', 0))
  await time.advance(40_000)
  assert.equal(viewers[0]?.closed, 'live/recording')
  assert.ok(openings.slice(2).every(({ stream }) => stream.slotKey !== 'y'))
  assert.ok(logged.some(({ event, facts }) => event === 'room-for-recording' && facts['slotKey'] === 'y'))
})

test('Hub keeps the last tuner free for a recording that is due within minutes', async () => {
  const { play, want, watch, openings } = recordingHouse()
  await play(1, [fakeStream('1', 'x')])
  want(claim('r', LEAVE_ROOM_MS - 1000))
  assert.equal((await watch(fakeChannel(2, [fakeStream('2', 'y')]))).code, 'live/recording')
  await watch(fakeChannel(3, [fakeStream('3', 'r')]))
  await watch(fakeChannel(4, [fakeStream('4', 'x')]))
  assert.deepEqual(
    openings.map(({ stream }) => stream.item),
    ['1', '3', '4'],
  )
})

test('Hub opens on the last tuner when the recording is far', async () => {
  const { play, want, watch, openings } = recordingHouse()
  await play(1, [fakeStream('1', 'x')])
  want(claim('r', LEAVE_ROOM_MS + 60_000))
  await watch(fakeChannel(2, [fakeStream('2', 'y')]))
  assert.equal(openings.length, 2)
})

test('Hub closes a lingering relay rather than refuse a viewer before a recording', async () => {
  const { play, want, watch, openings } = recordingHouse({ lingerSeconds: 60 })
  const left = await play(1, [fakeStream('1', 'x')])
  left.viewers[0]?.seat?.leave()
  want(claim('r', 60_000))
  await watch(fakeChannel(2, [fakeStream('2', 'y')]))
  assert.equal(left.opening.isClosed, true)
  assert.equal(openings.at(-1)?.stream.item, '2')
})
