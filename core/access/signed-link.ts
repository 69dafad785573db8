import { fromBase64Url, toBase64Url } from './base64url.ts'
import type { KeyRing } from './keys.ts'
import { printLinkSeat, readLinkSeat } from './link-seat.ts'
import type { LinkSeat } from './link-seat.ts'

/**
 * What a signed link opens below `/s/{token}`.
 *
 * `channel`: `/live/{id}.ts`, `/live/{id}.m3u8` and everything below `/hls/{id}/`; `user` is shown in the adapter's status,
 * `seat` tells whose streams it counts among.
 * `vod`: one film (`item` is `film/{id}`) or episode (`series/{id}/{season}/{number}`) of a source, below `/play/`.
 * `house`: `/snapshot/{part}`, `/snapshot/manifest`, `/snapshot/content/…`, `/snapshot/vod/…`, `/logo/{id}` and posters, for a front itself.
 */
export type LinkScope =
  | ({ readonly kind: 'channel'; readonly channelId: string } & LinkViewer)
  | ({ readonly kind: 'vod'; readonly sourceId: string; readonly item: string } & LinkViewer)
  | { readonly kind: 'house' }

/** Who comes by a link. */
type LinkViewer = { readonly user: string | null; readonly seat?: LinkSeat }

/** A link whose MAC is right. Whether it still opens something is for `LinkSessions` to say. */
export type SignedLink = {
  readonly scope: LinkScope
  /** Random name of the session that this link opens. */
  readonly jti: string
  /** Epoch seconds until which the link opens a session. */
  readonly expires: number
}

/** Clocks of front and adapter may differ by this much. */
export const CLOCK_SKEW_SECONDS = 30

const MAX_TOKEN_LENGTH = 1024
const LAYOUT = /^([A-Za-z0-9_-]{1,16})\.(\d{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/
const CHANNEL_ID = /^c[1-9]\d{0,9}$/
const SOURCE_ID = /^[a-z0-9][a-z0-9-]{0,63}$/
const VOD_ITEM = /^(?:film\/[\w-]{1,64}|series\/[\w-]{1,64}\/\d{1,6}\/\d{1,6})$/
const MAX_USER_LENGTH = 100

/** Signs and reads the tokens of signed links: `kid.expires.jti.scope.mac` (`docs/signed-links.md`). */
export interface LinkSigner {
  /** Fails with `TypeError` for a scope that cannot be read back. `jti` is 16 bytes as base64url. */
  sign(scope: LinkScope, link: { readonly expires: number; readonly jti: string }): Promise<string>
  /** The link of a token with a right MAC by one of our keys and a readable scope; null for anything else. */
  read(token: string): Promise<SignedLink | null>
}

/** The signer of a ring of keys. MAC over `link/v1 LF kid LF expires LF jti LF scope`, each field as it stands in the token. */
export function createLinkSigner(ring: KeyRing): LinkSigner {
  return {
    async sign(scope, { expires, jti }) {
      const scopeText = printScope(scope)
      if (readScope(scopeText) === null)
        throw new TypeError(
          'The scope of a link needs a channel id like "c12", or a source and its item, and a user name of at most 100 characters',
        )
      const mac = await ring.sign('link', signedText(ring.kid, String(expires), jti, scopeText))
      return `${ring.kid}.${expires}.${jti}.${scopeText}.${toBase64Url(mac)}`
    },
    async read(token) {
      if (token.length > MAX_TOKEN_LENGTH) return null
      const [, kid, expires, jti, scopeText, macText] = LAYOUT.exec(token) ?? []
      if (
        kid === undefined ||
        expires === undefined ||
        jti === undefined ||
        scopeText === undefined ||
        macText === undefined
      )
        return null
      const mac = fromBase64Url(macText)
      if (mac === null || !(await ring.verify('link', kid, signedText(kid, expires, jti, scopeText), mac))) return null
      const scope = readScope(scopeText)
      return scope === null ? null : { scope, jti, expires: Number(expires) }
    },
  }
}

const signedText = (kid: string, expires: string, jti: string, scope: string): string =>
  `link/v1\n${kid}\n${expires}\n${jti}\n${scope}`

function printScope(scope: LinkScope): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(fieldsOf(scope))))
}

function fieldsOf(scope: LinkScope): readonly unknown[] {
  switch (scope.kind) {
    case 'channel':
      return ['channel', scope.channelId, ...viewerFields(scope)]
    case 'vod':
      return ['vod', scope.sourceId, scope.item, ...viewerFields(scope)]
    case 'house':
      return ['house']
    default:
      return scope satisfies never
  }
}

const viewerFields = ({ user, seat }: LinkViewer): readonly unknown[] =>
  seat === undefined ? [user] : [user, printLinkSeat(seat)]

function readScope(text: string): LinkScope | null {
  const fields = parseJson(text)
  if (!Array.isArray(fields)) return null
  const [kind, place, ...rest] = fields as readonly unknown[]
  if (kind === 'house') return fields.length === 1 ? { kind } : null
  if (typeof place !== 'string') return null
  if (kind === 'channel') {
    const viewer = readViewer(rest)
    return viewer !== null && CHANNEL_ID.test(place) ? { kind, channelId: place, ...viewer } : null
  }
  const [item, ...who] = rest
  const viewer = readViewer(who)
  if (kind !== 'vod' || viewer === null || !SOURCE_ID.test(place)) return null
  return typeof item === 'string' && VOD_ITEM.test(item) ? { kind, sourceId: place, item, ...viewer } : null
}

function readViewer(fields: readonly unknown[]): LinkViewer | null {
  const [user, told] = fields
  if (user !== null && (typeof user !== 'string' || user.length > MAX_USER_LENGTH)) return null
  if (fields.length === 1) return { user }
  const seat = readLinkSeat(told)
  return fields.length === 2 && seat !== null ? { user, seat } : null
}

function parseJson(text: string): unknown {
  const bytes = fromBase64Url(text)
  if (bytes === null) return null
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null // not UTF-8 or not JSON: as unreadable as any other wrong scope
  }
}

/** Snapshots, pictures, and what a front asks about films. */
const HOUSE_PATH =
  /^\/(?:logo\/c\d+|snapshot\/(?:lineup|guide|people|manifest)|snapshot\/content\/[\w-]{43}|snapshot\/vod\/[\w-]+\/[\w/-]+|play\/(?:vod|series)\/[\w-]+\/[\w-]+\/poster)$/

/** Whether a link of this scope opens `path`, the raw path below `/s/{token}` (`/live/c12.ts`). */
export function opensPath(scope: LinkScope, path: string): boolean {
  if (scope.kind === 'house') return HOUSE_PATH.test(path)
  if (scope.kind === 'vod') {
    const [kind, ...place] = scope.item.split('/')
    const file = `/play/${kind === 'film' ? 'vod' : 'series'}/${scope.sourceId}/${place.join('/')}`
    return path === file || (path.startsWith(`${file}.`) && /^\w{1,5}$/.test(path.slice(file.length + 1)))
  }
  const id = scope.channelId
  // The slash matters: without it "c1" would open "c10" as well.
  return path === `/live/${id}.ts` || path === `/live/${id}.m3u8` || path.startsWith(`/hls/${id}/`)
}
