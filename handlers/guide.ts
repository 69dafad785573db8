import { Hono } from 'hono'
import type { Context } from 'hono'
import { daysOfGuide, GUIDE_PROFILES } from '../core/guide/client-guide.ts'
import { GUIDE_STEP_MS, guideWindow, withPast } from '../core/guide/window.ts'
import { writeXmltv } from '../core/guide/xmltv-write.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { channelsForClient, PLAYLIST_PROFILES } from '../core/lineup/client.ts'
import { logoUrl } from '../core/lineup/logo/logo-url.ts'
import { pastHoursOf } from '../core/lineup/past.ts'
import { readClient } from './client.ts'
import { entityTag, isFresh, notModified } from './conditional.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { createGuidePress } from './guide-press.ts'
import { publicOrigin } from './origin.ts'
import { selectedChannels } from './selected.ts'
import { seenLineup } from './seen-lineup.ts'

/** What of the gateway the guide needs. */
export type GuidePorts = Pick<
  Gateway,
  'role' | 'lineup' | 'guide' | 'guideDays' | 'publicUrl' | 'rules' | 'peerAddress' | 'now'
>

/**
 * The guide as XMLTV: `/xmltv.xml` (compressed on the way if the caller takes gzip) and `/xmltv.xml.gz` (a gzip file,
 * never with `Content-Encoding`: Jellyfin would unpack it twice). Of all enabled channels, or those
 * of `selection=ID`, `guideDays` ahead, as `client=` needs it.
 *
 * Made once for each revision and view, streamed while it is being made. Range is ignored, HEAD makes nothing.
 * No brotli: not every runtime has it as a stream, and at its usual level it takes seconds.
 * Fails with `lineup/not-ready`, `guide/not-ready`, `lineup/unknown-selection`, `http/bad-request`.
 */
export function guideFace(gateway: GuidePorts): Hono<Env> {
  const press = createGuidePress({ shareUnfinished: gateway.role !== 'gateway' })
  const versionSince = createVersionClock(gateway.now)

  const guide = (c: Context<Env>, isFile: boolean): Response => {
    const lineup = seenLineup(c, gateway)
    const client = readClient(c)
    const profile = GUIDE_PROFILES[client]
    const selection = c.req.query('selection') ?? ''
    const channels = channelsForClient(selectedChannels(lineup, selection), client)
    const days = daysOfGuide(profile, { days: gateway.guideDays, channels: channels.length })
    const window = guideWindow(gateway.now(), days)
    // One version for everybody; who sees less has a view of it.
    const version = `${gateway.lineup.current().revision}.${gateway.guide.revision()}.${window.from / GUIDE_STEP_MS}`
    const modified = versionSince(version)
    const { prefix } = c.get('caller')
    const root = publicOrigin(c, gateway) + prefix
    const isPacked = isFile || acceptsGzip(c.req.header('accept-encoding'))
    const tag = entityTag(version, [root, lineup.revision, selection, client, isPacked ? 'gzip' : 'identity'])

    const headers = new Headers({
      etag: tag,
      'last-modified': new Date(modified).toUTCString(),
      // no-transform: Deno would compress it anew and weaken the tag
      'cache-control': `${prefix === '' ? '' : 'private, '}max-age=300, must-revalidate, no-transform`,
      vary: isFile ? 'Authorization, Cookie' : 'Accept-Encoding, Authorization, Cookie',
    })
    if (isFresh(c.req.raw.headers, { tag, modified })) return notModified(headers)
    headers.set('content-type', isFile ? 'application/gzip' : 'application/xml; charset=utf-8')
    if (isPacked && !isFile) headers.set('content-encoding', 'gzip')
    if (c.req.method === 'HEAD') return new Response(null, { headers })

    const document = press.print(version, `${root} ${lineup.revision} ${selection} ${client}`, () =>
      writeXmltv({
        channels,
        profile,
        programmes: (channel, wanted) => gateway.guide.programmes(channel, wanted),
        window,
        // Who cannot go back need not know what was on.
        ...(PLAYLIST_PROFILES[client].catchup && {
          pastWindow: (channel: Channel) => withPast(window, pastHoursOf(channel)),
        }),
        pictureUrl: (path) => `${root}/${path}`,
        iconUrl: (channel) => logoUrl(root, channel),
      }),
    )
    if (!isPacked) return new Response(document.read().pipeThrough(new DecompressionStream('gzip')), { headers })
    const size = document.size()
    if (size !== null) headers.set('content-length', String(size))
    return new Response(document.read(), { headers })
  }

  const app = new Hono<Env>()
  app.get('/xmltv.xml', (c) => guide(c, false))
  app.get('/xmltv.xml.gz', (c) => guide(c, true))
  app.on(['GET', 'POST'], '/xmltv.php', (c) => guide(c, c.req.query('gzip') === '1'))
  return app
}

/** Says since when a version is the one: the moment it was first asked for, never the same second as the one before. */
function createVersionClock(now: () => number): (version: string) => number {
  let seen = { version: '', since: 0 }
  return (version) => {
    if (version !== seen.version) seen = { version, since: Math.max(now(), seen.since + 1000) }
    return seen.since
  }
}

/** Whether `Accept-Encoding` takes gzip (RFC 9110, section 12.5.3). */
export function acceptsGzip(header: string | undefined): boolean {
  const weights = new Map<string, number>()
  for (const entry of (header ?? '').toLowerCase().split(',')) {
    const [coding = '', ...parameters] = entry.split(';').map((part) => part.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    weights.set(coding === 'x-gzip' ? 'gzip' : coding, weight === undefined ? 1 : Number(weight.slice(2)) || 0)
  }
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0
}
