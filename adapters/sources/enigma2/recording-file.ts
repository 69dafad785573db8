import { fileBody } from '../file-body.ts'
import { Failure } from '../../../core/errors.ts'
import type { VodFile, VodRange } from '../../../core/lineup/vod.ts'
import type { Timers } from '../timers.ts'
import { pause } from '../timers.ts'
import type { WebFile } from './web-file.ts'

/** A recording to open. */
export type RecordingFile = {
  readonly name: string
  readonly contentType: string
  readonly range: VodRange | null
  /** Opens the file; `range` as in HTTP's header. */
  readonly open: (range: string | null, signal: AbortSignal) => Promise<WebFile>
  /** Whether it is still being recorded. */
  readonly isGrowing: (signal: AbortSignal) => Promise<boolean>
  readonly timers: Timers
  readonly signal: AbortSignal
}

/** A receiver writes to its disk every few seconds: whoever has read everything looks again after this time. */
const LOOK_AGAIN_MS = 3000
/** A recording that has not grown for so long has ended, whatever the list says. */
const PATIENCE_MS = 30_000

/**
 * Opens a recording at a place.
 *
 * One that grows has no length: asked for as a whole it is sent as it is written, until it is finished. From another place
 * on, what there is now is sent as a part, and the size is that of this moment (RFC 9110, 14.4); a reader who asks for
 * what comes behind it waits for that.
 *
 * The box answers for a file that is gone with 200 and a sentence. Fails with `vod/unknown-item`, `vod/range`, `source/*`.
 */
export async function openRecording(request: RecordingFile): Promise<VodFile> {
  const { range } = request
  const over = new AbortController()
  const signal = AbortSignal.any([request.signal, over.signal])
  const close = (): Promise<void> => {
    over.abort(new Failure('live/stopped', 'The recording was closed'))
    return Promise.resolve()
  }
  try {
    const isGrowing = await request.isGrowing(signal)
    const isFollowed = isGrowing && (range === null || (range.first === 0 && range.last === null))
    const wanted = range === null || isFollowed ? null : `bytes=${range.first}-${range.last ?? ''}`
    let answer: WebFile | null = await request.open(wanted, signal)
    if (answer.status === 416) {
      const size = /^bytes\s+\*\/(\d+)$/i.exec(answer.contentRange ?? '')?.[1]
      answer.close()
      answer = isGrowing && wanted !== null ? await waitFor(wanted, request, signal) : null
      const facts = size === undefined ? {} : { size: Number(size) }
      if (answer === null) throw new Failure('vod/range', `"${request.name}" has no byte ${range?.first ?? 0}`, facts)
    }
    refuseSentence(answer, request.name, isGrowing)
    const chunks = isFollowed ? follow(answer, request, signal) : answer.chunks
    return { ...partOf(answer, isFollowed), contentType: request.contentType, body: fileBody(chunks, { close }), close }
  } catch (error) {
    await close()
    throw error
  }
}

function refuseSentence({ status, contentType, contentLength }: WebFile, name: string, isGrowing: boolean): void {
  const isSentence = /^text\/(html|plain)\b/.test(contentType) || (contentLength === 0 && !isGrowing)
  if (status === 200 && isSentence)
    throw new Failure('vod/unknown-item', `The receiver does not have the file of "${name}" any more`)
}

/** Which bytes come. A box that does not understand ranges sends the whole file. */
function partOf(answer: WebFile, isFollowed: boolean): Pick<VodFile, 'first' | 'last' | 'size' | 'partial'> {
  if (isFollowed) return { first: 0, last: null, size: null, partial: false }
  const [, first, last, size] = /^bytes\s+(\d+)-(\d+)\/(\d+|\*)/i.exec(answer.contentRange ?? '') ?? []
  if (answer.status === 206 && first !== undefined)
    return { first: Number(first), last: Number(last), size: size === '*' ? null : Number(size), partial: true }
  const length = answer.contentLength
  return { first: 0, last: length === null || length === 0 ? null : length - 1, size: length, partial: false }
}

/** The bytes from the beginning on, and those that are written meanwhile. */
async function* follow(
  first: WebFile,
  request: RecordingFile,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let answer: WebFile | null = first
  let at = 0
  while (answer !== null) {
    for (;;) {
      const next: IteratorResult<Uint8Array, void> = await answer.chunks.next()
      if (next.done === true) break
      at += next.value.length
      yield next.value
    }
    answer = await waitFor(`bytes=${at}-`, request, signal)
  }
}

/** The answer as soon as there is something at this place; null: the recording ends before it. */
async function waitFor(
  range: string,
  { open, isGrowing, timers, name }: RecordingFile,
  signal: AbortSignal,
): Promise<WebFile | null> {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_AGAIN_MS) {
    await pause(timers, LOOK_AGAIN_MS, signal)
    // Asked before the file: what is written last must not be missed.
    const isOver = !(await isGrowing(signal))
    const answer = await open(range, signal)
    if (answer.status === 206) return answer
    answer.close()
    if (answer.status === 200) throw new Failure('live/ended', `The receiver cannot go on inside "${name}"`)
    if (isOver) return null
  }
  return null
}
