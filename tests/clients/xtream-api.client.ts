import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Xtream } from '@iptv/xtream-api'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'

// A client of panels that others wrote. It asks for actions that no panel knows and expects the log-in as their answer.

const HOUR_MS = 3_600_000

describe('@iptv/xtream-api', () => {
  let house: ClientHouse
  let client: Xtream
  before(async () => {
    house = await startClientHouse()
    client = new Xtream({
      url: house.url,
      username: 'kitchen',
      password: await house.viewingToken(),
      preferredFormat: 'ts',
    })
  })
  after(async () => {
    await house.nothingLeft()
    await house[Symbol.asyncDispose]()
  })

  /** The first bytes of what is at an address. */
  async function begin(
    url: string | undefined,
  ): Promise<{ readonly status: number; readonly first: number | undefined }> {
    const leave = new AbortController()
    const answer = await fetch(url ?? '', { signal: leave.signal })
    const { value } = (await answer.body?.getReader().read()) ?? {}
    leave.abort()
    return { status: answer.status, first: value?.[0] }
  }
  const TS = { status: 200, first: 0x47 }

  test('signs in and is told about account and server', async () => {
    const [profile, server] = [await client.getProfile(), await client.getServerInfo()]
    assert.deepEqual([profile.auth, profile.status], [1, 'Active'])
    assert.deepEqual([server.url, server.port], ['127.0.0.1', new URL(house.url).port])
  })

  test('lists channels by category, and plays one', async () => {
    const categories = await client.getChannelCategories()
    assert.ok(categories.some(({ category_name: name }) => name === 'Sport & Film'))
    const channels = await client.getChannels()
    assert.equal(channels.length, 16)
    for (const { category_id: id } of channels)
      assert.ok(
        categories.some(({ category_id: known }) => known === id),
        id,
      )
    const one = channels.find(({ name }) => name === 'Alpin 1 HD')
    assert.deepEqual(await begin(one?.url), TS)
    const [first] = await client.getChannels({ page: 2, limit: 5 })
    assert.equal(first?.stream_id, channels[5]?.stream_id)
  })

  test('has the guide of a channel, and plays a programme that is over', async () => {
    const channels = await client.getChannels()
    const channel = channels.find(({ name }) => name === 'Panorama')
    assert.ok(channel)
    assert.equal(Number(channel.tv_archive), 1)
    const { epg_listings: soon } = await client.getShortEPG({ channelId: String(channel.stream_id), limit: 2 })
    assert.equal(soon.length, 2)
    assert.equal(Buffer.from(soon[0]?.title ?? '', 'base64').toString(), 'Die Bergwacht')
    const { epg_listings: all } = await client.getFullEPG({ channelId: String(channel.stream_id) })
    assert.ok(all.length > 24)
    const timeshift = { start: new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS), duration: 30 }
    const request = { type: 'channel' as const, streamId: String(channel.stream_id), extension: 'ts', timeshift }
    assert.deepEqual(await begin(client.generateStreamUrl(request)), TS)
  })

  test('lists films, describes one and plays it', async () => {
    const categories = await client.getMovieCategories()
    assert.ok(categories.some(({ category_name: name }) => name === 'Panel: Drama'))
    const films = await client.getMovies()
    const one = films.find(({ name }) => name === 'Drei Männer & ein <Hund>')
    assert.ok(one, films.map(({ name }) => name).join(', '))
    const film = await client.getMovie({ movieId: String(one.stream_id) })
    assert.equal(film.movie_data.name, one.name)
    assert.deepEqual(await begin(film.url), TS)
  })

  test('lists series, describes one and plays an episode', async () => {
    const categories = await client.getShowCategories()
    assert.ok(categories.some(({ category_name: name }) => name === 'Panel: Krimi'))
    const [series] = await client.getShows()
    assert.equal(series?.name, 'Der Fall Müller')
    const show = await client.getShow({ showId: String(series?.series_id) })
    assert.deepEqual(
      Object.entries(show.episodes).map(([season, list]) => [season, list.length]),
      [
        ['1', 2],
        ['2', 1],
      ],
    )
    assert.deepEqual(await begin(show.episodes['1']?.[1]?.url), TS)
  })
})
