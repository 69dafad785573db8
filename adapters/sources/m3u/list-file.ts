import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Failure } from '../../../core/errors.ts'
import type { Secret } from '../../../core/secret.ts'
import type { HttpClient } from '../../net/http-client.ts'

/** What tells one version of a list from another. */
export type ListVersion = { readonly etag: string | null; readonly lastModified: string | null }

/** A list that is open. `base`: what relative addresses in it start from; null: there are none. */
export type OpenList = {
  readonly version: ListVersion
  readonly base: URL | null
  readonly bytes: AsyncIterable<Uint8Array>
}

/** Where a list comes from. */
export interface ListFile {
  /** Opens the list, for a test as another program; null: it is still the version `known`. Fails with `source/*`, or the signal's reason. */
  open(known: ListVersion | null, signal: AbortSignal, userAgent?: string): Promise<OpenList | null>
}

/** Providers write big lists while we wait. */
const HEADERS_MS = 60_000
const IDLE_MS = 60_000
/** Lists with all films of a provider have some hundred MB. */
const MOST_BYTES = 1024 ** 3

/** A list behind an address, asked for with conditions (RFC 9110, section 13). */
export function listAt(url: Secret, client: HttpClient): ListFile {
  return {
    async open(known, signal, userAgent) {
      const answer = await client.request(new URL(url.reveal()), {
        named: 'typed',
        headers: {
          ...(userAgent === undefined ? {} : { 'User-Agent': userAgent }),
          ...(known?.etag == null ? {} : { 'If-None-Match': known.etag }),
          ...(known?.lastModified == null ? {} : { 'If-Modified-Since': known.lastModified }),
        },
        headersMs: HEADERS_MS,
        idleMs: IDLE_MS,
        maxBytes: MOST_BYTES,
        signal,
      })
      const { status, headers } = answer
      if (status === 200) {
        const version = { etag: headers.get('etag'), lastModified: headers.get('last-modified') }
        return { version, base: answer.url, bytes: gunzipped(answer.body) }
      }
      answer.close()
      if (status === 304 && known !== null) return null
      throw refusal(status)
    },
  }
}

/** A list on this machine; its version is its time and size. */
export function listOnDisk(path: string): ListFile {
  return {
    async open(known, signal) {
      signal.throwIfAborted()
      try {
        const { mtimeMs, size } = await stat(path)
        const etag = `${mtimeMs}-${size}`
        if (known?.etag === etag) return null
        return {
          version: { etag, lastModified: null },
          base: null,
          bytes: gunzipped(createReadStream(path, { signal })),
        }
      } catch (cause) {
        throw new Failure('source/unreachable', `The list "${path}" cannot be read`, { path }, cause)
      }
    },
  }
}

function refusal(status: number): Failure {
  const facts = { status }
  if (status === 401 || status === 403)
    return new Failure('source/login', `The provider refuses the list (HTTP ${status})`, facts)
  if (status === 404 || status === 410)
    return new Failure('source/bad-answer', `There is no list at this address (HTTP ${status})`, facts)
  if (status === 429 || status >= 500)
    return new Failure('source/unreachable', `The provider cannot give the list now (HTTP ${status})`, facts)
  return new Failure('source/bad-answer', `The provider answers the list with HTTP ${status}`, facts)
}

/** The same bytes, unpacked if they are gzip (RFC 1952), whatever headers and names say. Fails with `source/bad-answer`. */
async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const source = chunks[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array()
  while (head.length < 2) {
    const { done, value } = await source.next()
    if (done === true) break
    head = Buffer.concat([head, value])
  }
  const all = (async function* () {
    try {
      yield head
      for (;;) {
        const { done, value } = await source.next()
        if (done === true) return
        yield value
      }
    } finally {
      await source.return?.()
    }
  })()
  if (head[0] !== 0x1f || head[1] !== 0x8b) return yield* all
  let failure: unknown = null
  const packed = Readable.from(all, { objectMode: false })
  const unpacked = createGunzip()
  packed.on('error', (error) => {
    failure = error
    unpacked.destroy(error)
  })
  let size = 0
  try {
    for await (const chunk of packed.pipe(unpacked)) {
      size += chunk.length
      if (size > MOST_BYTES) throw new Failure('source/bad-answer', `The list unpacks to more than ${MOST_BYTES} bytes`)
      yield chunk
    }
  } catch (error) {
    if (failure !== null) throw failure
    throw error instanceof Failure ? error : new Failure('source/bad-answer', 'The packed list is damaged', {}, error)
  } finally {
    packed.destroy()
  }
}
