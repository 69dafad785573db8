import type { IncomingMessage, ServerResponse } from 'node:http'
import { guideDocument, listing, programmesOf } from './guide.ts'
import { findAccount, isGood } from './panel.ts'
import type { Panel } from './panel.ts'
import type { PanelAccount } from './model.ts'
import { asList, categoryRow, filmInfo, filmRow, liveRows, seriesInfo, seriesRow, shelf } from './rows.ts'
import { wallTime } from './wall-clock.ts'

const NGINX_404 =
  '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body><center><h1>404 Not Found</h1></center></body></html>'

/** An answer that is over at once. */
export function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** A refusal in the way of the panel's software. */
export function refuse(panel: Panel, response: ServerResponse, status?: number): void {
  if (panel.settings.dialect === 'xui' && status === undefined) send(response, 404, 'text/html', NGINX_404)
  else send(response, status ?? 401, 'text/html', '')
}

/** Answers `/player_api.php` and `/xmltv.php`. */
export async function answerApi(panel: Panel, url: URL, response: ServerResponse): Promise<void> {
  const { settings } = panel
  const query = url.searchParams
  const isGuide = url.pathname.endsWith('/xmltv.php')
  const action = isGuide ? 'xmltv' : (query.get('action') ?? 'login')
  panel.calls.set(action, (panel.calls.get(action) ?? 0) + 1)
  if (settings.apiFault === 'slow') await new Promise((resolve) => setTimeout(resolve, settings.slowMs))
  if (typeof settings.apiFault === 'number') return send(response, settings.apiFault, 'text/html', '')
  if (settings.apiFault === 'empty') return send(response, 200, 'application/json', '')
  if (settings.apiFault === 'page')
    return send(response, 200, 'text/html', '<!doctype html><title>Just a moment…</title>')
  const account = findAccount(panel, query.get('username') ?? '', query.get('password') ?? '')
  if (account === null) {
    if (settings.dialect === 'xui') return refuse(panel, response)
    return send(response, 200, 'application/json', '{"user_info":{"auth":0}}')
  }
  if (isGuide) return sendGuide(panel, response)
  if (settings.dialect === 'xui' && !isGood(panel, account)) return refuse(panel, response)
  const text = JSON.stringify(answer(panel, account, action, query))
  const isList = action.startsWith('get_') && !/info|epg|table/.test(action)
  const cut = settings.apiFault === 'truncated' && isList ? text.slice(0, Math.floor(text.length * 0.6)) : text
  send(response, 200, 'application/json', cut)
}

function answer(panel: Panel, account: PanelAccount, action: string, query: URLSearchParams): unknown {
  const { model, settings } = panel
  const { dialect, timezone } = settings
  const icon = (id: number): string => `${panel.url}/images/${id}.png`
  const inCategory = <T extends { readonly category: string }>(things: readonly T[]): readonly T[] =>
    query.has('category_id') ? things.filter(({ category }) => category === query.get('category_id')) : things
  switch (action) {
    case 'get_live_categories':
    case 'get_vod_categories':
    case 'get_series_categories':
      return asList(
        Object.entries(shelf(model, action)).map(([id, name]) => categoryRow(id, name, dialect)),
        dialect,
      )
    case 'get_live_streams':
      return asList(
        inCategory(model.channels).flatMap((channel, index) => liveRows(channel, index + 1, dialect, icon(channel.id))),
        dialect,
      )
    case 'get_vod_streams':
      return asList(
        inCategory(model.films).map((film, index) => filmRow(film, index + 1, dialect, icon(film.id))),
        dialect,
      )
    case 'get_series':
      return asList(
        inCategory(model.series).map((series, index) => seriesRow(series, index + 1, dialect, icon(series.id))),
        dialect,
      )
    case 'get_vod_info':
      return filmInfo(
        model.films.find(({ id }) => String(id) === query.get('vod_id')),
        dialect,
      )
    case 'get_series_info':
      return seriesInfo(
        model.series.find(({ id }) => String(id) === query.get('series_id')),
        dialect,
      )
    case 'get_short_epg':
    case 'get_simple_data_table': {
      const channel = model.channels.find(({ id }) => String(id) === query.get('stream_id'))
      if (channel === undefined) return { epg_listings: [] }
      const all = programmesOf(channel, panel.now())
      const isShort = action === 'get_short_epg'
      const coming = all.filter(({ stop }) => stop > panel.now()).slice(0, Number(query.get('limit') ?? 4))
      return { epg_listings: (isShort ? coming : all).map((one) => listing(one, channel, timezone, dialect)) }
    }
    default:
      return login(panel, account)
  }
}

/** The account payload: strings for numbers in the original, numbers and gaps in the sloppy one. */
function login(panel: Panel, account: PanelAccount): unknown {
  const { dialect, timezone } = panel.settings
  const now = panel.now()
  const expires = account.expiresAt === null ? null : Math.floor(account.expiresAt / 1000)
  const active = panel.connections.active(account)
  const isOver = account.expiresAt !== null && account.expiresAt <= now
  const status = account.status === 'Active' && isOver ? 'Expired' : account.status
  const port = new URL(panel.url).port
  if (dialect === 'sloppy')
    return {
      user_info: {
        auth: '1',
        status: status.toUpperCase(),
        exp_date: expires ?? '0',
        max_connections: account.maxConnections,
        active_cons: active,
        allowed_output_formats: [],
      },
      server_info: {
        url: 'http://internal.invalid:25461',
        timestamp_now: String(Math.floor(now / 1000)),
        time_now: wallTime(now, timezone),
      },
    }
  return {
    user_info: {
      username: account.username,
      password: account.password,
      message: 'Welcome',
      auth: 1,
      status,
      exp_date: expires === null ? null : String(expires),
      is_trial: '0',
      active_cons: String(active),
      created_at: '1715275438',
      max_connections: String(account.maxConnections),
      allowed_output_formats: account.formats,
    },
    server_info: {
      ...(dialect === 'xui' && { xui: true }),
      url: 'internal.invalid',
      port,
      https_port: '',
      server_protocol: 'http',
      rtmp_port: '8880',
      timezone,
      timestamp_now: Math.floor(now / 1000),
      time_now: wallTime(now, timezone),
      process: true,
    },
  }
}

function sendGuide(panel: Panel, response: ServerResponse): void {
  if (!panel.settings.hasGuideDocument) return send(response, 404, 'text/html', NGINX_404)
  response.writeHead(200, { 'content-type': 'application/xml' })
  for (const piece of guideDocument(panel.model.channels, panel.now())) response.write(piece)
  response.end()
}

/** What a request says that no player says. */
export function watchManners(panel: Panel, request: IncomingMessage): void {
  const { headers, method } = request
  if (headers['sec-fetch-mode'] !== undefined || headers['accept-language'] === '*')
    panel.forbid('a request had the fingerprint of fetch')
  if (headers['x-xc_vm-detect'] !== undefined) panel.forbid('a request asked to be taken for a restreamer')
  if (method !== 'GET') panel.forbid(`a ${method} was sent`)
}
