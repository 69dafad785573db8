import { box, fullBox, u32, u64 } from './box.ts'

/** A picture or a frame of sound in a fragment. Times are ticks of its track. */
export type Fmp4Sample = {
  readonly bytes: Uint8Array
  readonly duration: number
  /** From decoding to showing. */
  readonly compositionOffset: number
  /** A decoder may start with it. */
  readonly isSync: boolean
}

/** What of one track is in a fragment. */
export type Fmp4Run = {
  readonly trackId: number
  /** When its first sample is decoded. */
  readonly decodeTime: number
  readonly samples: readonly Fmp4Sample[]
}

/** sample_flags: depends on no other; depends on others and is no sync sample. ISO/IEC 14496-12, 8.8.3.1. */
const SYNC_FLAGS = 0x02000000
const OTHER_FLAGS = 0x01010000
/** tfhd: offsets count from the moof box. */
const BASE_IS_MOOF = 0x020000
/** trun: data offset; of each sample its duration, size, flags, composition offset. */
const RUN_FLAGS = 0x000f01

/**
 * One movie fragment: `moof` and `mdat`. Tracks without samples are left out. `sequence` counts up from fragment to fragment.
 *
 * Source: ISO/IEC 14496-12, 8.8.
 */
export function buildFragment(sequence: number, runs: readonly Fmp4Run[]): Uint8Array<ArrayBuffer> {
  const filled = runs.filter(({ samples }) => samples.length > 0)
  // Its length does not depend on the offsets that are written into it.
  const size = movieFragment(sequence, filled, 0).length
  const head = movieFragment(sequence, filled, size + 8)
  const bodySize = filled.reduce((sum, { samples }) => sum + sizeOf(samples), 0)
  const bytes = new Uint8Array(head.length + 8 + bodySize)
  bytes.set(head)
  bytes.set(u32(8 + bodySize), head.length)
  bytes.set([0x6d, 0x64, 0x61, 0x74], head.length + 4)
  let at = head.length + 8
  for (const { samples } of filled)
    for (const sample of samples) {
      bytes.set(sample.bytes, at)
      at += sample.bytes.length
    }
  return bytes
}

const sizeOf = (samples: readonly Fmp4Sample[]): number => samples.reduce((sum, { bytes }) => sum + bytes.length, 0)

function movieFragment(sequence: number, runs: readonly Fmp4Run[], dataAt: number): Uint8Array {
  let offset = dataAt
  const tracks = runs.map((run) => {
    const track = trackFragment(run, offset)
    offset += sizeOf(run.samples)
    return track
  })
  return box('moof', fullBox('mfhd', 0, 0, u32(sequence)), ...tracks)
}

function trackFragment({ trackId, decodeTime, samples }: Fmp4Run, dataOffset: number): Uint8Array {
  const table = new Uint8Array(samples.length * 16)
  const view = new DataView(table.buffer)
  for (const [index, { bytes, duration, compositionOffset, isSync }] of samples.entries()) {
    view.setUint32(index * 16, duration)
    view.setUint32(index * 16 + 4, bytes.length)
    view.setUint32(index * 16 + 8, isSync ? SYNC_FLAGS : OTHER_FLAGS)
    view.setInt32(index * 16 + 12, compositionOffset)
  }
  return box(
    'traf',
    fullBox('tfhd', 0, BASE_IS_MOOF, u32(trackId)),
    fullBox('tfdt', 1, 0, u64(decodeTime)),
    fullBox('trun', 1, RUN_FLAGS, u32(samples.length), u32(dataOffset), table),
  )
}
