import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import type { Broadcast } from '../fakes/broadcast.ts'
import { openHlsHouse, textOf } from '../fakes/hls-house.ts'
import type { Asked, HlsHouse } from '../fakes/hls-house.ts'
import { concat, FRAME, synthesize } from '../core/live/synthetic-ts.ts'
import { judgeFragments } from './hls-fragment-judge.ts'
import type { FetchedFragment } from './hls-fragment-judge.ts'
import { judgeMultivariant, judgePolls, readMedia, readMultivariant } from './hls-playlist-judge.ts'
import type { Poll } from './hls-playlist-judge.ts'
import { judgeSegments, readSegment, way } from './hls-segment-judge.ts'
import type { Fetched } from './hls-segment-judge.ts'

// The check list of HLS (`hls-ffmpeg.md` §8) as one suite for every way to a channel. Time is virtual: forty
// seconds of television take a fraction of one.

/** How a way to the channel `c1` of a house begins: '', `/t/{token}`, `/s/{token}`. */
export type HlsWay = { readonly name: string; readonly prefix: (house: HlsHouse) => string }

type Delivery = 'standard' | 'instant' | 'll'

/** Polls and segments as a player saw them. */
type Recording = { readonly polls: readonly Poll[]; readonly segments: readonly Fetched[]; readonly media: string }

/** The absolute path of an address in a document. */
export const resolve = (address: string, base: string): string => {
  const { pathname, search } = new URL(address, `http://house${base}`)
  return pathname + search
}

/** The media playlist's path of the first variant, asked for by the multivariant one. */
export async function mediaPath(house: HlsHouse, prefix: string, query: string): Promise<string> {
  const path = `${prefix}/live/c1.m3u8${query}`
  const multivariant = await house.get(path)
  assert.equal(multivariant.status, 200)
  const [variant] = readMultivariant(textOf(multivariant))
  assert.ok(variant)
  return resolve(variant.uri, path)
}

/** Watches as a player does: polls the list every `everyMs`, fetches each segment as soon as it is listed. */
export async function watch(
  house: HlsHouse,
  media: string,
  {
    seconds,
    everyMs,
    accidents = new Map(),
  }: {
    readonly seconds: number
    readonly everyMs: number
    readonly accidents?: ReadonlyMap<number, (broadcast: Broadcast) => void>
  },
): Promise<Recording> {
  const polls: Poll[] = []
  const segments = new Map<number, Fetched>()
  const from = house.time.now()
  const until = from + seconds * 1000
  const due = [...accidents].toSorted(([a], [b]) => a - b)
  while (house.time.now() < until) {
    const answer = await house.get(media)
    assert.equal(answer.status, 200)
    const text = textOf(answer)
    polls.push({ atMs: house.time.now(), text })
    for (const { msn, uri, seconds: duration, discontinuity } of readMedia(text).segments) {
      if (segments.has(msn)) continue
      const segment = await house.get(resolve(uri, media))
      assert.equal(segment.status, 200, uri)
      segments.set(msn, { msn, seconds: duration, discontinuity, bytes: segment.bytes })
    }
    await house.time.advance(everyMs)
    while (due[0] !== undefined && house.time.now() - from >= due[0][0] * 1000) due.shift()?.[1](house.broadcast)
  }
  return { polls, segments: [...segments.values()], media }
}

/** What players of the low-latency delivery saw: one takes part by part, the other whole segments. */
type LowLatencyRecording = {
  readonly polls: readonly Poll[]
  readonly parts: readonly FetchedFragment[]
  readonly segments: readonly FetchedFragment[]
}

/** Watches as two low-latency players do, on one channel; `accidents` as in `watch`. */
export async function watchParts(
  house: HlsHouse,
  [byPart, bySegment]: readonly [string, string],
  options: { readonly seconds: number; readonly accidents?: ReadonlyMap<number, (broadcast: Broadcast) => void> },
): Promise<LowLatencyRecording> {
  const polls: Poll[] = []
  const parts = new Map<string, FetchedFragment>()
  const segments = new Map<string, FetchedFragment>()
  const inits = new Map<string, Uint8Array>()
  const fetched = async (uri: string, media: string): Promise<Uint8Array> => {
    const answer = await house.get(resolve(uri, media))
    assert.equal(answer.status, 200, uri)
    assert.equal(answer.headers.get('content-type'), 'video/mp4')
    return answer.bytes
  }
  const from = house.time.now()
  const due = [...(options.accidents ?? [])].toSorted(([a], [b]) => a - b)
  while (house.time.now() - from < options.seconds * 1000) {
    for (const media of [byPart, bySegment]) {
      const answer = await house.get(media)
      assert.equal(answer.status, 200)
      const text = textOf(answer)
      if (media === byPart) polls.push({ atMs: house.time.now(), text })
      const list = readMedia(text)
      for (const segment of [...list.segments, ...(list.open === null ? [] : [list.open])]) {
        const { map, discontinuity, uri, seconds } = segment
        assert.ok(map !== null)
        const init = inits.get(map) ?? (await fetched(map, media))
        inits.set(map, init)
        const independent = list.isIndependent || segment.parts[0]?.independent === true
        if (media === byPart)
          for (const [index, part] of segment.parts.entries())
            if (!parts.has(part.uri)) {
              const bytes = await fetched(part.uri, media)
              parts.set(part.uri, { ...part, name: part.uri, discontinuity: discontinuity && index === 0, init, bytes })
            }
        if (media === bySegment && uri !== '' && !segments.has(uri)) {
          const bytes = await fetched(uri, media)
          segments.set(uri, { name: uri, seconds, discontinuity, independent, init, bytes })
        }
      }
    }
    await house.time.advance(200)
    while (due[0] !== undefined && house.time.now() - from >= due[0][0] * 1000) due.shift()?.[1](house.broadcast)
  }
  return { polls, parts: [...parts.values()], segments: [...segments.values()] }
}

const EVERY_MS = { standard: 500, instant: 250 } as const
const lastList = ({ polls }: Recording) => readMedia(polls.at(-1)?.text ?? '')

const GOP = 24

/** Streams that have to come out right, whatever they do. `slackSeconds`: how long they themselves keep a segment back. */
const STREAMS: readonly {
  readonly name: string
  readonly bytes: () => Uint8Array
  readonly seconds: number
  /** How many breaks are announced; null: any number. */
  readonly discontinuities: number | null
  readonly slackSeconds?: number
  /** Something of it never arrives, so that not all can be whole. */
  readonly hasLoss?: boolean
  /** What happens to the source while the viewer watches, by the second. */
  readonly accidents?: ReadonlyMap<number, (broadcast: Broadcast) => void>
}[] = [
  {
    name: 'closed GOPs of 0.96 s',
    bytes: () => synthesize({ gops: 45, gopLength: GOP }),
    seconds: 40,
    discontinuities: 0,
  },
  {
    name: 'open GOPs of 0.96 s',
    bytes: () => synthesize({ gops: 45, gopLength: GOP, isOpen: true }),
    seconds: 40,
    discontinuities: 0,
  },
  {
    name: 'GOPs of 0.48 s',
    bytes: () => synthesize({ gops: 70, gopLength: 12, isOpen: true }),
    seconds: 30,
    discontinuities: 0,
  },
  {
    name: 'GOPs of 2.88 s',
    bytes: () => synthesize({ gops: 15, gopLength: 72, isOpen: true }),
    seconds: 40,
    discontinuities: 0,
  },
  {
    name: 'GOPs of 10.08 s, longer than a segment may be',
    bytes: () => synthesize({ gops: 5, gopLength: 252 }),
    seconds: 45,
    discontinuities: 0,
  },
  {
    name: 'GOPs that grow from 0.96 s to 4.8 s',
    bytes: () =>
      concat(
        synthesize({ gops: 10, gopLength: GOP }),
        synthesize({ gops: 8, gopLength: 120, clock: 900_000 + 10 * GOP * FRAME, counter: 3 }),
      ),
    seconds: 40,
    discontinuities: 0,
  },
  {
    name: 'a clock that turns over at 2³³',
    bytes: () => synthesize({ gops: 35, gopLength: GOP, isOpen: true, clock: 2 ** 33 - 10 * 90_000 }),
    seconds: 30,
    discontinuities: 0,
  },
  {
    name: 'sound alone',
    bytes: () => synthesize({ gops: 40, gopLength: GOP, isRadio: true }),
    seconds: 32,
    discontinuities: 0,
  },
  {
    name: 'sound that moves to another PID and a picture that goes',
    bytes: () => {
      const first = synthesize({ gops: 15, gopLength: GOP })
      const clock = 900_000 + 15 * GOP * FRAME
      return concat(first, synthesize({ gops: 25, gopLength: GOP, clock, pmtVersion: 4, isRadio: true }))
    },
    seconds: 35,
    discontinuities: 1,
    slackSeconds: 3,
  },
  {
    name: 'a source that ends and is opened anew',
    bytes: () => synthesize({ gops: 50, gopLength: GOP, isOpen: true }),
    seconds: 35,
    discontinuities: null,
    slackSeconds: 4,
    hasLoss: true,
    accidents: new Map([[12, (broadcast) => broadcast.cut(new Failure('live/ended', 'The receiver hung up'))]]),
  },
  {
    name: 'a source that says nothing for 10 s',
    bytes: () => synthesize({ gops: 60, gopLength: GOP, isOpen: true }),
    seconds: 45,
    discontinuities: null,
    slackSeconds: 14,
    hasLoss: true,
    accidents: new Map([
      [12, (broadcast) => void (broadcast.isStalled = true)],
      [22, (broadcast) => void (broadcast.isStalled = false)],
    ]),
  },
  {
    name: 'a source that loses one packet in 200',
    bytes: () => withLoss(synthesize({ gops: 40, gopLength: GOP, isOpen: true })),
    seconds: 32,
    discontinuities: null,
    slackSeconds: 3,
    hasLoss: true,
  },
  {
    name: 'another service on a clock of its own',
    bytes: () =>
      concat(
        synthesize({ gops: 15, gopLength: GOP, isOpen: true }),
        synthesize({ gops: 30, gopLength: GOP, clock: 5_000_000_000, counter: 9, pmtVersion: 9 }),
      ),
    seconds: 32,
    discontinuities: null,
    slackSeconds: 3,
  },
]

/** The stream without one packet in 200, the same ones every time. */
function withLoss(bytes: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = []
  let state = 1
  for (let at = 0; at < bytes.length; at += 188) {
    state = (state * 48_271) % 0x7fffffff
    if (state % 200 !== 0) kept.push(bytes.subarray(at, at + 188))
  }
  return concat(...kept)
}

/** Calls the suite for one way to a channel; `streams` false leaves out those that only the packager can spoil. */
export function testHls({ name, prefix }: HlsWay, { streams = true } = {}): void {
  const title = (what: string): string => `HLS ${name} ${what}`

  for (const stream of streams ? STREAMS : STREAMS.slice(0, 1))
    for (const delivery of ['standard', 'instant'] as const)
      test(title(`keeps to the rules, ${delivery}: ${stream.name}`), async () => {
        await using house = await openHlsHouse(stream.bytes())
        const media = await mediaPath(house, prefix(house), `?delivery=${delivery}`)
        const recording = await watch(house, media, {
          seconds: stream.seconds,
          everyMs: EVERY_MS[delivery],
          ...(stream.accidents && { accidents: stream.accidents }),
        })
        const { isIndependent, segments, targetSeconds } = lastList(recording)
        assert.deepEqual(judgePolls(recording.polls, { slackSeconds: stream.slackSeconds ?? 0 }), [])
        assert.deepEqual(judgeSegments(recording.segments, { isIndependent, hasLoss: stream.hasLoss ?? false }), [])
        const breaks = recording.segments.filter(({ discontinuity }) => discontinuity).length
        assert.equal(breaks, stream.discontinuities ?? breaks)
        assert.ok(segments.length >= 6)
        assert.ok(segments.reduce((sum, segment) => sum + segment.seconds, 0) >= 3 * targetSeconds)
      })

  for (const stream of streams ? STREAMS : STREAMS.slice(0, 1))
    test(title(`keeps to the rules, ll: ${stream.name}`), async () => {
      await using house = await openHlsHouse(stream.bytes())
      const first = await mediaPath(house, prefix(house), '?delivery=ll')
      await house.get(first)
      const second = await mediaPath(house, prefix(house), '?delivery=ll')
      assert.notEqual(first, second)
      const { polls, parts, segments } = await watchParts(house, [first, second], stream)
      const { hasLoss = false, slackSeconds = 0 } = stream
      assert.deepEqual(judgePolls(polls, { slackSeconds, hasLoss }), [])
      assert.deepEqual(judgeFragments(parts, { hasLoss }), [])
      assert.deepEqual(judgeFragments(segments, { hasLoss }), [])
      // A segment is its parts in a row.
      for (const { name, bytes } of segments.slice(1)) {
        const own = parts.filter((part) => part.name.startsWith(`${name.slice(0, -'.m4s'.length)}.`))
        if (own.length > 0) assert.deepEqual(concat(...own.map((part) => part.bytes)), bytes, name)
      }
      assert.ok(segments.length >= 6)
      const breaks = segments.filter(({ discontinuity }) => discontinuity).length
      assert.equal(breaks, stream.discontinuities ?? breaks)
    })

  test(title('describes the channel with relative addresses that nothing keeps'), async () => {
    await using house = await openHlsHouse(synthesize({ gops: 10, gopLength: GOP }))
    const path = `${prefix(house)}/live/c1.m3u8`
    const answer = await house.get(path)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'application/vnd.apple.mpegurl')
    assert.match(answer.headers.get('cache-control') ?? '', /no-store/)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    assert.deepEqual(judgeMultivariant(textOf(answer)), [])
    for (const { uri } of readMultivariant(textOf(answer)))
      assert.ok(resolve(uri, path).startsWith(`${prefix(house)}/hls/c1/`), uri)
  })

  test(title('answers lists and segments with the headers that players need'), async () => {
    await using house = await openHlsHouse(synthesize({ gops: 12, gopLength: GOP }))
    const media = await mediaPath(house, prefix(house), '')
    const list = await house.get(media)
    assert.equal(list.headers.get('content-type'), 'application/vnd.apple.mpegurl')
    assert.match(list.headers.get('cache-control') ?? '', /no-store/)
    assert.equal(list.headers.get('access-control-allow-origin'), '*')
    const [first] = readMedia(textOf(list)).segments
    assert.ok(first)
    const segment = await house.get(resolve(first.uri, media))
    assert.equal(segment.headers.get('content-type'), 'video/mp2t')
    assert.equal(segment.headers.get('content-length'), String(segment.bytes.length))
    assert.match(segment.headers.get('cache-control') ?? '', /immutable/)
    assert.equal(segment.headers.get('access-control-allow-origin'), '*')
  })

  test(title('gives one range of a segment, and 416 for one that is not there'), async () => {
    await using house = await openHlsHouse(synthesize({ gops: 12, gopLength: GOP }))
    const media = await mediaPath(house, prefix(house), '')
    const [first] = readMedia(textOf(await house.get(media))).segments
    const path = resolve(first?.uri ?? '', media)
    const whole = await house.get(path)
    const range = (value: string): Promise<Asked> => house.get(path, { init: { headers: { range: value } } })
    const part = await range('bytes=188-563')
    assert.equal(part.status, 206)
    assert.equal(part.headers.get('content-range'), `bytes 188-563/${whole.bytes.length}`)
    assert.deepEqual(part.bytes, whole.bytes.slice(188, 564))
    assert.equal((await range(`bytes=${whole.bytes.length}-`)).status, 416)
    assert.notEqual((await range('bytes=0-1,4-5')).status, 206)
  })

  test(title('starts every viewer at a picture with which a decoder can start, without its leading ones'), async () => {
    await using house = await openHlsHouse(synthesize({ gops: 40, gopLength: GOP, isOpen: true }))
    for (const delivery of ['standard', 'instant'] satisfies Delivery[])
      for (let viewer = 0; viewer < 3; viewer++) {
        const media = await mediaPath(house, prefix(house), `?delivery=${delivery}`)
        const recording = await watch(house, media, { seconds: 3, everyMs: 500 })
        const [first, ...others] = recording.segments
        assert.ok(first)
        const { pes, videoPid, faults } = readSegment(first.bytes)
        assert.deepEqual(faults, [])
        const pictures = pes.filter(({ pid }) => pid === videoPid)
        const start = pictures[0]?.pts ?? 0
        assert.deepEqual(
          pictures.filter(({ pts }) => way(start, pts) < 0),
          [],
        )
        // Nowhere else is a picture left out: two of 24 would be seen to be missing.
        const shown = others.flatMap(({ bytes }) => readSegment(bytes, { startsAtAccess: false }).pes)
        const dts = shown.filter(({ pid }) => pid === videoPid).map((picture) => picture.dts)
        for (const [index, time] of dts.entries()) if (index > 0) assert.equal(way(dts[index - 1] ?? 0, time), FRAME)
      }
  })

  test(title('keeps a segment that left the list for as long as it and the list lasted'), async () => {
    await using house = await openHlsHouse(synthesize({ gops: 70, gopLength: GOP }))
    const media = await mediaPath(house, prefix(house), '')
    const first = readMedia(textOf(await house.get(media))).segments[0]
    assert.ok(first)
    let listed = readMedia(textOf(await house.get(media)))
    while (listed.segments.some(({ msn }) => msn === first.msn)) {
      await house.time.advance(500)
      listed = readMedia(textOf(await house.get(media)))
    }
    const stays = first.seconds + listed.segments.reduce((sum, segment) => sum + segment.seconds, 0)
    for (let passed = 0; passed < stays; passed += 1) {
      assert.equal((await house.get(resolve(first.uri, media))).status, 200, `${passed} s after it left the list`)
      await house.time.advance(1000)
    }
    await house.time.advance(30_000)
    assert.equal((await house.get(resolve(first.uri, media))).status, 404)
  })

  test(title('says what is wrong with a request: 404 and 400'), async () => {
    await using house = await openHlsHouse(synthesize({ gops: 12, gopLength: GOP }))
    const code = async (path: string): Promise<readonly [number, string | null]> => {
      const { status, headers, bytes } = await house.get(path)
      assert.equal(bytes.length, 0)
      return [status, headers.get('x-downlink-error')]
    }
    const media = await mediaPath(house, prefix(house), '')
    assert.deepEqual(await code(`${prefix(house)}/live/c1.m3u8?delivery=fast`), [400, 'http/bad-request'])
    assert.deepEqual(await code(`${prefix(house)}/live/c1.m3u8?audio=mp3`), [400, 'http/bad-request'])
    assert.deepEqual(await code(`${prefix(house)}/hls/c1/another/session/standard/aac/v0.m3u8`), [404, 'hls/gone'])
    assert.deepEqual(await code(resolve('99999.ts', media)), [404, 'hls/gone'])
    assert.deepEqual(await code(resolve('nothing', media)), [404, 'hls/gone'])
  })

  test(title('holds a list that is not ready for ten seconds, then says so and when to ask again'), async () => {
    await using house = await openHlsHouse(synthesize({ gops: 40, gopLength: GOP }))
    const media = await mediaPath(house, prefix(house), '')
    house.broadcast.isStalled = true
    const asked = house.time.now()
    const answer = await house.get(media)
    assert.deepEqual([answer.status, answer.headers.get('x-downlink-error')], [503, 'hls/not-ready'])
    assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
    assert.equal(answer.bytes.length, 0)
    const heldMs = house.time.now() - asked
    assert.ok(heldMs >= 9900 && heldMs <= 10_100, `${heldMs} ms`)
  })
}
