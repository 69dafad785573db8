import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Failure } from '../../core/errors.ts'
import type { Timers } from '../sources/timers.ts'
import { decoded } from './content-coding.ts'
import { brokenOff, tooLarge } from './net-failure.ts'

/**
 * An answer under way. Whoever got it reads its body once, to the end, or closes it; leaving the iteration closes it.
 *
 * Reading fails with `source/bad-answer` (cut off, too large, damaged), `source/timeout` (nothing comes for the idle
 * time), or the reason of the request's signal.
 */
export type HttpAnswer = {
  readonly status: number
  readonly headers: Headers
  /** Where it came from in the end. Holds whatever the source put there: never print it, never keep it. */
  readonly url: URL
  /** Content codings are undone. */
  readonly body: AsyncIterable<Uint8Array>
  bytes(maxBytes: number): Promise<Uint8Array>
  /** The body as UTF-8; a byte order mark is dropped. */
  text(maxBytes: number): Promise<string>
  json(maxBytes: number): Promise<unknown>
  /** Hands out the bytes as they come from the wire, without back-pressure: for live streams. */
  flow(sink: ByteFlow): void
  /** Closes the connection unless the body was read to its end; idempotent. */
  close(): void
}

/** Where the bytes of a flow go. `end` comes once, with null after a complete body, unless the answer was closed. */
export type ByteFlow = { data(chunk: Uint8Array): void; end(cause: unknown): void }

/** What goes with an answer. */
export type AnswerOptions = {
  readonly url: URL
  /** How long the body may pause while somebody waits for it, milliseconds. */
  readonly idleMs: number
  /** Of the decoded body. */
  readonly maxBytes: number
  readonly timers: Timers
  readonly signal: AbortSignal
}

/** Wraps what came. Closing it, or the signal, closes the connection. */
export function createAnswer(incoming: IncomingMessage, options: AnswerOptions): HttpAnswer {
  const { signal, url } = options
  let isClosed = false
  const close = (): void => {
    isClosed = true
    signal.removeEventListener('abort', close)
    if (!incoming.readableEnded) incoming.destroy()
  }
  signal.addEventListener('abort', close, { once: true })
  const body = (maxBytes: number): AsyncGenerator<Uint8Array, void, undefined> =>
    readBody(
      incoming,
      { ...options, maxBytes: Math.min(maxBytes, options.maxBytes) },
      { close, isClosed: () => isClosed },
    )
  const bytes = async (maxBytes: number): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = []
    for await (const chunk of body(maxBytes)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  const text = async (maxBytes: number): Promise<string> => new TextDecoder().decode(await bytes(maxBytes))
  return {
    status: incoming.statusCode ?? 0,
    headers: toHeaders(incoming),
    url,
    body: { [Symbol.asyncIterator]: () => body(Infinity) },
    bytes,
    text,
    async json(maxBytes) {
      const content = await text(maxBytes)
      try {
        return JSON.parse(content)
      } catch (error) {
        const what = /^\s*</.test(content) ? 'a web page instead of data' : 'data that is cut off or damaged'
        // The parser's message quotes the answer, which may hold anything: it stays in the cause.
        throw new Failure('source/bad-answer', `The source answers with ${what}`, {}, error)
      }
    },
    flow(sink) {
      const end = (cause: unknown): void => {
        if (isClosed) return
        close()
        sink.end(cause)
      }
      incoming.on('data', (chunk: Uint8Array) => {
        if (!isClosed) sink.data(chunk)
      })
      incoming.on('end', () => end(incoming.complete ? null : brokenOff()))
      incoming.on('error', end)
      incoming.on('close', () => end(brokenOff()))
    },
    close,
  }
}

async function* readBody(
  incoming: IncomingMessage,
  { idleMs, maxBytes, timers, signal }: AnswerOptions,
  line: { readonly close: () => void; readonly isClosed: () => boolean },
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = maxBytes
  let isSilent = false
  try {
    signal.throwIfAborted()
    const stream: Readable = decoded(incoming)
    const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]()
    for (;;) {
      const cancel = timers.after(idleMs, () => {
        isSilent = true
        incoming.destroy(brokenOff())
        stream.destroy(brokenOff())
      })
      const { done, value } = await chunks.next().finally(cancel)
      if (done === true) break
      left -= value.length
      if (left < 0) throw tooLarge(maxBytes)
      yield value
    }
    signal.throwIfAborted()
    // Some runtimes end a body in good order that we closed ourselves.
    if (line.isClosed() || !incoming.complete) throw brokenOff()
  } catch (error) {
    signal.throwIfAborted()
    if (isSilent) throw new Failure('source/timeout', `The source sends nothing for ${idleMs} ms`, { idleMs })
    throw error instanceof Failure ? error : brokenOff(error)
  } finally {
    line.close()
  }
}

function toHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      try {
        if (one !== undefined) headers.append(name, one)
      } catch {
        // A name or value that no standard allows says nothing to us.
      }
    }
  }
  return headers
}
