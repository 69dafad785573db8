import { removeTimes } from '../pes-header.ts'
import type { PesHeader } from '../pes-header.ts'
import type { TimeLine } from '../timeline.ts'
import { add90k, diff90k } from '../timestamps.ts'
import type { Track } from '../track.ts'
import { isSamePicture, NO_PACKETS } from '../whole-unit.ts'
import type { ProgramClock } from './program-clock.ts'
import type { ProgramTracks } from './program-tracks.ts'

/** Sound and subtitles further from the picture than this belong to another time: 10 s, 90 kHz. */
const NEAR_90K = 900_000
/** Times that go back by no more than this are left out, the data pass: 1 s, 90 kHz. */
const SLIP_90K = 90_000
/** Without DTS the times of pictures go back by no more than this: 2 s, 90 kHz. */
const REORDER_90K = 180_000
/** A programme whose picture does not come at all starts with its sound after this time. */
const SOUND_ALONE_MS = 5000
/** Times that make no sense, or keep a stream from starting, for this long begin a new time. */
const WILD_MS = 2000
const BLOCKED_MS = 5000
/** What lies between the last time that was sent and a time that gives way to it: 40 ms, 90 kHz. */
const PICTURE_90K = 3600

/** Tells which PES packets of an upstream can follow what was sent: what it repeats is cut by time stamps. */
export class Joining {
  readonly #line: TimeLine
  readonly #clock: ProgramClock
  readonly #tracks: ProgramTracks
  readonly #now: () => number
  /** The upstream's picture has not come, and its sound has started without. */
  isSoundAlone = false

  constructor(options: {
    readonly line: TimeLine
    readonly clock: ProgramClock
    readonly tracks: ProgramTracks
    readonly now: () => number
  }) {
    this.#line = options.line
    this.#clock = options.clock
    this.#tracks = options.tracks
    this.#now = options.now
  }

  /** A picture that is shown before the random access point at which the decoder started, or a second field of one. */
  isLeading(track: Track, { pts90k }: PesHeader, wasSkipping: boolean): boolean {
    if (pts90k === null || track.accessPts === null) return wasSkipping
    return diff90k(add90k(pts90k, this.#line.delta), track.accessPts) < 0
  }

  /** Whether the times of a PES packet of an open track can be sent, if need be without them: they are taken out then. */
  isFitting(bytes: Uint8Array, track: Track, header: PesHeader): boolean {
    if (header.dts90k === null || track.lastDts === null) return true
    const step = diff90k(add90k(header.dts90k, this.#line.delta), track.lastDts)
    // Some senders write the time of showing only, and pictures are not sent in that order.
    const least = !track.isTimed ? 0 : track.isVideo && !header.hasDts ? -REORDER_90K : 1
    if (step >= least && (step <= NEAR_90K || !track.isTimed)) {
      track.wildAt = null
      return true
    }
    const now = this.#now()
    track.wildAt ??= now
    if (now - track.wildAt >= WILD_MS) this.#tracks.close(track)
    else if (step <= 0 && step > -SLIP_90K) {
      removeTimes(bytes, header)
      return true
    }
    return false
  }

  /**
   * Whether this picture follows the last one that was sent, bit for bit: the same broadcast from another receiver, or
   * from a source that repeats its last seconds. Then a decoder needs no random access point.
   */
  goesOn(track: Track, { dts90k }: PesHeader): boolean {
    const { twin, last, lastDts } = track
    track.twin = null
    if (!track.isVideo || last === null || lastDts === null || dts90k === null) return false
    const step = diff90k(add90k(dts90k, this.#line.delta), lastDts)
    if (step === 0) track.twin = NO_PACKETS
    return twin !== null && step > 0 && isSamePicture(twin, last)
  }

  /** Whether a closed track may start here: behind all that was sent of it. A time of its own is moved there. */
  isBehindLast(track: Track, { dts90k }: PesHeader): boolean {
    // Teletext and subtitles may come without any times.
    if (dts90k === null) return !track.isTimed
    if (track.lastDts === null) return true
    const step = diff90k(add90k(dts90k, this.#line.delta), track.lastDts)
    if (step > 0) {
      if (track.isTimed && step > NEAR_90K) this.#clock.announceBreak()
      return true
    }
    const awaitsVideo = !track.isVideo && !this.isSoundAlone && this.#tracks.video !== null
    return !this.#tracks.hasOpen && !awaitsVideo && this.#giveWay(track, step)
  }

  /** The main stream's times lie before the last ones that were sent: is that an overlap, or does a new time begin? */
  #giveWay(track: Track, step: number): boolean {
    const now = this.#now()
    if (this.#line.isFresh && -step <= NEAR_90K) {
      this.#line.shift(1 - step + PICTURE_90K)
      return true
    }
    if (this.#line.isFresh) {
      // Its last time was a wild one.
      this.#tracks.forgetTimes()
      this.#clock.announceBreak()
      return true
    }
    track.blockedAt ??= now
    if (now - track.blockedAt < BLOCKED_MS) return false
    track.blockedAt = null
    this.#line.move(now)
    return this.#giveWay(track, step)
  }

  /** Sound and subtitles start with or behind the first picture of a television programme, at once in radio. */
  mayJoin(track: Track, pts90k: number | null): boolean {
    const { video } = this.#tracks
    if (video === null) return true
    // Everything begins with a picture, also when that one is kept until it is whole.
    if (video.isStarting && this.#line.lastOut === null) return false
    if (!video.isOpen || video.accessPts === null) {
      if (this.isSoundAlone) return !video.isSeen
      this.isSoundAlone = !video.isSeen && track.isTimed && this.#clock.sinceProgramMs >= SOUND_ALONE_MS
      return this.isSoundAlone
    }
    this.isSoundAlone = false
    if (pts90k === null) return true
    const ahead = diff90k(add90k(pts90k, this.#line.delta), video.accessPts)
    return ahead > -SLIP_90K && ahead < NEAR_90K
  }
}
