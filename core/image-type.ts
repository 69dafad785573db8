/** Media types of pictures that every client shows; SVG is left out: it can carry scripts. */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif'

/** The type of a picture by its first bytes, whatever its sender calls it; null: none of the four. */
export function imageType(bytes: Uint8Array): ImageType | null {
  const starts = (signature: readonly number[], at = 0): boolean =>
    signature.every((byte, index) => bytes[at + index] === byte)
  if (starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png' // PNG, 5.2
  if (starts([0xff, 0xd8, 0xff])) return 'image/jpeg' // SOI and the first marker
  if (starts([0x47, 0x49, 0x46, 0x38])) return 'image/gif' // "GIF8"
  if (starts([0x52, 0x49, 0x46, 0x46]) && starts([0x57, 0x45, 0x42, 0x50], 8)) return 'image/webp' // "RIFF" size "WEBP"
  return null
}
