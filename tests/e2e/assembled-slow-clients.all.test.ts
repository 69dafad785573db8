import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { RUNTIME, startProgram } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'
import { ready } from '../runtime/house.ts'

/** Longer than the program waits for anybody, and shorter than a patient attacker. */
const PATIENCE_MS = 40_000
const EVERY_MS = 200

type Ending = { readonly status: string; readonly isClosed: boolean }

/** A client that sends a head, and then a piece five times a second for as long as it is listened to. */
function drip(url: string, head: string, piece: string): Promise<Ending> {
  const { hostname, port } = new URL(url)
  const { promise, resolve } = Promise.withResolvers<Ending>()
  const socket = connect(Number(port), hostname)
  let text = ''
  const end = (isClosed: boolean): void => {
    clearInterval(dripping)
    clearTimeout(limit)
    socket.destroy()
    resolve({ status: /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? '', isClosed })
  }
  const dripping = setInterval(() => socket.write(piece), EVERY_MS)
  const limit = setTimeout(() => end(false), PATIENCE_MS)
  socket.on('data', (bytes) => void (text += bytes.toString('latin1')))
  socket.on('error', () => {}) // it is closed then
  socket.on('close', () => end(true))
  socket.write(head)
  return promise
}

const head = (method: string, path: string, more = ''): string =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${more}`
const BODY = 'Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n'
/** Deno's server waits for the rest of headers and bodies, and has no setting for it. */
const isDeno = RUNTIME === 'deno'

describe(`slow clients of the assembled house on ${RUNTIME}`, () => {
  const stack = new AsyncDisposableStack()
  let house: Program
  const endings = new Map<string, Ending>()

  before(async () => {
    house = stack.use(await startProgram({}))
    await ready(house)
    const clients: Readonly<Record<string, readonly [string, string]>> = {
      'a body that is read': [head('POST', '/api/v1/session', BODY), ' '],
      'a form that is read': [head('POST', '/player_api.php', 'Content-Length: 60000\r\n\r\n'), 'a'],
      'a body that is refused unread': [head('POST', '/api/v1/users', `X-Forwarded-For: 203.0.113.9\r\n${BODY}`), ' '],
      'a body that nobody wants': [head('POST', '/nothing', BODY), ' '],
      'a body without end': [
        head('POST', '/api/v1/session', 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'),
        `8000\r\n${' '.repeat(0x8000)}\r\n`,
      ],
      headers: [head('GET', '/playlist.m3u', 'X-Slow: '), 'a'],
      // More than anybody needs to be in the way of others, if they could be.
      ...Object.fromEntries(
        Array.from({ length: 100 }, (_, index) => [`crowd ${index}`, [head('GET', '/', 'X-Slow: '), 'a'] as const]),
      ),
    }
    const running = Object.entries(clients).map(async ([name, [first, piece]]) =>
      endings.set(name, await drip(house.url, first, piece)),
    )
    for (let count = 0; count < 20; count++) {
      const { status } = await house.ask('/healthz')
      assert.equal(status, 200, 'others are answered meanwhile')
    }
    await Promise.all(running)
  })
  after(() => stack.disposeAsync())

  for (const { name, statuses } of [
    { name: 'a body that is read', statuses: ['408'] },
    { name: 'a form that is read', statuses: ['408'] },
    { name: 'a body that is refused unread', statuses: ['401'] },
    { name: 'a body that nobody wants', statuses: ['404'] },
    // Who still sends may lose the answer with the connection.
    { name: 'a body without end', statuses: ['413', ''] },
    { name: 'headers', statuses: isDeno ? [''] : ['', '408'] },
    { name: 'crowd 7', statuses: isDeno ? [''] : ['', '408'] },
  ])
    test(`${name}: answered or cut off, and over`, () => {
      const ending = endings.get(name)
      assert.ok(statuses.includes(ending?.status ?? 'none'), `${ending?.status}`)
      assert.equal(ending?.isClosed, !isDeno)
    })
})
