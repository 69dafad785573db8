import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { createHttpClient } from '../../../../adapters/net/http-client.ts'
import { openHttpStream } from '../../../../adapters/sources/http-stream.ts'
import { openPastFile } from '../../../../adapters/sources/past-file.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import type { Failure } from '../../../../core/errors.ts'
import { SegmentSamples } from '../../../../core/live/remux/segment-samples.ts'
import { inDecodingOrder } from '../../../../core/live/remux/sound-queue.ts'
import { diff90k } from '../../../../core/live/timestamps.ts'
import { hlsFixture, timeTag } from '../../../fixtures/hls/fixture.ts'
import { failsWith } from '../failure.ts'

const KEY = Buffer.from('0123456789abcdef')
const patience = (): AbortSignal => AbortSignal.timeout(8000)

/** The sound of `demuxed-ts` as packed AAC, its segments told by ID3 tags; pictures are the same. RFC 8216, 3.4. */
function packed(name: string): Uint8Array | null {
  const text = (lines: string) => new TextEncoder().encode(lines)
  if (name === 'packed/index.m3u8')
    return text(
      '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",DEFAULT=YES,URI="sound.m3u8"\n' +
        '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\n../demuxed-ts/0.m3u8\n',
    )
  const list = ['#EXTM3U', '#EXT-X-TARGETDURATION:1']
  for (const number of [0, 1, 2, 3, 4]) list.push('#EXTINF:1,', `s${number}.aac`)
  if (name === 'packed/sound.m3u8') return text(`${[...list, '#EXT-X-ENDLIST'].join('\n')}\n`)
  const [, number] = /^packed\/s(\d)\.aac$/.exec(name) ?? []
  if (number === undefined) return null
  const samples = new SegmentSamples().read(hlsFixture(`demuxed-ts/1-s${number}.mpegts`), null)
  return Buffer.concat([timeTag(samples[0]?.pts90k ?? 0), ...samples.map(({ bytes }) => bytes)])
}

/** Serves the fixtures; below `/aes/` segments and what stands before them are encrypted. `missing`: names that are 404. */
async function openHouse(missing: RegExp | null = null) {
  let open = 0
  let most = 0
  const asked: string[] = []
  const server = createServer((request, response) => {
    open += 1
    most = Math.max(most, open)
    response.on('close', () => (open -= 1))
    const [, folder = '', ...rest] = (request.url ?? '').split('/')
    const name = rest.join('/')
    asked.push(name)
    if (name.endsWith('key')) return void response.end(KEY)
    if (missing?.test(name) === true) return void response.writeHead(404).end()
    const bytes = Buffer.from(packed(name) ?? hlsFixture(name))
    if (folder !== 'aes') return void response.end(bytes)
    if (name.endsWith('.m3u8')) {
      const text = bytes
        .toString()
        .replace('#EXT-X-MAP', `#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x${'01'.repeat(16)}\n#EXT-X-MAP`)
      return void response.end(text)
    }
    const cipher = createCipheriv('aes-128-cbc', KEY, Buffer.alloc(16, 1))
    response.end(Buffer.concat([cipher.update(bytes), cipher.final()]))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`
  const client = createHttpClient({ typedHosts: ['127.0.0.1'], allowHosts: [], userAgent: 'test' })
  return {
    url: (path: string) => new URL(path, base),
    client,
    asked,
    most: () => most,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a past file brings: read at once, without the pace of a channel. */
async function readAll(house: Awaited<ReturnType<typeof openHouse>>, path: string): Promise<Uint8Array> {
  const file = await openPastFile({
    client: house.client,
    url: house.url(path),
    named: 'typed',
    headers: {},
    name: 'One',
    range: null,
    timers: systemTimers,
    now: Date.now,
    signal: patience(),
  })
  return new Uint8Array(await new Response(file.body).arrayBuffer())
}

const samplesOf = (bytes: Uint8Array) => {
  const samples = inDecodingOrder(new SegmentSamples().read(bytes, null))
  const of = (kind: 'video' | 'audio') => samples.filter(({ track }) => track.kind === kind)
  return { pictures: of('video'), sound: of('audio') }
}

for (const path of [
  'plain/fmp4/index.m3u8',
  'plain/demuxed-fmp4/index.m3u8',
  'plain/demuxed-ts/index.m3u8',
  'plain/packed/index.m3u8',
  'aes/fmp4/index.m3u8',
])
  test(`${path} becomes one transport stream with all pictures, and sound beside each of them`, async () => {
    await using house = await openHouse()
    const { pictures, sound } = samplesOf(await readAll(house, path))
    assert.equal(pictures.length, 100)
    const [first, firstSound, last, lastSound] = [pictures[0], sound[0], pictures.at(-1), sound.at(-1)]
    assert.ok(first && firstSound && last && lastSound)
    assert.ok(Math.abs(diff90k(firstSound.pts90k, first.pts90k)) < 3600, 'the sound begins within 40 ms')
    assert.ok(Math.abs(diff90k(lastSound.pts90k, last.pts90k)) < 90_000, 'the sound lasts as long')
    assert.equal(house.most(), 1)
  })

test('sound alone becomes a transport stream', async () => {
  await using house = await openHouse()
  const { pictures, sound } = samplesOf(await readAll(house, 'plain/packed/sound.m3u8'))
  assert.deepEqual([pictures.length, sound.length > 185], [0, true])
})

test('pictures go on without their sound when that cannot be had', async () => {
  await using house = await openHouse(/1-s\d/)
  const { pictures, sound } = samplesOf(await readAll(house, 'plain/demuxed-fmp4/index.m3u8'))
  assert.deepEqual([pictures.length, sound.length], [100, 0])
})

test('pictures that are lost three times in a row end it', async () => {
  await using house = await openHouse(/0-s\d/)
  await assert.rejects(readAll(house, 'plain/demuxed-fmp4/index.m3u8'), failsWith('live/refused'))
})

test('a channel of fragments starts with its first segment and ends with its list', async () => {
  await using house = await openHouse()
  const chunks: Uint8Array[] = []
  const ended = Promise.withResolvers<Failure>()
  const stream = await openHttpStream({
    client: house.client,
    url: house.url('plain/hevc-ac3/index.m3u8'),
    named: 'typed',
    name: 'One',
    sink: { data: (chunk) => void chunks.push(chunk), end: ended.resolve },
    // Nobody waits here: the pace is the pacer's own affair.
    timers: { after: (ms, run) => (ms < 5000 ? (queueMicrotask(run), () => {}) : systemTimers.after(ms, run)) },
    now: () => 0,
    signal: patience(),
  })
  assert.equal(stream.kind, 'hls')
  assert.equal((await ended.promise).code, 'live/ended')
  const bytes = new Uint8Array(Buffer.concat(chunks))
  const { pictures, sound } = samplesOf(bytes)
  assert.deepEqual([pictures.length, sound.length > 55], [50, true])
})
