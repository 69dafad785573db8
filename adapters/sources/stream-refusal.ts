import { Failure } from '../../core/errors.ts'
import type { StreamContent } from './stream-content.ts'

/** What a status to the start of a stream means to a kind of source; null: what it means anywhere. */
export type StreamRefusal = (status: number, name: string) => Failure | null

/** Codes that panels made up for "not with this program" or "not from this address", and RFC 7725's 451. */
const FILTERED = new Set([451, 454, 456, 458, 514, 884])

/** What a status other than 200 means when a stream was asked for. Source: protocols/xtream.md §5.1. */
export function refusalOf(status: number, name: string): Failure {
  const facts = { status }
  if (FILTERED.has(status))
    return new Failure('source/blocked', `The provider refuses this program or our address (HTTP ${status})`, facts)
  if (status === 401)
    return new Failure(
      'source/login',
      `The provider wants another user name or password for "${name}" (HTTP 401)`,
      facts,
    )
  if (status === 403) return new Failure('live/refused', `The provider forbids "${name}" for now (HTTP 403)`, facts)
  if (status === 404 || status === 410)
    return new Failure('live/refused', `"${name}" is not on air (HTTP ${status})`, facts)
  if (status === 429)
    return new Failure('live/refused', 'The provider asks us to open streams less often (HTTP 429)', facts)
  if (status >= 500) return new Failure('live/refused', `The provider is overloaded (HTTP ${status})`, facts)
  return new Failure('live/refused', `The provider answers "${name}" with HTTP ${status}`, facts)
}

const SENTENCES: Readonly<Record<Exclude<StreamContent, 'more' | 'mpeg-ts' | 'hls'>, string>> = {
  'web-page': 'a web page',
  json: 'a message to a program',
  'packed-audio': 'sound without MPEG-TS around it',
  'fragmented-mp4': 'fragmented MP4',
  'flash-video': 'Flash video',
  matroska: 'Matroska',
  unknown: 'something that is not MPEG-TS',
}
const UNSUPPORTED = new Set<StreamContent>(['packed-audio', 'fragmented-mp4', 'flash-video', 'matroska'])

/** The failure of a stream that is none: a page with status 200 is a refusal, another container is not for us. */
export function contentFailure(content: keyof typeof SENTENCES, name: string): Failure {
  const sentence = `The provider sends ${SENTENCES[content]} for "${name}"`
  if (UNSUPPORTED.has(content)) return new Failure('source/not-supported', `${sentence}, not MPEG-TS`, { content })
  if (content === 'unknown') return new Failure('live/not-mpeg-ts', sentence, { content })
  return new Failure('live/refused', `${sentence}: a refusal in disguise`, { content })
}

/** The failure of a 200 without a single byte: the way in which panels say no. */
export const emptyAnswer = (name: string): Failure =>
  new Failure('live/refused', `The provider takes "${name}" and sends nothing at all: a refusal in disguise`, {
    reason: 'empty',
  })
