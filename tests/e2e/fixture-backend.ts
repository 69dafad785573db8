import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { FAILURES } from '../../core/errors.ts'
import type { FailureCode } from '../../core/errors.ts'
import { indexPages } from '../../handlers/index-page.ts'

/** The policy under which the pages must work. */
const POLICY =
  "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'"

/** What a test may change while the pages look on. */
export type FixtureState = {
  session: { user: string | null; role: 'admin' | 'viewer' | null; mayWatch: boolean; setupNeeded: boolean }
  addresses: string[]
  /** How many channels the house has; 0: no source. */
  channels: number
  /** Streams that run. */
  streams: {
    channelId: string
    channelName: string
    viewers: { id: string; mode: string; user: string | null; address: string }[]
  }[]
  /** The source has this problem. */
  sourceProblem: FailureCode | null
  /** Viewing routes answer with this failure, for so many requests more. */
  refuse: { code: FailureCode; times: number } | null
  /** So many segments more arrive damaged. */
  damage: number
  /** How many seconds one can go back in HLS. */
  windowSeconds: number
  /** HLS is refused as not offered; raw TS goes on. */
  withoutHls: boolean
  /** What the gateway offers. */
  qualities: string[]
  /** Codec of the picture as the channel's detail names it. */
  pictureCodec: string | null
  tokens: { id: string; name: string; createdAt: string; lastSeen: string | null }[]
  /** Receivers that record. */
  recorders: { id: string }[]
}

/** A request of interest, in the order of arrival. */
export type Seen = { readonly method: string; readonly path: string; readonly query: string; readonly body: unknown }

/** A gateway of the outer shape, without any television behind it but one minute of test picture. */
export type FixtureBackend = {
  readonly origin: string
  readonly state: FixtureState
  readonly seen: Seen[]
  close(): Promise<void>
}

const GROUPS = ['Public', 'News', 'Films & Series', 'Sport', 'Documentary', 'Children', 'Music', 'Radio']
const NAMES = [
  'Das Erste HD',
  'ZDF HD',
  'arte HD',
  '3sat HD',
  'BBC One',
  'BBC News',
  'France 24',
  'Euronews',
  'Phoenix HD',
  'ONE HD',
  'KiKA HD',
  'Eurosport 1',
  'Canal+ Cinéma',
  'Rai 1 HD',
  'TVE Internacional',
  'ORF 1 HD',
  'SRF zwei HD',
  'NASA TV',
  'Bayern 2',
  'FIP',
]
const TITLES = [
  'The Evening News',
  'A Long Way to the Sea',
  'Football: the Semi-Final',
  'Planet of Ice',
  'Tatort: Night Shift',
  'The Baker Street Papers',
  'Concert from the Philharmonic Hall',
  'Weather',
]

const HALF_HOUR = 1_800_000

const programme = (index: number, slot: number) => programmeAt(index, Math.floor(Date.now() / HALF_HOUR) + slot)

/** All half hours of a channel that touch [from, to). */
const programmesOf = (index: number, from: number, to: number) =>
  Array.from({ length: Math.ceil(to / HALF_HOUR) - Math.floor(from / HALF_HOUR) }, (_, step) => ({
    ...programmeAt(index, Math.floor(from / HALF_HOUR) + step),
    canReplay: index % 3 === 0,
  }))

/** What a channel shows in a half hour, counted from 1970. */
function programmeAt(index: number, slot: number) {
  const start = slot * HALF_HOUR
  return {
    title: TITLES[(index * 3 + slot) % TITLES.length] ?? 'News',
    subtitle: index % 3 === 0 ? 'Part one' : null,
    description: 'A calm look at the things that happened today, and at some that did not.',
    start: new Date(start).toISOString(),
    stop: new Date(start + HALF_HOUR).toISOString(),
  }
}

function channel(index: number) {
  const name = NAMES[index % NAMES.length] ?? 'Channel'
  const radio = name === 'Bayern 2' || name === 'FIP'
  return {
    id: `c${index + 1}`,
    key: index + 1,
    number: String(index + 1),
    name: index < NAMES.length ? name : `${name} ${Math.floor(index / NAMES.length) + 1}`,
    media: radio ? 'radio' : 'tv',
    groups: [radio ? 'Radio' : (GROUPS[index % 7] ?? 'Public')],
    hasLogo: index % 4 === 1,
    enabled: true,
    sources: ['e2'],
    now: index % 9 === 7 ? null : programme(index, 0),
    next: index % 9 === 7 ? null : programme(index, 1),
  }
}

const SEGMENT_SECONDS = 1
const SHORT_WINDOW = 6
/** So many segments were there before the fixture began. */
const BEFORE = 600

/** One minute of test picture with sound, cut at its key frames, ready to be looped as a live stream. */
export type TestPicture = readonly Buffer[]

/** Makes the test picture with FFmpeg; `picture: 'mpeg2video'` makes one that no browser decodes. */
export function makeTestPicture(picture: 'libx264' | 'mpeg2video'): TestPicture {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-picture-'))
  const codec = picture === 'libx264' ? '-preset ultrafast -tune zerolatency -pix_fmt yuv420p' : '-b:v 600k'
  const input = '-f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine=frequency=440:sample_rate=48000 -t 60'
  const output = '-g 25 -bf 0 -sc_threshold 0 -c:a aac -b:a 96k -ac 2 -f hls -hls_list_size 0'
  const made = spawnSync(
    'ffmpeg',
    `-nostdin -hide_banner -loglevel error ${input} -c:v ${picture} ${codec} ${output} -hls_time ${SEGMENT_SECONDS}`
      .split(' ')
      .concat('-hls_segment_filename', join(folder, '%d.ts'), join(folder, 'list.m3u8')),
  )
  if (made.status !== 0) throw new Error(`FFmpeg could not make the test picture: ${made.stderr.toString()}`)
  const segments = Array.from({ length: 60 }, (_, index) => readFileSync(join(folder, `${index}.ts`)))
  rmSync(folder, { recursive: true, force: true })
  return segments
}

/** A segment whose pictures are noise behind their first packets; its sound is whole. */
function damaged(segment: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(segment)
  const VIDEO_PID = 0x100 // FFmpeg's first elementary stream
  for (let packet = 0; packet < bytes.length; packet += 188) {
    const pid = (((bytes[packet + 1] ?? 0) & 0x1f) << 8) | (bytes[packet + 2] ?? 0)
    const startsPicture = ((bytes[packet + 1] ?? 0) & 0x40) !== 0
    if (pid === VIDEO_PID && !startsPicture) bytes.fill(0xff, packet + 20, packet + 188)
  }
  return bytes
}

/** One of the titles of the only shelf. */
const titleOf = (kind: string, index: number) => ({
  kind,
  id: String(index),
  name: `${kind === 'film' ? 'Film' : 'Serial'} ${index + 1}`,
  year: 1950 + (index % 70),
  rating: 7.4,
  poster: null,
  ...(kind === 'film' && { container: index === 1 ? 'avi' : 'ts', play: `/play/vod/${index}.ts` }),
})

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><rect x="4" y="12" width="82" height="36" rx="8" fill="#164a9c"/><text x="45" y="38" font-family="sans-serif" font-weight="700" font-size="22" fill="#fff" text-anchor="middle">two</text></svg>'

const problem = (code: FailureCode, detail?: string) => {
  const { status, title, advice } = { advice: undefined, ...FAILURES[code] }
  return new Response(JSON.stringify({ type: 'about:blank', title, status, detail, code, advice }), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  })
}
const refusal = (code: FailureCode) => {
  const kind = { retryAfterSeconds: undefined, ...FAILURES[code] }
  const headers = new Headers({ 'X-Downlink-Error': code })
  if (kind.retryAfterSeconds !== undefined) headers.set('Retry-After', String(kind.retryAfterSeconds))
  return new Response(null, { status: kind.status, headers })
}

/** Starts the fixture on a free port of loopback; `pages` is the folder of the built pages. */
export async function startFixtureBackend(pages: string, picture: TestPicture | null): Promise<FixtureBackend> {
  const state: FixtureState = {
    session: { user: null, role: null, mayWatch: true, setupNeeded: false },
    addresses: ['http://192.168.1.20:18080'],
    channels: 140,
    streams: [],
    sourceProblem: null,
    refuse: null,
    damage: 0,
    windowSeconds: SHORT_WINDOW,
    withoutHls: false,
    qualities: [],
    pictureCodec: null,
    tokens: [],
    recorders: [],
  }
  const seen: Seen[] = []
  const startedAt = Date.now()
  const app = new Hono()

  const refusedNow = () => {
    if (state.refuse === null || state.refuse.times <= 0) return null
    state.refuse.times -= 1
    return refusal(state.refuse.code)
  }

  app.use(async (context, next) => {
    const { method, path } = context.req
    const json = (context.req.header('Content-Type') ?? '').includes('json')
    seen.push({
      method,
      path,
      query: new URL(context.req.url).search,
      body: json ? await context.req.raw.clone().json() : null,
    })
    await next()
    context.header('Content-Security-Policy', POLICY)
    context.header('X-Content-Type-Options', 'nosniff')
  })

  app.get('/api/v1/session', (context) =>
    context.json({
      ...state.session,
      prefix: '',
      qualities: state.qualities,
      addresses: state.addresses,
      anonymous: 'lan',
    }),
  )
  app.post('/api/v1/session', async (context) => {
    const { name, password } = await context.req.json<{ name: string; password: string }>()
    if (password !== 'correct horse') return problem('access/wrong-password')
    state.session = { user: name, role: 'admin', mayWatch: true, setupNeeded: false }
    return context.body(null, 204)
  })
  app.delete('/api/v1/session', (context) => {
    state.session = { ...state.session, user: null, role: null }
    return context.body(null, 204)
  })
  app.post('/api/v1/setup', async (context) => {
    const { code, name } = await context.req.json<{ code: string; name: string }>()
    if (code !== 'ABCD-EFGH-JKLM') return problem('access/setup-code')
    state.session = { user: name, role: 'admin', mayWatch: true, setupNeeded: false }
    return context.body(null, 204)
  })
  app.get('/api/v1/channels', (context) => {
    const query = context.req.query()
    const text = (query['q'] ?? '').toLowerCase()
    const all = Array.from({ length: state.channels }, (_, index) => channel(index)).filter(
      ({ name, number, groups }) =>
        (text === '' || name.toLowerCase().includes(text) || number.startsWith(text)) &&
        (query['group'] === undefined || groups.includes(query['group'])) &&
        (query['number'] === undefined || number === query['number']),
    )
    const offset = Number(query['offset'] ?? 0)
    return context.json({
      revision: '1',
      total: all.length,
      items: all.slice(offset, offset + Number(query['limit'] ?? 50)),
    })
  })
  app.get('/api/v1/channels/:id', (context) => {
    const index = Number(context.req.param('id').slice(1)) - 1
    if (!(index >= 0 && index < state.channels)) return problem('lineup/unknown-channel')
    const streams = [
      { kind: 'video', codec: state.pictureCodec, language: null },
      { kind: 'audio', codec: 'mp2', language: 'deu' },
    ]
    return context.json({
      ...channel(index),
      position: index,
      program: state.pictureCodec === null ? null : { streams },
    })
  })
  app.get('/api/v1/groups', (context) =>
    context.json({
      items: state.channels === 0 ? [] : GROUPS.map((name, index) => ({ name, channels: 12 + index * 3 })),
    }),
  )
  app.get('/api/v1/guide/programmes', (context) => {
    const query = context.req.query()
    const [from, to] = [Date.parse(query['from'] ?? ''), Date.parse(query['to'] ?? '')]
    const [offset, limit] = [Number(query['offset'] ?? 0), Number(query['limit'] ?? 30)]
    const all = Array.from({ length: state.channels }, (_, index) => channel(index)).filter(
      ({ groups }) => query['group'] === undefined || groups.includes(query['group']),
    )
    const items = all.slice(offset, offset + limit).map(({ id, key, number, name, hasLogo }) => ({
      channelId: id,
      number,
      name,
      hasLogo,
      programmes: programmesOf(key - 1, from, to),
    }))
    return context.json({ revision: '1', from: query['from'], to: query['to'], total: all.length, items })
  })
  app.get('/api/v1/guide/search', (context) => {
    const { id, number, name } = channel(102)
    const text = (context.req.query('q') ?? '').toLowerCase()
    const now = Date.now()
    const found = programmesOf(102, now + 5 * HALF_HOUR, now + 60 * HALF_HOUR).find(({ title }) =>
      title.toLowerCase().includes(text),
    )
    const items = found === undefined ? [] : [{ channelId: id, number, name, programme: found }]
    return context.json({ from: new Date(now).toISOString(), total: items.length, isWhole: true, items })
  })
  app.get('/api/v1/timers', (context) => context.json({ recorders: state.recorders, total: 0, items: [], failed: [] }))
  app.post('/api/v1/timers', (context) => context.json({ sourceId: 'e2', id: 'timer1' }, 201))
  app.delete('/api/v1/timers/:sourceId/:id', (context) => context.body(null, 204))
  app.get('/api/v1/vod', (context) => context.json({ total: 1, items: [{ id: 'panel', name: 'A panel' }] }))
  app.get('/api/v1/vod/panel/categories', (context) =>
    context.json({ total: 2, items: ['Drama', 'Comedy'].map((name) => ({ id: name.toLowerCase(), name })) }),
  )
  app.get('/api/v1/vod/panel/entries', (context) => {
    const { kind = 'film', q = '', offset = '0', limit = '60' } = context.req.query()
    const all = Array.from({ length: 500 }, (_, index) => titleOf(kind, index)).filter(({ name }) =>
      name.toLowerCase().includes(q.toLowerCase()),
    )
    const end = Number(offset) + Number(limit)
    // As some sources do: how many there are is not told.
    return context.json({ total: null, next: end < all.length ? end : null, items: all.slice(Number(offset), end) })
  })
  app.get('/api/v1/vod/panel/films/:id', (context) =>
    context.json({
      ...titleOf('film', Number(context.req.param('id'))),
      plot: 'A ship, a storm, a cook.',
      genres: ['Drama'],
    }),
  )
  app.get('/api/v1/vod/panel/series/:id', (context) => {
    const episode = (number: number) => ({
      number,
      title: `Part ${number}`,
      play: `/play/vod/e${number}.ts`,
      container: 'ts',
    })
    const seasons = [1, 2].map((number) => ({ number, name: null, episodes: [episode(1), episode(2)] }))
    return context.json({ ...titleOf('series', Number(context.req.param('id'))), seasons })
  })
  app.get('/play/vod/:file', () =>
    picture === null
      ? refusal('vod/unknown-item')
      : new Response(Buffer.concat(picture.slice(0, 10)), { headers: { 'Content-Type': 'video/mp2t' } }),
  )
  app.get('/api/v1/tokens', (context) => context.json({ items: state.tokens }))
  app.post('/api/v1/tokens', async (context) => {
    const { name } = await context.req.json<{ name: string }>()
    const id = `t${state.tokens.length + 1}`
    state.tokens.push({ id, name, createdAt: new Date().toISOString(), lastSeen: null })
    return context.json({ id, name, token: `k1.${id}.s3cr3t`, playlistUrl: `/t/k1.${id}.s3cr3t/playlist.m3u` }, 201)
  })
  app.delete('/api/v1/tokens/:id', (context) => {
    state.tokens = state.tokens.filter(({ id }) => id !== context.req.param('id'))
    return context.body(null, 204)
  })
  app.delete('/api/v1/streams/:channelId', (context) => {
    state.streams = state.streams.filter(({ channelId }) => channelId !== context.req.param('channelId'))
    return context.body(null, 204)
  })
  app.get('/api/status', (context) => {
    const uptimeSeconds = 93_784 + (Date.now() - startedAt) / 1000
    const { sourceProblem } = state
    const kind = sourceProblem === null ? null : { advice: undefined, ...FAILURES[sourceProblem] }
    const receiver = {
      id: 'e2',
      kind: 'enigma2',
      name: 'Vu+ in the attic',
      state: sourceProblem === null ? 'ready' : 'failing',
      slots: { total: 4, used: state.streams.length },
      channels: state.channels,
      lastRefresh: new Date(Date.now() - 312_000).toISOString(),
      problem: kind === null ? null : { code: sourceProblem, title: kind.title, detail: null, advice: kind.advice },
    }
    return context.json({
      version: '0.1.0',
      runtime: 'node 24.21.0',
      uptimeSeconds,
      sources: state.channels === 0 ? [] : [receiver],
      streams: state.streams.map((stream, index) => ({
        ...stream,
        sourceId: 'e2',
        state: 'live',
        startedAt: new Date(Date.now() - 431_000 * (index + 1)).toISOString(),
        bytesIn: 412_000_000 * (index + 1),
        bytesOut: 822_000_000 * (index + 1),
        bitrateKbps: Math.round(7800 + 900 * Math.sin(Date.now() / 3000 + index)),
        continuityErrors: index * 3,
        viewers: stream.viewers.map((viewer) => ({ ...viewer, bytesOut: 1 })),
      })),
    })
  })
  // The line of events stays open and says nothing more: what changes is asked for.
  app.get('/api/v1/events', (context) =>
    state.session.user === null
      ? problem('access/sign-in')
      : context.body(
          new ReadableStream({
            start: (controller) =>
              controller.enqueue(new TextEncoder().encode('event: lineup\ndata: {"revision":"1"}\n\n')),
          }),
          200,
          { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
        ),
  )
  app.get('/logo/:id', (context) => context.body(LOGO, 200, { 'Content-Type': 'image/svg+xml' }))

  app.get('/live/:file{.+\\.m3u8}', (context) => {
    const refused = refusedNow()
    if (refused !== null) return refused
    if (state.withoutHls) return refusal('hls/unsupported')
    const id = context.req.param('file').replace('.m3u8', '')
    return context.body(
      `#EXTM3U\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-STREAM-INF:BANDWIDTH=900000\n../hls/${id}/video.m3u8\n`,
      200,
      { 'Content-Type': 'application/vnd.apple.mpegurl' },
    )
  })
  // As the gateway does: the list's address carries the start of whoever asks.
  app.get('/hls/:id/video.m3u8', (context) =>
    context.redirect(`v${Math.floor((Date.now() - startedAt) / (SEGMENT_SECONDS * 1000))}/video.m3u8`, 302),
  )
  app.get('/hls/:id/:start{v\\d+}/video.m3u8', (context) => {
    if (picture === null) return refusal('hls/not-ready')
    const window = state.windowSeconds / SEGMENT_SECONDS
    const head = Math.floor((Date.now() - startedAt) / (SEGMENT_SECONDS * 1000)) + BEFORE + SHORT_WINDOW
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:3',
      `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`,
      `#EXT-X-MEDIA-SEQUENCE:${head - window}`,
    ]
    // The minute starts anew: its time stamps jump back.
    lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${Math.floor((head - window) / 60)}`)
    for (let sequence = head - window; sequence < head; sequence += 1) {
      if (sequence % 60 === 0 && sequence > head - window) lines.push('#EXT-X-DISCONTINUITY')
      lines.push(`#EXTINF:${SEGMENT_SECONDS}.0,`, `../s${sequence}.ts`)
    }
    return context.body(`${lines.join('\n')}\n`, 200, {
      'Content-Type': 'application/vnd.apple.mpegurl',
      'Cache-Control': 'no-store',
    })
  })
  app.get('/hls/:id/:file{s\\d+\\.ts}', (context) => {
    const bytes = picture?.[Number(context.req.param('file').slice(1, -3)) % 60]
    if (bytes === undefined) return refusal('hls/gone')
    if (state.damage === 0) return context.body(new Uint8Array(bytes), 200, { 'Content-Type': 'video/mp2t' })
    state.damage -= 1
    return context.body(damaged(bytes), 200, { 'Content-Type': 'video/mp2t' })
  })
  app.delete('/hls/:id/*', (context) => context.body(null, 204))
  app.get('/live/:file{.+\\.ts}', () => {
    const refused = refusedNow()
    if (refused !== null) return refused
    if (picture === null) return refusal('live/no-signal')
    let second = 0
    let timer: ReturnType<typeof setInterval> | undefined
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const push = () => {
          const bytes = picture[second]
          second += 1
          if (bytes === undefined) {
            clearInterval(timer)
            controller.close()
          } else controller.enqueue(new Uint8Array(bytes))
        }
        push()
        push()
        timer = setInterval(push, SEGMENT_SECONDS * 1000)
      },
      cancel: () => clearInterval(timer),
    })
    return new Response(body, { headers: { 'Content-Type': 'video/mp2t', 'Cache-Control': 'no-store' } })
  })

  const types: Readonly<Record<string, string>> = {
    js: 'text/javascript',
    css: 'text/css',
    svg: 'image/svg+xml',
    html: 'text/html; charset=utf-8',
  }
  const page = (path: string) =>
    new Response(readFileSync(join(pages, path)), {
      headers: { 'Content-Type': types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream' },
    })
  const index = indexPages({
    page: (path) => ({
      bytes: new Uint8Array(readFileSync(join(pages, path))),
      contentType: 'text/html; charset=utf-8',
      gzip: false,
      tag: 'fixture',
    }),
  })
  app.get('/assets/:file', (context) => page(`assets/${context.req.param('file')}`))
  for (const path of ['/', '/guide', '/movies', '/series', '/setup', '/status', '/player/:sourceId/:channelId'])
    app.get(path, async (context) => {
      const found = await index(context.req.path)
      return new Response(found?.bytes ?? null, { headers: { 'Content-Type': 'text/html; charset=utf-8' } })
    })

  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (info) =>
      resolve({ server: started, port: info.port }),
    )
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    state,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        if ('closeAllConnections' in server) server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
