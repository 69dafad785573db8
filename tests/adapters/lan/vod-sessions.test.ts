import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createVodSessions } from '../../../adapters/lan/vod-sessions.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import type { VodFile } from '../../../core/lineup/vod.ts'
import { Failure } from '../../../core/errors.ts'
import { createFilePlays } from '../../../adapters/lan/file-plays.ts'
import { NO_ATTENDANCE } from '../../../core/live/attendance.ts'
import { createHub } from '../../../core/live/create-hub.ts'
import { createFilmSource } from '../../fakes/film-source.ts'
import { settle, VirtualTime } from '../../fakes/virtual-time.ts'
import { failsWith } from '../sources/failure.ts'

const SOURCE = sourceId('films')
const LINGER_SECONDS = 5

/** Films of one source with so many connections. */
function house(slots: number | null = 1) {
  const time = new VirtualTime()
  const films = createFilmSource()
  const rule = {
    slots: () => slots,
    sharesSlots: false,
    closingMs: 0,
    open: () => Promise.reject(new Error('no channels')),
  }
  const common = { now: () => time.now(), timers: time.timers, log: () => {}, lingerSeconds: LINGER_SECONDS }
  const hub = createHub({ ...common, source: () => rule })
  const plays = createFilePlays({ attendance: NO_ATTENDANCE, now: common.now })
  const sessions = createVodSessions({ ...common, hub, plays, opener: (id) => (id === SOURCE ? films : null) })
  const play = (
    id: string,
    first: number | null = null,
    { player = 'a', signal = new AbortController().signal }: { player?: string; signal?: AbortSignal } = {},
  ): Promise<VodFile> =>
    sessions.open({
      sourceId: SOURCE,
      item: { kind: 'film', id },
      viewer: { user: null, address: '192.168.1.5', player },
      range: first === null ? null : { first, last: null },
      signal,
    })
  return { time, films, hub, sessions, play, used: () => hub.slots(SOURCE)?.used ?? null }
}

async function readAll(file: VodFile): Promise<readonly number[]> {
  const bytes: number[] = []
  for await (const chunk of file.body) bytes.push(...chunk)
  return bytes
}

test('a film comes whole over one connection, which is closed at its end', async () => {
  const { films, play } = house()
  const bytes = await readAll(await play('1'))
  assert.deepEqual([bytes.length, bytes[300], films.open], [films.size, 300 % 251, 0])
})

test('a seek ends the connection before it, and keeps the seat', async () => {
  const { films, play, used } = house(1)
  const before = await play('1')
  const reader = before.body.getReader()
  await reader.read()
  const after = await play('1', 5000)
  assert.deepEqual([films.open, films.mostOpen, used(), after.first], [1, 1, 1, 5000])
  assert.equal((await readAll(after)).length, films.size - 5000)
})

test('a seek while the one before is still being opened lets that one go', async () => {
  const { films, play } = house(1)
  const { promise, resolve } = Promise.withResolvers<void>()
  films.hold = promise
  const first = play('1', 1000)
  const second = play('1', 2000)
  const third = play('1', 3000)
  for (const early of [first, second]) early.catch(() => {})
  resolve()
  await assert.rejects(first, failsWith('live/stopped'))
  await assert.rejects(second, failsWith('live/stopped'))
  assert.equal((await third).first, 3000)
  // What was skipped while waiting never reached the source.
  assert.deepEqual([films.places.includes(2000), films.mostOpen, films.open], [false, 1, 1])
})

test('a seat is free after the linger, and at once when a channel or another film wants it', async () => {
  const { time, play, used, films } = house(1)
  await (await play('1')).close()
  assert.equal(used(), 1, 'lingers')
  await time.advance(LINGER_SECONDS * 1000 + 100)
  assert.equal(used(), 0)

  await (await play('1')).close()
  await readAll(await play('2'))
  assert.equal(films.mostOpen, 1)
})

test('two viewers of one film have a connection each, and the third gets the reason', async () => {
  const { time, films, play, used } = house(2)
  await play('1', null, { player: 'a' })
  await play('1', null, { player: 'b' })
  assert.deepEqual([films.open, used()], [2, 2])
  const third = play('1', null, { player: 'c' })
  third.catch(() => {})
  await settle()
  await time.advance(2000) // somebody might just be zapping
  await assert.rejects(third, failsWith('live/no-slot'))
  assert.equal(films.open, 2)
})

test('a player that takes nothing for ten minutes is let go', async () => {
  const { time, films, play, used } = house(1)
  const file = await play('1')
  const reader = file.body.getReader()
  await reader.read()
  await time.advance(9 * 60_000)
  assert.equal(films.open, 1, 'a pause of nine minutes is a pause')
  await reader.read()
  await time.advance(9 * 60_000)
  assert.equal(films.open, 1)
  await time.advance(61_000)
  assert.deepEqual([films.open, used()], [0, 0])
})

test('a source that breaks off breaks the body off, and gives the seat back', async () => {
  const { time, films, play, used } = house(1)
  const file = await play('1')
  films.breakOff(new Failure('live/ended', 'gone'))
  await assert.rejects(readAll(file), failsWith('live/ended'))
  await time.advance(LINGER_SECONDS * 1000 + 100)
  assert.deepEqual([films.open, used()], [0, 0])
})

test('a film that cannot be opened gives the seat back', async () => {
  const { time, films, play, used } = house(1)
  await assert.rejects(play('99'), failsWith('vod/unknown-item'))
  await assert.rejects(play('1', 1_000_000), failsWith('vod/range'))
  await time.advance(LINGER_SECONDS * 1000 + 100)
  assert.deepEqual([films.open, used()], [0, 0])
})

test('an unknown source is named as such', async () => {
  const { sessions } = house()
  const item = { kind: 'film', id: '1' } as const
  const viewer = { user: null, address: '', player: '' }
  const play = sessions.open({
    sourceId: sourceId('other'),
    item,
    viewer,
    range: null,
    signal: new AbortController().signal,
  })
  await assert.rejects(play, failsWith('lineup/unknown-source'))
})

test('disposing ends all films and refuses new ones', async () => {
  const { time, films, sessions, play, used } = house(2)
  await play('1')
  await play('2')
  await sessions[Symbol.asyncDispose]()
  await time.advance(100)
  assert.deepEqual([films.open, used()], [0, 0])
  await assert.rejects(play('3'))
})

test('whatever players do, there is one connection for each seat, and none is left', async () => {
  const step = fc.record(
    {
      film: fc.constantFrom('1', '2', '3'),
      player: fc.constantFrom('a', 'b'),
      first: fc.option(fc.nat(9999)),
      after: fc.constantFrom('nothing', 'read', 'read all', 'close', 'abort', 'wait'),
    },
    { noNullPrototype: true },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { time, films, play, sessions, used } = house(2)
      for (const { film, player, first, after } of steps) {
        const abort = new AbortController()
        const opening = play(film, first, { player, signal: abort.signal })
        opening.catch(() => {})
        if (after === 'abort') abort.abort(new Error('left'))
        await settle()
        await time.advance(1000)
        const file = await Promise.race([opening.catch(() => null), time.advance(1000).then(() => null)])
        assert.ok(films.open <= 2, `${films.open} are open`)
        if (file === null) continue
        if (after === 'read') await file.body.getReader().read()
        if (after === 'read all') await readAll(file).catch(() => {})
        if (after === 'close') await file.close()
        if (after === 'wait') await time.advance(20_000)
      }
      assert.ok(films.mostOpen <= 2)
      await sessions[Symbol.asyncDispose]()
      await time.advance(2000)
      assert.deepEqual([films.open, used()], [0, 0])
    }),
    { numRuns: 60 },
  )
})
