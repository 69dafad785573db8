import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Box } from './box.ts'
import { reset } from './delivery.ts'
import type { WebFault } from './faults.ts'
import type { Answer, Call } from './web/call.ts'
import { failed } from './web/call.ts'
import { createGate } from './web/gate.ts'
import { guideBreadth } from './web/guide.ts'
import { methods } from './web/methods.ts'
import { drawPicon, findByPicon } from './web/picon.ts'
import { streamPlaylist } from './web/stream-playlist.ts'
import { toJson } from './web/text.ts'

const CROWD = 4

/**
 * The web interface of a receiver. Source: oe-alliance/OpenWebif v2.4.0.
 *
 * It lives in the thread that draws the menus: one request at a time, everything else waits, and a crowd of requests
 * freezes the box.
 */
export function createWebInterface(box: Box): (request: IncomingMessage, response: ServerResponse) => void {
  const enter = createGate(box)
  let inHand = 0
  let apiInHand = 0
  let turn: Promise<void> = Promise.resolve()

  const handleRequest = (request: IncomingMessage, response: ServerResponse): void => {
    request.on('error', () => {}) // a client that left; its socket closes
    response.on('error', () => {})
    const url = new URL(request.url ?? '/', 'http://box')
    const [, area = '', name = ''] = /^\/(api|web|picon|file)(?:\/(.*))?$/.exec(url.pathname) ?? []
    const isCall = area === 'api' || area === 'web'
    const method = isCall ? name : area
    box.counters.requests[method] = (box.counters.requests[method] ?? 0) + 1
    inHand += 1
    if (isCall) apiInHand += 1
    box.counters.maxParallelApiCalls = Math.max(box.counters.maxParallelApiCalls, apiInHand)
    const isCrowd = inHand > CROWD
    if (isCrowd && box.settings.crowd === 'reject') {
      inHand -= 1
      if (isCall) apiInHand -= 1
      return reset(request.socket)
    }
    const before = turn
    const { promise, resolve } = Promise.withResolvers<void>()
    turn = promise
    const handle = async (): Promise<void> => {
      await before
      if (isCrowd && box.settings.crowd === 'freeze') await pause(box.timing.freezeMs)
      await answer(request, response, { area, name, method, url })
    }
    handle()
      .catch((error: unknown) => {
        box.log('web interface failed', { method, error: String(error) })
        if (!response.headersSent) html(response, 500, '<h1>Error 500: Internal Server Error</h1><pre>Traceback</pre>')
        else response.destroy()
      })
      .finally(() => {
        inHand -= 1
        if (isCall) apiInHand -= 1
        resolve()
      })
  }

  const answer = async (request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> => {
    const parameters = await readParameters(request, asked.url)
    const fault = box.faults.takeWeb(asked.method)
    if (await disturb(fault, request, response)) return
    const entry = enter(request)
    if (entry.kind === 'foreign') {
      return html(response, 403, '<h1>Error 403.6 - Forbidden</h1><p>403.6 IP address rejected</p>')
    }
    if (entry.kind === 'unauthorized') {
      response.setHeader('WWW-Authenticate', 'Basic realm="OpenWebif"')
      return html(response, 401, '<h1>Error 401: Authentication required</h1>')
    }
    if (entry.isNew) response.setHeader('Set-Cookie', `TWISTED_SESSION=${entry.session}; Path=/`)
    if (asked.area === 'picon') return picon(box, response, asked.name)
    if (asked.area === 'file') return file(box, request, response, parameters.get('file') ?? '')
    const host = (request.headers.host ?? '127.0.0.1').replace(/:\d+$/, '')
    const call: Call = { box, method: asked.name, parameters, host, session: entry.session }
    await pause(costOf(call))
    if (asked.area === 'web' && /^stream\.m3u8?$/.test(asked.name)) {
      const playlist = streamPlaylist(call)
      const name = parameters.get('fname')
      if (name) response.setHeader('Content-Disposition', `attachment; filename=${name}.m3u8`)
      return send(response, 200, playlist.type, new TextEncoder().encode(playlist.body))
    }
    const method = Object.hasOwn(methods, asked.name) ? methods[asked.name] : undefined
    if (!method || (asked.area === 'api' && box.settings.xmlOnly)) return notFound(response)
    const result = fault?.kind === 'result-false' ? failed('Fehler') : await method(call)
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (asked.area === 'api') return json(request, response, result, fault)
    if (result.xml === undefined) return notFound(response)
    return xml(box, response, result.xml)
  }
  return handleRequest
}

/** Counts the connections of a web server, plain or TLS. */
export function countConnections(box: Box, server: Server, sockets: Set<Socket>): void {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    box.counters.connections.web += 1
    socket.on('close', () => sockets.delete(socket))
  })
}

type Asked = { readonly area: string; readonly name: string; readonly method: string; readonly url: URL }

/** True when the fault has taken care of the request. */
async function disturb(fault: WebFault | null, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  switch (fault?.kind) {
    case 'status':
      html(response, fault.status, fault.body ?? `<h1>Error ${fault.status}</h1>`)
      return true
    case 'busy':
      await pause(fault.forMs)
      return false
    case 'hang':
      // Nothing is answered and nothing else is, until the client gives up.
      await new Promise((resolve) => response.once('close', resolve))
      return true
    case 'reset':
      reset(request.socket)
      return true
    case 'body':
      send(response, 200, fault.contentType, new TextEncoder().encode(fault.body))
      return true
    default:
      return false
  }
}

/** What a call costs on the box, in milliseconds. */
function costOf(call: Call): number {
  const { timing } = call.box
  if (call.method === 'zap') return timing.zapMs
  if (call.method.startsWith('epg')) return timing.apiMs + timing.apiPerServiceMs * guideBreadth(call)
  const withProvider = call.parameters.has('provider') || call.parameters.has('showproviders')
  return call.method.startsWith('get') && withProvider ? timing.apiMs * 45 : timing.apiMs
}

async function readParameters(request: IncomingMessage, url: URL): Promise<URLSearchParams> {
  const parameters = new URLSearchParams(url.search)
  if (request.method !== 'POST') return parameters
  let form = ''
  for await (const piece of request) form += String(piece)
  for (const [name, value] of new URLSearchParams(form)) parameters.set(name, value)
  return parameters
}

function json(
  request: IncomingMessage,
  response: ServerResponse,
  { json: value }: Answer,
  fault: WebFault | null,
): void {
  const text = toJson(value)
  const whole = new TextEncoder().encode(fault?.kind === 'truncate' ? text.slice(0, fault.bytes) : text)
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    return send(response, 200, 'application/json; charset=utf-8', whole)
  }
  response.setHeader('Content-Encoding', 'gzip')
  send(response, 200, 'application/json; charset=utf-8', gzipSync(whole))
}

function xml(box: Box, response: ServerResponse, body: string): void {
  const { latin1Xml, doubleEscapedXml } = box.settings
  const head = `<?xml version="1.0" encoding="${latin1Xml ? 'ISO-8859-1' : 'UTF-8'}"?>\n`
  const text = head + (doubleEscapedXml ? body.replaceAll(/&(amp|lt|gt);/g, '&amp;$1;') : body)
  if (!latin1Xml) return send(response, 200, 'text/xml; charset=utf-8', new TextEncoder().encode(text))
  // Old boxes: one byte a letter, and no line feed at the end.
  const bytes = Uint8Array.from(text.trimEnd(), (letter) => {
    const code = letter.charCodeAt(0)
    return code > 0xff ? 0x3f : code
  })
  send(response, 200, 'text/xml', bytes)
}

function picon(box: Box, response: ServerResponse, name: string): void {
  const file = decodeURIComponent(name).replace(/\.png$/, '')
  const service = findByPicon(box.model.services, file)
  if (!service) return notFound(response)
  send(response, 200, 'image/png', drawPicon(service))
}

/** A recording as a static file with `Range`; a missing one is 200 with a sentence. */
async function file(box: Box, request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const recorded = box.recorded(path)
  if (recorded === null) return send(response, 200, 'text/plain', new TextEncoder().encode(`File '${path}' not found`))
  const bytes = await recorded
  response.setHeader('Content-Disposition', `attachment; filename="${path.slice(path.lastIndexOf('/') + 1)}"`)
  response.setHeader('Accept-Ranges', 'bytes')
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  if (!range) return send(response, 200, 'video/mpeg', bytes)
  const from = Number(range[1])
  const to = range[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1
  if (from > to) {
    response.setHeader('Content-Range', `bytes */${bytes.length}`)
    return html(response, 416, '<h1>Error 416</h1>')
  }
  response.setHeader('Content-Range', `bytes ${from}-${to}/${bytes.length}`)
  send(response, 206, 'video/mpeg', bytes.subarray(from, to + 1))
}

function notFound(response: ServerResponse): void {
  html(response, 404, '<html><head><title>404</title></head><body><h1>Error 404: Not found</h1></body></html>')
}

function html(response: ServerResponse, status: number, body: string): void {
  send(response, status, 'text/html; charset=utf-8', new TextEncoder().encode(body))
}

function send(response: ServerResponse, status: number, type: string, body: Uint8Array): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': String(body.length) })
  response.end(body)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
