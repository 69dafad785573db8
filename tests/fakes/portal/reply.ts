import type { PortalMode } from './settings.ts'

/** A question as it came in. */
export type PortalCall = {
  readonly method: string
  readonly url: URL
  /** Names as they were spelled. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** How it came: a proxy says so. */
  readonly via: 'direct' | 'proxy'
}

/** A whole answer. */
export type PortalReply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** The value of a header whatever its spelling; '' without it. */
export const headerOf = (call: PortalCall, name: string): string =>
  call.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? ''

/** The MAC in the cookie, with plain or escaped colons; '' without it. */
export function macOf(call: PortalCall): string {
  const [, mac = ''] = /(?:^|;\s*)mac=([^;]*)/.exec(headerOf(call, 'cookie')) ?? []
  return decodeURIComponent(mac).toUpperCase()
}

/** The time zone in the cookie. */
export function zoneOf(call: PortalCall): string {
  const [, zone = 'UTC'] = /(?:^|;\s*)timezone=([^;]*)/.exec(headerOf(call, 'cookie')) ?? []
  return decodeURIComponent(zone)
}

/** A plain answer. */
export const reply = (status: number, type: string, body: string | Uint8Array): PortalReply => ({
  status,
  headers: { 'Content-Type': type },
  body,
})

const isStock = (mode: PortalMode): boolean => mode === 'stock4' || mode === 'stock5'

/** A good answer in the mode's envelope. `beside`: keys that panels put next to `js`. */
export function envelope(mode: PortalMode, js: unknown, beside: Readonly<Record<string, unknown>> = {}): PortalReply {
  if (!isStock(mode)) return reply(200, 'text/javascript;charset=UTF-8', JSON.stringify({ js, ...beside }))
  const noise = `generated in: 0.0${JSON.stringify(js).length % 97}s; query counter: 7; cache hits: 0`
  return reply(200, 'application/json;charset=UTF-8', JSON.stringify({ js, text: noise }))
}

/** The mode's answer to a call whose token does not count: a sentence, or nothing at all. */
export const unauthorized = (mode: PortalMode, sentence = 'Authorization failed.'): PortalReply =>
  isStock(mode) ? reply(200, 'text/html; charset=UTF-8', sentence) : reply(200, 'text/html', '')

/** The page of a web server that some panels show for everything that they hide. */
export const imitatedNotFound = (): PortalReply =>
  reply(404, 'text/html', '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>nginx</body>\r\n</html>\r\n')
