import { Failure } from '../../core/errors.ts'
import { writeFragment } from '../../core/live/hls-fragment.ts'
import { writeParts } from '../../core/live/hls-part-playlist.ts'
import type { ListedPartSegment } from '../../core/live/hls-part-playlist.ts'
import type { Part, PartSegment, PartView } from '../../core/live/hls-parts.ts'
import type { HlsAnswer } from '../../core/live/link.ts'
import { mediaAnswer, notThere, playlistAnswer } from './hls-answers.ts'
import type { ArchivedSegment, FinishSegment } from './hls-archive.ts'
import { startIn, startsWith } from './hls-audience.ts'
import type { HlsViewer } from './hls-audience.ts'
import { HlsFragments } from './hls-fragments.ts'
import { HOLD_MS } from './hls-hold.ts'
import type { HlsDesk, HlsDeskParts, HlsFileRequest } from './hls-segments.ts'
import type { InitSection } from './hls-init-sections.ts'
import { readReload } from './hls-reload.ts'
import type { Reload } from './hls-reload.ts'
import type { VariantContent } from './hls-variants.ts'

/** What of the window a variant has: its sound may still be under way. */
type Listed = { readonly segments: readonly PartSegment[]; readonly open: PartSegment | null }

/** Parts of one segment, and what they are written with. */
type Buildable = {
  readonly segment: PartSegment
  readonly parts: readonly Part[]
  readonly section: InitSection
  readonly variant: string
  readonly content: VariantContent
}

const FILE =
  /^(?:v(?<start>\d{1,9})\.m3u8|i(?<init>\d{1,9})\.mp4|(?<msn>\d{1,9})(?<clean>c?)(?:\.(?<part>\d{1,4}))?\.m4s)$/

/**
 * Low-latency lists (`v{start}.m3u8`), initialization sections (`i{id}.mp4`), segments (`{msn}[c].m4s`) and parts
 * (`{msn}[c].{part}.m4s`). A segment is its parts in a row.
 */
export function createPartDesk({ ring, sound, hold, kept, archives }: HlsDeskParts, view: PartView): HlsDesk {
  const fragments = new HlsFragments({ ring, sound })

  const isWhole = ({ head }: PartSegment, content: VariantContent, part: Part): boolean =>
    sound.isWhole(head.program, content, part)

  const sectionOf = (segment: PartSegment, variant: string, content: VariantContent): InitSection | null => {
    const [first] = segment.parts
    if (first === undefined) return null
    return fragments.section(variant, content, { msn: segment.msn, program: segment.head.program, span: first })
  }

  /** Segments from `start` on up to where the variant's sound is, and where the pictures say how to read them. */
  const listed = (start: number, variant: string, content: VariantContent): Listed => {
    const segments: PartSegment[] = []
    for (const segment of [...view.listed(), ...(view.open === null ? [] : [view.open])]) {
      if (segment.msn < start) continue
      const missing = segment.parts.findIndex((part) => !isWhole(segment, content, part))
      const parts = missing < 0 ? segment.parts : segment.parts.slice(0, missing)
      if (parts.length === 0 || sectionOf(segment, variant, content) === null) break
      if (missing >= 0 || !segment.isOver) return { segments, open: { ...segment, parts } }
      segments.push(segment)
    }
    return { segments, open: null }
  }

  const build = ({ segment, parts, section, variant, content }: Buildable, clean: boolean): Uint8Array<ArrayBuffer> =>
    joined(
      parts.map((part, place) => {
        const isClean = clean && place === 0
        return kept.get(`ll/${variant}/${part.ordinal}${isClean ? 'c' : ''}`, () =>
          writeFragment(fragments.content(segment.head.program, content, part), {
            sequence: part.ordinal,
            format: section.format,
            clean: isClean,
          }),
        )
      }),
    )

  const finisher =
    (variant: string, content: VariantContent): FinishSegment =>
    (msn) => {
      const segment = view.segment(msn)
      if (segment === null) return msn < view.openMsn ? 'gone' : null
      if (!segment.isOver || !segment.parts.every((part) => isWhole(segment, content, part))) return null
      const section = sectionOf(segment, variant, content)
      if (section === null) return null
      const { parts } = segment
      const source = { segment, parts, section, variant, content }
      const { durationSeconds, randomAccess, discontinuity, dateMs } = segment
      return {
        msn,
        durationSeconds,
        randomAccess,
        discontinuity,
        dateMs,
        first: parts[0]?.ordinal ?? 0,
        last: parts.at(-1)?.ordinal ?? 0,
        discontinuitiesBefore: view.discontinuitiesBefore(msn),
        contentType: 'video/mp4',
        extension: 'm4s',
        map: `i${section.id}.mp4`,
        bytes: build(source, false),
        clean: build(source, parts[0]?.independent === true),
      }
    }

  const list = async (request: HlsFileRequest, start: number): Promise<HlsAnswer> => {
    const { viewer, variant, content, query, signal } = request
    const reload = readReload(query)
    const newest = Math.max(view.openMsn - 1, start)
    if (reload.msn !== null && reload.msn > newest + 2)
      throw new Failure('http/bad-request', `Segment ${reload.msn} is too far ahead; the newest one is ${newest}`)
    const ready = (): Listed | null => {
      sound.ensure(content, view.segment(start)?.start90k ?? view.listed()[0]?.start90k ?? 0)
      const found = listed(start, variant, content)
      // hls.js starts with a whole segment: it refuses a list that has parts only.
      return found.segments.length > 0 && hasReached(found, reload) ? found : null
    }
    const ms = reload.msn === null ? HOLD_MS : Math.min(HOLD_MS, 3000 * view.targetSeconds)
    const { segments: newer, open } = await hold.until({ signal, ready, ms })
    const key = `ll/${variant}`
    const older = archives?.before(key, newer, finisher(variant, content)) ?? []
    const [oldest] = older
    const { isNamed, isToBegin } = startIn(viewer, key, { isFirst: oldest === undefined })
    const maps = new Map(older.map(({ msn, map }) => [msn, map]))
    const segments: readonly ListedPartSegment[] = [...older.map((old) => ({ ...old, parts: [] })), ...newer]
    const mapOf = ({ msn }: ListedPartSegment): string => {
      const segment = maps.has(msn) ? null : view.segment(msn)
      return maps.get(msn) ?? `i${(segment === null ? null : sectionOf(segment, variant, content))?.id ?? 0}.mp4`
    }
    return playlistAnswer(
      writeParts({
        segments,
        open,
        targetSeconds: view.targetSeconds,
        partTargetSeconds: view.partTargetSeconds,
        discontinuitySequence: oldest?.discontinuitiesBefore ?? view.discontinuitiesBefore(segments[0]?.msn ?? 0),
        isIndependent: view.isIndependent || !content.hasVideo,
        clean: isNamed ? start : -1,
        startMsn: isToBegin ? start : null,
        isAllIndependent: !content.hasVideo,
        mapOf,
        reports: viewer.variants.filter((name) => name !== variant).map((name) => `../${name}/v${start}.m3u8`),
        maySkip: reload.maySkip,
      }),
    )
  }

  /** A part, or all parts of a segment, that is there or still to come. */
  const find = (msn: number, index: number | null, content: VariantContent): readonly [PartSegment, Part[]] | null => {
    const segment = view.segment(msn)
    if (msn > view.openMsn + 1 || (segment === null && msn < view.openMsn)) throw notThere()
    if (segment === null) return null
    sound.ensure(content, segment.start90k)
    if (index === null && !segment.isOver) return null
    const wanted = index === null ? segment.parts : segment.parts.slice(index, index + 1)
    if (wanted.length === 0 && segment.isOver) throw notThere()
    const isThere = wanted.length > 0 && wanted.every((part) => isWhole(segment, content, part))
    return isThere ? [segment, [...wanted]] : null
  }

  const media = async (
    { viewer, variant, content, signal }: HlsFileRequest,
    file: { readonly msn: number; readonly index: number | null; readonly isNamedClean: boolean },
  ): Promise<HlsAnswer> => {
    const { msn, index, isNamedClean } = file
    const old = index === null && view.segment(msn) === null ? (archives?.find(`ll/${variant}`, msn) ?? null) : null
    if (old !== null) return archived({ viewer, variant }, { old, isNamedClean })
    const [segment, parts] = await hold.until({ signal, ready: () => find(msn, index, content) })
    const section = sectionOf(segment, variant, content)
    if (section === null) throw notThere()
    const clean =
      startsWith(viewer, {
        list: `ll/${variant}`,
        first: parts[0]?.ordinal ?? 0,
        last: parts.at(-1)?.ordinal ?? 0,
        randomAccess: parts[0]?.independent === true,
        isNamedClean,
      }) ||
      (segment.discontinuity && parts[0]?.index === 0)
    const body = build({ segment, parts, section, variant, content }, clean)
    viewer.bytesOut += body.length
    return mediaAnswer('video/mp4', body, { isImmutable: isNamedClean })
  }

  /** A segment that memory no longer has. */
  const archived = async (
    { viewer, variant }: { readonly viewer: HlsViewer; readonly variant: string },
    { old, isNamedClean }: { readonly old: ArchivedSegment; readonly isNamedClean: boolean },
  ): Promise<HlsAnswer> => {
    const list = `ll/${variant}`
    const clean = startsWith(viewer, { ...old, list, isNamedClean }) || old.discontinuity
    const bytes = await archives?.read(list, old, clean)
    if (bytes === undefined) throw notThere()
    viewer.bytesOut += bytes.length
    return mediaAnswer('video/mp4', bytes, { isImmutable: isNamedClean })
  }

  return {
    start: () => view.start(),
    answer(request) {
      const { start, init, msn, clean, part } = FILE.exec(request.file)?.groups ?? {}
      if (start !== undefined) return list(request, Number(start))
      if (init !== undefined) {
        const section = fragments.sectionById(request.variant, Number(init))
        if (section === null) throw notThere()
        return Promise.resolve(mediaAnswer('video/mp4', section.bytes, { isImmutable: true }))
      }
      if (msn === undefined) throw notThere()
      const index = part === undefined ? null : Number(part)
      return media(request, { msn: Number(msn), index, isNamedClean: clean === 'c' })
    },
  }
}

/** A part behind the end of its segment is the first one of the next (`draft-pantos-hls-rfc8216bis`, 6.2.5.2). */
function hasReached({ segments, open }: Listed, { msn, part }: Reload): boolean {
  if (msn === null) return true
  const newest = segments.at(-1)
  if (newest !== undefined && newest.msn > msn) return true
  if (newest?.msn === msn) return part === null || part < newest.parts.length || open !== null
  return part !== null && open !== null && (open.msn > msn || (open.msn === msn && part < open.parts.length))
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [only] = pieces
  if (pieces.length === 1 && only !== undefined) return only
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
