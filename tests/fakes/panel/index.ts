import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { answerApi, refuse, send, watchManners } from './api.ts'
import { createConnections } from './connections.ts'
import { createHops } from './hops.ts'
import { createLiveLoop } from './live-loop.ts'
import type { LiveLoop } from './live-loop.ts'
import { demoPanel } from './model.ts'
import type { PanelAccount, PanelModel } from './model.ts'
import type { Panel } from './panel.ts'
import { defaultPanelSettings } from './settings.ts'
import type { PanelObservation, PanelSettings } from './settings.ts'
import { answerSegment, answerStream, leadsToList } from './streams.ts'

export { demoPanel, fileByte } from './model.ts'
export type { Behaviour, PanelAccount, PanelChannel, PanelModel } from './model.ts'
export type { Dialect, PanelObservation, PanelSettings } from './settings.ts'

/** What a panel is started with. The port is chosen by the system unless given. */
export type PanelOptions = {
  readonly model?: PanelModel
  readonly settings?: Partial<PanelSettings>
  /** A transport stream that every channel repeats; a committed one if absent. */
  readonly clip?: Uint8Array
  /** What a channel or film shows instead, by id: films are this stream from its beginning then. */
  readonly air?: (id: number) => Promise<LiveLoop>
  readonly port?: number
  /** Epoch milliseconds. */
  readonly now?: () => number
}

/** A simulated Xtream-Codes panel on 127.0.0.1, which counts what no client may do. */
export interface FakePanel extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
  readonly model: PanelModel
  observe(): PanelObservation & { readonly archives: readonly string[] }
  configure(settings: Partial<PanelSettings>): void
  /** The panel ends all streams: a server change. Returns how many. */
  endStreams(): number
  /** Somebody else opens a stream with this account: over the limit the oldest dies. The answer ends it. */
  intrude(account: PanelAccount): () => void
}

const CLIP = new URL('../../fixtures/ts/h264-closed-ac3-mp2.ts', import.meta.url)
/** A picture of one dot. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** More log-ins than that in the time say that a client asks before every stream. */
const LOGINS = { count: 12, withinMs: 10_000 }
/** nginx in front of the panel: calls a second and what may come at once (protocols/xtream.md §1). */
const RATE = { perSecond: 20, burst: 8 }

function repeat(clip: Uint8Array): (id: number) => Promise<LiveLoop> {
  const loop = createLiveLoop(clip)
  return () => Promise.resolve(loop)
}

/** Starts a panel; resolves once it accepts connections. */
export async function startPanel(options: PanelOptions = {}): Promise<FakePanel> {
  const { now = Date.now } = options
  const forbidden: string[] = []
  const forbid = (what: string): void => void forbidden.push(what)
  const panel: Panel = {
    model: options.model ?? demoPanel(),
    settings: { ...defaultPanelSettings, ...options.settings },
    now,
    air: options.air ?? repeat(options.clip ?? new Uint8Array(readFileSync(CLIP))),
    hasPictureFiles: options.air !== undefined,
    connections: createConnections({ now, forbid, lettingGoMs: () => panel.settings.lettingGoMs }),
    hops: createHops({
      now,
      forbid,
      lifeMs: () => panel.settings.redirectMs,
      isList: (target) => leadsToList(panel, target),
    }),
    hls: new Map(),
    hlsOver: [],
    hlsReplaced: new Set(),
    calls: new Map(),
    asked: [],
    archives: [],
    started: 0,
    forbid,
    url: '',
  }
  const manners = createManners(panel)
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    response.on('error', () => {}) // clients leave when they like
    void answer(panel, manners, request, response)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  panel.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : options.port}`

  return {
    url: panel.url,
    model: panel.model,
    observe: () => ({
      forbidden: [...forbidden],
      open: panel.connections.open().length,
      mostOpen: panel.connections.mostOpen,
      started: panel.started,
      killed: panel.connections.killed,
      calls: Object.fromEntries(panel.calls),
      asked: [...panel.asked],
      archives: [...panel.archives],
    }),
    configure: (settings) => void (panel.settings = { ...panel.settings, ...settings }),
    endStreams() {
      const open = panel.connections.open()
      for (const connection of open) connection.end()
      return open.length
    },
    intrude(account) {
      const others = panel.connections.open().filter((one) => one.account === account)
      const excess = account.maxConnections === 0 ? 0 : others.length + 1 - account.maxConnections
      for (const victim of others.slice(0, Math.max(0, excess))) victim.end(true)
      const intruder = {
        account: account,
        id: 0,
        address: '198.51.100.7',
        userAgent: 'Smarters',
        startedAt: now(),
        end: () => panel.connections.remove(intruder),
      }
      panel.connections.add(intruder)
      return intruder.end
    },
    async [Symbol.asyncDispose]() {
      for (const connection of panel.connections.open()) connection.end()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  panel: Panel,
  manners: (isLogin: boolean) => boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', panel.url)
  watchManners(panel, request)
  if (request.method === 'HEAD') return send(response, 200, 'text/html', '') // the trap: it always succeeds
  if (!panel.settings.userAgents.test(request.headers['user-agent'] ?? ''))
    return refuse(panel, response, panel.settings.refusal)
  if (/\/(player_api|xmltv)\.php$/.test(url.pathname)) {
    const isLogin = url.pathname.includes('player_api') && !url.searchParams.has('action')
    if (!manners(isLogin)) return send(response, 403, 'text/html', '')
    return answerApi(panel, url, response)
  }
  if (/^\/images\/\d+\.png$/.test(url.pathname)) return send(response, 200, 'image/png', PNG)
  if (answerSegment(panel, url.pathname, response) || answerStream(panel, url.pathname + url.search, request, response))
    return
  send(response, 404, 'text/html', '')
}

/** Counts calls; false: too many, and the address is refused. */
function createManners(panel: Panel): (isLogin: boolean) => boolean {
  let tokens = RATE.perSecond + RATE.burst
  let filledAt = panel.now()
  const logins: number[] = []
  return (isLogin) => {
    const at = panel.now()
    tokens = Math.min(RATE.perSecond + RATE.burst, tokens + ((at - filledAt) / 1000) * RATE.perSecond)
    filledAt = at
    tokens -= 1
    if (isLogin) {
      logins.push(at)
      while ((logins[0] ?? at) < at - LOGINS.withinMs) logins.shift()
      if (logins.length > LOGINS.count) panel.forbid('the log-in was hammered')
    }
    if (tokens >= 0) return true
    panel.forbid('the API was flooded')
    return false
  }
}
