import assert from 'node:assert/strict'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { Failure } from '../../core/errors.ts'
import type { ByteSink } from '../../core/live/hub.ts'
import type { BodyOutlet } from '../../handlers/gateway.ts'

/** A server of this runtime over a fetch function; `stop` cuts what is open. */
export type OutletServer = { readonly port: number; readonly stop: () => Promise<void> }

/** How a runtime serves. */
export type ServeOutlet = (
  fetch: (request: Request, env: object) => Response | Promise<Response>,
) => Promise<OutletServer>

/** An opened body, as the relay has it. */
type Body = { readonly sink: ByteSink; drained: number; gone: number; readonly signal: AbortSignal }

const HEADERS = { 'content-type': 'video/mp2t', 'cache-control': 'no-store' }
const MB = 1024 * 1024

/** Waits until something is so, at most 4 s. */
async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !isSo(); waited += 10) {
    if (waited > 4000) assert.fail(`${what} has not happened within 4 s`)
    await sleep(10)
  }
}

/** A player on a bare socket, that keeps all it has received. */
class Player {
  readonly #parts: Buffer[] = []
  readonly socket: Socket
  bytes = 0
  isClosed = false

  constructor(port: number, version: '1.0' | '1.1' = '1.1') {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('connect', () => this.socket.write(`GET /live HTTP/${version}\r\nHost: localhost\r\n\r\n`))
    this.socket.on('data', (data: Buffer) => {
      this.#parts.push(data)
      this.bytes += data.length
    })
    this.socket.on('error', () => {})
    this.socket.on('close', () => {
      this.isClosed = true
    })
  }

  get received(): Buffer {
    return Buffer.concat(this.#parts)
  }

  get head(): string {
    return this.received.toString('latin1').split('\r\n\r\n')[0] ?? ''
  }

  /** The body without the framing of HTTP/1.1, and whether it was ended as it should. */
  get body(): { readonly bytes: Buffer; readonly isWhole: boolean } {
    const all = this.received
    let at = all.indexOf('\r\n\r\n') + 4
    const length = /^content-length: (\d+)$/im.exec(this.head)?.[1]
    if (length !== undefined) return { bytes: all.subarray(at), isWhole: all.length - at === Number(length) }
    if (!/transfer-encoding: chunked/i.test(this.head)) return { bytes: all.subarray(at), isWhole: this.isClosed }
    const parts: Buffer[] = []
    for (;;) {
      const end = all.indexOf('\r\n', at)
      if (end < 0) return { bytes: Buffer.concat(parts), isWhole: false }
      const size = Number.parseInt(all.toString('latin1', at, end), 16)
      if (size === 0) return { bytes: Buffer.concat(parts), isWhole: true }
      parts.push(all.subarray(end + 2, end + 2 + size))
      at = end + 2 + size + 2
    }
  }
}

/** The laws of `BodyOutlet`, over real sockets. */
export function testOutlet(name: string, outlet: BodyOutlet, serve: ServeOutlet): void {
  /** A server whose bodies the test holds; `before` is what happens before a body is opened. */
  const open = async (before: (signal: AbortSignal) => Promise<void> = async () => {}) => {
    const bodies: Body[] = []
    const app = new Hono().get('/live', async (c) => {
      const { signal } = c.req.raw
      await before(signal)
      const events = { drained: () => void (body.drained += 1), gone: () => void (body.gone += 1) }
      const { response, sink } = outlet.open(c, HEADERS, events)
      const body: Body = { sink, drained: 0, gone: 0, signal }
      bodies.push(body)
      return response
    })
    const server = await serve((request, env) => app.fetch(request, env))
    const body = async (nth = 0): Promise<Body> => {
      await until(() => bodies.length > nth, 'The request')
      return bodies[nth] as Body
    }
    return { ...server, bodies, body, [Symbol.asyncDispose]: server.stop }
  }

  for (const version of ['1.1', '1.0'] as const) {
    test(`${name} sends what is written at once and in order to an HTTP/${version} player`, async () => {
      await using house = await open()
      const player = new Player(house.port, version)
      const { sink } = await house.body()
      const pieces = [1, 188, 65_424, 7, 30_000].map((size, index) => new Uint8Array(size).fill(index + 65))
      let sent = 0
      for (const piece of pieces) {
        assert.equal(sink.write(piece), true)
        sent += piece.length
        await until(() => player.body.bytes.length === sent, 'The arrival')
      }
      assert.match(player.head, /^HTTP\/1\.[01] 200/)
      assert.match(player.head, /content-type: video\/mp2t/i)
      assert.deepEqual(new Uint8Array(player.body.bytes), new Uint8Array(Buffer.concat(pieces)))
      player.socket.destroy()
    })
  }

  test(`${name} ends a body that we close`, async () => {
    await using house = await open()
    const player = new Player(house.port)
    const { sink } = await house.body()
    sink.write(new Uint8Array(1000))
    sink.close(null)
    await until(() => player.body.isWhole, 'The end')
    assert.equal(player.body.bytes.length, 1000)
    await until(() => (house.bodies[0]?.gone ?? 0) > 0, 'The call of gone()')
    sink.write(new Uint8Array(1000))
    sink.close(null)
    player.socket.destroy()
    await sleep(50)
    assert.equal(house.bodies[0]?.gone, 1)
  })

  test(`${name} cuts the connection of a body that fails`, async () => {
    await using house = await open()
    const player = new Player(house.port)
    const { sink } = await house.body()
    sink.write(new Uint8Array(1000))
    await until(() => player.body.bytes.length === 1000, 'The arrival')
    sink.close(new Failure('live/stopped', 'The test stops it'))
    await until(() => player.isClosed, 'The cut')
    assert.equal(player.body.isWhole, false)
    await until(() => house.bodies[0]?.gone === 1, 'The call of gone()')
  })

  for (const { how, leave } of [
    { how: 'closes', leave: (socket: Socket) => void socket.end() },
    { how: 'is gone at once', leave: (socket: Socket) => void socket.resetAndDestroy() },
  ]) {
    test(`${name} tells once of a player that ${how} while nothing is sent`, async () => {
      await using house = await open()
      const player = new Player(house.port)
      const body = await house.body()
      body.sink.write(new Uint8Array(1000))
      await until(() => player.bytes > 0, 'The arrival')
      leave(player.socket)
      await until(() => body.gone > 0, 'The call of gone()')
      assert.equal(body.sink.write(new Uint8Array(1000)), true, 'what is written then is lost without a word')
      body.sink.close(null)
      await sleep(50)
      assert.equal(body.gone, 1)
    })
  }

  test(`${name} tells of a player that left before the body was opened`, async () => {
    const opening = Promise.withResolvers<void>()
    await using house = await open(() => opening.promise)
    const player = new Player(house.port)
    player.socket.once('connect', () => setTimeout(() => player.socket.destroy(), 100))
    await until(() => player.isClosed, 'The leaving')
    await sleep(200)
    opening.resolve()
    const body = await house.body()
    await until(() => body.gone > 0 || body.signal.aborted, 'The call of gone(), or the abort')
  })

  test(`${name} says when a player takes nothing, keeps little for it, and says when it takes again`, async () => {
    await using house = await open()
    const player = new Player(house.port)
    const body = await house.body()
    const piece = new Uint8Array(65_424).fill(71)
    body.sink.write(piece)
    await until(() => player.bytes > 0, 'The arrival')
    player.socket.pause()
    let written = piece.length
    let hasRoom = true
    // The systems' own buffers take some megabytes.
    while (hasRoom && written < 64 * MB) {
      hasRoom = body.sink.write(piece)
      written += piece.length
      await sleep(1)
    }
    assert.equal(hasRoom, false, `${written} bytes were taken`)
    const before = body.drained
    await sleep(100)
    assert.equal(body.drained, before, 'nothing has been taken meanwhile')
    player.socket.resume()
    await until(() => body.drained > before, 'The call of drained()')
    await until(() => player.body.bytes.length === written, 'The arrival of everything')
    assert.equal(body.gone, 0)
    player.socket.destroy()
  })

  test(`${name} tells of a player that leaves while its body is full`, async () => {
    await using house = await open()
    const player = new Player(house.port)
    const body = await house.body()
    await until(() => player.head !== '' || body.sink.write(new Uint8Array(1000)), 'The answer')
    player.socket.pause()
    const piece = new Uint8Array(65_424)
    for (let written = 0; body.sink.write(piece) && written < 64 * MB; written += piece.length) await sleep(1)
    player.socket.resetAndDestroy()
    await until(() => body.gone > 0, 'The call of gone()')
  })
}
