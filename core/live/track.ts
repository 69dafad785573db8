import { PACKET_SIZE } from './packet.ts'
import type { ElementaryStream } from './program.ts'
import type { ReferenceMender } from './reference-marking.ts'
import type { PesMark } from './ts-chunk.ts'
import { inspectPicture } from './video-access.ts'
import type { PictureStart } from './video-access.ts'
import type { Likeness, WholeUnit } from './whole-unit.ts'

/** Payload that is looked at to tell a key frame; parameter sets and messages fit in many times. */
const INSPECT_BYTES = 4096

/** State of one elementary stream of a splicer's output. */
export class Track {
  stream: ElementaryStream
  /** PES packets pass; closed until a place where a decoder may start, behind all that was sent. */
  isOpen = false
  /** The PES packet under way is being dropped. */
  isSkipping = true
  /** The current upstream has sent payload of it. */
  isSeen = false
  /** DTS of the last PES start that was sent; null: none yet. */
  lastDts: number | null = null
  /** PTS of the last random access point that was sent. */
  accessPts: number | null = null
  /** Leading pictures are dropped up to the next random access point: the decoder started at this one. */
  dropsLeading = false
  /** Packets of a picture that is not known yet to be a random access point, while closed; else null. */
  held: Uint8Array[] | null = null
  /** Mark of a picture that is written but not known yet. */
  undecided: PesMark | null = null
  /** The PES packet under way, where it is sent only as a whole; else null. */
  whole: WholeUnit | null = null
  /** What the last picture that was sent looks like, so that it is known again; null: none, or it was cut short. */
  last: Likeness | null = null
  /** A picture of the time of the last one that was sent, coming again; null: none is. */
  twin: Likeness | null = null
  /** Frees the pictures of the first GOP from orders about the GOP before; null: they need it no more. */
  mender: ReferenceMender | null = null
  /** The picture under way is the one with which the decoder starts. */
  isStarting = false
  /** Since when its times keep it from starting again, epoch milliseconds; null: they do not. */
  blockedAt: number | null = null
  /** Since when its times make no sense; null: they do. */
  wildAt: number | null = null
  /** Since when it is closed because it comes encrypted; null: it is not. */
  darkAt: number | null = null
  #inspected: Uint8Array | null = null
  #length = 0

  constructor(stream: ElementaryStream) {
    this.stream = stream
  }

  get isVideo(): boolean {
    return this.stream.kind === 'video'
  }

  /** Video or sound: it has times that rise. */
  get isTimed(): boolean {
    return this.stream.kind === 'video' || this.stream.kind === 'audio'
  }

  /** PES packets pass from now on. */
  open(): void {
    this.isOpen = true
    this.isSkipping = false
    this.blockedAt = null
    this.darkAt = null
  }

  /** Nothing passes until the next start. */
  close(): void {
    this.isOpen = false
    this.isSkipping = true
    this.held = null
    this.undecided = null
    this.whole = null
    this.twin = null
    this.mender = null
    this.isStarting = false
    this.wildAt = null
  }

  /** The payload of a picture begins here. */
  beginPicture(bytes: Uint8Array, from: number, offset: number): void {
    this.#length = 0
    this.addPicture(bytes, from, offset)
  }

  /** More payload of the picture: from `from` to the end of the packet at `offset`. */
  addPicture(bytes: Uint8Array, from: number, offset: number): void {
    const room = Math.min(offset + PACKET_SIZE - from, INSPECT_BYTES - this.#length)
    if (room <= 0) return
    this.#inspected ??= new Uint8Array(INSPECT_BYTES)
    this.#inspected.set(bytes.subarray(from, from + room), this.#length)
    this.#length += room
  }

  /** What the picture is; `isOver`: no more of it will come. */
  inspect(isOver: boolean): PictureStart {
    if (this.#inspected === null) return isOver ? 'other' : 'undecided'
    const start = inspectPicture(this.stream.codec, this.#inspected, this.#length)
    return start === 'undecided' && (isOver || this.#length >= INSPECT_BYTES) ? 'other' : start
  }
}
