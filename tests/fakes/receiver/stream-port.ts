import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { lockTimeoutMs, tune } from './box.ts'
import type { Box, StreamClient } from './box.ts'
import { scramble } from './broadcast.ts'
import { createDelivery, ERROR_TEXT, hangUp, reset } from './delivery.ts'
import type { StreamFault } from './faults.ts'
import { decodePercent, parseServiceReference } from './service-reference.ts'

/**
 * Port 8001 of a receiver. Source of every byte: OpenPLi, lib/dvb/streamserver.cpp.
 *
 * States of a connection: reading (until the first LF) → answered (200 sent, tuner being moved) → sending → closed.
 * 200 is sent before anything is known; what fails later is told in the body, or by silence.
 */
export function createStreamPort(box: Box, sockets: Set<Socket>): Server {
  let reading = 0
  return createServer((socket) => {
    sockets.add(socket)
    box.counters.connections.stream += 1
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy()) // a client that resets is a client that left
    // The box takes the end of input as "client gone": half-closing stops the stream.
    socket.on('end', () => socket.destroy())
    if (box.settings.noBacklog && reading > 0) return reset(socket)
    reading += 1
    let isReading = true
    const done = (): void => {
      if (isReading) reading -= 1
      isReading = false
    }
    socket.on('close', done)
    readRequest(socket, (request, isComplete) => {
      done()
      serve(box, socket, request, isComplete)
    })
  })
}

const READ_SIZE = 512

/** Reads 512 bytes at a time until a line feed is in; what arrives later is never looked at. */
function readRequest(socket: Socket, onRequest: (request: string, isWhole: boolean) => void): void {
  let text = ''
  const take = (data: Uint8Array | string): void => {
    const input = typeof data === 'string' ? data : latin1(data)
    for (let at = 0; at < input.length; at += READ_SIZE) {
      text += input.slice(at, at + READ_SIZE)
      if (!text.includes('\n')) continue
      socket.off('data', take)
      socket.on('data', () => {}) // keep reading, so that the end of input is seen
      onRequest(text, at + READ_SIZE >= input.length)
      return
    }
  }
  socket.on('data', take)
}

/** `isWhole` is false when bytes of the request were left unread: closing then becomes a RST, as on a real box. */
function serve(box: Box, socket: Socket, request: string, isWhole: boolean): void {
  const close = (text: string): void => {
    if (isWhole) hangUp(socket, text)
    else socket.write(text, () => reset(socket))
  }
  const path = /^GET \/([^ \r\n]+)/.exec(request)?.[1]
  box.counters.requests['stream'] = (box.counters.requests['stream'] ?? 0) + 1
  if (path === undefined) return close(ERROR_TEXT)
  if (box.settings.streamingAuth && !isAuthorized(box, request)) {
    return close('HTTP/1.0 401 Authorization Required\r\nWWW-Authenticate: Basic realm="streamserver"\r\n\r\n')
  }
  const refText = decodePercent(path.replace(/[?&]sessionid=.*$/, ''))
  const [target = '', query = ''] = splitQuery(refText)
  const fault = box.faults.takeStream(target)
  if (!sendHeader(socket, fault)) return
  const duration = /^duration=(\d+)$/.exec(query)?.[1]
  const ref = parseServiceReference(target)
  const file = target === 'file' ? /^file=(.*)$/.exec(query)?.[1] : undefined
  if (file !== undefined) return sendRecording(box, socket, file)
  const isFine = ref !== null && (query === '' || duration !== undefined) && fault?.kind !== 'refuse'
  const tuned = isFine ? tune(box, ref, socket.remoteAddress ?? '') : null
  if (!tuned) {
    box.counters.refusals += 1
    return close(ERROR_TEXT)
  }
  const { service, transponder, lease } = tuned
  const client: StreamClient = {
    id: nextId(box),
    ref: target,
    service,
    ip: plainAddress(socket.remoteAddress),
    port: 'stream',
    tuner: lease.tuner,
    startedAtMs: box.now(),
    bytesOut: 0,
    release() {
      leave?.()
      lease.release()
      box.clients.delete(client)
      for (const timer of timers) clearTimeout(timer)
    },
    close() {
      client.release()
      hangUp(socket)
    },
  }
  box.clients.add(client)
  const timers: ReturnType<typeof setTimeout>[] = []
  let leave: (() => void) | null = null
  socket.on('close', () => client.release())
  if (fault?.kind === 'no-lock') {
    timers.push(setTimeout(() => client.close(), fault.closeAfterMs ?? lockTimeoutMs(transponder)))
    return
  }
  // Tuned, but no such programme: its PMT never comes, and the socket stays open for ever.
  if (fault?.kind === 'hang' || !service) return
  if (duration !== undefined) timers.push(setTimeout(() => client.close(), Number(duration) * 1000))

  const delivery = createDelivery({
    socket,
    fault,
    now: box.now,
    onSent: (bytes) => (client.bytesOut += bytes),
    onDropped: (bytes) => (box.counters.bytesDropped += bytes),
  })
  const start = async (): Promise<void> => {
    const broadcast = await box.onAir(service)
    if (socket.destroyed) return
    if (fault?.kind === 'garbage-before') delivery.send(garbage(fault.bytes))
    leave = broadcast.subscribe((chunk) => {
      const isScrambled = service.encrypted || box.faults.signalOf(service.ref)?.scrambled
      delivery.send(isScrambled ? scramble(chunk, false) : chunk)
    })
  }
  timers.push(
    setTimeout(() => {
      // Without a clip there is no signal: silence, as from a dish in the snow.
      start().catch((error: unknown) => box.log('no content', { service: service.name, error: String(error) }))
    }, tuned.delayMs),
  )
}

/** A recording from beginning to end, as fast as the client takes it. */
function sendRecording(box: Box, socket: Socket, path: string): void {
  const recorded = box.recorded(path)
  if (recorded === null) return hangUp(socket, ERROR_TEXT)
  recorded.then(
    (bytes) => socket.end(bytes, () => socket.destroy()),
    (error: unknown) => {
      box.log('no content', { file: path, error: String(error) })
      hangUp(socket, ERROR_TEXT)
    },
  )
}

/** Sends the 200; false when the fault ended the conversation. */
export function sendHeader(socket: Socket, fault: StreamFault | null, header: string = HEADER): boolean {
  switch (fault?.kind) {
    case 'reject':
      reset(socket)
      return false
    case 'mute':
      return false
    case 'status':
      hangUp(socket, `HTTP/1.0 ${fault.status} ${fault.text}\r\n\r\n${fault.text}`)
      return false
    case 'no-header':
      return true
    case 'no-content-type':
      socket.write(header.replace(/Content-Type:[^\n]*\n/, ''))
      return true
    case 'split-header':
      socket.setNoDelay(true)
      for (let at = 0; at < header.length; at += fault.pieceBytes) socket.write(header.slice(at, at + fault.pieceBytes))
      return true
    default:
      socket.write(header)
      return true
  }
}

const HEADER = 'HTTP/1.0 200 OK\r\nConnection: Close\r\nContent-Type: video/mpeg\r\nServer: streamserver\r\n\r\n'

/** The literal, case-sensitive search that the box does; sessions of the web interface mean nothing here. */
function isAuthorized(box: Box, request: string): boolean {
  const found = /Authorization: Basic ([\w+/=]+)/.exec(request)?.[1]
  return found === btoa(`${box.settings.user}:${box.settings.password}`)
}

function splitQuery(target: string): readonly string[] {
  const at = target.indexOf('?')
  return at < 0 ? [target] : [target.slice(0, at), target.slice(at + 1)]
}

/** Bytes as before the first sync; deterministic, and without the sync byte in a row. */
export function garbage(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 73 + 19) & 0xff)
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

/** IPv4 without its IPv6 wrapping. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '')
}

/** The next free number of a client. */
export function nextId(box: Box): number {
  return Math.max(0, ...Array.from(box.clients, (client) => client.id)) + 1
}
