import { chmodSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { join, relative } from 'node:path'
import * as v from 'valibot'
import { asFailure, FAILURES } from '../core/errors.ts'
import type { FailureCode } from '../core/errors.ts'
import { Failure } from '../core/errors.ts'

/** Longest request or answer on the socket, bytes; lists of tokens are the longest. */
const MAX_LINE = 1_048_576

/** Longest path of a local socket that every system takes (Linux: 107 bytes, macOS: 103). */
const MAX_SOCKET_PATH = 100

const CALL_TIMEOUT_MS = 10_000

/** What the command line asks a running server: a command name and its arguments. */
export const ControlRequest = v.strictObject({ command: v.string(), args: v.record(v.string(), v.string()) })
export type ControlRequest = v.InferOutput<typeof ControlRequest>

const ControlAnswer = v.union([
  v.strictObject({ result: v.unknown() }),
  v.strictObject({ code: v.string(), message: v.string() }),
])

/** Path of the socket in a data folder, as short as it can be written; null if even that is too long for the system. */
export function controlPath(dataDir: string): string | null {
  const whole = join(dataDir, 'control.sock')
  const near = relative(process.cwd(), whole)
  const path = near.length < whole.length ? near : whole
  return path.length <= MAX_SOCKET_PATH ? path : null
}

/** Collects one line; resolves null when the peer closes before its line feed. */
function readLine(socket: Socket): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (piece: string) => {
      text += piece
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
      else if (text.length > MAX_LINE)
        reject(new RangeError(`Line on the control socket is longer than ${MAX_LINE} bytes`))
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(null))
  })
}

/**
 * Answers the command line of the same machine through a socket in the data folder (mode 0600): one JSON line in, one
 * out, then close. Whoever can open the socket may do what the owner of the data folder may do.
 */
export async function openControlSocket(
  path: string,
  handle: (request: ControlRequest) => Promise<unknown>,
): Promise<AsyncDisposable> {
  // The store's lock says that no other process lives here, so a socket file that is left over is dead.
  rmSync(path, { force: true })
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.setTimeout(CALL_TIMEOUT_MS, () => socket.destroy())
    void (async () => {
      const line = await readLine(socket)
      if (line === null) return
      // Whoever asks knows how long it may take.
      socket.setTimeout(0)
      let answer: v.InferOutput<typeof ControlAnswer>
      try {
        answer = { result: (await handle(v.parse(ControlRequest, JSON.parse(line)))) ?? null }
      } catch (error) {
        const failure = asFailure(error, 'http/bad-request', 'Cannot carry out the command')
        answer = { code: failure.code, message: failure.message }
      }
      socket.end(`${JSON.stringify(answer)}\n`)
    })().catch(() => socket.destroy())
  })
  const mask = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
  } finally {
    process.umask(mask)
  }
  chmodSync(path, 0o600)
  server.unref()
  return {
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
      rmSync(path, { force: true })
    },
  }
}

const NOBODY = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'])

/** Sends one command to the server of a data folder. Null when no server runs there; throws its `Failure`. */
export async function callControlSocket(
  path: string,
  request: ControlRequest,
  timeoutMs = CALL_TIMEOUT_MS,
): Promise<{ result: unknown } | null> {
  const socket = createConnection(path)
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('connect', resolve)
    })
  } catch (error) {
    socket.destroy()
    if (error instanceof Error && 'code' in error && NOBODY.has(String(error.code))) return null
    throw error
  }
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('The running server does not answer')))
  socket.write(`${JSON.stringify(request)}\n`)
  const line = await readLine(socket)
  socket.destroy()
  if (line === null) throw new Error('The running server closed the control socket without an answer')
  const answer = v.parse(ControlAnswer, JSON.parse(line))
  if ('result' in answer) return { result: answer.result }
  const code: FailureCode = answer.code in FAILURES ? (answer.code as FailureCode) : 'http/bad-request'
  throw new Failure(code, answer.message)
}
