import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { synthesize } from '../../core/live/synthetic-ts.ts'
import { answerHls } from './hls.ts'
import type { HlsHouse } from './hls.ts'

/** A file that the provider serves. */
export type ServedFile = {
  readonly body: string | Uint8Array
  readonly type?: string
  /** `header`: packed and says so; `silent`: packed and says nothing. */
  readonly gzip?: 'header' | 'silent'
  /** Tag with which it answers 304; null: knows no such thing. */
  readonly etag?: string | null
}

/** A request as tests look at it. */
export type ProviderCall = {
  readonly path: string
  readonly query: string
  readonly headers: IncomingMessage['headers']
}

/**
 * A provider of lists on 127.0.0.1 that counts what it is asked.
 *
 * `/files/{name}` are set by the test. `/live/{what}.ts` is an endless stream; `what` may be `silent`, `empty`, `page`,
 * `json`, `redirect` (a token good for one start), `late` (bytes that are none first), or a status like `404`. `/hls/…` see
 * `hls.ts`. Anything under `/trap/` is a forbidden call, as is HEAD and a second use of a token.
 */
export interface ListProvider extends AsyncDisposable {
  readonly url: URL
  readonly port: number
  serve(name: string, file: ServedFile): void
  /** Ends all streams in good order. */
  endStreams(): void
  /** Connections that carry a stream now, and the most that ever did so at the same time. */
  openStreams(): number
  mostStreams(): number
  readonly calls: readonly ProviderCall[]
  /** Calls that a well-behaved client does not make. */
  readonly forbidden: readonly string[]
  readonly hls: HlsHouse
}

const PIECE = 188 * 64
const PIECE_EVERY_MS = 10
const TOKEN_MS = 5000
const MOST_UNSENT = 4_000_000

/** What a provider shows instead of its own simple pictures; `what` is the name in the address. */
export type ProviderAir = {
  /** Hands chunks to `take` until the answer is called. */
  readonly live: (what: string, take: (chunk: Uint8Array) => void) => () => void
  /** A second of `/hls/{what}/`, by its number. */
  readonly segment: (what: string, sequence: number) => Promise<Uint8Array>
}

/** Starts a provider. `now` moves its HLS playlists, milliseconds. */
export async function startListProvider({
  now = Date.now,
  air,
}: { readonly now?: () => number; readonly air?: ProviderAir } = {}): Promise<ListProvider> {
  const files = new Map<string, ServedFile>()
  const calls: ProviderCall[] = []
  const forbidden: string[] = []
  const streams = new Set<ServerResponse>()
  const tokens = new Map<string, number>()
  const hls: HlsHouse = { startedAt: now(), segments: [], lists: 0, gone: false, forbidden: [] }
  const television = air === undefined ? synthesize({ gops: 20 }) : new Uint8Array()
  let most = 0

  const sendFile = (file: ServedFile, incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { etag = null, gzip, type = 'audio/x-mpegurl' } = file
    if (etag !== null && incoming.headers['if-none-match'] === etag) return void outgoing.writeHead(304).end()
    const body = gzip === undefined ? file.body : gzipSync(file.body)
    outgoing.writeHead(200, {
      'Content-Type': type,
      ...(etag === null ? {} : { ETag: etag }),
      ...(gzip === 'header' ? { 'Content-Encoding': 'gzip' } : {}),
    })
    outgoing.end(body)
  }
  const sendStream = (outgoing: ServerResponse, what: string, before: Uint8Array | null): void => {
    streams.add(outgoing)
    most = Math.max(most, streams.size)
    outgoing.writeHead(200, { 'Content-Type': 'video/mp2t' })
    outgoing.flushHeaders()
    if (before !== null) outgoing.write(before)
    if (air !== undefined) {
      const leave = air.live(what, (chunk) => outgoing.writableLength < MOST_UNSENT && outgoing.write(chunk))
      outgoing.on('close', () => {
        leave()
        streams.delete(outgoing)
      })
      return
    }
    let at = 0
    const timer = setInterval(() => {
      outgoing.write(television.subarray(at, at + PIECE))
      at = at + PIECE >= television.length ? 0 : at + PIECE
    }, PIECE_EVERY_MS)
    outgoing.on('close', () => {
      clearInterval(timer)
      streams.delete(outgoing)
    })
  }
  const hold = (outgoing: ServerResponse): void => {
    streams.add(outgoing)
    outgoing.writeHead(200, { 'Content-Type': 'video/mp2t' })
    outgoing.flushHeaders()
    outgoing.on('close', () => streams.delete(outgoing))
  }
  const live = (what: string, outgoing: ServerResponse): void => {
    if (/^\d{3}$/.test(what)) return void outgoing.writeHead(Number(what)).end()
    if (what === 'silent') return hold(outgoing)
    if (what === 'empty') return void outgoing.writeHead(200).end()
    if (what === 'page') return void outgoing.writeHead(200).end('<!doctype html><title>Blocked</title>')
    if (what === 'json') return void outgoing.writeHead(200).end('{"error":"limit"}')
    if (what === 'redirect') {
      const token = `t${tokens.size}`
      tokens.set(token, now() + TOKEN_MS)
      return void outgoing.writeHead(302, { Location: `/edge/${token}/stream` }).end()
    }
    sendStream(outgoing, what, what === 'late' ? new Uint8Array(300).fill(0x11) : null)
  }
  const edge = (token: string, outgoing: ServerResponse): void => {
    const until = tokens.get(token)
    if (until === undefined || until < now()) {
      forbidden.push(`the token ${token} was used again or too late`)
      return void outgoing.writeHead(403).end()
    }
    tokens.set(token, -Infinity)
    sendStream(outgoing, 'edge', null)
  }

  const server = createServer((incoming, outgoing) => {
    const { pathname: path, search: query, searchParams } = new URL(incoming.url ?? '/', 'http://provider')
    calls.push({ path, query, headers: incoming.headers })
    if (incoming.method !== 'GET') forbidden.push(`${incoming.method ?? ''} ${path}`)
    const [, place = '', what = '', rest = ''] = path.split('/')
    const file = place === 'files' ? files.get(decodeURIComponent(what)) : undefined
    if (file !== undefined) return sendFile(file, incoming, outgoing)
    if (place === 'live') return live(what.replace(/\.\w+$/, ''), outgoing)
    if (place === 'edge') return edge(what, outgoing)
    if (place === 'hls')
      return answerHls(hls, {
        what,
        file: rest,
        query: searchParams,
        incoming,
        outgoing,
        now: now(),
        ...(air && { segment: air.segment }),
      })
    if (place === 'trap') forbidden.push(`GET ${path}`)
    outgoing.writeHead(404).end()
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    port,
    serve: (name, file) => void files.set(name, file),
    endStreams() {
      for (const outgoing of streams) outgoing.end()
      hls.gone = true
    },
    openStreams: () => streams.size,
    mostStreams: () => most,
    calls,
    get forbidden() {
      return [...forbidden, ...hls.forbidden]
    },
    hls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
