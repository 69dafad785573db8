import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readMedia, readMultivariant } from '../../conformance/hls-playlist-judge.ts'
import { synthesize } from '../../core/live/synthetic-ts.ts'
import { judge } from '../../core/live/ts-judge.ts'
import { ffmpegAt, openHlsHouse, textOf } from '../../fakes/hls-house.ts'
import type { Asked, HlsHouse } from '../../fakes/hls-house.ts'
import { settle } from '../../fakes/virtual-time.ts'

/** PID of the pictures of synthetic streams. */
const VIDEO = 0x1ff
/** So many seconds of open GOPs of 0.96 s. */
const television = (seconds: number): Uint8Array =>
  synthesize({ gopLength: 24, gops: Math.ceil((seconds * 25) / 24), isOpen: true })

/** Comes as a new viewer; gives the path of the first media playlist. */
async function join(house: HlsHouse, query = ''): Promise<string> {
  const answer = await house.get(`/live/c1.m3u8${query}`)
  assert.equal(answer.status, 200)
  return new URL(readMultivariant(textOf(answer))[0]?.uri ?? '', 'http://house/live/').pathname
}

const listOf = async (house: HlsHouse, path: string) => readMedia(textOf(await house.get(path)))
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)
const pictures = ({ bytes }: Asked): number => judge(bytes).dts.get(VIDEO)?.length ?? 0
const code = ({ headers }: Asked): string | null => headers.get('x-downlink-error')

/** Polls and fetches what is new, for so long; gives the segments by number. */
async function watch(
  house: HlsHouse,
  path: string,
  seconds: number,
): Promise<Map<number, { uri: string; answer: Asked }>> {
  const seen = new Map<number, { uri: string; answer: Asked }>()
  for (const end = house.time.now() + seconds * 1000; house.time.now() < end; await house.time.advance(500))
    for (const { msn, uri } of (await listOf(house, path)).segments)
      if (!seen.has(msn)) seen.set(msn, { uri, answer: await house.get(folderOf(path) + uri) })
  return seen
}

describe('createHlsSessions()', () => {
  test('starts a viewer of the instant delivery with half a second at once when cold, and nearly a second at least when warm', async () => {
    await using house = await openHlsHouse(television(60))
    const total = async (): Promise<number> => {
      const { segments } = await listOf(house, await join(house, '?delivery=instant'))
      return segments.reduce((sum, { seconds }) => sum + seconds, 0)
    }
    const cold = await total()
    assert.ok(cold >= 0.4 && cold < 0.8, `${cold} s in the first list`)
    await house.time.advance(8300)
    const warm = await total()
    assert.ok(warm >= 0.9 && warm < 2.5, `${warm} s behind the edge`)
  })

  for (const { delivery, isOpen, starts } of [
    { delivery: 'standard', isOpen: true, starts: true },
    { delivery: 'll', isOpen: true, starts: true },
    { delivery: 'instant', isOpen: true, starts: false },
    { delivery: 'standard', isOpen: false, starts: false },
  ])
    test(`${starts ? 'tells' : 'does not tell'} players to begin with the first segment: ${delivery}, ${isOpen ? 'open' : 'closed'} GOPs`, async () => {
      await using house = await openHlsHouse(synthesize({ gopLength: 24, gops: 20, isOpen }))
      const text = textOf(await house.get(`/live/c1.m3u8?delivery=${delivery}`))
      assert.equal(text.includes('\n#EXT-X-START:TIME-OFFSET=0.0,PRECISE=YES\n'), starts, text)
    })

  test('gives a player that fetches a segment once more its clean copy: it recovers', async () => {
    await using house = await openHlsHouse(television(60))
    const path = await join(house)
    const last = [...(await watch(house, path, 12)).values()].at(-1)
    assert.ok(last)
    const again = await house.get(folderOf(path) + last.uri)
    assert.equal(pictures(again), pictures(last.answer) - 2, 'without the two leading pictures')
    assert.equal(again.headers.get('cache-control'), 'no-store')
  })

  test('gives a player that comes back after a pause a clean start, and only there', async () => {
    await using house = await openHlsHouse(television(90))
    const path = await join(house)
    await watch(house, path, 10)
    // It polls on, as hls.js does while it is paused.
    for (let poll = 0; poll < 20; poll++) {
      await house.time.advance(1000)
      await house.get(path)
    }
    const { segments } = await listOf(house, path)
    const counts: number[] = []
    for (const { uri, seconds } of segments.slice(-3))
      counts.push(Math.round(seconds * 25) - pictures(await house.get(folderOf(path) + uri)))
    assert.deepEqual(counts, [2, 0, 0])
  })

  test('lists from a random access point on when the start in the address has slid out of the window', async () => {
    await using house = await openHlsHouse(television(60))
    const path = await join(house, '?delivery=instant')
    await watch(house, path, 30)
    const [first] = (await listOf(house, path)).segments
    assert.ok((first?.msn ?? 0) > 20)
    const { bytes } = await house.get(`${folderOf(path)}${first?.uri ?? ''}`)
    assert.ok(bytes.subarray(376, 564).join().includes('0,0,1,103'), 'sequence parameters in the first picture')
  })

  test('holds a blocking reload until the segment is there, and refuses one that is too far', async () => {
    await using house = await openHlsHouse(television(40))
    const path = await join(house, '?delivery=instant')
    const next = ((await listOf(house, path)).segments.at(-1)?.msn ?? 0) + 1
    const before = house.time.now()
    assert.equal((await listOf(house, `${path}?_HLS_msn=${next + 1}`)).segments.at(-1)?.msn, next + 1)
    assert.ok(house.time.now() - before >= 400)
    assert.equal((await house.get(`${path}?_HLS_msn=${next + 40}`)).status, 400)
    assert.equal((await house.get(`${path}?_HLS_part=1`)).status, 400)
  })

  test('sends the original sound where there is no FFmpeg, and says why AAC is not there', async () => {
    await using house = await openHlsHouse(television(20))
    const path = await join(house)
    assert.match(path, /\/original\/v0\.m3u8$/)
    for (const refused of ['/live/c1.m3u8?audio=aac', path.replace('/original/', '/aac/')])
      assert.equal(code(await house.get(refused)), 'ffmpeg/missing', refused)
    assert.equal((await house.get(path)).status, 200)
  })

  test('goes on without sound when the sidecar never brings any', async () => {
    await using house = await openHlsHouse(television(60), { ffmpeg: ffmpegAt('/nowhere/ffmpeg') })
    const path = await join(house, '?delivery=instant')
    assert.match(path, /\/aac\/v0\.m3u8$/)
    const seen = await watch(house, path, 12)
    assert.ok(seen.size >= 10, `${seen.size} segments`)
    const [first] = seen.values()
    assert.deepEqual([...judge(first?.answer.bytes ?? new Uint8Array()).dts.keys()], [VIDEO])
    assert.ok(house.logged.some(({ event }) => event === 'sidecar-ended'))
  })

  test('refuses what it does not offer before any tuner is opened', async () => {
    await using house = await openHlsHouse(television(10))
    assert.equal((await house.get('/live/c1.m3u8?delivery=fast')).status, 400)
    assert.equal((await house.get('/live/c1.m3u8?audio=mp3')).status, 400)
    assert.equal(code(await house.get('/hls/c1/nosession/noviewer/instant/aac/v0.m3u8')), 'hls/gone')
    assert.equal(house.broadcast.opened, 0)
  })

  test('opens one upstream for all viewers and deliveries', async () => {
    await using house = await openHlsHouse(television(30))
    for (const path of [await join(house, '?delivery=instant'), await join(house)]) await house.get(path)
    assert.equal(house.broadcast.opened, 1)
  })

  test('keeps a viewer for idleSeconds after the last request, then leaves the relay', async () => {
    await using house = await openHlsHouse(television(120))
    const path = await join(house)
    await house.get(path)
    await house.time.advance(11_000)
    assert.equal(house.hub.streams()[0]?.viewers.length, 1)
    await house.time.advance(3000)
    assert.equal(house.broadcast.connections, 0)
    assert.equal(code(await house.get(path)), 'hls/gone')
  })

  test('leaves at once on the leave signal of the last viewer, and only then', async () => {
    await using house = await openHlsHouse(television(60))
    const first = await join(house)
    await house.get(first)
    const second = await join(house)
    await house.get(second)
    assert.equal((await house.ask(first, { method: 'DELETE' })).status, 204)
    await house.time.advance(100)
    assert.equal(house.broadcast.connections, 1)
    assert.deepEqual(house.counts.hlsSessions.read(), { running: 1, started: 1, failed: 0 })
    assert.equal((await house.get(second)).status, 200)
    await house.ask(second, { method: 'DELETE' })
    await house.time.advance(100)
    assert.equal(house.broadcast.connections, 0)
    await house.time.advance(1000)
    assert.equal(house.time.running, 0, 'no timer is left')
    assert.deepEqual(house.counts.hlsSessions.read(), { running: 0, started: 1, failed: 0 })
  })

  test('gives the tuner back at once when whoever waits for the opening goes away', async () => {
    await using house = await openHlsHouse(television(60))
    house.broadcast.isStalled = true
    const player = new AbortController()
    const asked = house.ask('/live/c1.m3u8', { signal: player.signal }).catch(() => null)
    await house.time.advance(1000)
    assert.equal(house.broadcast.connections, 1)
    player.abort()
    await asked
    await settle()
    assert.equal(house.broadcast.connections, 0)
  })

  const viewerOf = (path: string): string => path.split('/')[4] ?? ''

  test('ends one viewer and not the other, and tells the one so for half a minute', async () => {
    await using house = await openHlsHouse(television(90))
    const first = await join(house)
    await house.get(first)
    const second = await join(house)
    await house.get(second)
    assert.equal(house.hls.stopViewer(viewerOf(first)), true)
    assert.equal(house.hls.stopViewer(viewerOf(first)), false)
    for (let waited = 0; waited < 30; waited++) {
      assert.equal(code(await house.get(first)), 'live/stopped')
      await house.get(second)
      await house.time.advance(1000)
    }
    assert.equal((await house.get(second)).status, 200)
  })

  test('does not let a viewer who was stopped come back at once, also when the session has ended', async () => {
    await using house = await openHlsHouse(television(120))
    const path = await join(house)
    await house.get(path)
    assert.equal(house.hls.stopViewer(viewerOf(path)), true)
    await house.time.advance(29_000)
    assert.equal(house.broadcast.connections, 0)
    assert.deepEqual([(await house.get(path)).status, code(await house.get(path))], [503, 'live/stopped'])
    assert.equal(code(await house.get('/live/c1.m3u8')), 'live/stopped')
    assert.equal(house.broadcast.connections, 0)
    await house.time.advance(30_000)
    assert.equal(code(await house.get(path)), 'hls/gone')
    assert.equal((await house.get('/live/c1.m3u8')).status, 200)
  })

  test('tells the players of a stream that was stopped so for half a minute, and lets new ones start it', async () => {
    await using house = await openHlsHouse(television(120))
    const path = await join(house)
    await house.get(path)
    const [running] = house.hub.streams()
    assert.ok(running && house.hub.stop(running.channelId))
    await house.time.advance(29_000)
    assert.equal(code(await house.get(path)), 'live/stopped')
    const next = await join(house)
    assert.equal((await house.get(next)).status, 200)
    assert.equal(code(await house.get(path)), 'live/stopped')
    await house.time.advance(30_000)
    assert.equal(code(await house.get(path)), 'hls/gone')
  })

  test('makes a new session with new addresses after the relay has ended', async () => {
    await using house = await openHlsHouse(television(120))
    const path = await join(house)
    await house.get(path)
    const [running] = house.hub.streams()
    assert.ok(running && house.hub.stop(running.channelId))
    await settle()
    const next = await join(house)
    assert.notEqual(next.split('/')[3], path.split('/')[3])
    assert.equal((await listOf(house, next)).segments[0]?.msn, 0)
    assert.deepEqual(house.counts.hlsSessions.read(), { running: 1, started: 2, failed: 0 })
  })

  test('counts a session whose source sends nothing as one that failed', async () => {
    await using house = await openHlsHouse(new Uint8Array(188 * 7).fill(0xaa))
    assert.ok((await house.get('/live/c1.m3u8', { withinMs: 120_000 })).status >= 500)
    assert.deepEqual(house.counts.hlsSessions.read(), { running: 0, started: 1, failed: 1 })
  })

  test('counts two first lists in a row as one viewer, and a player that plays as another', async () => {
    await using house = await openHlsHouse(television(30))
    const path = await join(house)
    assert.equal(await join(house), path)
    await house.get(path)
    assert.notEqual(await join(house), path)
    assert.equal(house.hub.streams()[0]?.viewers.length, 2)
  })
})
