import { toBase64Url } from './base64url.ts'
import type { KeyRing } from './keys.ts'

const WINDOW_MS = 3_600_000

/**
 * Name of the session in which a front that passes bytes through (`links.mode: proxy`) asks the adapter for one viewer.
 *
 * A front keeps nothing, yet all requests of one viewer for one channel must be one session there: the name is a MAC
 * of who watches what. It changes every hour, so that a stopped session is not refused for ever.
 */
export async function relayJti(
  ring: KeyRing,
  viewer: { readonly channelId: string; readonly user: string | null; readonly address: string },
  now: number,
): Promise<string> {
  const hour = Math.floor(now / WINDOW_MS)
  const mac = await ring.sign(
    'relay-session',
    JSON.stringify(['relay-session/v1', viewer.channelId, viewer.user, viewer.address, hour]),
  )
  return toBase64Url(mac.subarray(0, 16))
}
