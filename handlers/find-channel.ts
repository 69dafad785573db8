import { parseChannelId, parseChannelNumber } from '../core/lineup/channel.ts'
import type { Channel } from '../core/lineup/channel.ts'
import type { LineupIndex } from '../core/lineup/lineup.ts'
import { canonicalServiceRef } from '../core/lineup/service-reference.ts'

/**
 * The enabled channel that a path segment names: `c12` is an id, `5` or `5.1` a channel number, anything with a colon (or
 * nine underscores) a service reference in any spelling. Null: there is none (contract §3.2).
 */
export function findChannel(lineup: LineupIndex, text: string): Channel | null {
  const id = parseChannelId(text)
  if (id !== null) return lineup.byId.get(id) ?? null
  const number = parseChannelNumber(text)
  if (number !== null) return lineup.byNumber.get(number) ?? null
  const ref = looksLikeServiceRef(text) ? canonicalServiceRef(text) : null
  return ref === null ? null : (lineup.byServiceRef.get(ref) ?? null)
}

/** Whether a path segment may be a service reference, by its separators. */
export const looksLikeServiceRef = (text: string): boolean => text.includes(':') || (text.match(/_/g)?.length ?? 0) >= 9
