import { Failure } from '../../../core/errors.ts'
import type { PanelHttp } from './panel-http.ts'

const MAX_BYTES = 2 * 1024 * 1024
const HEADERS_WITHIN_MS = 10_000

/**
 * A picture that a panel names by its address; null: there is none there, or it is larger than 2 MiB. The address is not
 * ours: it gets no credentials, and the client checks where it leads.
 */
export async function fetchPicture(
  http: PanelHttp,
  {
    address,
    userAgent,
    signal,
  }: { readonly address: string; readonly userAgent: string; readonly signal: AbortSignal },
): Promise<Uint8Array | null> {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  const answer = await http.get({
    url,
    headers: { 'User-Agent': userAgent, Accept: 'image/*,*/*;q=0.8' },
    headersWithinMs: HEADERS_WITHIN_MS,
    signal,
  })
  try {
    if (answer.status >= 500) throw new Failure('source/unreachable', 'The pictures cannot be had now')
    if (answer.status !== 200) return null
    const parts: Uint8Array[] = []
    let size = 0
    for await (const chunk of answer.body) {
      size += chunk.length
      if (size > MAX_BYTES) return null
      parts.push(chunk)
    }
    return size === 0 ? null : join(parts, size)
  } finally {
    await answer.close()
  }
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
