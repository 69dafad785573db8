import { imageType } from '../../core/image-type.ts'
import { newJti } from '../../core/access/random.ts'
import type { RandomBytes } from '../../core/access/random.ts'
import { createLinkSigner } from '../../core/access/signed-link.ts'
import type { KeyRing } from '../../core/access/keys.ts'
import { Failure } from '../../core/errors.ts'

/** What a front needs to ask its adapter as itself. Only fetch: an edge platform loads this file. */
export type AdapterRequestParts = {
  /** Public base URL of the adapter, no slash at the end. */
  readonly adapterUrl: string
  readonly ring: KeyRing
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly now: () => number
  readonly random: RandomBytes
}

/** A question to the adapter behind a signed link of the house. */
export type AdapterRequest = (
  path: string,
  init: { readonly tag: string | null; readonly signal?: AbortSignal },
) => Promise<Response>

const ANSWER_WITHIN_MS = 20_000
const LINK_SECONDS = 60

/** Asks the adapter for a path, within 20 s. Redirects are not followed. */
export function createAdapterRequest(parts: AdapterRequestParts): AdapterRequest {
  const signer = createLinkSigner(parts.ring)
  return async (path, { tag, signal }) => {
    const expires = Math.floor(parts.now() / 1000) + LINK_SECONDS
    const token = await signer.sign({ kind: 'house' }, { jti: newJti(parts.random), expires })
    const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS)
    return parts.fetch(`${parts.adapterUrl}/s/${token}${path}`, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      redirect: 'manual',
      headers: tag === null ? {} : { 'if-none-match': tag },
    })
  }
}

/** The body of a 200, at most `limit` bytes. Fails with `live/no-adapter` for any other answer. */
export async function readBytes(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel()
    const code = response.headers.get('x-downlink-error') ?? ''
    throw new Failure('live/no-adapter', `The adapter at home answers ${response.status} ${code}`.trimEnd(), {
      status: response.status,
    })
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > limit) throw new Failure('live/no-adapter', `The adapter at home sends more than ${limit} bytes`) // leaving the loop cancels the body
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/** Larger pictures nobody passes on. */
const PICTURE_BYTES = 2 * 1024 * 1024

/**
 * The picture of an answer, its type by its content, whatever the answer calls it; null: there is none, or it is none that
 * every client shows. Fails with `live/no-adapter` for one of more than 2 MiB.
 */
export async function readPicture(response: Response) {
  if (response.status !== 200) {
    await response.body?.cancel()
    return null
  }
  const bytes = await readBytes(response, PICTURE_BYTES)
  const contentType = imageType(bytes)
  const tag = (response.headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '')
  return contentType === null ? null : { bytes, contentType, tag }
}
