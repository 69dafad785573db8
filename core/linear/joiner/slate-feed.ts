import type { HouseFormat } from '../house-format.ts'
import type { Feed, Picture } from './feed.ts'
import { houseGrid } from './house-grid.ts'
import { soundFrames } from './sound-frames.ts'
import { UnitReader } from './unit-reader.ts'

/** A slate taken apart: one round of pictures, which begins with a key frame, and of frames of sound. */
export type SlateRound = {
  readonly pictures: readonly { readonly isKey: boolean; readonly bytes: Uint8Array }[]
  /** By track. */
  readonly sound: readonly (readonly Uint8Array[])[]
}

/** Takes a slate's transport stream apart; null if it has no picture to start with, or no sound. */
export function readSlate(bytes: Uint8Array, house: HouseFormat): SlateRound | null {
  const pictures: { isKey: boolean; bytes: Uint8Array }[] = []
  const sound: Uint8Array[][] = []
  const reader = new UnitReader((unit) => {
    if (unit.track !== null) (sound[unit.track] ??= []).push(...soundFrames(house.audioCodec, unit.bytes))
    else if (pictures.length > 0 || unit.isKey) pictures.push({ isKey: unit.isKey, bytes: unit.bytes })
  })
  reader.push(bytes)
  reader.end()
  return pictures.length === 0 || sound.length === 0 ? null : { pictures, sound }
}

/**
 * Plays a slate over and over from this time of the line on. Costs nothing but the sending: its bytes are always the same.
 */
export function slateFeed(round: SlateRound, house: HouseFormat, from: number): Feed {
  const grid = houseGrid(house)
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length]
  return {
    isOver: false,
    picture(at): Picture | null {
      const index = Math.max(0, Math.ceil((at - grid.picture / 2 - from) / grid.picture))
      const picture = pick(round.pictures, index)
      const time = from + index * grid.picture
      return picture === undefined ? null : { ...picture, at: time, shownAt: time }
    },
    sound: (at) => round.sound.map((frames) => pick(frames, Math.max(0, Math.floor((at - from) / grid.sound))) ?? null),
  }
}
