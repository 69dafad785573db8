import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { Broadcast } from './broadcast.ts'

// `node origin.ts BITRATE`: a stream server that speaks like port 8001 of a receiver. Prints its port.

const bitrate = Number(process.argv[2])
/** A receiver hands out what its tuner gives every few milliseconds, not whole pictures. */
const PIECES = 4
const PIECE_MS = 40 / PIECES

const viewers = new Set<Socket>()
const server = createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('close', () => viewers.delete(socket))
  socket.once('data', () => {
    socket.write('HTTP/1.0 200 OK\r\nConnection: Close\r\nContent-Type: video/mpeg\r\nServer: streamserver\r\n\r\n')
    viewers.add(socket)
  })
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port))

const now = (): number => performance.timeOrigin + performance.now()
const broadcast = new Broadcast(bitrate)
const startedAt = now()
let pieces = 0
let picture = new Uint8Array()
setInterval(() => {
  while (startedAt + pieces * PIECE_MS <= now()) {
    const nth = pieces % PIECES
    // The time is that of its last piece, which carries it.
    if (nth === 0) picture = new Uint8Array(broadcast.next(startedAt + (pieces + PIECES - 1) * PIECE_MS))
    const size = Math.ceil(picture.length / PIECES)
    const piece = picture.subarray(nth * size, (nth + 1) * size)
    for (const socket of viewers) socket.write(piece)
    pieces += 1
  }
}, 2)
