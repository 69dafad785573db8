import { diff90k } from '../../live/timestamps.ts'
import type { HouseFormat } from '../house-format.ts'
import type { Feed, Picture } from './feed.ts'
import { houseGrid } from './house-grid.ts'
import type { HouseGrid } from './house-grid.ts'
import { soundFrames } from './sound-frames.ts'
import { UnitReader } from './unit-reader.ts'
import type { Unit } from './unit-reader.ts'

/** Sound that is further behind the pictures than this will not come: 1 s, 90 kHz. */
const SOUND_LATE_90K = 90_000
/** Sound that comes before the first picture is kept up to this number of PES packets. */
const MAX_EARLY = 200

type Frame = { readonly at: number; readonly bytes: Uint8Array }

/**
 * One run of an encoder on the line of a channel: its first picture stands at `from`, all else follows by its own times.
 *
 * Bytes go in through `push`, as they come; what was not asked for yet is held. Sound lies on the channel's grid of frames:
 * what would come twice is left out.
 */
export class ItemFeed implements Feed {
  readonly #grid: HouseGrid
  readonly #codec: HouseFormat['audioCodec']
  readonly #reader = new UnitReader((unit) => this.#take(unit))
  #from: number
  #pictures: Picture[] = []
  readonly #tracks: Frame[][]
  #early: Unit[] = []
  #heldBytes = 0
  /** When the last picture is decoded, by the encoder and on the line. */
  #dts = 0
  #decodedAt: number
  /** How far the encoder puts the time of decoding before that of showing: 0 or less. */
  #reordered = 0
  #isFinished = false
  /** A picture has come. */
  hasBegun = false
  /** Ticks of the line behind the newest picture; where it begins while there is none. */
  heldTo: number

  constructor({ house, audioTracks }: { house: HouseFormat; audioTracks: number }, from: number) {
    this.#tracks = Array.from({ length: audioTracks }, () => [])
    this.#from = this.heldTo = this.#decodedAt = from
    this.#grid = houseGrid(house)
    this.#codec = house.audioCodec
  }

  /** Bytes that wait to be asked for. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** So much of the line waits to be asked for, ticks. */
  get held90k(): number {
    const [first] = this.#pictures
    return first === undefined ? 0 : this.heldTo - first.at
  }

  get isOver(): boolean {
    return this.#isFinished
  }

  /** Takes bytes of the encoder. Throws `live/not-mpeg-ts`. */
  push(bytes: Uint8Array): void {
    this.#reader.push(bytes)
  }

  /** The encoder has ended; what it had under way is taken. */
  finish(): void {
    if (this.#isFinished) return
    this.#reader.end()
    this.#isFinished = true
  }

  /** Where a decoder may start at or behind this time; null: nowhere yet. What lies before is forgotten. */
  entry(at: number): number | null {
    this.#dropPictures(at)
    this.#dropSound(at)
    return this.#pictures.find((picture) => picture.isKey && picture.at >= at)?.at ?? null
  }

  /**
   * Moves the newest place at which a decoder may start to `at`, and forgets what lies before it: for what comes in real
   * time, whose beginning is not waited for. False: there is none yet, and nothing was done.
   */
  restart(at: number): boolean {
    const key = this.#pictures.findLast((picture) => picture.isKey)
    if (key === undefined) return false
    this.#dropPictures(key.at)
    const { sound } = this.#grid
    const delta = at - key.at
    const move = (time: number): number => time + delta
    this.#pictures = this.#pictures.map((old) => ({ ...old, at: move(old.at), shownAt: move(old.shownAt) }))
    for (const frames of this.#tracks)
      frames.splice(
        0,
        frames.length,
        ...frames.map((old) => ({ ...old, at: Math.round(move(old.at) / sound) * sound })),
      )
    this.#dropSound(at)
    this.#decodedAt = move(this.#decodedAt)
    this.heldTo = move(this.heldTo)
    this.#from = at
    return true
  }

  picture(at: number): Picture | null {
    this.#dropPictures(at - this.#grid.picture / 2)
    return this.#pictures[0] ?? null
  }

  sound(at: number): readonly (Uint8Array | null)[] | null {
    this.#dropSound(at)
    const isLate = this.#isFinished || this.heldTo - at > SOUND_LATE_90K
    if (!isLate && this.#tracks.some((frames) => frames.length === 0)) return null
    return this.#tracks.map(([first]) => (first?.at === at ? first.bytes : null))
  }

  #dropPictures(before: number): void {
    let count = 0
    for (const picture of this.#pictures) {
      if (picture.at >= before) break
      this.#heldBytes -= picture.bytes.length
      count += 1
    }
    if (count > 0) this.#pictures.splice(0, count)
  }

  #dropSound(before: number): void {
    for (const frames of this.#tracks) {
      let count = 0
      for (const frame of frames) {
        if (frame.at >= before) break
        this.#heldBytes -= frame.bytes.length
        count += 1
      }
      if (count > 0) frames.splice(0, count)
    }
  }

  #take(unit: Unit): void {
    if (unit.track === null) this.#takePicture(unit)
    else if (this.hasBegun) this.#takeSound(unit)
    else if (this.#early.length < MAX_EARLY) this.#early.push(unit)
  }

  #takePicture({ pts90k, dts90k, isKey, bytes }: Unit): void {
    // A decoder cannot start before the first key frame.
    if (!this.hasBegun && !isKey) return
    if (!this.hasBegun) {
      this.hasBegun = true
      this.#dts = dts90k
      this.#reordered = diff90k(dts90k, pts90k)
    }
    // Step by step: an item may be longer than half of what the clock can tell.
    this.#decodedAt += diff90k(dts90k, this.#dts)
    this.#dts = dts90k
    const shownAt = Math.max(this.#place(pts90k), this.#decodedAt - this.#grid.reorder)
    this.#pictures.push({ at: this.#decodedAt, shownAt, isKey, bytes })
    this.#heldBytes += bytes.length
    this.heldTo = Math.max(this.heldTo, this.#decodedAt + this.#grid.picture)
    const early = this.#early
    this.#early = []
    for (const unit of early) this.#takeSound(unit)
  }

  #takeSound({ track, pts90k, bytes }: Unit): void {
    const { sound } = this.#grid
    const frames = this.#tracks[track ?? 0]
    // A file that is copied may have more tracks than the channel.
    if (frames === undefined) return
    let at = Math.round(this.#place(pts90k) / sound) * sound
    for (const frame of soundFrames(this.#codec, bytes)) {
      const last = frames.at(-1)
      if (at >= this.#from && (last === undefined || at > last.at)) {
        frames.push({ at, bytes: frame })
        this.#heldBytes += frame.length
      }
      at += sound
    }
  }

  /** The place on the line of a time of the encoder, counted from the picture that was decoded last. */
  #place(pts90k: number): number {
    return this.#decodedAt + diff90k(pts90k, this.#dts) + this.#reordered
  }
}
