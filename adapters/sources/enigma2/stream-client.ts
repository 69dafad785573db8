import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { Failure } from '../../../core/errors.ts'
import type { UpstreamSink } from '../../../core/live/upstream.ts'
import type { Timers } from '../timers.ts'
import { readStreamHead, readStreamStart } from './stream-head.ts'

/** How long each step of a start may take, milliseconds. */
export type StartLimits = {
  readonly connectMs: number
  readonly headerMs: number
  /** After the header; a stream server without signal closes by itself after 5, 10 or 20 s. */
  readonly firstByteMs: number
}

/** A connection to a stream server of a receiver: ports 8001, 8002, 17999. */
export type StreamConnection = {
  readonly host: string
  readonly port: number
  /** Path without the first slash. */
  readonly path: string
  /** Value of `Host` when the connection is to `address` (the receiver's IP). */
  readonly hostHeader: (address: string) => string
  /** Value of `Authorization`; null: none. */
  readonly authorization: string | null
  readonly limits: StartLimits
  readonly sink: UpstreamSink
  readonly timers: Timers
  readonly now: () => number
  readonly signal: AbortSignal
}

/** An open stream; `close()` frees the tuner at once. */
export type OpenStream = { readonly close: () => void }

// The box searches what it has read until the first LF, 512 bytes at a time, for the password, and answers bytes it
// has not read with a RST. The relay takes one read of 1024 bytes.
const MAX_REQUEST = 511
const KEEP_ALIVE_MS = 10_000
/** A tuner that finds no signal is given up by the box after 5 s at the earliest. */
const LOCK_TIME_MS = 4000

/**
 * Opens a stream over raw TCP, because no HTTP client speaks as these servers want it: the request in one segment,
 * `Host` first, headers that end in LF alone, errors as text in the body (protocols/enigma2.md 8, 9).
 *
 * connecting → header → first byte → open → closed; each step but `open` has its time limit, and every end before
 * `open` rejects. From the first payload byte on all bytes go to `sink.data`; when the far side ends, `sink.end` is
 * called once: `live/kicked` for an orderly end (the box closes streams for a recording, or by hand), `live/ended` for
 * any other. The socket is never half-closed: the box takes that as "client gone".
 *
 * Fails with `live/refused` (facts.reason `error-text`: no tuner, or a wrong reference), `live/no-signal`,
 * `live/silent`, `live/not-mpeg-ts`, `source/login`, `source/unreachable`, or the signal's reason.
 */
export function openStream(connection: StreamConnection): Promise<OpenStream> {
  const { host, port, limits, sink, timers, now, signal } = connection
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    let state: 'connecting' | 'header' | 'first-byte' | 'open' | 'closed' = 'connecting'
    let held: Uint8Array = new Uint8Array()
    let headerAt = 0
    let cancelTimer: (() => void) | null = null

    // allowHalfOpen: the end of the far side must not make the runtime end ours.
    const socket = createConnection({ host, port, allowHalfOpen: true, noDelay: true })

    const leave = (): void => {
      state = 'closed'
      cancelTimer?.()
      signal.removeEventListener('abort', abort)
      socket.destroy()
    }
    const fail = (reason: unknown): void => {
      if (state === 'closed') return
      const wasOpen = state === 'open'
      leave()
      if (!wasOpen) reject(reason)
      else
        sink.end(
          reason instanceof Failure
            ? reason
            : new Failure('live/ended', 'The connection to the receiver broke', {}, reason),
        )
    }
    const abort = (): void => fail(signal.reason)
    const limit = (ms: number, failure: () => Failure): void => {
      cancelTimer?.()
      cancelTimer = timers.after(ms, () => fail(failure()))
    }

    const takeHeader = (chunk: Uint8Array): void => {
      held = join(held, chunk)
      const head = readStreamHead(held)
      if (head.kind === 'more') return
      if (head.kind === 'foreign')
        return fail(
          new Failure('live/not-mpeg-ts', `Port ${port} of the receiver speaks an unknown language`, { port }),
        )
      if (head.status !== 200) return fail(refusal(head.status, port))
      state = 'first-byte'
      headerAt = now()
      held = new Uint8Array()
      limit(
        limits.firstByteMs,
        () => new Failure('live/silent', `The receiver sends nothing for ${limits.firstByteMs} ms`, { port }),
      )
      if (head.body.length > 0) takeStart(head.body)
    }
    const takeStart = (chunk: Uint8Array): void => {
      held = join(held, chunk)
      const start = readStreamStart(held)
      if (start === 'more') return
      if (start === 'error-text') {
        return fail(
          new Failure('live/refused', 'The receiver cannot tune: no free tuner, or an unknown service', {
            port,
            reason: 'error-text',
          }),
        )
      }
      cancelTimer?.()
      signal.removeEventListener('abort', abort)
      state = 'open'
      const first = held
      held = new Uint8Array()
      resolve({ close: leave })
      sink.data(first)
    }
    const endStart = (): Failure => {
      if (state !== 'first-byte')
        return new Failure('live/refused', `Port ${port} of the receiver closes the connection at once`, {
          port,
          reason: 'closed',
        })
      const waitedMs = now() - headerAt
      return waitedMs >= LOCK_TIME_MS
        ? new Failure('live/no-signal', `The tuner finds no signal: the receiver gave up after ${waitedMs} ms`, {
            port,
          })
        : new Failure('live/refused', 'The receiver closes the stream without sending anything', {
            port,
            reason: 'closed',
          })
    }

    socket.on('connect', () => {
      const request = writeRequest(connection, socket)
      if (request === null)
        return fail(new Failure('source/not-supported', 'The service reference is too long for the receiver', { port }))
      state = 'header'
      socket.setKeepAlive(true, KEEP_ALIVE_MS)
      socket.write(request)
      limit(
        limits.headerMs,
        () =>
          new Failure('live/silent', `Port ${port} of the receiver takes the request and does not answer`, { port }),
      )
    })
    socket.on('data', (chunk: Uint8Array) => {
      if (state === 'open') sink.data(chunk)
      else if (state === 'header') takeHeader(chunk)
      else if (state === 'first-byte') takeStart(chunk)
    })
    socket.on('end', () => {
      fail(state === 'open' ? new Failure('live/kicked', 'The receiver closed the stream', { port }) : endStart())
    })
    socket.on('error', (error: Error) => {
      if (state === 'connecting') fail(unreachable(error, port))
      else
        fail(
          state === 'open'
            ? new Failure('live/ended', 'The connection to the receiver broke', { port }, error)
            : endStart(),
        )
    })
    socket.on('close', () => {
      fail(state === 'open' ? new Failure('live/ended', 'The connection to the receiver broke', { port }) : endStart())
    })
    signal.addEventListener('abort', abort, { once: true })
    limit(
      limits.connectMs,
      () =>
        new Failure(
          'source/unreachable',
          `Port ${port} of the receiver does not take a connection within ${limits.connectMs} ms`,
          { port },
        ),
    )
  })
}

/** The request; null if it does not fit into what the receiver reads at once. */
function writeRequest({ path, hostHeader, authorization, host }: StreamConnection, socket: Socket): Uint8Array | null {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? host
  // The relay splits this header at its colon and asks its source there; a bare IPv6 address would lead nowhere.
  const lines = [`GET /${encodePath(path)} HTTP/1.0`, `Host: ${hostHeader(address.includes(':') ? host : address)}`]
  if (authorization !== null) lines.push(`Authorization: ${authorization}`)
  const request = new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`)
  return request.length > MAX_REQUEST ? null : request
}

/** The path ends at the first blank; the box undoes `%xx` and takes all else as it is. */
const encodePath = (path: string): string =>
  path.replace(/[^\u0021-\u007e]/g, (character) => encodeURIComponent(character.toWellFormed()))

function refusal(status: number, port: number): Failure {
  if (status === 401)
    return new Failure('source/login', `Port ${port} of the receiver refuses the user name or password`, {
      port,
      status,
    })
  return new Failure('live/refused', `Port ${port} of the receiver answers with status ${status}`, {
    port,
    status,
    reason: 'status',
  })
}

function unreachable(error: Error & { readonly code?: unknown }, port: number): Failure {
  const code = String(error.code ?? '')
  const what =
    code === 'ECONNREFUSED'
      ? `Port ${port} of the receiver refuses connections`
      : `Port ${port} of the receiver cannot be reached`
  return new Failure('source/unreachable', what, { port, code }, error)
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}
