import { fromBase64Url, toBase64Url } from '../access/base64url.ts'
import type { Brand } from '../brand.ts'

/** Name of immutable bytes: their SHA-256 as base64url, 43 characters. */
export type ContentName = Brand<string, 'ContentName'>

/**
 * The most bytes of one content. Every store has its own bounds (a row of D1 2 MB, a value of Workers KV 25 MiB); a
 * content fits all of them, Deno KV's 64 KiB in slices.
 */
export const MAX_CONTENT_BYTES = 1_200_000

const HASH_BYTES = 32

/** The text as a name; null if it is none. */
export function parseContentName(text: string): ContentName | null {
  return text.length === 43 && fromBase64Url(text)?.length === HASH_BYTES ? (text as ContentName) : null
}

/** The name of these bytes. */
export async function nameOf(bytes: Uint8Array<ArrayBuffer>): Promise<ContentName> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))) as ContentName
}
