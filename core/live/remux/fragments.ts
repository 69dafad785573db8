import { Failure } from '../../errors.ts'
import { boxesIn, findBox, viewOf } from './boxes.ts'
import type { Box } from './boxes.ts'
import { readSampleEntry } from './codec-setup.ts'
import type { CodecSetup } from './codec-setup.ts'
import { ticksOf } from './sample.ts'
import type { Sample } from './sample.ts'

type Defaults = { readonly duration: number; readonly size: number; readonly flags: number }

type FragmentTrack = {
  readonly setup: CodecSetup
  readonly timescale: number
  /** What the edit list adds to all times, seconds. */
  readonly shift: number
  readonly defaults: Defaults
}

/** Of one run; no segment has more. */
const MOST_SAMPLES = 100_000

/** What an initialization section says: its tracks by their ids. */
export type FragmentSetup = ReadonlyMap<number, FragmentTrack>

/** `sample_is_non_sync_sample`, and `sample_depends_on` with its value for "on no other". ISO/IEC 14496-12, 8.8.3.1. */
const NON_SYNC = 0x10000
const DEPENDS = 0x3000000
const DEPENDS_ON_NONE = 0x2000000

/**
 * Reads an initialization section. Tracks for which a transport stream of ours has no place are left out. Fails with
 * `source/not-supported` (encrypted, other codecs) or `source/bad-answer`.
 *
 * Source: ISO/IEC 14496-12, 8.3 … 8.8.
 */
export function readFragmentSetup(bytes: Uint8Array): FragmentSetup {
  const moov = findBox(bytes, { from: 0, to: bytes.length }, 'moov')
  if (moov === null)
    throw new Failure('source/bad-answer', 'The beginning of the fragmented MP4 is none: it has no "moov"')
  const view = viewOf(bytes)
  const movieHead = findBox(bytes, moov, 'mvhd')
  const movieScale =
    movieHead === null ? 1000 : view.getUint32(movieHead.from + (bytes[movieHead.from] === 1 ? 20 : 12))
  const defaults = readDefaults(bytes, moov)
  const tracks = new Map<number, FragmentTrack>()
  for (const trak of boxesIn(bytes, moov.from, moov.to)) {
    if (trak.type !== 'trak') continue
    const head = findBox(bytes, trak, 'tkhd')
    const media = findBox(bytes, trak, 'mdia/mdhd')
    const table = findBox(bytes, trak, 'mdia/minf/stbl/stsd')
    const [entry] = table === null ? [] : boxesIn(bytes, table.from + 8, table.to)
    if (head === null || media === null || entry === undefined) continue
    const id = view.getUint32(head.from + (bytes[head.from] === 1 ? 20 : 12))
    const isLong = bytes[media.from] === 1
    const timescale = view.getUint32(media.from + (isLong ? 20 : 12)) || 90_000
    const setup = readSampleEntry(bytes, entry, languageOf(view.getUint16(media.from + (isLong ? 32 : 20))))
    if (setup === null) continue
    const shift = readShift(bytes, trak, { timescale, movieScale })
    tracks.set(id, { setup, timescale, shift, defaults: defaults.get(id) ?? { duration: 0, size: 0, flags: 0 } })
  }
  if (tracks.size === 0) throw new Failure('source/not-supported', 'The stream has neither pictures nor sound')
  return tracks
}

/** Three letters of five bits. ISO/IEC 14496-12, 8.4.2.3. */
const languageOf = (packed: number): string =>
  String.fromCharCode(...[10, 5, 0].map((bits) => 0x60 + ((packed >> bits) & 0x1f)))

function readDefaults(bytes: Uint8Array, moov: Box): ReadonlyMap<number, Defaults> {
  const view = viewOf(bytes)
  const defaults = new Map<number, Defaults>()
  const mvex = findBox(bytes, moov, 'mvex')
  for (const { type, from, to } of mvex === null ? [] : boxesIn(bytes, mvex.from, mvex.to)) {
    if (type !== 'trex' || to - from < 24) continue
    const [duration, size, flags] = [view.getUint32(from + 12), view.getUint32(from + 16), view.getUint32(from + 20)]
    defaults.set(view.getUint32(from + 4), { duration, size, flags })
  }
  return defaults
}

/** An empty edit delays a track, the first other one cuts its beginning. ISO/IEC 14496-12, 8.6.6. */
function readShift(
  bytes: Uint8Array,
  trak: Box,
  { timescale, movieScale }: { readonly timescale: number; readonly movieScale: number },
): number {
  const list = findBox(bytes, trak, 'edts/elst')
  if (list === null) return 0
  const view = viewOf(bytes)
  const isLong = bytes[list.from] === 1
  const size = isLong ? 20 : 12
  let shift = 0
  for (let at = list.from + 8; at + size <= list.to; at += size) {
    const duration = isLong ? Number(view.getBigUint64(at)) : view.getUint32(at)
    const start = isLong ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4)
    if (start >= 0) return shift - start / timescale
    shift += duration / (movieScale || 1000)
  }
  return shift
}

/** The samples of a segment in the order of its fragments. What is cut off is left out. */
export function* readFragments(bytes: Uint8Array, setup: FragmentSetup): Generator<Sample, void, undefined> {
  for (const moof of boxesIn(bytes)) {
    if (moof.type !== 'moof') continue
    for (const traf of boxesIn(bytes, moof.from, moof.to))
      if (traf.type === 'traf') yield* readRuns(bytes, { moof, traf }, setup)
  }
}

function* readRuns(
  bytes: Uint8Array,
  { moof, traf }: { readonly moof: Box; readonly traf: Box },
  setup: FragmentSetup,
): Generator<Sample, void, undefined> {
  const view = viewOf(bytes)
  const head = findBox(bytes, traf, 'tfhd')
  const track = head === null ? undefined : setup.get(view.getUint32(head.from + 4))
  if (head === null || track === undefined) return
  const { base, ...defaults } = readHead(bytes, head, track.defaults)
  const time = findBox(bytes, traf, 'tfdt')
  let decodeTime =
    time === null
      ? 0
      : bytes[time.from] === 1
        ? Number(view.getBigUint64(time.from + 4))
        : view.getUint32(time.from + 4)
  let place = base ?? moof.at
  for (const run of boxesIn(bytes, traf.from, traf.to)) {
    if (run.type !== 'trun') continue
    const flags = view.getUint32(run.from) & 0xffffff
    const count = Math.min(view.getUint32(run.from + 4), MOST_SAMPLES)
    let at = run.from + 8
    const next = (isThere: boolean): number | null => {
      if (!isThere || at + 4 > run.to) return null
      at += 4
      return view.getUint32(at - 4)
    }
    const offset = next((flags & 0x1) !== 0)
    if (offset !== null) place = (base ?? moof.at) + (offset | 0)
    const firstFlags = next((flags & 0x4) !== 0)
    for (let index = 0; index < count; index++) {
      const duration = next((flags & 0x100) !== 0) ?? defaults.duration
      const size = next((flags & 0x200) !== 0) ?? defaults.size
      const told = next((flags & 0x400) !== 0)
      const sampleFlags = told ?? (index === 0 && firstFlags !== null ? firstFlags : defaults.flags)
      const composition = (next((flags & 0x800) !== 0) ?? 0) | 0
      if (size === 0 && duration === 0) return
      if (place < 0 || place + size > bytes.length) return
      const dts = decodeTime / track.timescale + track.shift
      // Flags that are all 0 say nothing: then only the picture itself tells.
      const isSync = (sampleFlags & NON_SYNC) === 0 && (sampleFlags & DEPENDS) === DEPENDS_ON_NONE
      yield {
        track: track.setup.track,
        pts90k: ticksOf(dts + composition / track.timescale),
        dts90k: ticksOf(dts),
        ...track.setup.convert(bytes.subarray(place, place + size), isSync),
      }
      decodeTime += duration
      place += size
    }
  }
}

/** ISO/IEC 14496-12, 8.8.7. */
function readHead(bytes: Uint8Array, head: Box, defaults: Defaults): Defaults & { readonly base: number | null } {
  const view = viewOf(bytes)
  const flags = view.getUint32(head.from) & 0xffffff
  let at = head.from + 8
  const take = (flag: number, size: number): number | null => {
    if ((flags & flag) === 0 || at + size > head.to) return null
    at += size
    return size === 8 ? Number(view.getBigUint64(at - 8)) : view.getUint32(at - 4)
  }
  const base = take(0x1, 8)
  take(0x2, 4)
  return {
    base,
    duration: take(0x8, 4) ?? defaults.duration,
    size: take(0x10, 4) ?? defaults.size,
    flags: take(0x20, 4) ?? defaults.flags,
  }
}
