import { request as requestHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Failure } from '../../../core/errors.ts'
import type { Timers } from '../timers.ts'
import { explainError, isLocalHost } from './web-exchange.ts'

/** A file to open. */
export type WebFileRequest = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** From the start to the answer's head. */
  readonly timeoutMs: number
  readonly timers: Timers
  /** Ends the body too. */
  readonly signal: AbortSignal
}

/** The head of an answer with any status, and its body, which flows as fast as it is read. */
export type WebFile = {
  readonly status: number
  readonly location: string | null
  readonly cookies: readonly string[]
  readonly contentType: string
  readonly contentLength: number | null
  readonly contentRange: string | null
  /** Ends with a failure when the box breaks off. */
  readonly chunks: AsyncIterator<Uint8Array, void>
  /** Ends the connection; idempotent. */
  close(): void
}

/** A body that brings nothing for so long is dead: a disk that has to wake up needs some seconds. */
const STALLED_MS = 30_000

/**
 * Sends one GET on its own connection and resolves with the head of the answer; follows nothing.
 *
 * Fails as `exchange` does.
 */
export function openWebFile({ url, headers, timeoutMs, timers, signal }: WebFileRequest): Promise<WebFile> {
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const isHttps = url.protocol === 'https:'
    const outgoing = (isHttps ? requestHttps : requestHttp)(url, {
      agent: false,
      headers,
      ...(isHttps ? { rejectUnauthorized: !isLocalHost(url.hostname) } : {}),
    })
    const settle = (finish: () => void): void => {
      cancelTimer()
      signal.removeEventListener('abort', abort)
      finish()
    }
    const fail = (reason: unknown): void =>
      settle(() => {
        outgoing.destroy()
        reject(reason)
      })
    const abort = (): void => fail(signal.reason)
    const cancelTimer = timers.after(timeoutMs, () =>
      fail(new Failure('source/timeout', `The receiver does not send the file within ${timeoutMs} ms`, { timeoutMs })),
    )
    outgoing.on('error', (error) => fail(explainError(error)))
    outgoing.on('response', (incoming) => {
      const end = (): void => void incoming.destroy(new Error('not wanted any more'))
      settle(() => resolve(toFile(incoming, () => outgoing.destroy(), timers)))
      signal.addEventListener('abort', end, { once: true })
      incoming.on('close', () => signal.removeEventListener('abort', end))
    })
    signal.addEventListener('abort', abort, { once: true })
    outgoing.end()
  })
}

function toFile(incoming: IncomingMessage, destroy: () => void, timers: Timers): WebFile {
  const { headers } = incoming
  incoming.on('error', () => {}) // whoever reads hears of it
  const length = headers['content-length']
  return {
    status: incoming.statusCode ?? 0,
    location: headers.location ?? null,
    cookies: headers['set-cookie'] ?? [],
    contentType: headers['content-type']?.toLowerCase() ?? '',
    contentLength: length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null,
    contentRange: headers['content-range'] ?? null,
    chunks: chunksOf(incoming, destroy, timers),
    close() {
      incoming.destroy()
      destroy()
    },
  }
}

/** The chunks, one when asked for one: what nobody reads stays in the box. */
async function* chunksOf(
  incoming: IncomingMessage,
  destroy: () => void,
  timers: Timers,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = incoming[Symbol.asyncIterator]()
  try {
    for (;;) {
      const cancel = timers.after(STALLED_MS, () => incoming.destroy(new Error('silent')))
      const next: IteratorResult<unknown> = await chunks.next().finally(cancel)
      if (next.done === true) return
      if (next.value instanceof Uint8Array) yield next.value
    }
  } catch (cause) {
    throw new Failure('live/ended', 'The receiver broke off in the middle of a file', {}, cause)
  } finally {
    destroy()
  }
}
