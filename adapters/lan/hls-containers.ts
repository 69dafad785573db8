import { writeFragment } from '../../core/live/hls-fragment.ts'
import { buildSegment } from '../../core/live/hls-segment.ts'
import type { Piece, Span } from '../../core/live/ring/piece.ts'
import type { PesUnit } from '../../core/live/pes-unit.ts'
import type { Program } from '../../core/live/program.ts'
import { diff90k } from '../../core/live/timestamps.ts'
import type { HlsFragments } from './hls-fragments.ts'
import type { HlsSound } from './hls-sound.ts'
import { variantProgram } from './hls-variants.ts'
import type { VariantContent } from './hls-variants.ts'

/** A segment of a variant, with the pieces that it is made of: at least one. */
export type SegmentSource = {
  readonly msn: number
  readonly first: Piece
  readonly pieces: readonly Piece[]
  readonly variant: string
  readonly content: VariantContent
}

/** How whole segments are written. */
export interface SegmentContainer {
  readonly extension: 'ts' | 'm4s'
  readonly contentType: 'video/mp2t' | 'video/mp4'
  /** Name of the initialization section that the segment needs; '': none; null: that cannot be said yet. */
  map(source: SegmentSource): string | null
  build(source: SegmentSource, clean: boolean): Uint8Array<ArrayBuffer>
}

/** Whether pictures of the programme go into fragments: Safari plays HEVC in nothing else (`hls-ffmpeg.md` §6). */
export const needsFragments = (program: Program): boolean =>
  program.streams.some(({ kind, codec }) => kind === 'video' && codec === 'hevc')

/** MPEG-TS, which everything plays. */
export const transportStream = (sound: HlsSound): SegmentContainer => ({
  extension: 'ts',
  contentType: 'video/mp2t',
  map: () => '',
  build({ msn, first, pieces, content }, clean) {
    const { program, startPts90k } = first
    const soundOf = sound.of(program, content)
    const texts = content.texts(program).map(({ pid }) => pid)
    const isMixed = content.audio(program).length + texts.length > 1
    const allOf = (piece: Piece): readonly PesUnit[] => [
      ...soundOf(piece),
      ...texts.flatMap((pid) => piece.audio.get(pid) ?? []),
    ]
    return buildSegment({
      msn,
      pieces,
      program: variantProgram(program, content),
      hasVideo: content.hasVideo,
      audio: (piece) => (isMixed ? byTime(allOf(piece), startPts90k) : allOf(piece)),
      clean,
    })
  },
})

/** Fragmented MP4, one fragment a segment. */
export const fragmentedMp4 = (fragments: HlsFragments): SegmentContainer => ({
  extension: 'm4s',
  contentType: 'video/mp4',
  map({ msn, first, variant, content }) {
    const section = fragments.section(variant, content, { msn, program: first.program, span: first })
    return section === null ? null : `i${section.id}.mp4`
  },
  build({ msn, first, pieces, variant, content }, clean) {
    const { program } = first
    const span: Span = { ...first, duration90k: pieces.reduce((sum, { duration90k }) => sum + duration90k, 0) }
    const section = fragments.section(variant, content, { msn, program, span: first })
    const format = section?.format ?? { picture: null, sounds: new Map() }
    return writeFragment(fragments.content(program, content, span), { sequence: msn + 1, format, clean })
  },
})

/** Several tracks in one segment, by time; units of one track keep their order. */
function byTime(units: readonly PesUnit[], start: number): readonly PesUnit[] {
  const place = ({ pts90k }: PesUnit): number => diff90k(pts90k, start)
  return units.toSorted((a, b) => place(a) - place(b))
}
