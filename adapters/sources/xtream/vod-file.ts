import { Failure } from '../../../core/errors.ts'
import type { VodFile, VodRange } from '../../../core/lineup/vod.ts'
import { fileBody } from '../file-body.ts'
import type { PanelAnswer, PanelHttp } from './panel-http.ts'
import { streamRefusal } from './refusal.ts'
import type { Seat } from './seats.ts'

/** A file to open. `url` is its first address: what it redirects to is good once. */
export type FileRequest = {
  readonly url: URL
  readonly name: string
  readonly userAgent: string
  readonly range: VodRange | null
  readonly signal: AbortSignal
}

const HEADERS_WITHIN_MS = 25_000

/**
 * Opens a file of a panel at a place, on a seat that is freed when the connection is gone.
 *
 * Fails with `vod/range`, `live/refused|no-slot` or `source/*`.
 */
export async function openPanelFile(http: PanelHttp, request: FileRequest, seat: Seat): Promise<VodFile> {
  const { url, name, userAgent, range, signal } = request
  let answer: PanelAnswer
  try {
    answer = await http.get({
      url,
      headers: {
        'User-Agent': userAgent,
        Accept: '*/*',
        'Accept-Encoding': 'identity', // places in a file are places in its own bytes
        ...(range !== null && { Range: `bytes=${range.first}-${range.last ?? ''}` }),
      },
      headersWithinMs: HEADERS_WITHIN_MS,
      alone: true,
      signal,
    })
  } catch (error) {
    seat.free()
    throw error
  }
  const failure = refusal(answer, name, range)
  if (failure !== null) {
    await answer.close()
    if (failure.code === 'live/refused' && seat.refused(answer.status === 200 ? null : answer.status))
      throw new Failure('live/no-slot', `The provider still counts the stream before "${name}"`, {}, failure)
    seat.free()
    throw failure
  }
  seat.opened()
  return toFile(answer, range, name, seat)
}

/** Why an answer is no file; null: it is one. */
function refusal({ status, headers }: PanelAnswer, name: string, range: VodRange | null): Failure | null {
  if (status === 416) {
    const size = readNumber(/^bytes\s+\*\/(\d+)$/i.exec(headers.get('content-range') ?? '')?.[1] ?? null)
    return new Failure('vod/range', `"${name}" has no byte ${range?.first ?? 0}`, size === null ? {} : { size })
  }
  if (status !== 200 && status !== 206) return streamRefusal(status, name)
  const type = headers.get('content-type') ?? ''
  if (headers.get('content-length') === '0' || /^(text\/html|application\/json)\b/i.test(type))
    return new Failure('live/refused', `The provider answers "${name}" with a page or with nothing instead of the film`)
  return null
}

function toFile(answer: PanelAnswer, range: VodRange | null, name: string, seat: Seat): VodFile {
  const { headers } = answer
  const length = readNumber(headers.get('content-length'))
  const [, from, to, whole] = /^bytes\s+(\d+)-(\d+)\/(\d+|\*)/i.exec(headers.get('content-range') ?? '') ?? []
  const isPart = answer.status === 206 && (from !== undefined || length !== null)
  const first = from !== undefined ? Number(from) : isPart ? (range?.first ?? 0) : 0
  const last = to !== undefined ? Number(to) : length === null ? null : first + length - 1
  const size = answer.status === 200 ? length : readNumber(whole ?? null)
  let closed: Promise<void> | null = null
  const close = (): Promise<void> => {
    closed ??= answer.close()
    seat.free(closed)
    return closed
  }
  const contentType = headers.get('content-type') || 'application/octet-stream'
  const body = fileBody(answer.body[Symbol.asyncIterator](), {
    close,
    broken: (cause) => new Failure('live/ended', `The provider broke "${name}" off`, {}, cause),
  })
  return { first, last, size, partial: isPart, contentType, body, close }
}

const readNumber = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null)
