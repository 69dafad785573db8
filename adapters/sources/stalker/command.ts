import { isLoopbackHost } from '../../../core/lineup/service-reference.ts'

/** What a portal gives to play: the player it wants, and the address. Foreign word: `cmd` (stalker.md §5.3). */
export type Command = { readonly player: string | null; readonly address: string }

/** Takes a command apart: an optional player word, a blank, the address. */
export function parseCommand(text: string): Command {
  const trimmed = text.trim()
  const [, player, rest] = /^([A-Za-z][A-Za-z0-9]{0,15})\s+(\S.*)$/s.exec(trimmed) ?? []
  if (player === undefined || rest === undefined) return { player: null, address: trimmed }
  return { player, address: rest.trim() }
}

/** What decides about a link. */
export type LinkFlags = { readonly temporary: boolean; readonly balanced: boolean; readonly checked: boolean }

const PLAIN_SCHEME = /^https?:$/

/**
 * Whether the portal has to be asked for the real address just before it is opened.
 *
 * As the box's own player decides: when a flag says so, or when the address leads nowhere by itself (stalker.md §5.3).
 */
export function needsLink(command: Command, flags: LinkFlags): boolean {
  if (directAddress(command) !== null) return false
  if (flags.temporary || flags.balanced || flags.checked) return true
  const url = URL.parse(command.address)
  if (url === null || !PLAIN_SCHEME.test(url.protocol)) return !isOperatorOnly(command)
  return url.hostname === '' || url.hostname === 'ch' || isLoopbackHost(url.hostname)
}

/** Whether it plays only inside an operator's own network: multicast, RTSP, a path of a file server. */
export function isOperatorOnly(command: Command): boolean {
  if (/^(?:udp|rtp|igmp|rtsp|rtmp|mms):\/\/@?(?!\/?ch\/)/i.test(command.address)) return true
  return command.player !== null && /^(?:nfs|rtp|rtsp)$/i.test(command.player) && !/^https?:/i.test(command.address)
}

/** What is known when an address is read. */
export type AddressContext = {
  /** The portal's endpoint: relative addresses and `localhost` mean its host. */
  readonly endpoint: URL
  /** Upper case with colons. */
  readonly mac: string
  /** The number of the stream in the row, for answers that forget it. */
  readonly streamId: string | null
}

/**
 * The address to open, from what a portal answered; null if there is none for us in it.
 *
 * Mends what panels break: `localhost` for their own host, addresses without host, an empty `stream=`, the `%mac%` to be
 * filled in, a play position behind a blank.
 */
export function playableUrl(command: Command, { endpoint, mac, streamId }: AddressContext): URL | null {
  const [address = ''] = command.address.split(/\s+/)
  const filled = (directAddress({ ...command, address }) ?? address).replaceAll(/%mac%/gi, encodeURIComponent(mac))
  if (filled === '' || isOperatorOnly({ ...command, address: filled })) return null
  const url = URL.parse(filled.replace(/^(https?):\/\/\//i, '/'), endpoint)
  if (url === null || !PLAIN_SCHEME.test(url.protocol)) return null
  if (isLoopbackHost(url.hostname) && !isLoopbackHost(endpoint.hostname)) {
    url.hostname = endpoint.hostname
    if (url.port === '') url.port = endpoint.port
  }
  if (url.searchParams.get('stream') === '' && streamId !== null) {
    // By text: rewriting the query as a whole would spell tokens anew.
    url.search = url.search.replace(/([?&]stream=)(?=&|$)/, `$1${encodeURIComponent(streamId)}`)
  }
  return url
}

/** The number of the stream or link in a command: `http://localhost/ch/1234_` → `1234`; null if it has none. */
export function streamIdOf(command: Command): string | null {
  const [, id] = /\/ch\/(\d+)_?/.exec(command.address) ?? []
  return id ?? null
}

/** The final address behind `_` of a direct source (`http://localhost/ch/1234_http://…`), or null. */
export function directAddress(command: Command): string | null {
  const [, address] = /\/ch\/\d+_(https?:\/\/\S+)$/.exec(command.address) ?? []
  return address ?? null
}
