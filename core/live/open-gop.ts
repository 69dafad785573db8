import type { Codec } from './program.ts'
import { nextStartCode } from './video-access.ts'

/**
 * Whether pictures may follow this random access point that are shown before it and need the GOP before: a decoder that is
 * put on it in the middle of a stream fails on them. `bytes` is the elementary stream of the picture.
 *
 * H.264: no IDR picture. HEVC: CRA and BLA_W_LP pictures. Source: ITU-T H.264, table 7-1; H.265, table 7-1.
 */
export function mayHaveLeading(codec: Codec, bytes: Uint8Array): boolean {
  for (let at = nextStartCode(bytes, 0, bytes.length); at >= 0; at = nextStartCode(bytes, at, bytes.length)) {
    const header = bytes[at] ?? 0
    if (codec === 'h264' && [1, 2, 5].includes(header & 0x1f)) return (header & 0x1f) !== 5
    const type = (header >> 1) & 0x3f
    if (codec === 'hevc' && type <= 31) return type === 21 || type === 16
  }
  return false
}
