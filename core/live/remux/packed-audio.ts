import { Failure } from '../../errors.ts'
import { splitSound } from '../fmp4/sound-format.ts'
import { add90k } from '../timestamps.ts'
import { viewOf } from './boxes.ts'
import type { Sample, Track } from './sample.ts'

const AAC: Track = { kind: 'audio', streamType: 0x0f, descriptors: new Uint8Array() }
const AC3: Track = { kind: 'audio', streamType: 0x06, descriptors: Uint8Array.of(0x6a, 1, 0) }
const EAC3: Track = { kind: 'audio', streamType: 0x06, descriptors: Uint8Array.of(0x7a, 1, 0) }

/** What stands before the time of a segment. RFC 8216, 3.4. */
const OWNER = 'com.apple.streaming.transportStreamTimestamp\0'

/** Reads segments of sound without anything around them (RFC 8216, 3.4): AAC in ADTS, AC-3, E-AC-3. */
export class PackedAudio {
  #next90k = 0

  /**
   * The samples of one segment; its time is told by an ID3 tag before it, without one it goes on where the last one ended.
   * Fails with `source/not-supported` for sound of another kind.
   */
  read(bytes: Uint8Array): readonly Sample[] {
    const { end, time90k } = readTags(bytes)
    if (time90k !== null) this.#next90k = time90k
    const sound = bytes.subarray(end)
    const [first = 0, second = 0] = sound
    if (first === 0xff && (second & 0xf6) === 0xf0) return this.#take(AAC, adtsFrames(sound))
    if (first !== 0x0b || second !== 0x77)
      throw new Failure('source/not-supported', 'The sound of the stream is neither AAC nor AC-3')
    const isEnhanced = (sound[5] ?? 0) >> 3 > 10 // bsid, ETSI TS 102 366, E.1.3.1.6
    const { frames, format } = splitSound(isEnhanced ? 'eac3' : 'ac3', sound)
    const rate = format?.sampleRate ?? 48_000
    return this.#take(
      isEnhanced ? EAC3 : AC3,
      frames.map(({ payload, samples }) => ({ bytes: payload, ticks: (samples / rate) * 90_000 })),
    )
  }

  #take(track: Track, frames: Iterable<{ readonly bytes: Uint8Array; readonly ticks: number }>): readonly Sample[] {
    const samples: Sample[] = []
    const start = this.#next90k
    let ticks = 0
    for (const frame of frames) {
      const time = add90k(start, Math.round(ticks))
      samples.push({ track, pts90k: time, dts90k: time, isRandomAccess: true, bytes: frame.bytes })
      ticks += frame.ticks
    }
    this.#next90k = add90k(start, Math.round(ticks))
    return samples
  }
}

/** ISO/IEC 14496-3, table 1.18. */
const AAC_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350]

/** Frames of AAC with their headers, and how long each lasts (90 kHz). ISO/IEC 14496-3, 1.A.3.2. */
export function* adtsFrames(bytes: Uint8Array): Generator<{ readonly bytes: Uint8Array; readonly ticks: number }> {
  for (let at = 0; at + 7 <= bytes.length;) {
    const length = (((bytes[at + 3] ?? 0) & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | ((bytes[at + 5] ?? 0) >> 5)
    const isFrame = bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xf6) === 0xf0 && length >= 7
    if (!isFrame) {
      at += 1
      continue
    }
    if (at + length > bytes.length) return
    const rate = AAC_RATES[((bytes[at + 2] ?? 0) >> 2) & 0x0f] ?? 48_000
    yield { bytes: bytes.subarray(at, at + length), ticks: (1024 / rate) * 90_000 }
    at += length
  }
}

/** ID3 tags at the beginning, and the time that one of them tells. https://id3.org/id3v2.4.0-structure */
function readTags(bytes: Uint8Array): { readonly end: number; readonly time90k: number | null } {
  let end = 0
  let time90k: number | null = null
  while (end + 10 <= bytes.length && textAt(bytes, end, 3) === 'ID3') {
    const size = syncSafe(bytes, end + 6)
    const stop = Math.min(bytes.length, end + 10 + size)
    time90k = readTime(bytes.subarray(end + 10, stop)) ?? time90k
    end = stop
  }
  return { end, time90k }
}

function readTime(frames: Uint8Array): number | null {
  for (let at = 0; at + 10 <= frames.length;) {
    const size = syncSafe(frames, at + 4)
    const isTime = textAt(frames, at, 4) === 'PRIV' && textAt(frames, at + 10, OWNER.length) === OWNER
    if (isTime && size >= OWNER.length + 8) {
      const view = viewOf(frames)
      const place = at + 10 + OWNER.length
      return (view.getUint32(place) & 1) * 2 ** 32 + view.getUint32(place + 4)
    }
    if (size === 0) return null
    at += 10 + size
  }
  return null
}

const syncSafe = (bytes: Uint8Array, at: number): number =>
  [0, 1, 2, 3].reduce((sum, index) => sum * 128 + ((bytes[at + index] ?? 0) & 0x7f), 0)

const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length))
