import { Failure } from '../../core/errors.ts'
import type { DeliveryView, Segment } from '../../core/live/hls-delivery.ts'
import { writeMedia } from '../../core/live/hls-playlist.ts'
import type { ListedSegment } from '../../core/live/hls-playlist.ts'
import type { HlsRing } from '../../core/live/hls-ring.ts'
import type { HlsAnswer } from '../../core/live/link.ts'
import { mediaAnswer, notThere, playlistAnswer } from './hls-answers.ts'
import type { ArchivedSegment, FinishSegment } from './hls-archive.ts'
import type { HlsArchives } from './hls-archives.ts'
import { startIn, startsWith } from './hls-audience.ts'
import type { HlsViewer } from './hls-audience.ts'
import { fragmentedMp4, needsFragments, transportStream } from './hls-containers.ts'
import type { SegmentContainer, SegmentSource } from './hls-containers.ts'
import { HlsFragments } from './hls-fragments.ts'
import { HOLD_MS } from './hls-hold.ts'
import type { HlsHold } from './hls-hold.ts'
import type { KeptFiles } from './hls-kept.ts'
import { readReload } from './hls-reload.ts'
import type { HlsSound } from './hls-sound.ts'
import type { VariantContent } from './hls-variants.ts'

/** What lists and segments of a session are made of. */
export type HlsDeskParts = {
  readonly ring: HlsRing
  readonly sound: HlsSound
  readonly hold: HlsHold
  readonly kept: KeptFiles
  /** What is kept on disk for those who go back; null: nothing is. */
  readonly archives: HlsArchives | null
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

const FILE = /^(?:v(?<start>\d{1,9})\.m3u8|i(?<init>\d{1,9})\.mp4|(?<msn>\d{1,9})(?<clean>c?)\.(?<extension>ts|m4s))$/

/**
 * Lists (`v{start}.m3u8`) and segments of a delivery by whole segments: MPEG-TS (`{msn}[c].ts`), or for HEVC fragmented MP4
 * (`{msn}[c].m4s`) with its initialization sections (`i{id}.mp4`).
 */
export function createSegmentDesk(
  { ring, sound, hold, kept, archives }: HlsDeskParts,
  { name, view, mayBeIndependent }: { name: string; view: DeliveryView; mayBeIndependent: boolean },
): HlsDesk {
  const fragments = new HlsFragments({ ring, sound })
  const plain = transportStream(sound)
  const fragmented = fragmentedMp4(fragments)
  const containerOf = ({ first }: SegmentSource): SegmentContainer =>
    needsFragments(first.program) ? fragmented : plain

  /** What the segment is made of; null: it has slid out of the ring. */
  const sourceOf = ({ msn, first, last }: Segment, variant: string, content: VariantContent): SegmentSource | null => {
    const pieces = ring.pieces.filter(({ index }) => index >= first && index <= last)
    const [start] = pieces
    return start === undefined ? null : { msn, first: start, pieces, variant, content }
  }

  /** All sound of the segment has come, and its pictures have said how to read them. */
  const isWhole = (source: SegmentSource | null): source is SegmentSource => {
    const last = source?.pieces.at(-1)
    if (source === null || last === undefined || !sound.isWhole(last.program, source.content, last)) return false
    return containerOf(source).map(source) !== null
  }
  const ensureSound = (content: VariantContent, msn: number): void =>
    sound.ensure(content, (view.segment(msn) ?? view.window()[0])?.start90k ?? 0)

  const build = (source: SegmentSource, clean: boolean): Uint8Array<ArrayBuffer> =>
    kept.get(`${name}/${source.variant}/${source.msn}${clean ? 'c' : ''}`, () =>
      containerOf(source).build(source, clean),
    )

  const finisher =
    (variant: string, content: VariantContent): FinishSegment =>
    (msn) => {
      const segment = view.segment(msn)
      if (segment === null) return msn < (view.window()[0]?.msn ?? 0) ? 'gone' : null
      const source = sourceOf(segment, variant, content)
      if (source === null) return 'gone'
      if (!isWhole(source)) return null
      const { contentType, extension, map } = containerOf(source)
      const { durationSeconds, randomAccess, discontinuity, dateMs } = segment
      return {
        msn,
        durationSeconds,
        randomAccess,
        discontinuity,
        dateMs,
        first: msn,
        last: msn,
        discontinuitiesBefore: view.discontinuitiesBefore(msn),
        contentType,
        extension,
        map: map(source) ?? '',
        bytes: build(source, false),
        clean: segment.randomAccess ? build(source, true) : build(source, false),
      }
    }

  const list = async (request: HlsFileRequest, start: number): Promise<HlsAnswer> => {
    const { viewer, variant, content, query, signal } = request
    const { msn: atLeast, maySkip } = readReload(query)
    const newest = view.window().at(-1)?.msn ?? -1
    if (atLeast !== null && atLeast > Math.max(newest, start) + 2)
      throw new Failure('http/bad-request', `Segment ${atLeast} is too far ahead; the newest one is ${newest}`)
    const wanted = atLeast === null || !view.canBlock ? -1 : atLeast
    const ready = (): readonly ListedSegment[] | null => {
      ensureSound(content, start)
      const listed: ListedSegment[] = []
      for (const segment of view.window()) {
        if (segment.msn < start) continue
        const source = sourceOf(segment, variant, content)
        if (!isWhole(source)) break
        const { extension, map } = containerOf(source)
        listed.push({ ...segment, name: `${segment.msn}.${extension}`, map: map(source) ?? '' })
      }
      const last = listed.at(-1)
      if (last === undefined || last.msn < wanted) return null
      const duration = listed.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
      return listed[0]?.msn === start && duration < view.leastSeconds ? null : listed
    }
    const ms = wanted < 0 ? HOLD_MS : Math.min(HOLD_MS, 3000 * view.targetSeconds())
    const newer = await hold.until({ signal, ready, ms })
    const key = `${name}/${variant}`
    const older = archives?.before(key, newer, finisher(variant, content)) ?? []
    const [oldest] = older
    const { isNamed, isToBegin } = startIn(viewer, key, { isFirst: oldest === undefined })
    const segments = [...older.map(listedAs), ...newer].map((segment) =>
      isNamed && segment.msn === start ? { ...segment, name: segment.name.replace('.', 'c.') } : segment,
    )
    return playlistAnswer(
      writeMedia({
        segments,
        targetSeconds: view.targetSeconds(),
        discontinuitySequence: oldest?.discontinuitiesBefore ?? view.discontinuitiesBefore(segments[0]?.msn ?? 0),
        isIndependent: mayBeIndependent && view.isIndependent(),
        canBlock: view.canBlock,
        long: archives === null ? null : { maySkip, startMsn: isToBegin ? start : null },
      }),
    )
  }

  const segment = async (
    { viewer, variant, content, signal }: HlsFileRequest,
    msn: number,
    isNamedClean: boolean,
    extension: string,
  ): Promise<HlsAnswer> => {
    const key = `${name}/${variant}`
    const old = archives?.find(key, msn) ?? null
    if (old !== null && !ring.pieces.some(({ index }) => index === view.segment(msn)?.first))
      return archived(viewer, key, { old, isNamedClean, extension })
    const ready = (): readonly [Segment, SegmentSource] | null => {
      const found = view.segment(msn)
      // A number that is still to come is waited for; one that has gone is not.
      const newest = view.window().at(-1)?.msn ?? -1
      if (found === null && (msn <= newest || msn > newest + 2)) throw notThere()
      ensureSound(content, msn)
      const source = found === null ? null : sourceOf(found, variant, content)
      return found !== null && isWhole(source) ? [found, source] : null
    }
    const [{ randomAccess, discontinuity }, source] = await hold.until({ signal, ready })
    const container = containerOf(source)
    if (container.extension !== extension) throw notThere()
    const clean = startsWith(viewer, { list: key, first: msn, last: msn, randomAccess, isNamedClean }) || discontinuity
    const bytes = build(source, clean)
    viewer.bytesOut += bytes.length
    // Fetched once more it may be the clean copy: only what is named so never changes.
    return mediaAnswer(container.contentType, bytes, { isImmutable: isNamedClean })
  }

  /** A segment that memory no longer has. */
  const archived = async (
    viewer: HlsViewer,
    key: string,
    file: { readonly old: ArchivedSegment; readonly isNamedClean: boolean; readonly extension: string },
  ): Promise<HlsAnswer> => {
    const { old, isNamedClean } = file
    if (old.extension !== file.extension) throw notThere()
    const clean = startsWith(viewer, { ...old, list: key, isNamedClean }) || old.discontinuity
    const bytes = await archives?.read(key, old, clean)
    if (bytes === undefined) throw notThere()
    viewer.bytesOut += bytes.length
    return mediaAnswer(old.contentType, bytes, { isImmutable: isNamedClean })
  }

  return {
    start: () => view.start(),
    answer(request) {
      const { start, init, msn, clean, extension = '' } = FILE.exec(request.file)?.groups ?? {}
      if (start !== undefined) return list(request, Number(start))
      if (init !== undefined) {
        const section = fragments.sectionById(request.variant, Number(init))
        if (section === null) throw notThere()
        return Promise.resolve(mediaAnswer('video/mp4', section.bytes, { isImmutable: true }))
      }
      if (msn === undefined) throw notThere()
      return segment(request, Number(msn), clean === 'c', extension)
    },
  }
}

/** A segment of an archive, as a list names it. */
const listedAs = (old: ArchivedSegment): ListedSegment => ({ ...old, name: `${old.msn}.${old.extension}` })
