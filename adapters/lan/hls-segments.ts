import { Failure } from '../../core/errors.ts'
import type { DeliveryView, Segment } from '../../core/live/hls-delivery.ts'
import { writeMedia } from '../../core/live/hls-playlist.ts'
import type { HlsRing } from '../../core/live/hls-ring.ts'
import { buildSegment } from '../../core/live/hls-segment.ts'
import type { HlsAnswer } from '../../core/live/link.ts'
import type { PesUnit } from '../../core/live/pes-unit.ts'
import { diff90k } from '../../core/live/timestamps.ts'
import { mediaAnswer, notThere, playlistAnswer } from './hls-answers.ts'
import { startsWith } from './hls-audience.ts'
import type { HlsViewer } from './hls-audience.ts'
import { HOLD_MS } from './hls-hold.ts'
import type { HlsHold } from './hls-hold.ts'
import type { KeptFiles } from './hls-kept.ts'
import { readReload } from './hls-reload.ts'
import type { HlsSound } from './hls-sound.ts'
import { variantProgram } from './hls-variants.ts'
import type { VariantContent } from './hls-variants.ts'

/** What lists and segments of a session are made of. */
export type HlsDeskParts = {
  readonly ring: HlsRing
  readonly sound: HlsSound
  readonly hold: HlsHold
  readonly kept: KeptFiles
}

/** A request for a file of a variant. */
export type HlsFileRequest = {
  readonly viewer: HlsViewer
  readonly variant: string
  readonly content: VariantContent
  /** Last segment of the path. */
  readonly file: string
  readonly query: URLSearchParams
  readonly signal: AbortSignal
}

/** Answers for one delivery of a session. */
export interface HlsDesk {
  /** Number of the segment with which a viewer starts who comes now. */
  start(): number
  /** A media playlist or a piece of media. Fails with `hls/*`, `http/bad-request`, `ffmpeg/missing`. */
  answer(request: HlsFileRequest): Promise<HlsAnswer>
}

/** Lists (`v{start}.m3u8`) and MPEG-TS segments (`{msn}[c].ts`) of a delivery by whole segments. */
export function createSegmentDesk(
  { ring, sound, hold, kept }: HlsDeskParts,
  { name, view, mayBeIndependent }: { name: string; view: DeliveryView; mayBeIndependent: boolean },
): HlsDesk {
  /** All sound of the segment has come. */
  const isWhole = (segment: Segment, content: VariantContent): boolean => {
    const last = ring.pieces.find(({ index }) => index === segment.last)
    return last !== undefined && sound.isWhole(last.program, content, last)
  }
  const ensureSound = (content: VariantContent, msn: number): void =>
    sound.ensure(content, (view.segment(msn) ?? view.window()[0])?.start90k ?? 0)

  const list = async ({ content, query, signal }: HlsFileRequest, start: number): Promise<HlsAnswer> => {
    const { msn: atLeast } = readReload(query)
    const newest = view.window().at(-1)?.msn ?? -1
    if (atLeast !== null && atLeast > Math.max(newest, start) + 2)
      throw new Failure('http/bad-request', `Segment ${atLeast} is too far ahead; the newest one is ${newest}`)
    const wanted = atLeast === null || !view.canBlock ? -1 : atLeast
    const ready = (): readonly Segment[] | null => {
      ensureSound(content, start)
      const window = view.window().filter((segment) => segment.msn >= start)
      const end = window.findIndex((segment) => !isWhole(segment, content))
      const listed = end < 0 ? window : window.slice(0, end)
      const last = listed.at(-1)
      if (last === undefined || last.msn < wanted) return null
      const duration = listed.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
      return listed[0]?.msn === start && duration < view.leastSeconds ? null : listed
    }
    const ms = wanted < 0 ? HOLD_MS : Math.min(HOLD_MS, 3000 * view.targetSeconds())
    const segments = await hold.until({ signal, ready, ms })
    return playlistAnswer(
      writeMedia({
        segments,
        targetSeconds: view.targetSeconds(),
        discontinuitySequence: view.discontinuitiesBefore(segments[0]?.msn ?? 0),
        isIndependent: mayBeIndependent && view.isIndependent(),
        canBlock: view.canBlock,
        clean: start,
      }),
    )
  }

  const segment = async (
    { viewer, variant, content, signal }: HlsFileRequest,
    msn: number,
    isNamedClean: boolean,
  ): Promise<HlsAnswer> => {
    const ready = (): Segment | null => {
      const found = view.segment(msn)
      // A number that is still to come is waited for; one that has gone is not.
      const newest = view.window().at(-1)?.msn ?? -1
      if (found === null && (msn <= newest || msn > newest + 2)) throw notThere()
      ensureSound(content, msn)
      return found !== null && isWhole(found, content) ? found : null
    }
    const found = await hold.until({ signal, ready })
    const { randomAccess, discontinuity } = found
    const list = `${name}/${variant}`
    const clean = startsWith(viewer, { list, first: msn, last: msn, randomAccess, isNamedClean }) || discontinuity
    const bytes = kept.get(`${list}/${msn}${clean ? 'c' : ''}`, () => build(found, content, clean))
    viewer.bytesOut += bytes.length
    // Fetched once more it may be the clean copy: only what is named so never changes.
    return mediaAnswer('video/mp2t', bytes, { isImmutable: isNamedClean })
  }

  const build = ({ msn, first, last }: Segment, content: VariantContent, clean: boolean): Uint8Array<ArrayBuffer> => {
    const pieces = ring.pieces.filter(({ index }) => index >= first && index <= last)
    const [start] = pieces
    if (start === undefined) throw notThere()
    const { program } = start
    const soundOf = sound.of(program, content)
    const isMixed = content.audio(program).length > 1
    return buildSegment({
      msn,
      pieces,
      program: variantProgram(program, content),
      hasVideo: content.hasVideo,
      audio: (piece) => (isMixed ? byTime(soundOf(piece), start.startPts90k) : soundOf(piece)),
      clean,
    })
  }

  return {
    start: () => view.start(),
    answer(request) {
      const [, start, msn, clean] = /^(?:v(\d{1,9})\.m3u8|(\d{1,9})(c?)\.ts)$/.exec(request.file) ?? []
      if (start !== undefined) return list(request, Number(start))
      if (msn === undefined) throw notThere()
      return segment(request, Number(msn), clean === 'c')
    },
  }
}

/** Several tracks in one segment, by time; units of one track keep their order. */
function byTime(units: readonly PesUnit[], start: number): readonly PesUnit[] {
  const place = ({ pts90k }: PesUnit): number => diff90k(pts90k, start)
  return units.toSorted((a, b) => place(a) - place(b))
}
