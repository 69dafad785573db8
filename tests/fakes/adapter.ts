import { Hono } from 'hono'
import { createLocalLink } from '../../adapters/link/local-link.ts'
import { Failure } from '../../core/errors.ts'
import type { ByteSink, Hub, ViewerInfo } from '../../core/live/hub.ts'
import type { HlsAnswer, HlsRequest, LiveLink } from '../../core/live/link.ts'
import { readQuality } from '../../core/live/quality.ts'
import { readStart } from '../../core/live/shift-start.ts'
import { createApp } from '../../handlers/app.ts'
import type { Env } from '../../handlers/env.ts'
import type { Gateway } from '../../handlers/gateway.ts'
import { snapshotFace } from '../../handlers/snapshot.ts'
import { fakeHouse } from './gateway.ts'
import type { FakeHouse } from './gateway.ts'

/** A visit at the source, as a hub or an HLS session of an adapter sees it. */
export type Visit = ViewerInfo & { readonly channelId: string; readonly what: string }

const utf8 = new TextEncoder()

/** A hub whose television is one line of text that says what it is; channel `c2` has no free tuner, radio is not kept. */
function textHub(what: string, visits: Visit[], seats: { open: number }): Pick<Hub, 'watch' | 'shiftWindowMs'> {
  return {
    shiftWindowMs: what === 'radio' ? 0 : 3_600_000,
    watch(channel, viewer, sink) {
      if (channel.id === 'c2') return Promise.reject(new Failure('live/no-slot', 'All tuners are busy'))
      visits.push({ ...viewer, channelId: channel.id, what })
      seats.open++
      const body = sink()
      body.write(utf8.encode(`${what} of ${channel.id}`))
      const leave = () => void seats.open--
      return Promise.resolve({ id: `viewer-${visits.length}`, drained: () => {}, leave })
    },
  }
}

/** The players' face of `live`, that collects one write into a finished answer: real streaming is tested elsewhere. */
const face = (gateway: Gateway): Hono<Env> => {
  const request = (c: { get(key: 'caller'): Env['Variables']['caller'] }, id: string | undefined) => {
    const channel = gateway.lineup.current().channels.find((one) => one.id === id)
    if (channel === undefined) throw new Failure('lineup/unknown-channel', 'No channel has this id')
    return { channel, caller: c.get('caller'), signal: new AbortController().signal }
  }
  return new Hono<Env>()
    .get('/live/:file', async (c) => {
      const [id, kind] = c.req.param('file').split('.')
      const query = new URL(c.req.url).searchParams
      if (kind === 'm3u8') return finish(await gateway.live.hls({ ...request(c, id), path: '', query }))
      const quality = readQuality({ quality: query.get('quality'), audio: query.get('audio') }, 'original')
      const behindMs = readStart(query.get('start'), gateway.now())
      const answer = await gateway.live.ts({ ...request(c, id), quality, behindMs })
      if (answer.kind !== 'relay') throw new TypeError('The link of an adapter is a relay')
      return new Response(await collect(answer.join), {
        headers: { 'content-type': 'video/mp2t', 'cache-control': 'no-store' },
      })
    })
    .on(['GET', 'DELETE'], '/hls/:id/:path{.+}', async (c) => {
      const query = new URL(c.req.url).searchParams
      const leaves = c.req.method === 'DELETE'
      return finish(
        await gateway.live.hls({ ...request(c, c.req.param('id')), path: c.req.param('path'), query, leaves }),
      )
    })
}

function finish(answer: Awaited<ReturnType<LiveLink['hls']>>): Response {
  if (answer.kind === 'document') {
    return new Response(answer.body, {
      headers: { 'content-type': answer.contentType, 'cache-control': answer.cacheControl },
    })
  }
  if (answer.kind === 'left') return new Response(null, { status: 204 })
  if (answer.kind === 'moved') return new Response(null, { status: 302, headers: { location: answer.location } })
  throw new TypeError('The link of an adapter answers itself')
}

/** Everything that one join writes before it lets go. */
export async function collect(
  join: (sink: () => ByteSink) => Promise<{ readonly leave: () => void }>,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: number[] = []
  const seat = await join(() => ({ write: (bytes) => (chunks.push(...bytes), true), close: () => {} }))
  seat.leave()
  return new Uint8Array(chunks)
}

/** An adapter with a local link over text; its `fetch` is what a front or a player uses to reach it. */
export function fakeAdapter(changes: FakeHouse = {}) {
  const visits: Visit[] = []
  const seats = { open: 0 }
  const hls = {
    hls({ channel, caller, path, query, leaves = false }: HlsRequest): Promise<HlsAnswer> {
      if (channel.id === 'c2') return Promise.reject(new Failure('live/no-slot', 'All tuners are busy'))
      const what = `${leaves ? 'left ' : ''}hls "${path}" "${query.toString()}"`
      visits.push({ mode: 'hls', user: caller.user, address: caller.address, channelId: channel.id, what })
      if (leaves) return Promise.resolve({ kind: 'left' })
      if (path === 'video.m3u8') return Promise.resolve({ kind: 'moved', location: 'v7/video.m3u8' })
      return Promise.resolve({
        kind: 'document',
        contentType: 'application/vnd.apple.mpegurl',
        body: `${what} of ${channel.id}`,
        cacheControl: 'no-store',
      })
    },
  }
  const base = fakeHouse(changes)
  const live = createLocalLink({
    hub: (quality) => textHub(quality, visits, seats),
    hls,
    door: base.links,
  })
  const app = createApp({ ...base.gateway, role: 'adapter', live }, { viewing: [], linked: [face, snapshotFace] })
  const requests: { readonly url: string; readonly init: RequestInit }[] = []
  return {
    ...base,
    live,
    visits,
    seats,
    requests,
    fetch: async (url: string, init: RequestInit = {}): Promise<Response> => {
      requests.push({ url, init })
      const headers = new Headers(init.headers)
      headers.set('host', new URL(url).host)
      return app.request(url, { ...init, headers })
    },
  }
}
