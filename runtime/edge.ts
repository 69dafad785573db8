import { fixedAccounts } from '../core/access/fixed-admin.ts'
import { createFrontPeople } from '../core/access/front-people.ts'
import { createKeyRing } from '../core/access/keys.ts'
import type { LeaseStore } from '../core/access/leases.ts'
import { systemRandom } from '../core/access/random.ts'
import { createCallSeal } from '../core/access/sealed-call.ts'
import type { NonceBook } from '../core/access/sealed-call.ts'
import { callRules } from '../core/config.ts'
import type { Config, SiteConfig } from '../core/config.ts'
import { Failure } from '../core/errors.ts'
import { QUALITIES } from '../core/live/quality.ts'
import type { Log } from '../core/log.ts'
import type { SnapshotStore } from '../core/snapshots/store.ts'
import { createApp } from '../handlers/app.ts'
import type { BodyOutlet, Gateway, PageReader } from '../handlers/gateway.ts'
import { guideFace } from '../handlers/guide.ts'
import { hlsFace } from '../handlers/hls.ts'
import { liveFace } from '../handlers/live.ts'
import { logoFace } from '../handlers/logo.ts'
import { playlistFace } from '../handlers/playlist.ts'
import { vodFace } from '../handlers/vod.ts'
import { xtreamFace } from '../handlers/xtream/face.ts'
import { createXtreamFilms } from '../handlers/xtream/films.ts'
import type { Fetch } from './host.ts'
import { openSites } from './sites.ts'
import { VERSION } from './version.ts'
import { withViews } from '../core/lineup/person-view.ts'
import { withVodViews } from '../core/lineup/vod-view.ts'
import { FRONT_NOTICES } from '../core/notices/fronts.ts'
import { notice } from '../core/notices/notice.ts'
import type { Notice } from '../core/notices/notice.ts'

/** A place for leases, and for the names of calls that were carried out there. */
export type FrontLeases = { readonly store: LeaseStore; readonly nonces: NonceBook }

/** What a front needs from where it runs. */
export type EdgeParts = {
  readonly config: Config
  /** Name of the runtime, as the status shows it. */
  readonly runtime: string
  readonly outlet: BodyOutlet
  readonly pages: PageReader | null
  readonly peerAddress: (context: unknown) => string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Where snapshots outlast this process, and may be published to; absent: nowhere. */
  readonly store?: SnapshotStore | null
  /** Where leases of the adapters are kept; absent: nowhere here. */
  readonly leases?: FrontLeases | null
  readonly log: Log
  readonly now: () => number
}

/** An assembled front. */
export type Front = {
  readonly fetch: Fetch
  /** Asks the adapter for news if it is time; every request does so by itself. Never fails. */
  freshen(): Promise<void>
}

/**
 * The front: playlists, guide, pictures, log-in and redirects from snapshots of an adapter at home. Only fetch, no
 * sources, no store; loaded by Workers and Deno Deploy too. Nothing happens before the first request.
 *
 * Fails with `config/invalid` when link keys or the adapter's address are missing.
 */
export function createFront(parts: EdgeParts): Front {
  const { config, log, now } = parts
  const { keys, mode } = config.links
  if (keys === null)
    throw new Failure(
      'config/invalid',
      'links.keys: missing; a front needs the keys of its adapter (DOWNLINK_LINK_KEYS)',
    )
  const ring = createKeyRing(keys)
  const sites = openSites({ config, ring, store: parts.store ?? null, fetch: parts.fetch, log, now })
  const { snapshots, vod } = sites
  const people = createFrontPeople({ ring, fixed: fixedAccounts(config), news: snapshots, random: systemRandom, now })
  const startedAt = now()
  if (mode === 'proxy')
    log('warn', 'links-proxy', {
      advice: 'All video passes through this front: mind the terms of the host and its CPU',
    })

  const gateway: Gateway = {
    role: 'gateway',
    access: people.access,
    rules: callRules(config),
    pairs: people.pairs,
    signIn: people.signIn,
    people: null,
    ...(parts.leases && {
      leases: {
        store: parts.leases.store,
        seal: createCallSeal({ ring, purpose: 'lease', now, random: systemRandom, nonces: parts.leases.nonces }),
        now,
      },
    }),
    tokens: null,
    links: null,
    publishing: sites.publishing,
    mediaOrigins: [...new Set(sites.configs.map(({ adapterUrl }) => new URL(adapterUrl).origin))],
    lineup: withViews(snapshots.lineup),
    channelFilter: null,
    guide: snapshots.guide,
    live: sites.live,
    logos: snapshots,
    vod: withVodViews(vod, { now }),
    vodNumbers: vod.numbers,
    status: {
      version: VERSION,
      runtime: parts.runtime,
      startedAt,
      ready: () => snapshots.ready(),
      sources: () => [],
      streams: () => [],
      transcode: () => null,
      notices: () => frontNotices(config, sites.configs),
    },
    // A front hears of changes when it fetches the next snapshot.
    changes: { subscribe: () => () => {} },
    outlet: parts.outlet,
    admin: null,
    sourceDesk: null,
    guideDesk: null,
    pages: parts.pages,
    audioTs: config.audio.ts,
    // What the adapter cannot make it refuses, and says why.
    qualities: () => QUALITIES,
    guideDays: config.guide.days,
    publicUrl: config.publicUrl,
    log,
    now,
    timeZone: 'UTC',
    peerAddress: parts.peerAddress,
  }
  const app = createApp(gateway, {
    named: [(front) => xtreamFace(front, createXtreamFilms(front))],
    viewing: [playlistFace, guideFace, logoFace, vodFace, liveFace, hlsFace],
    linked: [],
  })
  return {
    freshen: () => snapshots.freshen(),
    async fetch(request, env) {
      // What says that the process answers, and what other houses wait for, must not wait for one.
      if (!/\/(?:healthz|leases)$/.test(request.url)) await snapshots.freshen()
      return app.fetch(request, (env ?? {}) as object)
    },
  }
}

/** For fronts that keep leases in their own platform. Fails with `config/invalid` where another place is configured. */
export function withoutLeasesUrl(config: Config): Config {
  if (config.leases.url === null) return config
  throw new Failure('config/invalid', 'leases.url: should be absent here; this front keeps leases in its own platform')
}

/** What the owner of a front should know. */
export function frontNotices(
  config: Pick<Config, 'publicUrl'>,
  sites: readonly Pick<SiteConfig, 'adapterUrl'>[],
): readonly Notice[] {
  const isMixed =
    config.publicUrl?.startsWith('https:') && sites.some(({ adapterUrl }) => adapterUrl.startsWith('http:'))
  return isMixed ? [notice(FRONT_NOTICES, 'front/mixed', {})] : []
}
