import { splitSound } from '../../live/fmp4/sound-format.ts'
import { adtsFrames } from '../../live/remux/packed-audio.ts'
import type { HouseFormat } from '../house-format.ts'

/**
 * The whole frames in a piece of sound, as a transport stream carries them. FFmpeg packs short ones (near silence) into one
 * PES packet, whatever it is told (protocols/linear-channels.md §4).
 */
export function soundFrames(codec: HouseFormat['audioCodec'], bytes: Uint8Array): readonly Uint8Array[] {
  return codec === 'aac'
    ? [...adtsFrames(bytes)].map((frame) => frame.bytes)
    : splitSound(codec, bytes).frames.map(({ payload }) => payload)
}
