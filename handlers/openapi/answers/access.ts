import * as v from 'valibot'
import { count, instant, instantOrNull, text, textOrNull } from './leaves.ts'

const role = v.picklist(['admin', 'viewer'])

/** Who calls, and what is possible here. */
export const SessionAnswer = v.strictObject({
  user: textOrNull('anna'),
  role: v.nullable(role),
  mayWatch: v.boolean(),
  prefix: v.pipe(v.string(), v.description('What paths of players start with'), v.examples([''])),
  setupNeeded: v.boolean(),
  anonymous: v.picklist(['none', 'loopback', 'lan']),
  qualities: v.array(text('720p')),
  addresses: v.array(text('http://192.168.1.5:18080')),
  desk: v.pipe(v.boolean(), v.description('Whether owners can work here; a front has no desk')),
})

/** A sign-in that went well; the session is in the cookie. */
export const SignedInAnswer = v.strictObject({ user: text('anna'), role, expiresAt: instantOrNull })

/** A token as lists show it. */
export const TokenAnswer = v.strictObject({
  id: text('4k2jf9'),
  kind: v.picklist(['viewing', 'api', 'app']),
  name: text('Television in the kitchen'),
  account: textOrNull('anna'),
  owner: textOrNull('anna'),
  slate: v.boolean(),
  scope: v.exactOptional(v.picklist(['read', 'write'])),
  createdAt: instant,
  lastSeen: instantOrNull,
})

/** A new token, shown this once. */
export const NewTokenAnswer = v.strictObject({
  ...TokenAnswer.entries,
  token: text('k1.4k2jf9.Zm9v'),
  playlistUrl: v.exactOptional(text('http://192.168.1.5:18080/t/k1.4k2jf9.Zm9v/playlist.m3u')),
  hlsPlaylistUrl: v.exactOptional(text('http://192.168.1.5:18080/t/k1.4k2jf9.Zm9v/playlist.m3u?format=hls')),
  guideUrl: v.exactOptional(text('http://192.168.1.5:18080/t/k1.4k2jf9.Zm9v/xmltv.xml')),
})

/** An account. */
export const UserAnswer = v.strictObject({
  id: text('anna'),
  name: text('Anna'),
  role,
  maxStreams: v.nullable(count(2)),
  groups: v.nullable(v.array(text('Kids'))),
  selections: v.nullable(v.array(text('kids'))),
  adultLock: v.boolean(),
  expires: instantOrNull,
  managed: v.pipe(v.boolean(), v.description('Written in the configuration, and edited there'), v.examples([false])),
  createdAt: instantOrNull,
})

/** A short link, shown this once. */
export const ShortLinkAnswer = v.strictObject({
  code: text('k7p2m9xq'),
  url: text('http://192.168.1.5:18080/x/k7p2m9xq'),
  qrUrl: text('http://192.168.1.5:18080/api/v1/tokens/4k2jf9/qr.svg?code=k7p2m9xq'),
  expiresAt: instantOrNull,
})

/** A short link as lists show it. */
export const ShortLinkRowAnswer = v.strictObject({
  tokenId: text('4k2jf9'),
  name: text('Television of the children'),
  selection: textOrNull('kids'),
  client: textOrNull('kodi'),
  createdAt: instantOrNull,
  expiresAt: instantOrNull,
  lastSeen: instantOrNull,
})

/** A change that somebody made. */
export const AuditAnswer = v.strictObject({
  items: v.array(
    v.strictObject({
      id: count(12),
      at: instant,
      who: textOrNull('Jo'),
      by: text('session'),
      address: text('192.168.1.20'),
      action: text('DELETE /api/v1/users/anna'),
      status: count(204),
    }),
  ),
})
