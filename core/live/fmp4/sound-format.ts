import { BitReader } from '../bit-reader.ts'
import type { Codec } from '../program.ts'
import { box } from './box.ts'
import { elementaryStreamBox, soundEntry } from './sample-entry.ts'

/** How sound of a stream is written into fragments, as its frames say. */
export type SoundFormat = {
  readonly sampleRate: number
  /** Channels of a listener, with the one for low frequencies. */
  readonly channels: number
  readonly sampleEntry: Uint8Array
}

/** One frame of sound as a sample. `length` is that of the frame in the elementary stream. */
type SoundFrame = {
  readonly length: number
  readonly payload: Uint8Array
  /** Sound samples in it. */
  readonly samples: number
  /** It belongs to the frame before, and adds no time: a dependent substream of E-AC-3. */
  readonly isDependent: boolean
  readonly format: SoundFormat
}

type ReadFrame = (bytes: Uint8Array) => SoundFrame | null

/** Codecs that have a place in fragments. LATM would have to be unpacked first; FFmpeg makes AAC of it. */
const READERS: Readonly<Partial<Record<Codec, ReadFrame>>> = {
  aac: readAac,
  ac3: readAc3,
  eac3: readEac3,
  mp2: readMp2,
}

/** Whether sound of this codec can be written into fragments. */
export const isFragmentable = (codec: Codec): boolean => READERS[codec] !== undefined

/** Frames found in an elementary stream; each but a dependent one with the time that its bytes stand for. */
export type SplitSound = {
  readonly frames: readonly { readonly payload: Uint8Array; readonly samples: number }[]
  readonly format: SoundFormat | null
}

/**
 * Cuts an elementary stream into its frames. Bytes before the first frame, between frames and behind the last whole one are
 * left out: sound of broadcasts starts with a frame in each PES packet (ETSI TS 101 154, 4.1.4 and annex C).
 */
export function splitSound(codec: Codec, bytes: Uint8Array): SplitSound {
  const read = READERS[codec] ?? (() => null)
  const frames: { payload: Uint8Array; samples: number }[] = []
  let format: SoundFormat | null = null
  for (let at = 0; at + 7 < bytes.length;) {
    const frame = read(bytes.subarray(at))
    if (frame === null) {
      at += 1
      continue
    }
    if (at + frame.length > bytes.length) break
    format ??= frame.format
    const last = frames.at(-1)
    if (frame.isDependent && last !== undefined) last.payload = joined(last.payload, frame.payload)
    else if (!frame.isDependent) frames.push({ payload: frame.payload, samples: frame.samples })
    at += frame.length
  }
  return { frames, format }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** ISO/IEC 14496-3, table 1.18. */
const AAC_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350]

/** AAC of these parameters: two bytes of AudioSpecificConfig say all of it. ISO/IEC 14496-3, 1.6.2.1. */
export function aacFormat(aac: {
  readonly sampleRate: number
  readonly channels: number
  readonly objectType?: number
}) {
  const { sampleRate, channels, objectType = 2 } = aac
  const rate = AAC_RATES.indexOf(sampleRate)
  const layout = channels === 8 ? 7 : channels
  const setup = [(objectType << 3) | (rate >> 1), ((rate & 1) << 7) | (layout << 3)]
  const sampleEntry = soundEntry('mp4a', { channels, sampleRate }, elementaryStreamBox('aac', setup))
  return { sampleRate, channels, sampleEntry }
}

/** A frame behind its ADTS header, which is left out. ISO/IEC 14496-3, 1.A.3.2. */
function readAac(bytes: Uint8Array): SoundFrame | null {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = bytes
  if (first !== 0xff || (second & 0xf6) !== 0xf0) return null
  const sampleRate = AAC_RATES[(third >> 2) & 0x0f]
  const layout = ((third & 1) << 2) | (fourth >> 6)
  const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5)
  const header = (second & 1) === 1 ? 7 : 9
  if (sampleRate === undefined || length <= header) return null
  const channels = layout === 7 ? 8 : layout === 0 ? 2 : layout
  return {
    length,
    payload: bytes.subarray(header, length),
    samples: 1024,
    isDependent: false,
    format: aacFormat({ sampleRate, channels, objectType: (third >> 6) + 1 }),
  }
}

/** ETSI TS 102 366, tables 4.1 and 4.13. */
const DOLBY_RATES = [48_000, 44_100, 32_000]
const AC3_KBPS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640]
/** Channels of an acmod, without the one for low frequencies. ETSI TS 102 366, table 4.3. */
const DOLBY_CHANNELS = [2, 1, 2, 3, 3, 4, 4, 5]

/** ETSI TS 102 366, 4.4.1 and 4.4.2; the box: annex F.4. */
function readAc3(bytes: Uint8Array): SoundFrame | null {
  if (bytes[0] !== 0x0b || bytes[1] !== 0x77) return null
  const reader = new BitReader(bytes.subarray(4, 16))
  const rateCode = reader.u(2)
  const sizeCode = reader.u(6)
  const version = reader.u(5)
  const mode = reader.u(3)
  const coding = reader.u(3)
  const sampleRate = DOLBY_RATES[rateCode]
  const kbps = AC3_KBPS[sizeCode >> 1]
  if (sampleRate === undefined || kbps === undefined || version > 10) return null
  if ((coding & 1) === 1 && coding !== 1) reader.u(2)
  if ((coding & 4) !== 0) reader.u(2)
  if (coding === 2) reader.u(2)
  const low = reader.u(1)
  // 1536 samples of so many bits, in words of two bytes; at 44.1 kHz every second frame is a word longer.
  const words = Math.floor((kbps * 1000 * 1536) / sampleRate / 16) + (rateCode === 1 ? sizeCode & 1 : 0)
  const config =
    (rateCode << 22) | (version << 17) | (mode << 14) | (coding << 11) | (low << 10) | ((sizeCode >> 1) << 5)
  const channels = (DOLBY_CHANNELS[coding] ?? 2) + low
  const dac3 = box('dac3', [(config >> 16) & 0xff, (config >> 8) & 0xff, config & 0xff])
  return {
    length: words * 2,
    payload: bytes.subarray(0, words * 2),
    samples: 1536,
    isDependent: false,
    format: { sampleRate, channels, sampleEntry: soundEntry('ac-3', { channels, sampleRate }, dac3) },
  }
}

/** ETSI TS 102 366, E.1.2.1 and E.1.2.2; the box: annex F.6. */
function readEac3(bytes: Uint8Array): SoundFrame | null {
  if (bytes[0] !== 0x0b || bytes[1] !== 0x77) return null
  const reader = new BitReader(bytes.subarray(2, 16))
  const streamType = reader.u(2)
  reader.u(3)
  const length = (reader.u(11) + 1) * 2
  const rateCode = reader.u(2)
  const blockCode = reader.u(2)
  const coding = reader.u(3)
  const low = reader.u(1)
  const version = reader.u(5)
  const fullRate = DOLBY_RATES[rateCode === 3 ? blockCode : rateCode]
  if (fullRate === undefined || version < 11 || version > 16) return null
  // Where the rate is halved there are always six blocks of 256 samples.
  const sampleRate = rateCode === 3 ? fullRate / 2 : fullRate
  const samples = 256 * (rateCode === 3 ? 6 : ([1, 2, 3, 6][blockCode] ?? 6))
  const kbps = Math.min(0x1fff, Math.round((length * 8 * sampleRate) / samples / 1000))
  const channels = (DOLBY_CHANNELS[coding] ?? 2) + low
  const substream = (rateCode << 22) | (version << 17) | (coding << 9) | (low << 8)
  const dec3 = box('dec3', [
    (kbps >> 5) & 0xff,
    (kbps & 0x1f) << 3,
    (substream >> 16) & 0xff,
    (substream >> 8) & 0xff,
    // No dependent substreams are announced: players take the main one.
    0,
  ])
  return {
    length,
    payload: bytes.subarray(0, length),
    samples,
    isDependent: streamType === 1,
    format: { sampleRate, channels, sampleEntry: soundEntry('ec-3', { channels, sampleRate }, dec3) },
  }
}

/** Layer II: kbit/s of MPEG-1 and of MPEG-2 (half rates), and sampling rates. ISO/IEC 11172-3, 2.4.2.3; 13818-3, 2.4.2.3. */
const MP2_KBPS = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
const MP2_HALF_KBPS = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const MP2_RATES = [44_100, 48_000, 32_000]

function readMp2(bytes: Uint8Array): SoundFrame | null {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes
  // Layer II of either version.
  if (first !== 0xff || (second & 0xf6) !== 0xf4) return null
  const isHalf = (second & 0x08) === 0
  const kbps = (isHalf ? MP2_HALF_KBPS : MP2_KBPS)[third >> 4]
  const fullRate = MP2_RATES[(third >> 2) & 3]
  if (kbps === undefined || kbps === 0 || fullRate === undefined) return null
  const sampleRate = isHalf ? fullRate / 2 : fullRate
  const length = Math.floor((144_000 * kbps) / sampleRate) + ((third >> 1) & 1)
  const channels = fourth >> 6 === 3 ? 1 : 2
  return {
    length,
    payload: bytes.subarray(0, length),
    samples: 1152,
    isDependent: false,
    format: {
      sampleRate,
      channels,
      sampleEntry: soundEntry('mp4a', { channels, sampleRate }, elementaryStreamBox(isHalf ? 'mp2half' : 'mp2', [])),
    },
  }
}
