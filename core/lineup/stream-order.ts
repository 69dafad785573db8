import { readChannelName } from './match/channel-name.ts'
import type { NameReader } from './match/channel-name.ts'
import { sharpnessOf } from './match/facts.ts'
import { sharpnessRank } from './match/judge.ts'
import type { StoredStream } from './stored.ts'
import type { SourceId } from './stream.ts'

/** The fail-over order that streams have unless the owner ordered them. */
export type StreamOrder = {
  /** By preference of their sources. */
  ofSources(a: { readonly sourceId: SourceId }, b: { readonly sourceId: SourceId }): number
  /** Whether no stream of a preferred source stands behind one of another source. */
  followsSources(streams: readonly StoredStream[]): boolean
  /** By preference of their sources, backups behind the ones they back up; what is not marked as HD behind all that is. */
  ofStreams(streams: readonly StoredStream[]): readonly StoredStream[]
}

/** `priority`: sources in order of preference; others come last. */
export function createStreamOrder(priority: readonly SourceId[], readName: NameReader = readChannelName): StreamOrder {
  const ranks = new Map(priority.map((id, rank) => [id, rank]))
  const rank = (id: SourceId): number => ranks.get(id) ?? priority.length
  const ofSources: StreamOrder['ofSources'] = (a, b) => rank(a.sourceId) - rank(b.sourceId)
  return {
    ofSources,
    followsSources: (streams) =>
      streams.every((stream, index) => {
        const before = streams[index - 1]
        return before === undefined || ofSources(before, stream) <= 0
      }),
    ofStreams(streams) {
      if (streams.length < 2) return streams
      const marks = new Map(streams.map((stream) => [stream, marksOf(stream, readName)]))
      const isSharp = streams.some((stream) => marks.get(stream)?.isSharp === true)
      const place = (stream: StoredStream): number => {
        const { isSharp: sharp = false, isBackup = false } = marks.get(stream) ?? {}
        return (isSharp && !sharp ? 1_000_000 : 0) + rank(stream.sourceId) * 2 + (isBackup ? 1 : 0)
      }
      return streams.toSorted((a, b) => place(a) - place(b))
    },
  }
}

const HD = sharpnessRank('hd')

function marksOf(
  stream: StoredStream,
  readName: NameReader,
): { readonly isSharp: boolean; readonly isBackup: boolean } {
  const name = readName(stream.name)
  return { isSharp: sharpnessRank(sharpnessOf(name, stream.serviceRef)) >= HD, isBackup: name.isBackup }
}
