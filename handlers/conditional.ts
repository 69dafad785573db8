import { stableHash } from '../core/stable-hash.ts'

/**
 * A strong entity tag: the revision of what is shown, and how it is shown. Parts of the view go through a hash, because
 * they may hold a caller's token.
 */
export function entityTag(revision: string, view: readonly string[]): string {
  return `"${revision.replace(/[^\w.-]/g, '')}-${stableHash(JSON.stringify(view)).toString(36)}"`
}

/** What the caller's copy is compared with. `modified`: epoch milliseconds. */
export type Validators = { readonly tag: string; readonly modified?: number }

/**
 * Whether the caller's copy is still the same, so that 304 is the answer (RFC 9110, sections 13.1.2, 13.1.3).
 *
 * `If-None-Match` wins over `If-Modified-Since`, which has a resolution of one second.
 */
export function isFresh(headers: Headers, { tag, modified }: Validators): boolean {
  const known = headers.get('if-none-match')
  if (known !== null) {
    return known.split(',').some((entry) => entry.trim() === '*' || entry.trim().replace(/^W\//, '') === tag)
  }
  const since = Date.parse(headers.get('if-modified-since') ?? '')
  return modified !== undefined && Math.floor(modified / 1000) * 1000 <= since
}

/** 304 with the headers that the full answer would have; what describes a body is left out (RFC 9110, section 15.4.5). */
export function notModified(headers: Headers): Response {
  return new Response(null, { status: 304, headers })
}
