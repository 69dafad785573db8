import type { BoxIdentity } from './identity.ts'

/** What these boxes call themselves; many panels and stream hosts refuse anything else (stalker.md §2). */
export const BOX_USER_AGENT =
  'Mozilla/5.0 (QtEmbedded; U; Linux; C) AppleWebKit/533.3 (KHTML, like Gecko) MAG200 stbapp ver: 2 rev: 250 Safari/533.3'

/** What a call carries. */
export type BoxCall = {
  readonly identity: BoxIdentity
  /** Null: none yet, or the portal wants none. */
  readonly token: string | null
  readonly timezone: string
  /** The page that a box shows. */
  readonly referer: URL
}

/** The headers of a call, in the spelling of a real box: some servers look for `Authorization` letter by letter. */
export const apiHeaders = ({ identity, token, timezone, referer }: BoxCall): Readonly<Record<string, string>> => ({
  'User-Agent': BOX_USER_AGENT,
  'X-User-Agent': 'Model: MAG250; Link: WiFi',
  Referer: referer.href,
  Accept: '*/*',
  ...credentials({ identity, token, timezone }),
})

/** The headers of a stream: who we are for every host, cookies and token for the portal's own (stalker.md §5.5). */
export const streamHeaders = (call: BoxCall, isPortal: boolean): Readonly<Record<string, string>> => ({
  'User-Agent': BOX_USER_AGENT,
  Accept: '*/*',
  ...(isPortal ? credentials(call) : {}),
})

const credentials = ({ identity, token, timezone }: Omit<BoxCall, 'referer'>): Readonly<Record<string, string>> => ({
  Cookie: `mac=${encodeURIComponent(identity.mac)}; stb_lang=en; timezone=${encodeURIComponent(timezone)}`,
  ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
})
