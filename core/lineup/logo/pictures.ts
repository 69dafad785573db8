import { Failure } from '../../errors.ts'
import { imageType } from '../../image-type.ts'

/** The name of a kept picture: the first 24 hexadecimal digits of the SHA-256 of its bytes. */
export const PICTURE_NAME = /^[0-9a-f]{24}$/

/** Bytes that a picture may have: what players show in a list is far smaller. */
export const MAX_PICTURE_BYTES = 2 * 1024 * 1024

/** Port: pictures that the owner gave to channels, kept beside the line-up. */
export interface PictureDesk {
  /** Keeps a picture, once however often it comes, and gives its name. Fails with `logo/no-picture`. */
  keep(bytes: Uint8Array): Promise<string>
  /**
   * Fetches a picture from an address that the owner typed. Fails with `logo/no-picture`, saying why, without the
   * address; or with the signal's reason.
   */
  fetch(url: URL, signal: AbortSignal): Promise<Uint8Array>
}

/** The bytes, if they are a picture that clients show. Fails with `logo/no-picture`. */
export function checkPicture(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_PICTURE_BYTES)
    throw new Failure('logo/no-picture', `The picture should have at most 2 MiB, it has ${bytes.length} bytes`)
  if (imageType(bytes) === null)
    throw new Failure('logo/no-picture', 'What came is no PNG, JPEG, WebP or GIF, whatever it is called')
  return bytes
}

/** The name of a picture by its bytes. */
export async function pictureName(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
  return Array.from(digest.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
