import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { isLoopback, isPrivate, parseIp } from '../../../core/access/network.ts'
import { Failure } from '../../../core/errors.ts'
import type { Timers } from '../timers.ts'

/** One request to a web interface. */
export type WebExchange = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** Of the body, before and after decompression. */
  readonly maxBytes: number
  readonly timers: Timers
  readonly signal: AbortSignal
}

/** What came back; any status. */
export type WebAnswer = {
  readonly status: number
  readonly contentType: string
  readonly location: string | null
  readonly cookies: readonly string[]
  readonly body: Uint8Array
}

const decompress = promisify(gunzip)

/**
 * Sends one GET on its own connection and reads the whole answer; follows nothing.
 *
 * No receiver has a certificate that an authority signed, so the certificate of a host in the local network is not
 * checked; one with a public name or address needs a good one. Fails with `source/unreachable`, `source/timeout`,
 * `source/bad-answer`, or with the signal's reason.
 */
export async function exchange(options: WebExchange): Promise<WebAnswer> {
  const { body, isGzip, ...answer } = await receive(options)
  if (!isGzip) return { ...answer, body }
  try {
    return { ...answer, body: await decompress(body, { maxOutputLength: options.maxBytes }) }
  } catch (error) {
    throw new Failure('source/bad-answer', 'The compressed answer of the receiver cannot be read', {}, error)
  }
}

type Received = WebAnswer & { readonly isGzip: boolean }

function receive({ url, headers, timeoutMs, maxBytes, timers, signal }: WebExchange): Promise<Received> {
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const isHttps = url.protocol === 'https:'
    const settle = (finish: () => void): void => {
      cancelTimer()
      signal.removeEventListener('abort', abort)
      finish()
      outgoing.destroy()
    }
    const fail = (reason: unknown): void => settle(() => reject(reason))
    const abort = (): void => fail(signal.reason)
    const cancelTimer = timers.after(timeoutMs, () => {
      const isConnecting = outgoing.socket?.connecting === true
      fail(
        isConnecting
          ? new Failure('source/unreachable', `The receiver does not take a connection within ${timeoutMs} ms`)
          : new Failure('source/timeout', `The receiver does not answer within ${timeoutMs} ms`, { timeoutMs }),
      )
    })
    const outgoing = (isHttps ? requestHttps : requestHttp)(url, {
      agent: false,
      headers,
      ...(isHttps ? { rejectUnauthorized: !isLocalHost(url.hostname) } : {}),
    })
    outgoing.on('error', (error) => fail(explainError(error)))
    outgoing.on('response', (incoming) => {
      const chunks: Uint8Array[] = []
      let length = 0
      incoming.on('data', (chunk: Uint8Array) => {
        chunks.push(chunk)
        length += chunk.byteLength
        if (length > maxBytes)
          fail(new Failure('source/bad-answer', `The answer of the receiver is larger than ${maxBytes} bytes`))
      })
      incoming.on('error', (error) => fail(brokenOff(error)))
      incoming.on('close', () => fail(brokenOff())) // without effect after the end
      incoming.on('end', () => {
        const announced = Number(incoming.headers['content-length'] ?? length)
        if (length < announced) return fail(brokenOff())
        settle(() =>
          resolve({
            status: incoming.statusCode ?? 0,
            contentType: incoming.headers['content-type']?.toLowerCase() ?? '',
            location: incoming.headers.location ?? null,
            cookies: incoming.headers['set-cookie'] ?? [],
            body: Buffer.concat(chunks),
            isGzip: incoming.headers['content-encoding']?.toLowerCase() === 'gzip' && length > 0,
          }),
        )
      })
    })
    signal.addEventListener('abort', abort, { once: true })
    outgoing.end()
  })
}

/** Whether a host can only be in the network at home: a private address, or a name without a public ending. */
export function isLocalHost(host: string): boolean {
  const address = parseIp(host)
  if (address !== null) return isLoopback(address) || isPrivate(address)
  return !host.includes('.') || /\.(local|lan|home|internal|localdomain|localhost|home\.arpa|fritz\.box)$/i.test(host)
}

const brokenOff = (cause?: unknown): Failure =>
  new Failure('source/bad-answer', 'The receiver broke off in the middle of its answer', {}, cause)

/** A failed connection in words. */
export function explainError(error: Error & { readonly code?: unknown }): Failure {
  const code = String(error.code ?? '')
  if (code.startsWith('HPE_'))
    return new Failure('source/bad-answer', 'The receiver answers with something that is not HTTP', {}, error)
  if (/CERT|TLS|SSL/i.test(code)) {
    return new Failure(
      'source/unreachable',
      'No secure connection to the receiver: its certificate is not trusted',
      { code },
      error,
    )
  }
  const what =
    code === 'ECONNREFUSED'
      ? 'refuses connections'
      : code === 'ECONNRESET'
        ? 'closed the connection'
        : 'cannot be reached'
  return new Failure('source/unreachable', `The web interface of the receiver ${what}`, { code }, error)
}
