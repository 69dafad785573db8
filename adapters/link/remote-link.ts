import type { Caller } from '../../core/access/caller.ts'
import { linkSeat } from '../../core/access/link-seat.ts'
import type { KeyRing } from '../../core/access/keys.ts'
import { newJti } from '../../core/access/random.ts'
import type { RandomBytes } from '../../core/access/random.ts'
import { relayJti } from '../../core/access/relay-jti.ts'
import { createLinkSigner } from '../../core/access/signed-link.ts'
import { Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { VodRange } from '../../core/lineup/vod.ts'
import type { HlsRequest, LiveLink, TsRequest } from '../../core/live/link.ts'
import type { AdapterWatch } from './adapter-watch.ts'
import type { ViewerMode } from '../../core/live/hub.ts'
import { printPast, printStart } from '../../core/live/shift-start.ts'

/** What a link to an adapter elsewhere needs. Only fetch: an edge platform loads this file. */
export type RemoteLinkParts = {
  /** Public base URL of the adapter, no slash at the end. */
  readonly adapterUrl: string
  readonly ring: KeyRing
  /** How long a link opens a session. */
  readonly ttlSeconds: number
  /** `redirect`: viewers are sent to the adapter. `proxy`: its bytes pass through here untouched. */
  readonly mode: 'redirect' | 'proxy'
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly now: () => number
  readonly random: RandomBytes
  /** Asked before viewers are sent to the adapter; absent: they are sent there whatever its state. */
  readonly watch?: AdapterWatch
}

// An adapter answers within the time that a source may take to start, or says why not.
const HEADERS_WITHIN_MS = 30_000
/** Of the adapter's answer only these go on: hop-by-hop and transport headers are this connection's own. */
const PASSED_ON = [
  'content-type',
  'content-length',
  'content-range',
  'accept-ranges',
  'cache-control',
  'location',
  'retry-after',
  'x-downlink-error',
]

/** The way to a channel's bytes by signed URL to an adapter (contract §3.3). */
export function createRemoteLink(parts: RemoteLinkParts): LiveLink {
  const signer = createLinkSigner(parts.ring)

  const address = async (channel: Channel, caller: Caller, path: string): Promise<string> => {
    const seat = linkSeat(caller)
    // Two devices behind one address are two sessions there.
    const place = seat === undefined ? caller.address : `${caller.address} ${seat.device}`
    const viewer = { channelId: channel.id, user: caller.tokenId ?? caller.user, address: place }
    const jti = parts.mode === 'redirect' ? newJti(parts.random) : await relayJti(parts.ring, viewer, parts.now())
    const expires = Math.floor(parts.now() / 1000) + parts.ttlSeconds
    const user = caller.user?.slice(0, 100) ?? null
    const scope = { kind: 'channel', channelId: channel.id, user, ...(seat !== undefined && { seat }) } as const
    const token = await signer.sign(scope, { jti, expires })
    return `${parts.adapterUrl}/s/${token}${path}`
  }

  const answer = async (location: string, init: Pass) => {
    if (parts.mode === 'proxy') return { kind: 'response', response: await passThrough(parts, location, init) } as const
    await parts.watch?.(init.signal)
    return { kind: 'redirect', location } as const
  }

  return {
    async ts({ channel, caller, quality, slate, behindMs = 0, past, mode, signal }: TsRequest) {
      const query = new URLSearchParams({
        // Adapters of every age understand this spelling.
        ...(quality === 'audio' && { audio: 'aac' }),
        ...(quality !== 'audio' && quality !== 'original' && { quality }),
        ...(slate === true && { slate: '1' }),
        ...viaOf(mode),
        // A programme begins at an instant, whatever time the way to the adapter takes.
        ...(behindMs > 0 &&
          (past?.lastsMs == null ? { start: printStart(behindMs) } : printPast(past.from, past.lastsMs))),
      })
      const search = query.size === 0 ? '' : `?${query.toString()}`
      const location = (await address(channel, caller, `/live/${channel.id}.ts`)) + search
      return answer(location, { method: 'GET', range: past?.range ?? null, signal })
    },
    async hls({ channel, caller, path, query: asked, mode, signal, leaves = false }: HlsRequest) {
      // Who was sent to the adapter leaves there.
      if (leaves && parts.mode === 'redirect') return { kind: 'left' }
      const query = new URLSearchParams(asked)
      for (const [name, value] of Object.entries(path === '' ? viaOf(mode) : {})) query.set(name, value)
      const search = query.size === 0 ? '' : `?${query.toString()}`
      const place = path === '' ? `/live/${channel.id}.m3u8` : `/hls/${channel.id}/${path}`
      return answer((await address(channel, caller, place)) + search, { method: leaves ? 'DELETE' : 'GET', signal })
    },
  }
}

/** By which face of the front the viewer came, for the adapter's status. */
const viaOf = (mode: ViewerMode | undefined): { readonly via?: string } => (mode === 'xtream' ? { via: mode } : {})

type Pass = { readonly method: 'GET' | 'DELETE'; readonly range?: VodRange | null; readonly signal: AbortSignal }

/** The adapter's own answer, its body untouched. Fails with `live/no-adapter`. */
async function passThrough(
  { fetch }: RemoteLinkParts,
  location: string,
  { method, range, signal }: Pass,
): Promise<Response> {
  const tooLate = new AbortController()
  const timer = setTimeout(() => tooLate.abort(), HEADERS_WITHIN_MS)
  try {
    const response = await fetch(location, {
      method,
      signal: AbortSignal.any([signal, tooLate.signal]),
      redirect: 'manual', // a relative Location is for the player, which has our own prefix before it
      headers: {
        'accept-encoding': 'identity',
        ...(range == null ? {} : { range: `bytes=${range.first}-${range.last ?? ''}` }),
      },
    })
    const headers = new Headers()
    for (const name of PASSED_ON) {
      const value = response.headers.get(name)
      if (value !== null) headers.set(name, value)
    }
    return new Response(response.body, { status: response.status, headers })
  } catch (cause) {
    if (signal.aborted) throw signal.reason
    throw new Failure('live/no-adapter', 'The adapter at home does not answer', {}, cause)
  } finally {
    clearTimeout(timer)
  }
}
