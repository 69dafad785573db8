import type { Context } from 'hono'
import type { Failure } from '../core/errors.ts'
import type { VodFile, VodRange } from '../core/lineup/vod.ts'
import { mediaError } from './problem.ts'

/**
 * The one part that was asked for; null for the whole file. The end of a file whose length nobody knows, several parts, and
 * what cannot be read get the whole (RFC 9110, 14.2 allows it).
 */
export function readRange(header: string | undefined): VodRange | null {
  const [, from = '', to = ''] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? []
  if (from === '' || (to !== '' && Number(to) < Number(from))) return null
  return { first: Number(from), last: to === '' ? null : Number(to) }
}

/** The headers of a file in which one may seek. */
export const fileHeaders = (contentType: string): Headers =>
  new Headers({
    'content-type': contentType,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
  })

/** A file, or the part of it that came, as an answer; it is closed when the caller goes. */
export function fileAnswer(
  file: VodFile,
  { contentType, signal }: { readonly contentType: string; readonly signal: AbortSignal },
): Response {
  // Not every runtime tells the body that its reader has gone.
  signal.addEventListener('abort', () => void file.close(), { once: true })
  const { first, last, size, partial } = file
  const headers = fileHeaders(contentType)
  if (last !== null) headers.set('content-length', String(last - first + 1))
  if (partial && last !== null) headers.set('content-range', `bytes ${first}-${last}/${size ?? '*'}`)
  return new Response(file.body, { status: partial && last !== null ? 206 : 200, headers })
}

/** 416 with the size of the file where the source tells it (RFC 9110, 15.5.17). */
export function beyondFile(c: Context, failure: Failure): Response {
  const answer = mediaError(c, failure)
  const { size } = failure.facts
  if (typeof size === 'number') answer.headers.set('content-range', `bytes */${size}`)
  return answer
}
