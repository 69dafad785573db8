import { box, fullBox, u16, u24, u32, zeros } from './box.ts'

/** A sample entry of pictures: `avc1`, `hvc1` or `mp4v` around its configuration box. ISO/IEC 14496-12, 12.1.3. */
export const visualEntry = (type: string, { width, height }: { width: number; height: number }, config: Uint8Array) =>
  box(
    type,
    zeros(6),
    u16(1),
    zeros(16),
    u16(width),
    u16(height),
    // 72 dots an inch, one picture a sample, no name, 24 bits.
    u32(0x480000),
    u32(0x480000),
    u32(0),
    u16(1),
    zeros(32),
    u16(24),
    u16(0xffff),
    config,
  )

/** A sample entry of sound: `mp4a`, `ac-3` or `ec-3` around its configuration box. ISO/IEC 14496-12, 12.2.3. */
export const soundEntry = (type: string, sound: { channels: number; sampleRate: number }, config: Uint8Array) =>
  box(
    type,
    zeros(6),
    u16(1),
    zeros(8),
    u16(sound.channels),
    u16(16),
    zeros(4),
    u32((sound.sampleRate & 0xffff) * 0x10000),
    config,
  )

/** objectTypeIndication of an elementary stream. ISO/IEC 14496-1, table 5; `mp2half`: Layer II at half rates (MPEG-2). */
export const OBJECT_TYPES = { aac: 0x40, mpeg2video: 0x61, mp2: 0x6b, mp2half: 0x69 } as const
/** streamType and a reserved bit. ISO/IEC 14496-1, table 6. */
const STREAM_TYPES = { aac: 0x15, mpeg2video: 0x11, mp2: 0x15, mp2half: 0x15 } as const

/** The `esds` box of an MPEG codec; `setup` is what its decoder needs first, empty if nothing. ISO/IEC 14496-14, 5.6. */
export function elementaryStreamBox(codec: keyof typeof OBJECT_TYPES, setup: readonly number[]): Uint8Array {
  const specific = setup.length === 0 ? [] : descriptor(0x05, setup)
  const decoder = descriptor(0x04, [
    OBJECT_TYPES[codec],
    STREAM_TYPES[codec],
    ...u24(0),
    ...u32(0),
    ...u32(0),
    ...specific,
  ])
  return fullBox('esds', 0, 0, descriptor(0x03, [...u16(0), 0, ...decoder, ...descriptor(0x06, [2])]))
}

/** Lengths of seven bits a byte, the highest first; ours are short, parameters of MPEG-2 pictures a little longer. */
const descriptor = (tag: number, content: readonly number[]): number[] => [
  tag,
  ...(content.length > 127 ? [0x80 | (content.length >> 7)] : []),
  content.length & 0x7f,
  ...content,
]
