import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { VodItem, VodQuery, VodRange } from '../../../../core/lineup/vod.ts'
import { fileByte } from '../../../fakes/portal/index.ts'
import type { PortalMode } from '../../../fakes/portal/index.ts'
import { failsWith } from '../enigma2/receiver.ts'
import { aBox, mac, portalHouse } from './portal-house.ts'
import type { House, HouseOptions } from './portal-house.ts'

const MODES: readonly PortalMode[] = ['stock4', 'stock5', 'xc29', 'xui', 'simple']
const FILMS: VodQuery = { kind: 'film', category: null, search: '', offset: 0, limit: 20 }
const signal = new AbortController().signal

function club(options: HouseOptions) {
  const house = portalHouse(options)
  const { vod } = house.source
  assert.ok(vod)
  const run: House['run'] = (work) => house.run(work)
  const entries = (query: Partial<VodQuery>) => run(vod.entries({ ...FILMS, ...query }, signal))
  const open = (item: VodItem, range: VodRange | null = null) => run(vod.openFile({ item, range, signal }))
  const play = async (item: VodItem, range: VodRange | null = null) => {
    const file = await open(item, range)
    const bytes = new Uint8Array(await new Response(file.body).arrayBuffer())
    await file.close()
    return { ...file, bytes }
  }
  return { house, vod, run, entries, open, play }
}

for (const mode of MODES) {
  test(`films of a portal of kind ${mode} can be leafed through and found`, async () => {
    const { house, vod, run, entries } = club({ mode })
    assert.deepEqual(await run(vod.categories('film', signal)), [
      { id: '21', name: 'Action' },
      { id: '22', name: 'Documentary' },
    ])
    const ids: string[] = []
    for (;;) {
      const { items } = await entries({ offset: ids.length })
      if (items.length === 0) break
      ids.push(...items.map(({ id }) => id))
    }
    assert.deepEqual(
      ids,
      Array.from({ length: 33 }, (_, index) => String(700 + index)),
    )
    const found = await entries({ search: '3 film' })
    assert.deepEqual(
      found.items.map(({ name }) => name),
      ['Film 3', 'Film 13', 'Film 23', 'Film 30', 'Film 31', 'Film 32', 'Film 33'],
    )
    assert.equal(found.total, 7)
    const action = await entries({ category: '21', limit: 100 })
    assert.equal(action.items.length, 17)
    const film = await run(vod.film('703', signal))
    assert.equal(film?.plot, "What Film 4 tells's")
    assert.deepEqual([film?.year, film?.rating, film?.durationSeconds], [1993, 7.4, 95 * 60])
    assert.equal(await run(vod.film('9999', signal)), null)
    assert.deepEqual(house.forbidden(), [])
  })

  test(`a film of a portal of kind ${mode} plays from any place`, async () => {
    const { house, play } = club({ mode })
    const whole = await play({ kind: 'film', id: '701' })
    assert.deepEqual([whole.first, whole.bytes.length, whole.partial], [0, 300_001, false])
    const part = await play({ kind: 'film', id: '701' }, { first: 1000, last: 1999 })
    assert.deepEqual([part.first, part.last, part.size, part.partial], [1000, 1999, 300_001, true])
    assert.deepEqual(
      part.bytes,
      Uint8Array.from({ length: 1000 }, (_, index) => fileByte(300_001, 1000 + index)),
    )
    await assert.rejects(play({ kind: 'film', id: '701' }, { first: 400_000, last: null }), failsWith('vod/range'))
    await assert.rejects(play({ kind: 'film', id: '4' }), failsWith('vod/unknown-item'))
    assert.deepEqual(house.portal.observe().streams, {})
    assert.deepEqual(house.forbidden(), [])
  })

  test(`a series of a portal of kind ${mode} is walked to its episodes, which play`, async () => {
    const { house, vod, run, entries, play } = club({ mode })
    const { items } = await entries({ kind: 'series' })
    assert.deepEqual(
      items.map(({ id }) => id),
      ['900', '901', '902'],
    )
    const series = await run(vod.series('900', signal))
    const episodes = (series?.seasons ?? []).map((season) => season.episodes.map(({ number }) => number))
    const hasSeasons = mode === 'stock5' || mode === 'xui'
    assert.deepEqual(
      episodes,
      hasSeasons
        ? [
            [1, 2, 3],
            [1, 2],
          ]
        : [[1, 2, 3, 4, 5]],
    )
    const season = hasSeasons ? 2 : 1
    const { bytes } = await play({ kind: 'episode', series: '900', season, episode: 2 })
    assert.equal(bytes.length, 200_000 + ((900_002 + (hasSeasons ? 200 : 0)) % 1000))
    await assert.rejects(play({ kind: 'episode', series: '900', season, episode: 9 }), failsWith('vod/unknown-item'))
    assert.equal(await run(vod.series('12345', signal)), null)
    assert.deepEqual(house.forbidden(), [])
  })
}

test('a film takes a MAC as a channel does', async () => {
  const { house, open } = club({ mode: 'xui', boxes: [aBox(1), aBox(2)] })
  const film = await open({ kind: 'film', id: '700' })
  const channel = await house.open('101')
  assert.deepEqual(house.portal.observe().streams, { [mac(1)]: 1, [mac(2)]: 1 })
  await assert.rejects(open({ kind: 'film', id: '701' }), failsWith('live/no-slot'))
  await assert.rejects(house.open('102'), failsWith('live/no-slot'))
  await film.close()
  await film.close()
  const next = await open({ kind: 'film', id: '701' })
  channel.close()
  await house.source[Symbol.asyncDispose]()
  assert.deepEqual(house.portal.observe().streams, {}, 'closing the source closes the film')
  await next.close()
  assert.deepEqual(house.forbidden(), [])
})

test('posters come from the portal', async () => {
  const { vod, run, entries } = club({ mode: 'stock4' })
  const [film] = (await entries({})).items
  assert.ok(film?.hasPoster)
  assert.ok(((await run(vod.poster(film, signal)))?.length ?? 0) > 20)
  assert.equal(await run(vod.poster({ kind: 'film', id: '1' }, signal)), null)
})

test('leafing on asks for new pages only', async () => {
  const { house, entries } = club({ mode: 'xui' })
  await entries({ offset: 0, limit: 10 })
  const asked = house.calls('get_ordered_list')
  await entries({ offset: 0, limit: 10 })
  await entries({ offset: 5, limit: 5 })
  assert.equal(house.calls('get_ordered_list'), asked)
  const { total } = await entries({ offset: 10, limit: 10 })
  assert.equal(house.calls('get_ordered_list'), asked + 1)
  assert.equal(total, 33)
})
