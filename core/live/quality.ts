import { Failure } from '../errors.ts'

/**
 * What a channel can be watched as: as it is sent; the same picture with AAC; a smaller picture that is encoded anew, with
 * AAC; its sound alone as AAC.
 */
export const QUALITIES = ['original', 'audio', '720p', '480p', 'radio'] as const

/** One of the qualities, as it is written in `?quality=`. */
export type Quality = (typeof QUALITIES)[number]

/** A quality whose picture is encoded anew. */
export type TranscodeQuality = Extract<Quality, '720p' | '480p'>

/** The qualities whose picture is encoded anew, best first. */
export const TRANSCODE_QUALITIES: readonly TranscodeQuality[] = ['720p', '480p']

/** Whether the picture of this quality is encoded anew. */
export const isTranscoded = (quality: Quality): quality is TranscodeQuality =>
  TRANSCODE_QUALITIES.some((known) => known === quality)

const AUDIO = ['original', 'aac'] as const

/**
 * The quality that `quality=` and the older `audio=` ask for together; `fallback` where neither says anything.
 *
 * `audio=aac` is the quality `audio`. Fails with `http/bad-request` for unknown words, and where the two contradict each
 * other: whatever is made here has AAC.
 */
export function readQuality(
  asked: { readonly quality: string | null | undefined; readonly audio: string | null | undefined },
  fallback: 'original' | 'audio',
): Quality {
  const quality = choose('quality', QUALITIES, asked.quality)
  const audio = choose('audio', AUDIO, asked.audio)
  if (quality === null) return audio === null ? fallback : audio === 'aac' ? 'audio' : 'original'
  if (quality === 'original') return audio === 'aac' ? 'audio' : 'original'
  if (audio === 'original')
    throw new Failure(
      'http/bad-request',
      `Parameter "audio" should be "aac" or left out: quality "${quality}" always has AAC`,
      { parameter: 'audio' },
    )
  return quality
}

function choose<const Word extends string>(
  parameter: string,
  words: readonly Word[],
  text: string | null | undefined,
): Word | null {
  if (text === null || text === undefined || text === '') return null
  const found = words.find((word) => word === text)
  if (found !== undefined) return found
  const allowed = words.map((word) => `"${word}"`).join(', ')
  throw new Failure('http/bad-request', `Parameter "${parameter}" should be one of ${allowed}`, { parameter })
}
