import { joinBytes } from './bytes.ts'
import type { Recipe } from './recipe.ts'
import { LOOP_UNIT_SECONDS } from './recipe.ts'
import { PACKET_SIZE, SYNC, readTimestamp } from './ts-writer.ts'

/** One picture or sound frame as a whole PES packet. Times are 90 kHz ticks. */
export type AccessUnit = {
  readonly pts: number
  readonly dts: number
  readonly randomAccess: boolean
  readonly pes: Uint8Array
  /** Where PTS and DTS stand in the PES packet; 0 for none. */
  readonly ptsAt: number
  readonly dtsAt: number
}

/** A clip whose end continues at its beginning: each track covers exactly `durationTicks`. */
export type Clip = {
  readonly durationTicks: number
  readonly video: readonly AccessUnit[] | null
  readonly audio: readonly (readonly AccessUnit[])[]
}

/** PID of the first track in files written by FFmpeg; the others follow. */
export const FIRST_PID = 0x100

/** Cuts a file made for `recipe` to its loop. Fails with `SyntaxError` when the file is not what the recipe asks for. */
export function readClip(file: Uint8Array, recipe: Recipe): Clip {
  const tracks = readTracks(file)
  const durationTicks = Math.round(recipe.units * LOOP_UNIT_SECONDS * 90_000)
  const take = (index: number): readonly AccessUnit[] => tracks.get(FIRST_PID + index) ?? []
  const video = recipe.video ? cutVideo(take(0), durationTicks) : null
  // Encoders start with a frame of silence before time zero: leave the first second out everywhere.
  const start = video?.[0]?.dts ?? (take(0)[0]?.pts ?? 0) + 90_000
  const audio = recipe.audio.map((_, index) => {
    const units = take(index + (recipe.video ? 1 : 0)).filter(
      (unit) => unit.pts >= start && unit.pts < start + durationTicks,
    )
    if (units.length === 0) throw new SyntaxError(`Clip "${recipe.label}" lacks sound track ${index}`)
    return units.map((unit) => ({ ...unit, pts: unit.pts - start, dts: unit.dts - start }))
  })
  return {
    durationTicks,
    video: video && video.map((unit) => ({ ...unit, pts: unit.pts - start, dts: unit.dts - start })),
    audio,
  }
}

function cutVideo(units: readonly AccessUnit[], durationTicks: number): readonly AccessUnit[] {
  const starts = units.filter((unit) => unit.randomAccess)
  // Not at the first one: an open-GOP clip must not contain the IDR picture that every encoder begins with.
  const first = starts[1]
  if (!first) throw new SyntaxError('Clip has fewer than two random access points')
  const end = first.dts + durationTicks
  if (!starts.some((unit) => unit.dts === end))
    throw new SyntaxError('Clip has no random access point at the end of its loop')
  return units.filter((unit) => unit.dts >= first.dts && unit.dts < end)
}

function readTracks(file: Uint8Array): Map<number, AccessUnit[]> {
  const open = new Map<number, { pieces: Uint8Array[]; randomAccess: boolean }>()
  const tracks = new Map<number, AccessUnit[]>()
  const finish = (pid: number): void => {
    const unit = open.get(pid)
    if (!unit) return
    const units = tracks.get(pid) ?? []
    tracks.set(pid, units)
    units.push(readUnit(joinBytes(unit.pieces), unit.randomAccess))
  }
  for (let at = 0; at + PACKET_SIZE <= file.length; at += PACKET_SIZE) {
    if (file[at] !== SYNC) throw new SyntaxError(`Clip has no packet at byte ${at}`)
    const flags = file[at + 1] ?? 0
    const pid = ((flags & 0x1f) << 8) | (file[at + 2] ?? 0)
    if (pid < FIRST_PID || pid >= FIRST_PID + 16) continue
    const control = (file[at + 3] ?? 0) & 0x30
    const adaptation = control & 0x20 ? (file[at + 4] ?? 0) + 1 : 0
    if (flags & 0x40) {
      finish(pid)
      open.set(pid, { pieces: [], randomAccess: adaptation > 1 && ((file[at + 5] ?? 0) & 0x40) !== 0 })
    }
    if (control & 0x10) open.get(pid)?.pieces.push(file.subarray(at + 4 + adaptation, at + PACKET_SIZE))
  }
  for (const pid of open.keys()) finish(pid)
  return tracks
}

function readUnit(pes: Uint8Array, randomAccess: boolean): AccessUnit {
  const flags = (pes[7] ?? 0) >> 6
  const pts = flags & 2 ? readTimestamp(pes, 9) : 0
  const dts = flags === 3 ? readTimestamp(pes, 14) : pts
  return { pts, dts, randomAccess, pes, ptsAt: flags & 2 ? 9 : 0, dtsAt: flags === 3 ? 14 : 0 }
}
