import { createDice } from './dice.ts'
import type { Dice } from './dice.ts'
import { NASTY_HEADERS, NASTY_VALUES, NASTY_WORDS } from './nasty.ts'

/** A request before it is spoiled. */
export type GoodRequest = {
  readonly method: string
  readonly path: string
  readonly query?: readonly string[]
  readonly body?: unknown
}

/** A request as it goes out; the path and its query may be anything but blanks and line ends. */
export type SpoiltRequest = {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY']
const HEADERS = [
  'host', 'authorization', 'cookie', 'if-match', 'if-none-match', 'if-modified-since', 'range', 'accept', 'accept-encoding',
  'content-type', 'origin', 'sec-fetch-site', 'sec-fetch-dest', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'user-agent', 'upgrade', 'expect-ct',
] // prettier-ignore
const PARAMETERS = ['q', 'offset', 'limit', 'group', 'selection', 'filter', 'sort', 'format', 'client', 'audio', 'quality', 'delivery', 'from', 'to', 'username', 'password', 'action', 'stream_id', 'category_id', 'preview', 'all', '_HLS_msn', '_HLS_part', 'start', 'duration', '__proto__'] // prettier-ignore

/**
 * Endless requests, each a good one with some things about it made wrong: method, path, query, headers, body, encoding,
 * size. `headers` come with all of them, unless spoilt.
 */
export function* spoiltRequests(
  seed: number,
  good: readonly GoodRequest[],
  callers: readonly Readonly<Record<string, string>>[],
): Generator<SpoiltRequest, never> {
  const dice = createDice(seed)
  for (;;) {
    const { method, path, query = [], body } = dice.pick(good)
    const json = body === undefined ? null : { 'content-type': 'application/json' }
    yield {
      method: dice.chance(0.1) ? dice.pick(METHODS) : method,
      target: spoilPath(path, dice) + spoilQuery(query, dice),
      headers: spoilHeaders({ ...dice.pick(callers), ...json }, dice),
      body: /^(GET|HEAD)$/.test(method) && dice.chance(0.95) ? null : spoilBody(body, dice),
    }
  }
}

function spoilPath(path: string, dice: Dice): string {
  const segments = path.split('/').slice(1)
  const at = dice.roll(segments.length)
  const word = dice.pick(NASTY_WORDS)
  const kind = dice.roll(20)
  if (kind < 6) segments[at] = word
  else if (kind < 8) segments.splice(at, 0, word)
  else if (kind < 9) segments.splice(at, 1)
  else if (kind < 10) segments.push('')
  else if (kind < 12) segments[at] = `${segments[at]}${word}`
  return `/${segments.join('/')}`
}

function spoilQuery(known: readonly string[], dice: Dice): string {
  const count = dice.chance(0.5) ? 0 : 1 + dice.roll(3)
  const pairs = Array.from({ length: count }, () => {
    const name = known.length > 0 && dice.chance(0.8) ? dice.pick(known) : dice.pick([...PARAMETERS, ...NASTY_WORDS])
    return dice.chance(0.9) ? `${name}=${dice.pick(NASTY_WORDS)}` : name
  })
  return pairs.length === 0 ? '' : `?${pairs.join(dice.chance(0.9) ? '&' : ';')}`
}

function spoilHeaders(headers: Readonly<Record<string, string>>, dice: Dice): Readonly<Record<string, string>> {
  const more = Array.from({ length: dice.chance(0.4) ? 1 + dice.roll(2) : 0 }, () => [
    dice.pick(HEADERS),
    dice.pick(NASTY_HEADERS),
  ])
  return { ...headers, ...Object.fromEntries(more) }
}

const encoder = new TextEncoder()

function spoilBody(body: unknown, dice: Dice): Uint8Array | null {
  if (dice.chance(0.05)) return null
  if (dice.chance(0.05)) return Uint8Array.from({ length: dice.roll(2000) }, () => dice.roll(256))
  if (dice.chance(0.01)) return new Uint8Array(70_000).fill(0x20)
  if (dice.chance(0.01)) return encoder.encode('['.repeat(20_000))
  const text = JSON.stringify(spoilValue(body ?? {}, dice, dice.chance(0.3) ? 0 : 0.5)) ?? ''
  return encoder.encode(dice.chance(0.05) ? text.slice(0, dice.roll(text.length + 1)) : text)
}

/** The value with each part of it wrong `share` of the time. */
function spoilValue(value: unknown, dice: Dice, share: number): unknown {
  if (share > 0 && dice.chance(share / 3)) return dice.pick(NASTY_VALUES)
  if (Array.isArray(value)) return value.map((item: unknown) => spoilValue(item, dice, share))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => [key, spoilValue(part, dice, share)])
  if (share > 0 && dice.chance(0.1)) entries.push([dice.pick(['__proto__', 'nam', 'id', 'x']), dice.pick(NASTY_VALUES)])
  if (share > 0 && dice.chance(0.1)) entries.pop()
  return Object.fromEntries(entries)
}
