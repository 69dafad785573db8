import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import { createFilePlays } from '../../../adapters/lan/file-plays.ts'
import { createVodSessions } from '../../../adapters/lan/vod-sessions.ts'
import { createHub } from '../../../core/live/create-hub.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { createFilmSource } from '../../fakes/film-source.ts'
import { VirtualTime } from '../../fakes/virtual-time.ts'

const SOURCE = sourceId('films')

/** Films whose players are written down. */
function cinema() {
  const time = new VirtualTime()
  const notes: string[] = []
  const films = createFilmSource()
  const common = { now: time.now, timers: time.timers, log: () => {}, lingerSeconds: 5 }
  const plays = createFilePlays({
    attendance: {
      came: ({ kind, title, player }) => void notes.push(`came ${kind} ${title} ${player ?? '-'}`),
      left: (id, { reason, bytesOut }) => void notes.push(`left ${id} ${reason} ${bytesOut}`),
      failed() {},
    },
    now: time.now,
  })
  const rule = { slots: () => 1, sharesSlots: false, closingMs: 0, open: () => Promise.reject(new Error('no')) }
  const hub = createHub({ ...common, source: () => rule })
  const sessions = createVodSessions({ ...common, hub, plays, opener: () => films })
  const play = () =>
    sessions.open({
      sourceId: SOURCE,
      item: { kind: 'film', id: '1' },
      viewer: { user: 'anna', address: '192.168.1.5', player: 'VLC' },
      range: null,
      signal: new AbortController().signal,
    })
  return { time, notes, plays, films, play }
}

test('a film that is watched is listed by its name, with who watches and how much came', async () => {
  const { plays, play } = cinema()
  const file = await play()
  const reader = file.body.getReader()
  await reader.read()
  await setImmediate()
  const [found] = plays.list()
  assert.deepEqual(
    [
      found?.id,
      found?.kind,
      found?.title,
      found?.state,
      found?.viewer.user,
      found?.viewer.mode,
      found?.viewer.bytesOut,
    ],
    ['film-1', 'film', 'Film "1", the first', 'live', 'anna', 'file', 1000],
  )
  await reader.cancel()
})

test('a film that was read to its end is finished, once its player asks for no more', async () => {
  const { time, notes, plays, films, play } = cinema()
  const file = await play()
  for await (const _ of file.body);
  await time.advance(6000)
  assert.deepEqual(notes, ['came film film/1 VLC', `left film-1 finished ${films.size}`])
  assert.deepEqual(plays.list(), [])
})

test('a player that closes the film before has left', async () => {
  const { time, notes, play } = cinema()
  const file = await play()
  const reader = file.body.getReader()
  await reader.read()
  await reader.cancel()
  await time.advance(6000)
  assert.equal(notes.at(-1), 'left film-1 left 1000')
})

test('a film is stopped by its id', async () => {
  const { notes, plays, films, play } = cinema()
  await play()
  assert.equal(plays.stop('film-9'), false)
  assert.equal(plays.stop('film-1'), true)
  await setImmediate()
  assert.deepEqual([notes.at(-1), films.open], ['left film-1 stopped 0', 0])
})
