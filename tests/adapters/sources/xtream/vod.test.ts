import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { VodFile, VodItem, VodSource } from '../../../../core/lineup/vod.ts'
import { eventually } from '../../../conformance/source.ts'
import { fileByte } from '../../../fakes/panel/index.ts'
import { failsWith } from '../failure.ts'
import { openPanelHouse } from './panel.ts'
import type { PanelHouseOptions } from './panel.ts'

const patience = (): AbortSignal => AbortSignal.timeout(8000)

async function filmHouse(options: PanelHouseOptions = {}) {
  const house = await openPanelHouse({ common: { maxStreams: 2 }, ...options })
  const { vod } = house.driver
  assert.ok(vod)
  return { ...house, vod, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() }
}

async function readAll(file: VodFile): Promise<Uint8Array> {
  return new Uint8Array(await new Response(file.body).arrayBuffer())
}

const play = (vod: VodSource, item: VodItem, first: number | null = null, last: number | null = null) =>
  vod.openFile({ item, range: first === null ? null : { first, last }, signal: patience() })

const film = (id: number): VodItem => ({ kind: 'film', id: String(id) })
const episode = (season: number, number: number): VodItem => ({
  kind: 'episode',
  series: '601',
  season,
  episode: number,
})

for (const dialect of ['x29', 'xui', 'sloppy'] as const) {
  test(`${dialect}: films can be browsed, searched and looked at`, async () => {
    await using house = await filmHouse({ settings: { dialect } })
    const { vod } = house
    const query = { kind: 'film', category: null, search: '', offset: 0, limit: 10 } as const
    assert.deepEqual(await vod.categories('film', patience()), [
      { id: '10', name: 'Drama' },
      { id: '11', name: 'Comedy' },
    ])
    const all = await vod.entries(query, patience())
    assert.deepEqual([all.total, all.items.map(({ id }) => id)], [3, ['501', '502', '503']])
    const page = await vod.entries({ ...query, category: '11', offset: 1, limit: 1 }, patience())
    assert.deepEqual([page.total, page.items.map(({ id }) => id)], [2, ['503']])
    const found = await vod.entries({ ...query, search: 'MANNER drei' }, patience())
    assert.deepEqual(
      found.items.map(({ name }) => name),
      ['Drei Männer'],
    )
    const details = await vod.film('501', patience())
    assert.deepEqual(
      [details?.plot, details?.durationSeconds, details?.genres, details?.container, details?.year],
      ['What happens in The Long Film', 5400, ['Drama', 'Crime'], 'mkv', 2019],
    )
    assert.equal((await vod.film('503', patience()))?.plot, null)
    assert.equal(await vod.film('999', patience()), null)
  })

  test(`${dialect}: series have seasons with episodes`, async () => {
    await using house = await filmHouse({ settings: { dialect } })
    const series = await house.vod.series('601', patience())
    assert.deepEqual(
      series?.seasons.map(({ number, episodes }) => [number, episodes.map((one) => one.number)]),
      [
        [1, [1, 2]],
        [2, [1]],
      ],
    )
    assert.deepEqual((await house.vod.series('602', patience()))?.seasons, [])
    assert.equal(await house.vod.series('999', patience()), null)
  })
}

test('openFile() plays films and episodes, also when no list was read', async () => {
  await using house = await filmHouse()
  for (const [item, id, size] of [
    [film(502), 502, 300_000],
    [episode(2, 1), 9003, 600_000],
  ] as const) {
    const file = await play(house.vod, item)
    const bytes = await readAll(file)
    assert.deepEqual([file.size, file.partial, bytes.length], [size, false, size])
    assert.ok(bytes.every((byte, at) => byte === fileByte(id, at)))
  }
  await eventually(() => house.panel.observe().open === 0, 'all connections are gone')
  assert.deepEqual([house.panel.observe().forbidden, house.panel.observe().calls['get_vod_streams']], [[], undefined])
})

test('openFile() gives any part of a file', async () => {
  await using house = await filmHouse()
  const size = 300_000
  await fc.assert(
    fc.asyncProperty(fc.nat(size - 1), fc.option(fc.nat(size + 1000)), async (first, length) => {
      const last = length === null ? null : first + length
      const file = await play(house.vod, film(502), first, last)
      const end = Math.min(last ?? size - 1, size - 1)
      assert.deepEqual([file.partial, file.first, file.last, file.size], [true, first, end, size])
      const bytes = await readAll(file)
      assert.equal(bytes.length, end - first + 1)
      assert.ok(bytes.every((byte, at) => byte === fileByte(502, first + at)))
    }),
    { numRuns: 25 },
  )
  assert.deepEqual(house.panel.observe().forbidden, [])
})

test('openFile() holds one connection only as long as it is read, and not faster', async () => {
  await using house = await filmHouse()
  const file = await play(house.vod, film(501))
  const reader = file.body.getReader()
  await reader.read()
  assert.equal(house.panel.observe().open, 1)
  await file.close()
  await file.close()
  await eventually(() => house.panel.observe().open === 0, 'the connection is gone')
})

test('openFile() leaves the seats of the account to others, and refuses when they are taken', async () => {
  // A file that fits into buffers on the way would be over for the panel before anybody has read it.
  await using house = await filmHouse({ settings: { filesHoldAfter: 100_000 } })
  const first = await play(house.vod, film(501))
  await play(house.vod, episode(1, 1))
  await assert.rejects(play(house.vod, film(502)), failsWith('live/no-slot'))
  void first.close()
  await (await play(house.vod, film(502))).close() // waits until the one before is gone
  const { forbidden, started, mostOpen } = house.panel.observe()
  assert.deepEqual([forbidden, started, mostOpen], [[], 3, 2])
})

for (const { name, item, first = null, code } of [
  { name: 'an unknown film', item: film(999), code: 'vod/unknown-item' },
  { name: 'an id that is a path', item: { kind: 'film', id: '../1' } as const, code: 'vod/unknown-item' },
  { name: 'an unknown episode', item: episode(9, 1), code: 'vod/unknown-item' },
  { name: 'a part behind the end', item: film(503), first: 10, code: 'vod/range' },
] as const) {
  test(`openFile() fails for ${name} and frees its seat`, async () => {
    await using house = await filmHouse()
    for (let time = 0; time < 3; time++) await assert.rejects(play(house.vod, item, first), failsWith(code))
    assert.equal(house.panel.observe().open, 0)
  })
}

test('openFile() tells when the panel breaks off', async () => {
  await using house = await filmHouse()
  const file = await play(house.vod, film(501))
  const reader = file.body.getReader()
  await reader.read()
  house.panel.endStreams()
  await assert.rejects(async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read());
  }, failsWith('live/ended'))
})

test('the lists of a library are read once for all who ask', async () => {
  await using house = await filmHouse()
  const query = { kind: 'film', category: null, search: '', offset: 0, limit: 1 } as const
  await Promise.all([1, 2, 3].map(() => house.vod.entries(query, patience())))
  await house.vod.poster({ kind: 'film', id: '501' }, patience())
  assert.equal(house.panel.observe().calls['get_vod_streams'], 1)
})

test('a source without films is configured so', async () => {
  await using house = await openPanelHouse({ keys: { vod: false } })
  assert.equal(house.driver.vod, undefined)
})
