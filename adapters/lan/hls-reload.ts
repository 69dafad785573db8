import { Failure } from '../../core/errors.ts'

/** What a player asks of a list (`draft-pantos-hls-rfc8216bis`, 6.2.5). */
export type Reload = {
  /** `_HLS_msn`: the segment that the list has to have; null: as it is now. */
  readonly msn: number | null
  /** `_HLS_part`: the part of it that the list has to have; null: all of the segment. */
  readonly part: number | null
  /** `_HLS_skip`: segments that the player knows may be left out. */
  readonly maySkip: boolean
}

/** Reads the delivery directives of a media playlist. Fails with `http/bad-request`. */
export function readReload(query: URLSearchParams): Reload {
  const msn = number(query, '_HLS_msn')
  const part = number(query, '_HLS_part')
  if (part !== null && msn === null)
    throw new Failure('http/bad-request', 'Parameter "_HLS_part" should come with "_HLS_msn"')
  const skip = query.get('_HLS_skip')
  return { msn, part, maySkip: skip === 'YES' || skip === 'v2' }
}

function number(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null) return null
  if (!/^\d{1,9}$/.test(text)) throw new Failure('http/bad-request', `Parameter "${name}" should be a whole number`)
  return Number(text)
}
