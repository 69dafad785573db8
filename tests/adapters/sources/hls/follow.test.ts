import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followPlaylist } from '../../../../adapters/sources/hls/follow.ts'
import type { MediaPlaylist } from '../../../../adapters/sources/hls/playlist.ts'
import { Failure } from '../../../../core/errors.ts'
import { failsWith } from '../failure.ts'

const URL_OF_ALL = new URL('http://tv.example.org/s.ts')

/** Segments `from` to `to` of two seconds. */
const list = (from: number, to: number, isEnded = false): MediaPlaylist => ({
  kind: 'media',
  targetMs: 2000,
  isEnded,
  segments: Array.from({ length: to - from + 1 }, (_, index) => ({
    sequence: from + index,
    url: URL_OF_ALL,
    durationMs: 2000,
    key: null,
    range: null,
    isGap: false,
    init: null,
    discontinuity: 0,
  })),
})

/** Follows these lists, one after the other; the clock jumps to what is waited for. */
async function follow(lists: readonly (MediaPlaylist | Failure)[]) {
  let time = 0
  const reloads: number[] = []
  const rest = [...lists]
  const first = rest.shift()
  assert.ok(first !== undefined && !(first instanceof Failure))
  const seen: number[] = []
  const walk = followPlaylist({
    first,
    async reload() {
      reloads.push(time)
      const next = rest.shift() ?? list(0, 0, true)
      if (next instanceof Failure) throw next
      return next
    },
    timers: {
      after(ms, run) {
        time += ms
        queueMicrotask(run)
        return () => {}
      },
    },
    now: () => time,
    signal: AbortSignal.timeout(5000),
  })
  for await (const { segment } of walk) seen.push(segment.sequence)
  return { seen, reloads }
}

for (const { name, lists, seen } of [
  {
    name: 'begins three target durations before the live edge',
    lists: [list(1, 9), list(9, 10, true)],
    seen: [7, 8, 9, 10],
  },
  { name: 'plays an ended list from its start', lists: [list(1, 4, true)], seen: [1, 2, 3, 4] },
  {
    name: 'yields nothing twice',
    lists: [list(1, 3), list(2, 4), list(2, 4), list(4, 6, true)],
    seen: [1, 2, 3, 4, 5, 6],
  },
  {
    name: 'goes on at the live edge when segments went by',
    lists: [list(1, 3), list(20, 29), list(29, 29, true)],
    seen: [1, 2, 3, 27, 28, 29],
  },
  {
    name: 'waits for an old copy to become new',
    lists: [list(5, 9), list(4, 8), list(6, 10, true)],
    seen: [7, 8, 9, 10],
  },
  {
    name: 'follows a list that starts anew',
    lists: [list(900, 904), list(1, 5), list(2, 6, true)],
    seen: [902, 903, 904, 3, 4, 5, 6],
  },
  {
    name: 'takes no notice of an empty list',
    lists: [list(1, 3), { ...list(1, 0) }, list(2, 4, true)],
    seen: [1, 2, 3, 4],
  },
  {
    name: 'forgives two failures',
    lists: [list(1, 3), new Failure('source/timeout', 'x'), new Failure('source/timeout', 'x'), list(2, 4, true)],
    seen: [1, 2, 3, 4],
  },
]) {
  test(`followPlaylist() ${name}`, async () => {
    assert.deepEqual((await follow(lists)).seen, seen)
  })
}

test('followPlaylist() asks again after a target duration, or half of one when nothing was new', async () => {
  const { reloads } = await follow([list(1, 3), list(2, 4), list(2, 4), list(2, 4), list(3, 5), list(5, 5, true)])
  assert.deepEqual(reloads, [2000, 4000, 5000, 6000, 8000])
})

test('followPlaylist() fails as the third failure in a row', async () => {
  const failure = new Failure('source/unreachable', 'x')
  await assert.rejects(follow([list(1, 3), failure, failure, failure]), failsWith('source/unreachable'))
})

test('followPlaylist() gives up a list that gets nothing new', async () => {
  await assert.rejects(follow([list(1, 3), ...Array.from({ length: 50 }, () => list(1, 3))]), failsWith('live/stalled'))
})
