import { createCipheriv } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { synthesize } from '../../core/live/synthetic-ts.ts'

/** What the HLS side of a provider saw. */
export type HlsHouse = {
  /** When its broadcast began, milliseconds of the provider's clock. */
  readonly startedAt: number
  /** Sequence numbers of the segments that were fetched, in this order. */
  readonly segments: number[]
  /** How often a media playlist was asked for. */
  lists: number
  /** The session is over: playlists and segments answer 403. */
  gone: boolean
  readonly forbidden: string[]
}

/** A request below `/hls/`. */
export type HlsCall = {
  readonly what: string
  readonly file: string
  readonly query: URLSearchParams
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly now: number
  /** Where seconds of a programme come from; absent: `segmentBytes`. */
  readonly segment?: (what: string, sequence: number) => Promise<Uint8Array>
}

const SEGMENT_MS = 1000
const WINDOW = 6
const KEY = Buffer.from('0123456789abcdef')
/** Sequence number of the first segment ever. */
const FIRST = 100

/** A second of a programme; its clock goes on from one segment to the next. */
export const segmentBytes = (sequence: number): Uint8Array =>
  synthesize({ clock: 900_000 + sequence * 90_000, gops: 2, counter: sequence % 16 })

/**
 * Answers `/hls/{what}/{file}`: a live playlist `index.m3u8` of six seconds that moves with the clock, and its segments.
 *
 * `what` is `plays`, `aes`, `aes-iv`, `ranges`, `ended` (a list of four segments), `sample-aes`, `audio`, `slow`
 * (nothing new, ever), `losing` (every third segment is 404), `lost` (all segments are), `multi` (best variant `plays`),
 * `demuxed` (sound in a list of its own), `token` (302 to a playlist that is refused after two seconds), `away` (segments
 * on a host that was not typed), `long` (segments of ten seconds).
 */
export function answerHls(house: HlsHouse, call: HlsCall): void {
  const { what, file, outgoing, query, now } = call
  if (house.gone) return void outgoing.writeHead(403).end()
  if (file === 'index.m3u8') return sendPlaylist(house, call)
  if (file === 'key') return void outgoing.writeHead(200).end(KEY)
  if (file === 'session.m3u8') {
    if (now - Number(query.get('at')) > 2000) return void outgoing.writeHead(403).end()
    return sendPlaylist(house, { ...call, what: 'plays' })
  }
  const sequence = Number(/^s(\d+)\./.exec(file)?.[1] ?? Number.NaN)
  if (Number.isNaN(sequence)) return void outgoing.writeHead(404).end()
  if (house.segments.includes(sequence) && what !== 'ranges')
    house.forbidden.push(`segment ${sequence} was fetched again`)
  house.segments.push(sequence)
  if (what === 'lost' || (what === 'losing' && sequence % 3 === 0)) return void outgoing.writeHead(404).end()
  if (call.segment !== undefined) {
    void call
      .segment(what, sequence)
      .then((bytes) => outgoing.writeHead(200, { 'Content-Type': 'video/mp2t' }).end(bytes))
    return
  }
  outgoing.writeHead(call.incoming.headers.range === undefined ? 200 : 206, { 'Content-Type': 'video/mp2t' })
  outgoing.end(bodyOf(what, sequence, call.incoming.headers.range))
}

function bodyOf(what: string, sequence: number, range: string | undefined): Uint8Array | string {
  if (what === 'audio') return 'ID3\u0004'.padEnd(2000, '\u0000')
  if (what === 'ranges') {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(range ?? '') ?? []
    const all = segmentBytes(sequence)
    const file = Buffer.concat([all, all])
    return from === undefined ? file : file.subarray(Number(from), Number(to) + 1)
  }
  const bytes = segmentBytes(sequence)
  if (!what.startsWith('aes')) return bytes
  const iv = Buffer.alloc(16)
  if (what === 'aes-iv') iv[0] = 0xab
  else iv.writeBigUInt64BE(BigInt(sequence), 8)
  const cipher = createCipheriv('aes-128-cbc', KEY, iv)
  return Buffer.concat([cipher.update(bytes), cipher.final()])
}

function sendPlaylist(house: HlsHouse, { what, incoming, outgoing, now }: HlsCall): void {
  const send = (lines: readonly string[]): void => {
    outgoing.writeHead(200, { 'Content-Type': 'text/plain' }) // as panels lie
    outgoing.end(`#EXTM3U\n${lines.join('\n')}\n`)
  }
  if (what === 'token') return void outgoing.writeHead(302, { Location: `session.m3u8?at=${now}` }).end()
  if (what === 'multi')
    return send([
      '#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360',
      '../slow/index.m3u8',
      '#EXT-X-STREAM-INF:BANDWIDTH=5000000,CODECS="avc1.4d401f,mp4a.40.2"',
      '../plays/index.m3u8',
    ])
  if (what === 'demuxed')
    return send([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="de",URI="../plays/index.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=5000000,AUDIO="a"',
      '../plays/index.m3u8',
    ])
  house.lists += 1
  const lengthMs = what === 'long' ? 10_000 : SEGMENT_MS
  const newest = what === 'slow' ? FIRST + WINDOW : FIRST + WINDOW + Math.floor((now - house.startedAt) / lengthMs)
  const first = what === 'ended' ? FIRST : newest - WINDOW + 1
  const last = what === 'ended' ? FIRST + 3 : newest
  const lines = [
    `#EXT-X-TARGETDURATION:${lengthMs / 1000}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    '#EXT-X-PART-INF:PART-TARGET=0.2',
  ]
  if (what === 'aes') lines.push('#EXT-X-KEY:METHOD=AES-128,URI="key"')
  if (what === 'aes-iv') lines.push('#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0xAB000000000000000000000000000000')
  if (what === 'sample-aes') lines.push('#EXT-X-KEY:METHOD=SAMPLE-AES,URI="key"')
  if (what === 'fmp4') lines.push('#EXT-X-MAP:URI="init.mp4"')
  const base = what === 'away' ? `http://localhost:${incoming.socket.localPort ?? 0}/trap/` : ''
  for (let sequence = first; sequence <= last; sequence++) {
    if (sequence % 10 === 0) lines.push('#EXT-X-DISCONTINUITY')
    lines.push(`#EXTINF:${(lengthMs / 1000).toFixed(3)},`)
    if (what === 'ranges') {
      const { length } = segmentBytes(sequence)
      lines.push(`#EXT-X-BYTERANGE:${length}@${length}`)
    }
    lines.push(`${base}s${sequence}.ts`)
  }
  if (what === 'ended') lines.push('#EXT-X-ENDLIST')
  send(lines)
}
