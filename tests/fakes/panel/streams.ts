import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuse, send } from './api.ts'
import type { Connection } from './connections.ts'
import { fileByte } from './model.ts'
import type { PanelAccount, PanelChannel } from './model.ts'
import { findAccount, isGood } from './panel.ts'
import type { Panel } from './panel.ts'

/** What a path of a stream names. */
export type Target = {
  readonly kind: 'live' | 'file' | 'archive'
  readonly account: PanelAccount
  readonly id: number
  readonly extension: string
  readonly size: number
  /** What of the past. */
  readonly past?: string
}

const STREAM = /^\/(live|movie|series)\/([^/]+)\/([^/]+)\/(\d+)(?:\.(\w+))?$/
const SHORT = /^\/([^/]+)\/([^/]+)\/(\d+)(?:\.(\w+))?$/
const OLD_ARCHIVE = '/streaming/timeshift.php'
/** A minute of the past in bytes. */
const ARCHIVE_MINUTE = 188 * 500
const ARCHIVE = /^\/timeshift\/([^/]+)\/([^/]+)\/(\d+)\/([^/]+)\/(\d+)\.(\w+)$/
const TICK_MS = 20
const UNSENT_LIMIT = 4_000_000
const CLIP_MS = 600
const HLS_SEGMENT_MS = 1000

/** Reads the path of a stream; null: it is none. Credentials that are wrong give an account of null. */
export function readTarget(
  panel: Panel,
  path: string,
): (Omit<Target, 'account'> & { account: PanelAccount | null }) | null {
  const url = new URL(path, 'http://panel')
  const { pathname } = url
  const archive = ARCHIVE.exec(pathname)
  if (archive !== null) {
    const [, user = '', pass = '', minutes = '', start = '', id = '', extension = ''] = archive
    return archiveOf(panel, {
      way: 'rest',
      user: decodeURIComponent(user),
      pass: decodeURIComponent(pass),
      minutes,
      start: decodeURIComponent(start),
      id,
      extension,
    })
  }
  if (pathname === OLD_ARCHIVE) {
    const get = (key: string): string => url.searchParams.get(key) ?? ''
    const asked = { user: get('username'), pass: get('password'), minutes: get('duration'), start: get('start') }
    return archiveOf(panel, { way: 'old', ...asked, id: get('stream'), extension: get('extension') })
  }
  const [, word = 'live', user = '', pass = '', id = '', extension = 'ts'] =
    STREAM.exec(pathname) ?? SHORT.exec(pathname)?.toSpliced(1, 0, 'live') ?? []
  if (id === '') return null
  const size = word === 'live' ? 0 : sizeOf(panel, word, Number(id))
  return { kind: word === 'live' ? 'live' : 'file', account: login(panel, user, pass), id: Number(id), extension, size }
}

type AskedArchive = {
  readonly way: 'rest' | 'old'
  readonly user: string
  readonly pass: string
  readonly minutes: string
  readonly start: string
  readonly id: string
  readonly extension: string
}

/** The past of a channel, as far as this panel has it by this address. */
function archiveOf(panel: Panel, { way, user, pass, minutes, start, id, extension }: AskedArchive) {
  const { archive } = panel.settings
  const isKnown = archive === 'hls' ? extension === 'm3u8' : archive === way && extension !== 'm3u8'
  const size =
    isKnown && panel.model.channels.some((one) => String(one.id) === id && one.archiveDays > 0)
      ? Number(minutes) * ARCHIVE_MINUTE
      : 0
  const account = findAccount(panel, user, pass)
  return { kind: 'archive', account, id: Number(id), extension, size, past: `${start}/${minutes}/${id}` } as const
}

const login = (panel: Panel, user: string, pass: string): PanelAccount | null =>
  findAccount(panel, decodeURIComponent(user), decodeURIComponent(pass))

const sizeOf = ({ model }: Panel, word: string, id: number): number =>
  (word === 'movie'
    ? model.films.find((film) => film.id === id)
    : model.series.flatMap(({ seasons }) => Object.values(seasons).flat()).find((episode) => episode.id === id)
  )?.size ?? 0

/** Sends what a path of a stream names, after its redirects. */
export function answerStream(panel: Panel, path: string, request: IncomingMessage, response: ServerResponse): boolean {
  const hop = /^\/auth\/(\w+)(?:\?.*)?$/.exec(path)?.[1]
  const resolved = hop === undefined ? { path, left: panel.settings.redirects } : readHop(panel, hop)
  if (resolved === null) {
    refuse(panel, response, 403)
    return true
  }
  const target = readTarget(panel, resolved.path)
  if (target === null) return false
  const { account } = target
  if (account === null || !isGood(panel, account)) refuse(panel, response)
  else if (resolved.left > 0) {
    const token = panel.hops.issue(`${resolved.left - 1} ${resolved.path}`)
    response.writeHead(302, { location: `${panel.url}/auth/${token}`, 'content-length': '0' })
    response.end()
  } else {
    panel.asked.push(target.id)
    if (target.past !== undefined) panel.archives.push(target.past)
    if (target.kind !== 'live' && !(target.kind === 'archive' && target.extension === 'm3u8' && target.size > 0))
      void sendFile(panel, { ...target, account }, request, response)
    else sendChannel(panel, { ...target, account }, request, response)
  }
  return true
}

type HopTarget = { readonly path: string; readonly left: number }

function readHop(panel: Panel, token: string): HopTarget | null {
  const target = panel.hops.redeem(token)
  return target === null ? null : hopTarget(target)
}

function hopTarget(target: string): HopTarget {
  const space = target.indexOf(' ')
  return { left: Number(target.slice(0, space)), path: target.slice(space + 1) }
}

/** Whether a redirect leads to a list of HLS, whatever its address ends with. */
export function leadsToList(panel: Panel, target: string): boolean {
  const { path } = hopTarget(target)
  if (path.endsWith('.m3u8')) return true
  const id = readTarget(panel, path)?.id
  return panel.model.channels.some((channel) => channel.id === id && channel.behaviour === 'hls-as-ts')
}

/** Takes the connection into the panel's book until it is over. */
function seat(panel: Panel, { account, id }: Target, request: IncomingMessage, response: ServerResponse): Connection {
  const connection: Connection = {
    account,
    id,
    address: request.socket.remoteAddress ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    startedAt: panel.now(),
    end() {
      panel.connections.remove(connection)
      response.end()
    },
  }
  panel.started += 1
  panel.connections.add(connection)
  response.once('close', () => panel.connections.remove(connection))
  return connection
}

function sendChannel(panel: Panel, target: Target, request: IncomingMessage, response: ServerResponse): void {
  const channel = panel.model.channels.find(({ id }) => id === target.id)
  if (channel === undefined) return refuse(panel, response, 404)
  const { behaviour } = channel
  if (typeof behaviour === 'number') return refuse(panel, response, behaviour)
  if (behaviour === 'empty') return send(response, 200, 'video/mp2t', '')
  if (behaviour === 'page') return send(response, 200, 'text/html', '<html>Service unavailable</html>')
  if (target.kind === 'archive') return sendArchiveList(response)
  const isHls = target.extension === 'm3u8' || behaviour === 'hls-as-ts'
  if (!target.account.formats.includes(isHls ? 'm3u8' : 'ts') || (behaviour === 'hls-only' && !isHls))
    return refuse(panel, response, 405)
  if (isHls) return sendPlaylist(panel, target, request, response)
  const connection = seat(panel, target, request, response)
  response.writeHead(200, { 'content-type': 'video/mp2t', connection: 'close' })
  response.flushHeaders()
  if (behaviour === 'silent') return
  const waitMs = behaviour === 'slow' ? 300 : 0
  setTimeout(() => void pump(panel, channel, target, { connection, response }), waitMs)
}

/** Three segments, and the end. */
function sendArchiveList(response: ServerResponse): void {
  const lines = ['#EXTM3U', '#EXT-X-TARGETDURATION:1', '#EXT-X-PLAYLIST-TYPE:VOD']
  for (const number of [0, 1, 2]) lines.push('#EXTINF:1.000,', `/past/${number}.ts`)
  send(response, 200, 'application/x-mpegurl', `${lines.join('\n')}\n#EXT-X-ENDLIST\n`)
}

/** A burst, then real time; a clip and what is over end by themselves. */
async function pump(
  panel: Panel,
  { behaviour }: PanelChannel,
  { id }: Target,
  { connection, response }: { readonly connection: Connection; readonly response: ServerResponse },
): Promise<void> {
  const { settings } = panel
  const loop = await panel.air(id)
  const startedAt = panel.now()
  // A channel runs whether or not somebody watches: a new connection does not begin where an old one did.
  const phase =
    Math.floor(loop.bytesAt(startedAt % 3_600_000) / loop.bytesAt(loop.durationMs)) * loop.bytesAt(loop.durationMs)
  const lastsMs = behaviour === 'clip' ? CLIP_MS : Infinity
  let sent = 0
  const tick = (): void => {
    if (response.writableEnded || response.destroyed) return stop()
    const elapsed = panel.now() - startedAt
    const until = loop.bytesAt(Math.min(elapsed + settings.burstMs, lastsMs))
    if (until > sent && response.writableLength < UNSENT_LIMIT) {
      response.write(loop.read(phase + sent, phase + until))
      sent = until
    }
    if (elapsed + settings.burstMs >= lastsMs) {
      stop()
      connection.end()
    }
  }
  const timer = setInterval(tick, TICK_MS)
  const stop = (): void => clearInterval(timer)
  response.once('close', stop)
  tick()
}

/** The media playlist of a session, which is made by the first request and lives while it is asked for. */
function sendPlaylist(panel: Panel, target: Target, request: IncomingMessage, response: ServerResponse): void {
  const key = `${target.account.username}-${target.id}`
  const known = panel.hls.get(key)
  // A playlist that is asked for again may be a new start; segments of the old run are not.
  if (panel.hlsReplaced.delete(key)) return refuse(panel, response, 403)
  const session = known ?? openHls(panel, key, target, request)
  session.touch()
  const last = Math.floor((panel.now() - session.startedAt) / HLS_SEGMENT_MS) + 3
  const first = Math.max(0, last - 3)
  const lines = ['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-TARGETDURATION:1', `#EXT-X-MEDIA-SEQUENCE:${first}`]
  for (let number = first; number < last; number++)
    lines.push(`#EXTINF:${(HLS_SEGMENT_MS / 1000).toFixed(3)},`, `/hls/${encodeURIComponent(session.run)}/${number}.ts`)
  send(response, 200, 'application/x-mpegurl', `${lines.join('\n')}\n`)
}

function openHls(panel: Panel, key: string, { account, id }: Target, request: IncomingMessage) {
  let idle: ReturnType<typeof setTimeout> | undefined
  const close = (): void => {
    clearTimeout(idle)
    panel.connections.remove(connection)
  }
  const session = {
    run: `${key}-${panel.started}`,
    channel: id,
    account,
    startedAt: panel.now(),
    isOver: false,
    touch() {
      clearTimeout(idle)
      idle = setTimeout(() => {
        close()
        panel.hls.delete(key)
      }, panel.settings.hlsIdleMs)
      idle.unref?.()
    },
  }
  const connection: Connection = {
    account,
    id,
    address: request.socket.remoteAddress ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    startedAt: panel.now(),
    isHls: true,
    end(byStranger = false) {
      session.isOver = true
      if (byStranger) panel.hlsReplaced.add(key)
      panel.hlsOver.push(session)
      panel.hls.delete(key)
      close()
    },
  }
  panel.started += 1
  panel.connections.add(connection)
  panel.hls.set(key, session)
  return session
}

/** A segment of HLS; 403 once the session was replaced. */
export function answerSegment(panel: Panel, path: string, response: ServerResponse): boolean {
  const past = /^\/past\/(\d+)\.ts$/.exec(path)?.[1]
  if (past !== undefined) {
    const { id = 0 } = panel.model.channels[0] ?? {}
    void panel
      .air(id)
      .then((loop) =>
        send(
          response,
          200,
          'video/mp2t',
          loop.read(loop.bytesAt(Number(past) * 1000), loop.bytesAt(Number(past) * 1000 + 1000)),
        ),
      )
    return true
  }
  const [, key = '', number = ''] = /^\/hls\/([^/]+)\/(\d+)\.ts$/.exec(path) ?? []
  if (number === '') return false
  const run = decodeURIComponent(key)
  const session = [...panel.hls.values(), ...panel.hlsOver].find((one) => one.run === run)
  if (session === undefined || session.isOver) {
    if (session?.isOver === true) panel.forbid('a run of HLS was still used beside as many streams as there may be')
    refuse(panel, response, 403)
    return true
  }
  session.touch()
  void panel.air(session.channel).then((loop) => {
    const from = loop.bytesAt(Number(number) * HLS_SEGMENT_MS)
    send(response, 200, 'video/mp2t', loop.read(from, loop.bytesAt((Number(number) + 1) * HLS_SEGMENT_MS)))
  })
  return true
}

const FILE_CHUNK = 65_536
const FILE_TYPES: Readonly<Record<string, string>> = { mp4: 'video/mp4', ts: 'video/mp2t' }
const PACKET_SIZE = 188

/** Reads the bytes of a file from a place on. */
async function fileReader(panel: Panel, { id, kind }: Target): Promise<(start: number, length: number) => Uint8Array> {
  if (!panel.hasPictureFiles && kind === 'file')
    return (start, length) => Uint8Array.from({ length }, (_, index) => fileByte(id, start + index))
  const loop = await panel.air(id)
  return (start, length) => {
    const from = start - (start % PACKET_SIZE)
    const whole = loop.read(from, Math.ceil((start + length) / PACKET_SIZE) * PACKET_SIZE)
    return whole.subarray(start - from, start - from + length)
  }
}

/** A file, whole or from a place on, as fast as it is taken. */
async function sendFile(
  panel: Panel,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { size, extension } = target
  if (size === 0) return refuse(panel, response, 404)
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const isPart = from !== ''
  const first = isPart ? Number(from) : 0
  const last = isPart && to !== '' ? Math.min(Number(to), size - 1) : size - 1
  if (first >= size || first > last) {
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': '0' })
    response.end()
    return
  }
  seat(panel, target, request, response)
  const read = await fileReader(panel, target)
  response.writeHead(isPart ? 206 : 200, {
    'content-type': FILE_TYPES[extension] ?? 'application/octet-stream',
    'content-length': String(last - first + 1),
    'accept-ranges': '0-' + String(size), // as XUI writes it
    ...(isPart && { 'content-range': `bytes ${first}-${last}/${size}` }),
  })
  let at = first
  const more = (): void => {
    while (at <= last) {
      if (response.destroyed || response.writableEnded) return
      if (at - first >= panel.settings.filesHoldAfter) return
      const length = Math.min(FILE_CHUNK, last + 1 - at)
      const start = at
      at += length
      if (!response.write(read(start, length))) {
        response.once('drain', more)
        return
      }
    }
    response.end()
  }
  more()
}
