import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceId, streamId } from '../../../../core/lineup/stream.ts'
import type { VodFile } from '../../../../core/lineup/vod.ts'
import { eventually } from '../../../conformance/source.ts'
import { segmentBytes } from '../../../fakes/lists/hls.ts'
import { startListProvider } from '../../../fakes/lists/provider.ts'
import { failsWith } from '../failure.ts'
import { aSource } from './m3u-house.ts'

const patience = (): AbortSignal => AbortSignal.timeout(8000)
const SPAN = { from: Date.UTC(2026, 6, 20, 19, 15), to: Date.UTC(2026, 6, 20, 20, 0) }

/** A list of one channel with these attributes, at this address below the provider's. */
async function pastHouse(attributes: string, path: string, settings: Readonly<Record<string, unknown>> = {}) {
  const provider = await startListProvider()
  const url = new URL(path, provider.url).href
  provider.serve('list.m3u', { body: `#EXTM3U\n#EXTINF:-1 ${attributes},One\n${url}\n` })
  const driver = aSource({ url: new URL('files/list.m3u', provider.url).href, ...settings })
  const { items } = await driver.catalogue(patience())
  const [item] = items
  assert.ok(item)
  const open = (): Promise<VodFile> => {
    const { groups: _, hasLogo: __, guide: ___, number: ____, ...rest } = item
    const stream = { ...rest, id: streamId(sourceId('list'), item.item), sourceId: sourceId('list') }
    assert.ok(driver.past)
    return driver.past.openPast({ stream, span: SPAN, range: null, signal: patience() })
  }
  return {
    provider,
    item,
    open,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

for (const { attributes, hours } of [
  { attributes: 'catchup="shift" catchup-days="7"', hours: 168 },
  { attributes: 'timeshift="2"', hours: 48 },
  { attributes: 'tvg-rec="1"', hours: 24 },
  { attributes: 'catchup="append" catchup-source="?utc={utc}"', hours: 72 },
  { attributes: 'catchup="append" catchup-days="7"', hours: undefined },
  { attributes: 'catchup="vod" catchup-days="7" catchup-source="{catchup-id}"', hours: undefined },
  { attributes: 'tvg-id="a"', hours: undefined },
])
  test(`a list with ${attributes} has ${hours ?? 'no'} hours of past`, async () => {
    await using house = await pastHouse(attributes, '/live/plays.ts')
    assert.equal(house.item.pastHours, hours)
  })

test('the past is asked for where the list says, and flows until it is closed', async () => {
  await using house = await pastHouse('catchup="shift" catchup-days="7"', '/live/plays.ts?token=a')
  const file = await house.open()
  const { query } = house.provider.calls.at(-1) ?? {}
  assert.match(query ?? '', new RegExp(`^\\?token=a&utc=${SPAN.from / 1000}&lutc=\\d{10}$`))
  const reader = file.body.getReader()
  assert.equal((await reader.read()).value?.[0], 0x47)
  assert.deepEqual([file.size, file.partial, house.provider.openStreams()], [null, false, 1])
  await file.close()
  await eventually(() => house.provider.openStreams() === 0, 'the connection is gone')
})

test('times that are spelled out are those of the zone of the source, on both sides of a change of clock', async () => {
  const source = 'catchup="append" catchup-days="7" catchup-source="?at={Y}-{m}-{d}-{H}-{M}"'
  await using house = await pastHouse(source, '/live/plays.ts', { timezone: 'Europe/Berlin' })
  await (await house.open()).close()
  assert.equal(house.provider.calls.at(-1)?.query, '?at=2026-07-20-21-15')
})

test('a list of segments that has an end comes as one file, each segment fetched when it is due', async () => {
  await using house = await pastHouse('catchup="default" catchup-source="ignored"', '/hls/ended/index.m3u8')
  await using ended = await pastHouse(
    `catchup="default" catchup-source="${new URL('/hls/ended/index.m3u8', house.provider.url).href}"`,
    '/live/plays.ts',
    { allowHosts: ['127.0.0.1'] },
  )
  const file = await ended.open()
  assert.equal(house.provider.hls.segments.length, 1)
  const bytes = new Uint8Array(await new Response(file.body).arrayBuffer())
  const expected = [100, 101, 102, 103].reduce((sum, sequence) => sum + segmentBytes(sequence).length, 0)
  assert.deepEqual([bytes.length, file.size, house.provider.hls.segments], [expected, null, [100, 101, 102, 103]])
})

for (const [path, code] of [
  ['/live/404.ts', 'live/refused'],
  ['/live/page.ts', 'live/refused'],
  ['/live/empty.ts', 'live/refused'],
  ['/live/json.ts', 'live/refused'],
] as const)
  test(`the past behind ${path} fails with ${code}`, async () => {
    await using house = await pastHouse('catchup="shift"', path)
    await assert.rejects(house.open(), failsWith(code))
    await eventually(() => house.provider.openStreams() === 0, 'the connection is gone')
  })
