import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'

/** How something is asked for. Header names in lower case; a `host` is sent as it stands here. */
export type Asking = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON unless it is a text. */
  readonly body?: unknown
  /** Redirects are followed, at most five. */
  readonly follow?: boolean
}

/** Head of an answer. */
type Head = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The address that gave it, redirects followed. */
  readonly url: string
}

/** A whole answer: its bytes as they came, and the text that they mean (gzip undone). */
export type Answer = Head & { readonly bytes: Uint8Array; readonly text: string; json(): unknown }

/** An answer whose body still comes. */
export interface OpenAnswer extends Head, Disposable {
  /** Waits until so many bytes have come in all, and gives all that have come. Fails when the body ends before. */
  read(bytes: number, withinMs?: number): Promise<Uint8Array>
  /** All that has come so far. */
  received(): Uint8Array
  /** Resolves when the body has ended or was cut. */
  readonly ended: Promise<void>
  isOver(): boolean
  /** Stops reading: what comes now waits in the sockets. */
  pause(): void
  /** Cuts the connection. */
  close(): void
}

const WITHIN_MS = 20_000

/**
 * Asks over a connection of its own, with exactly the given headers: `fetch` of some runtimes forbids `Host`, and all of
 * them decode what they get.
 */
async function send(url: string, asking: Asking): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body, follow = false } = asking
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  const type: Record<string, string> =
    text === null || headers['content-type'] !== undefined ? {} : { 'content-type': 'application/json' }
  const length: Record<string, string> = text === null ? {} : { 'content-length': String(Buffer.byteLength(text)) }
  let address = url
  for (let hops = 0; hops < 6; hops++) {
    const target = address
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(target, { method, agent: false, headers: { ...type, ...length, ...headers } }, resolve)
      outgoing.setTimeout(WITHIN_MS, () => outgoing.destroy(new Error(`No answer within ${WITHIN_MS} ms`)))
      outgoing.once('error', reject)
      outgoing.end(text ?? undefined)
    })
    const { location } = response.headers
    if (!follow || location === undefined) return Object.assign(response, { address })
    response.destroy()
    address = new URL(location, address).href
  }
  throw new Error(`More than five redirects from ${url}`)
}

const headOf = (response: IncomingMessage): Head => ({
  status: response.statusCode ?? 0,
  headers: Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  ),
  url: (response as IncomingMessage & { address?: string }).address ?? '',
})

/** A request and its whole answer; fails when the body is cut. */
export async function ask(url: string, asking: Asking = {}): Promise<Answer> {
  const response = await send(url, asking)
  const chunks: Uint8Array[] = []
  await new Promise<void>((resolve, reject) => {
    response.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    response.once('end', resolve)
    response.once('error', reject)
    response.once('aborted', () => reject(new Error('The answer was cut')))
  })
  const bytes = Buffer.concat(chunks)
  const isPacked = response.headers['content-encoding'] === 'gzip' && bytes.length > 0
  const text = (isPacked ? gunzipSync(bytes) : bytes).toString('utf8')
  return { ...headOf(response), bytes, text, json: () => JSON.parse(text) as unknown }
}

/** A request whose answer is read while it comes. */
export async function open(url: string, asking: Asking = {}): Promise<OpenAnswer> {
  const response = await send(url, asking)
  const chunks: Uint8Array[] = []
  const wishes = new Set<() => void>()
  let size = 0
  let over = false
  const ended = new Promise<void>((resolve) => {
    response.once('close', () => {
      over = true
      resolve()
      for (const wish of wishes) wish()
    })
  })
  response.on('error', () => {})
  response.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk)
    size += chunk.length
    for (const wish of wishes) wish()
  })
  // One that nobody reads would otherwise never say that it is over.
  response.on('end', () => response.destroy())
  const received = (): Uint8Array => Buffer.concat(chunks)
  const close = (): void => void response.destroy()
  return {
    ...headOf(response),
    received,
    ended,
    isOver: () => over,
    pause: () => void response.pause(),
    close,
    [Symbol.dispose]: close,
    read: (bytes, withinMs = WITHIN_MS) =>
      new Promise((resolve, reject) => {
        const finish = (end: () => void): void => {
          clearTimeout(timer)
          wishes.delete(look)
          end()
        }
        const look = (): void => {
          if (size >= bytes) finish(() => resolve(received()))
          else if (over) finish(() => reject(new Error(`The body ended after ${size} of ${bytes} bytes`)))
        }
        const timer = setTimeout(
          () => finish(() => reject(new Error(`${size} of ${bytes} bytes within ${withinMs} ms`))),
          withinMs,
        )
        wishes.add(look)
        look()
      }),
  }
}
