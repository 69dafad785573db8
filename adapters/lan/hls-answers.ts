import { Failure } from '../../core/errors.ts'
import type { HlsAnswer } from '../../core/live/link.ts'

/** A playlist as an answer; nobody may keep it. */
export const playlistAnswer = (body: string): HlsAnswer => ({
  kind: 'document',
  contentType: 'application/vnd.apple.mpegurl',
  body,
  cacheControl: 'no-store',
})

/** A segment, a part or an initialization section. Only what never changes under its name may be kept. */
export const mediaAnswer = (
  contentType: 'video/mp2t' | 'video/mp4',
  body: Uint8Array<ArrayBuffer>,
  { isImmutable }: { readonly isImmutable: boolean },
): HlsAnswer => ({
  kind: 'document',
  contentType,
  body,
  cacheControl: isImmutable ? 'private, max-age=3600, immutable' : 'no-store',
})

/** A file that has slid out of the ring, or an address that names none. */
export const notThere = (): Failure => new Failure('hls/gone', 'This part of the stream is gone, or was never there')
