import { videoFacts } from '../../core/live/codec-strings.ts'
import { moveClock } from '../../core/live/move-clock.ts'
import { PACKET_SIZE, pidAt } from '../../core/live/packet.ts'
import { elementaryBytes } from '../../core/live/pes-unit.ts'
import type { ElementaryStream, Program } from '../../core/live/program.ts'
import { buildPat, buildPmt, packetize } from '../../core/live/psi.ts'
import { diff90k } from '../../core/live/timestamps.ts'
import type { PesMark, TsChunk } from '../../core/live/ts-chunk.ts'
import { REBASED_90K } from './transcode-args.ts'

/** Parameter sets of a picture are in its first packets. */
const HEAD_PACKETS = 32

/** The tracks that FFmpeg is given: one picture, one sound, as far as there are any. */
export type FeedTracks = { readonly video: ElementaryStream | null; readonly audio: ElementaryStream | null }

/** Whether FFmpeg can go on from the one to the other: it follows neither another codec nor another PID. */
export const isSameFeed = (a: FeedTracks, b: FeedTracks): boolean =>
  isSameTrack(a.video, b.video) && isSameTrack(a.audio, b.audio)

const isSameTrack = (a: ElementaryStream | null, b: ElementaryStream | null): boolean =>
  a === b || (a !== null && b !== null && a.pid === b.pid && a.codec === b.codec)

/** Size of the picture that starts at this mark, `1280×720`; null if its chunk does not say. */
export function sizeAt({ bytes }: TsChunk, mark: PesMark, video: ElementaryStream): string | null {
  const packets: Uint8Array[] = []
  for (let offset = mark.offset; offset < bytes.length && packets.length < HEAD_PACKETS; offset += PACKET_SIZE)
    if (pidAt(bytes, offset) === mark.pid) packets.push(bytes.subarray(offset, offset + PACKET_SIZE))
  const facts = videoFacts(video.codec, elementaryBytes({ bytes: joined(packets) }))
  return facts === null ? null : `${facts.width}×${facts.height}`
}

/**
 * Makes what one FFmpeg reads out of a relay's chunks: own tables before every chunk, the packets of its two tracks and of
 * the clock, all times moved so that the first one lies at `REBASED_90K`. Pictures that a decoder cannot show when it has
 * just started (those that lead the first random access point of an open GOP) are left out.
 */
export class TranscodeFeed {
  readonly tracks: FeedTracks
  /** What has to be added to the times that come out to have those that went in. */
  readonly delta: number
  readonly #tables: Uint8Array
  readonly #kept: ReadonlySet<number>
  /** Random access points since the decoder started. */
  #accesses = 0
  #isSkipping = false

  /** `start90k`: the time of the first picture (or sound) that FFmpeg will get. */
  constructor(program: Program, tracks: FeedTracks, start90k: number) {
    this.tracks = tracks
    this.delta = diff90k(start90k, REBASED_90K)
    const streams = [tracks.video, tracks.audio].filter((stream) => stream !== null)
    const fed = { ...program, streams }
    this.#tables = joined([packetize(buildPat(fed, fed.programNumber), 0, 0), packetize(buildPmt(fed), fed.pmtPid, 0)])
    this.#kept = new Set([program.pcrPid, ...streams.map(({ pid }) => pid)])
  }

  /** The next bytes do not follow the last ones: the decoder starts anew. */
  enter(): void {
    this.#accesses = 0
    this.#isSkipping = false
  }

  /** The bytes for FFmpeg of a chunk between these offsets, a private copy. */
  take({ bytes, marks }: TsChunk, from: number, to: number): Uint8Array {
    const out = new Uint8Array(this.#tables.length + to - from)
    out.set(this.#tables)
    let used = this.#tables.length
    let nextMark = marks.findIndex(({ offset }) => offset >= from)
    for (let offset = from; offset < to; offset += PACKET_SIZE) {
      const mark = nextMark < 0 ? undefined : marks[nextMark]
      if (mark?.offset === offset) {
        nextMark += 1
        this.#see(mark)
      }
      const pid = pidAt(bytes, offset)
      if (!this.#kept.has(pid) || (this.#isSkipping && pid === this.tracks.video?.pid)) continue
      out.set(bytes.subarray(offset, offset + PACKET_SIZE), used)
      used += PACKET_SIZE
    }
    const packets = out.subarray(0, used)
    moveClock(packets, -this.delta)
    return packets
  }

  #see({ pid, randomAccess, leading }: PesMark): void {
    if (pid !== this.tracks.video?.pid) return
    if (randomAccess) this.#accesses += 1
    this.#isSkipping = leading && this.#accesses < 2
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
