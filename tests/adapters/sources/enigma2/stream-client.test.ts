import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { openStream } from '../../../../adapters/sources/enigma2/stream-client.ts'
import type { StreamConnection } from '../../../../adapters/sources/enigma2/stream-client.ts'
import { Failure } from '../../../../core/errors.ts'
import { createSink, eventually } from '../../../conformance/source.ts'
import { createManualTimers } from './manual-timers.ts'
import type { ManualTimers } from './manual-timers.ts'

const HEADER = 'HTTP/1.0 200 OK\r\nConnection: Close\r\nContent-Type: video/mpeg\r\nServer: streamserver\r\n\r\n'
const ERROR_TEXT = 'HTTP/1.0 400 Bad Request\r\n\r\n'
const PACKET = new Uint8Array(188).fill(0x47)
const REF = '1:0:19:132F:3EF:1:C00000:0:0:0:'

/** A stream server that does what `answer` says once the request is in, and the client that is to be tried. */
async function aServer(answer: (socket: Socket, request: string) => void) {
  const timers = createManualTimers()
  const sockets = new Set<Socket>()
  const requests: string[] = []
  const ends: string[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('data', (data) => {
      requests.push(data.toString('latin1'))
      if (requests.length === 1) answer(socket, requests[0] ?? '')
    })
    socket.on('end', () => {
      ends.push('fin')
      socket.destroy() // as the box does: the end of input is a client that left
    })
    socket.on('error', () => ends.push('reset'))
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const sink = createSink()
  const abort = new AbortController()
  const open = (more: Partial<StreamConnection> = {}) =>
    openStream({
      host: '127.0.0.1',
      port,
      path: REF,
      hostHeader: (address) => `${address}:${port}`,
      authorization: null,
      limits: { connectMs: 3000, headerMs: 5000, firstByteMs: 12_000 },
      sink,
      timers,
      now: timers.now,
      signal: abort.signal,
      ...more,
    })
  return {
    timers,
    sockets,
    requests,
    ends,
    sink,
    abort,
    port,
    open,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const failsWith =
  (code: string, reason?: string) =>
  (error: unknown): true => {
    assert.ok(error instanceof Failure, String(error))
    assert.equal(error.code, code)
    if (reason !== undefined) assert.equal(error.facts['reason'], reason)
    return true
  }

test('openStream() sends one short request with Host first', async () => {
  await using server = await aServer((socket) => {
    socket.write(HEADER)
    socket.write(PACKET)
  })
  const stream = await server.open({ authorization: 'Basic cm9vdDp4' })
  assert.deepEqual(server.requests, [
    `GET /${REF} HTTP/1.0\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Basic cm9vdDp4\r\n\r\n`,
  ])
  assert.ok((server.requests[0]?.length ?? 0) < 512)
  stream.close()
})

test('openStream() escapes blanks, which would end the path', async () => {
  await using server = await aServer((socket) => socket.write(`${HEADER}G`))
  const stream = await server.open({ path: 'a b\u00e4' })
  assert.match(server.requests[0] ?? '', /^GET \/a%20b%C3%A4 HTTP/)
  stream.close()
})

test('openStream() refuses a reference that does not fit into what the box reads at once', async () => {
  await using server = await aServer(() => {})
  await assert.rejects(server.open({ path: 'x'.repeat(500) }), failsWith('source/not-supported'))
})

for (const { name, pieces, payload } of [
  { name: 'header and television together', pieces: [`${HEADER}GGGG`], payload: 4 },
  { name: 'a header byte by byte', pieces: [...HEADER, 'GG'], payload: 2 },
  { name: 'bare line feeds', pieces: [`${HEADER.replaceAll('\r', '')}GGG`], payload: 3 },
  { name: 'no header', pieces: ['GGGG'], payload: 4 },
  { name: 'garbage before the first packet', pieces: [HEADER, 'xyzG'], payload: 4 },
]) {
  test(`openStream() reads ${name}`, async () => {
    await using server = await aServer(async (socket) => {
      socket.setNoDelay(true)
      for (const piece of pieces) {
        socket.write(piece, 'latin1')
        await new Promise(setImmediate)
      }
    })
    const stream = await server.open()
    await eventually(() => server.sink.bytes() === payload, `${payload} bytes arrive`)
    stream.close()
  })
}

for (const { name, answer, code, reason } of [
  {
    name: 'the error text behind a 200',
    answer: (socket: Socket) => socket.end(HEADER + ERROR_TEXT),
    code: 'live/refused',
    reason: 'error-text',
  },
  { name: 'a real 400', answer: (socket: Socket) => socket.end(ERROR_TEXT), code: 'live/refused', reason: 'status' },
  {
    name: 'the 502 of a legacy proxy',
    answer: (socket: Socket) => socket.end('HTTP/1.0 502 Bad Gateway\r\n\r\nno tuner'),
    code: 'live/refused',
    reason: 'status',
  },
  {
    name: 'a 401',
    answer: (socket: Socket) => socket.end('HTTP/1.0 401 Authorization Required\r\n\r\n'),
    code: 'source/login',
  },
  { name: 'an end without a byte', answer: (socket: Socket) => socket.end(), code: 'live/refused', reason: 'closed' },
  {
    name: 'an end right after the header',
    answer: (socket: Socket) => socket.end(HEADER),
    code: 'live/refused',
    reason: 'closed',
  },
  { name: 'a RST', answer: (socket: Socket) => socket.resetAndDestroy(), code: 'live/refused', reason: 'closed' },
  { name: 'another protocol', answer: (socket: Socket) => socket.end('220 ftp ready\r\n'), code: 'live/not-mpeg-ts' },
] as readonly { name: string; answer: (socket: Socket) => void; code: string; reason?: string }[]) {
  test(`openStream() explains ${name}`, async () => {
    await using server = await aServer(answer)
    await assert.rejects(server.open(), failsWith(code, reason))
    assert.deepEqual([server.sink.bytes(), server.sink.ends().length], [0, 0])
    assert.equal(server.timers.pending(), 0)
  })
}

test('openStream() knows the error text in pieces', async () => {
  await using server = await aServer(async (socket) => {
    socket.setNoDelay(true)
    for (const piece of [HEADER, ...ERROR_TEXT]) {
      socket.write(piece)
      await new Promise(setImmediate)
    }
    socket.end()
  })
  await assert.rejects(server.open(), failsWith('live/refused', 'error-text'))
})

test('openStream() takes silence and a late end for "no signal"', async () => {
  await using server = await aServer((socket) => socket.write(HEADER))
  const opening = server.open()
  opening.catch(() => {}) // looked at below
  await headerRead(server)
  server.timers.advance(5000)
  for (const socket of server.sockets) socket.end()
  await assert.rejects(opening, failsWith('live/no-signal'))
})

test('openStream() gives up silence after the header', async () => {
  await using server = await aServer((socket) => socket.write(HEADER))
  const opening = server.open()
  opening.catch(() => {}) // looked at below
  await headerRead(server)
  server.timers.advance(11_999)
  assert.equal(server.sockets.size, 1)
  server.timers.advance(1)
  await assert.rejects(opening, failsWith('live/silent'))
  await eventually(() => server.sockets.size === 0, 'the connection is gone')
})

test('openStream() gives up a server that says nothing at all', async () => {
  await using server = await aServer(() => {})
  const opening = server.open()
  opening.catch(() => {}) // looked at below
  await eventually(() => server.requests.length === 1, 'the request is in')
  server.timers.advance(5000)
  await assert.rejects(opening, failsWith('live/silent'))
})

test('openStream() says when nobody listens', async () => {
  let port: number
  {
    await using server = await aServer(() => {})
    port = server.port
  }
  await using other = await aServer(() => {})
  await assert.rejects(other.open({ port }), failsWith('source/unreachable'))
})

test('openStream() lets go at once when it is no longer wanted', async () => {
  await using server = await aServer((socket) => socket.write(HEADER))
  const opening = server.open()
  opening.catch(() => {}) // looked at below
  await eventually(() => server.requests.length === 1, 'the request is in')
  server.abort.abort(new Error('gone'))
  await assert.rejects(opening, /gone/)
  await eventually(() => server.sockets.size === 0, 'the connection is gone')
  assert.equal(server.timers.pending(), 0)
})

test('openStream() keeps its side of the connection open: half-closing would end the stream', async () => {
  await using server = await aServer((socket) => socket.write(`${HEADER}G`))
  const stream = await server.open()
  for (const socket of server.sockets) socket.write('GGG')
  await eventually(() => server.sink.bytes() === 4, 'more arrives')
  assert.deepEqual(server.ends, [])
  stream.close()
  await eventually(() => server.sockets.size === 0, 'the connection is gone')
  assert.deepEqual(server.sink.ends(), [])
})

test('openStream() has no time limit once television arrives', async () => {
  await using server = await aServer((socket) => socket.write(`${HEADER}G`))
  const stream = await server.open()
  assert.equal(server.timers.pending(), 0)
  stream.close()
})

for (const { name, end, code } of [
  { name: 'an orderly end', end: (socket: Socket) => socket.end(), code: 'live/kicked' },
  { name: 'a RST', end: (socket: Socket) => socket.resetAndDestroy(), code: 'live/ended' },
] as const) {
  test(`openStream() reports ${name} of a running stream once, as ${code}`, async () => {
    await using server = await aServer((socket) => socket.write(`${HEADER}GG`))
    const stream = await server.open()
    for (const socket of server.sockets) end(socket)
    await eventually(() => server.sink.ends().length > 0, 'the end is told')
    stream.close()
    await new Promise(setImmediate)
    assert.deepEqual(
      server.sink.ends().map((failure) => failure.code),
      [code],
    )
  })
}

/** The client has read the header: its limit is the one for the first byte. */
const headerRead = (server: { readonly timers: ManualTimers }): Promise<void> =>
  eventually(() => server.timers.soonest() === 12_000, 'the header is read')
