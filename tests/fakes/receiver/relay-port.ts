import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { tune } from './box.ts'
import type { Box, StreamClient } from './box.ts'
import { joinBytes } from './bytes.ts'
import { scramble } from './broadcast.ts'
import { createDelivery, hangUp } from './delivery.ts'
import type { Service } from './model.ts'
import { decodePercent, parseServiceReference } from './service-reference.ts'
import { garbage, nextId, plainAddress, sendHeader } from './stream-port.ts'
import { PACKET_SIZE } from './ts-writer.ts'

const HEADER = 'HTTP/1.0 200 OK\nConnection: Close\nContent-Type: video/mpeg\nServer: stream_enigma2\n\n'
const REQUEST_LIMIT = 1024
const CLIENT_LIMIT = 16
const BURST_BYTES = 48_000
const BURST_WAIT_MS = 2000

/**
 * Port 17999: the stream relay of a softcam. Source: OSCam, module-streamrelay.c.
 *
 * What one `recv` brings is the request. The relay opens its source on the machine that the `Host:` header names, and
 * only if that header comes first; else it goes to the client's own address, finds nothing there and closes. It
 * notices that a client left only when it next writes.
 */
export function createRelayPort(box: Box, sockets: Set<Socket>): Server {
  const startedAt = new Map<string, number>()
  return createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    box.counters.connections.relay += 1
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy()) // a client that resets is a client that left
    if (!box.model.relay || sockets.size > CLIENT_LIMIT) return hangUp(socket)
    const gone = (): void => void socket.destroy() // before it asked for anything
    socket.once('end', gone)
    socket.once('data', (data) => {
      socket.off('end', gone)
      socket.on('data', () => {}) // keeps the socket flowing; nothing further is read as request
      serve(box, socket, String(data).slice(0, REQUEST_LIMIT), startedAt)
    })
  })
}

function serve(box: Box, socket: Socket, request: string, startedAt: Map<string, number>): void {
  box.counters.requests['relay'] = (box.counters.requests['relay'] ?? 0) + 1
  const line = /^GET\s+\/?(\S{1,254})\s+HTTP\/\S{3}(?:\s+Host:\s*(\S{1,255}))?/.exec(request)
  const target = decodePercent(line?.[1] ?? '')
  if (!line || (Number.parseInt(target.split(':')[3] ?? '', 16) || 0) === 0) return hangUp(socket)
  const fault = box.faults.takeRelay(target)
  if (!sendHeader(socket, fault, HEADER)) return
  const ref = parseServiceReference(target)
  const client = plainAddress(socket.remoteAddress)
  const tuned = ref && namesThisBox(line[2]) && fault?.kind !== 'refuse' ? tune(box, ref, client) : null
  if (!tuned) {
    box.counters.refusals += 1
    const timer = setTimeout(() => hangUp(socket), box.timing.relaySourceMs)
    socket.on('close', () => clearTimeout(timer))
    return
  }
  const { service, lease } = tuned
  let leave: (() => void) | null = null
  const entry: StreamClient = {
    id: nextId(box),
    ref: target,
    service,
    ip: '127.0.0.1', // the box sees the relay, not who is behind it
    port: 'relay',
    tuner: lease.tuner,
    startedAtMs: box.now(),
    bytesOut: 0,
    release() {
      leave?.()
      lease.release()
      box.clients.delete(entry)
    },
    close() {
      entry.release()
      hangUp(socket)
    },
  }
  box.clients.add(entry)
  // A silent source: nobody writes, so nobody notices that the client has left. The tuner stays taken.
  if (!service || fault?.kind === 'hang' || fault?.kind === 'no-lock') return
  const last = startedAt.get(service.ref)
  startedAt.set(service.ref, box.now())
  const delivery = createDelivery({
    socket,
    fault,
    now: box.now,
    onSent: (bytes) => (entry.bytesOut += bytes),
    onDropped: (bytes) => (box.counters.bytesDropped += bytes),
  })
  const descramble = createDescrambler(
    box,
    service,
    last !== undefined && box.now() - last < box.timing.relayExclusiveMs,
  )
  let hasLeft = false
  socket.on('end', () => (hasLeft = true))
  socket.on('close', () => (hasLeft = true))
  const gather = createBursts(box.now, (burst) => {
    if (!hasLeft) return delivery.send(burst)
    entry.release() // the failed write: only now the relay lets go
    socket.destroy()
  })
  const start = async (): Promise<void> => {
    const broadcast = await box.onAir(service)
    if (!box.clients.has(entry)) return
    if (fault?.kind === 'garbage-before') delivery.send(garbage(fault.bytes))
    leave = broadcast.subscribe((chunk) => gather(descramble(chunk)))
  }
  setTimeout(() => {
    start().catch((error: unknown) => box.log('no content', { service: service.name, error: String(error) }))
  }, tuned.delayMs)
}

/** `Host: name:port` with a name of this machine: the source is opened there, and only there a tuner is found. */
function namesThisBox(host: string | undefined): boolean {
  return host !== undefined && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+$/.test(host)
}

/** Until the key is known the payload is garbage; with `isExclusive` (two starts at once) it stays so. */
function createDescrambler(box: Box, service: Service, isExclusive: boolean): (chunk: Uint8Array) => Uint8Array {
  let left = isExclusive ? Number.POSITIVE_INFINITY : box.settings.relayGarbagePackets
  return (chunk) => {
    if (box.faults.signalOf(service.ref)?.scrambled) return scramble(chunk, false)
    if (!service.encrypted || left <= 0) return chunk
    left -= chunk.length / PACKET_SIZE
    return scramble(chunk, !box.settings.relayGarbageMarked)
  }
}

/** The relay waits for full buffers, or two seconds. */
function createBursts(now: () => number, flush: (burst: Uint8Array) => void): (chunk: Uint8Array) => void {
  let pieces: Uint8Array[] = []
  let size = 0
  let flushedAtMs = now()
  return (chunk) => {
    pieces.push(chunk)
    size += chunk.length
    if (size < BURST_BYTES && now() - flushedAtMs < BURST_WAIT_MS) return
    const burst = joinBytes(pieces)
    pieces = []
    size = 0
    flushedAtMs = now()
    flush(burst)
  }
}
