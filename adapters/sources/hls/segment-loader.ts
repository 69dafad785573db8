import { Failure } from '../../../core/errors.ts'
import type { HttpAnswer } from '../../net/http-client.ts'
import { refusalOf } from '../stream-refusal.ts'
import type { ByteRange, InitSection, Segment, SegmentKey } from './playlist.ts'

/** Asks for something that a playlist names. Fails with `source/*`. */
export type AskChild = (url: URL, headers: Readonly<Record<string, string>>) => Promise<HttpAnswer>

/** Fetches segments and decrypts them. */
export interface SegmentLoader {
  /** The bytes of a segment, at most 96 MiB. Fails with `source/*` or `live/refused`. */
  load(segment: Segment): Promise<Uint8Array>
  /** The bytes as they come; for segments without a key. */
  stream(segment: Segment): AsyncGenerator<Uint8Array, void, undefined>
  /** What stands before fragments; kept, since hundreds of segments share it. The same bytes are the same object. */
  init(section: InitSection): Promise<Uint8Array>
}

const LARGEST_SEGMENT = 96 * 1024 * 1024
const KEY_BYTES = 16
const KEPT_KEYS = 4
const KEPT_INITS = 4
const LARGEST_INIT = 4 * 1024 * 1024

/** Makes the loader of one stream. */
export function createSegmentLoader(ask: AskChild, name: string): SegmentLoader {
  const keys = new Map<string, Promise<CryptoKey>>()

  const keyOf = ({ url }: SegmentKey): Promise<CryptoKey> => {
    const known = keys.get(url.href)
    if (known !== undefined) return known
    const fetched = fetchKey(url)
    fetched.catch(() => keys.delete(url.href)) // asked again with the next segment
    keys.set(url.href, fetched)
    const [oldest] = keys.keys()
    if (keys.size > KEPT_KEYS && oldest !== undefined) keys.delete(oldest)
    return fetched
  }
  const fetchKey = async (url: URL): Promise<CryptoKey> => {
    const answer = await accepted(await ask(url, {}), name)
    const bytes = new Uint8Array(await answer.bytes(1024))
    if (bytes.length !== KEY_BYTES)
      throw new Failure(
        'source/bad-answer',
        `The key of "${name}" has ${bytes.length} bytes; it should have ${KEY_BYTES}`,
      )
    return crypto.subtle.importKey('raw', bytes, 'AES-CBC', false, ['decrypt'])
  }
  const open = async ({ url, range }: Pick<Segment, 'url' | 'range'>): Promise<HttpAnswer> => {
    const headers = range === null ? {} : { Range: `bytes=${range.from}-${range.from + range.length - 1}` }
    return accepted(await ask(url, { ...headers, 'Accept-Encoding': 'identity' }), name)
  }
  const load = async (segment: Segment): Promise<Uint8Array> => {
    const key = segment.key === null ? null : await keyOf(segment.key)
    const answer = await open(segment)
    const bytes = await partOf(answer, segment.range, LARGEST_SEGMENT)
    return key === null ? bytes : decrypt(bytes, key, segment)
  }
  const inits = new Map<string, Promise<Uint8Array>>()
  const loadInit = async (section: InitSection): Promise<Uint8Array> => {
    const key = section.key === null ? null : await keyOf(section.key)
    const bytes = await partOf(await open(section), section.range, LARGEST_INIT)
    return key === null ? bytes : decrypt(bytes, key, { key: section.key, sequence: 0 })
  }

  return {
    load,
    init(section) {
      const name = `${section.url.href} ${section.range?.from ?? ''}`
      const known = inits.get(name)
      if (known !== undefined) return known
      const fetched = loadInit(section)
      fetched.catch(() => inits.delete(name)) // asked again with the next segment
      inits.set(name, fetched)
      const [oldest] = inits.keys()
      if (inits.size > KEPT_INITS && oldest !== undefined) inits.delete(oldest)
      return fetched
    },
    async *stream(segment) {
      if (segment.key !== null || segment.range !== null) yield await load(segment)
      else yield* (await open(segment)).body
    },
  }
}

/** The asked part. A server that knows no ranges sends everything with status 200. */
async function partOf(answer: HttpAnswer, range: ByteRange | null, most: number): Promise<Uint8Array> {
  const all = await answer.bytes(most)
  return range === null || answer.status === 206 ? all : all.subarray(range.from, range.from + range.length)
}

async function accepted(answer: HttpAnswer, name: string): Promise<HttpAnswer> {
  if (answer.status === 200 || answer.status === 206) return answer
  answer.close()
  throw refusalOf(answer.status, name)
}

/** AES-128 in CBC with PKCS7 padding; without an IV the sequence number is it (RFC 8216, 5.2). */
async function decrypt(
  bytes: Uint8Array,
  key: CryptoKey,
  { key: how, sequence }: Pick<Segment, 'key' | 'sequence'>,
): Promise<Uint8Array> {
  const iv = how?.iv ?? new Uint8Array(16)
  if (how?.iv == null) new DataView(iv.buffer).setBigUint64(8, BigInt(sequence))
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, new Uint8Array(bytes)))
  } catch (error) {
    throw new Failure('source/bad-answer', 'A part of the stream cannot be decrypted', { sequence }, error)
  }
}
