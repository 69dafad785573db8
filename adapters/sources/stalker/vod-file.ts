import { Failure } from '../../../core/errors.ts'
import type { VodFile, VodRange } from '../../../core/lineup/vod.ts'
import type { PortalFile } from './transport.ts'

/**
 * The file that an answer brings. Closes the answer and fails with `vod/range`, `vod/unknown-item` or `live/refused` when
 * it brings none.
 */
export async function toVodFile(answer: PortalFile, range: VodRange | null): Promise<VodFile> {
  const { status, headers, body } = answer
  if (status !== 200 && status !== 206) {
    await answer.close()
    if (status === 416) throw new Failure('vod/range', 'The file ends before the asked place', { status })
    if (status === 404 || status === 410)
      throw new Failure('vod/unknown-item', 'The portal has lost this file', { status })
    throw new Failure('live/refused', `The portal answers for the file with status ${status}`, { status })
  }
  const contentType = headers.get('content-type') ?? 'application/octet-stream'
  const length = wholeNumber(headers.get('content-length'))
  const part = status === 206 ? readContentRange(headers.get('content-range') ?? '') : null
  if (part !== null) return { ...part, partial: true, contentType, body, close: () => answer.close() }
  // 206 without saying which part: believed to be the asked one.
  const first = status === 206 ? (range?.first ?? 0) : 0
  return {
    first,
    last: length === null ? null : first + length - 1,
    size: status === 200 ? length : null,
    partial: status === 206,
    contentType,
    body,
    close: () => answer.close(),
  }
}

/** `bytes 0-99/200`, the size maybe `*` (RFC 9110, 14.4); null for anything else. */
function readContentRange(text: string): Pick<VodFile, 'first' | 'last' | 'size'> | null {
  const [, first, last, size] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(text.trim()) ?? []
  if (first === undefined || last === undefined || Number(last) < Number(first)) return null
  return { first: Number(first), last: Number(last), size: size === '*' ? null : Number(size) }
}

const wholeNumber = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
