import { Hono } from 'hono'
import { createAccess } from '../../core/access/access.ts'
import { NO_LIMITS } from '../../core/access/accounts.ts'
import type { Account, PasswordHasher } from '../../core/access/accounts.ts'
import { createEndedSessions } from '../../core/access/ended-sessions.ts'
import { createKeyRing, parseLinkKeys } from '../../core/access/keys.ts'
import { createLinkDoor } from '../../core/access/link-session.ts'
import { createPairCheck } from '../../core/access/pair-check.ts'
import { createPeopleDesk } from '../../core/access/people.ts'
import { systemRandom } from '../../core/access/random.ts'
import { createSessionMint } from '../../core/access/session.ts'
import { createSetupCode } from '../../core/access/setup-code.ts'
import { createSignIn } from '../../core/access/sign-in.ts'
import { createLinkSigner } from '../../core/access/signed-link.ts'
import { createTokens } from '../../core/access/token-desk.ts'
import { createTokenMint } from '../../core/access/token-mint.ts'
import { QUALITIES } from '../../core/live/quality.ts'
import type { LogFacts } from '../../core/log.ts'
import type { Programme } from '../../core/guide/programme.ts'
import { channelId, channelKey } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { createChannelFilter } from '../../core/lineup/filter/channel-filter.ts'
import { withViews } from '../../core/lineup/person-view.ts'
import { indexLineup } from '../../core/lineup/lineup.ts'
import type { Lineup } from '../../core/lineup/lineup.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { StreamStatus } from '../../core/live/hub.ts'
import { createApp } from '../../handlers/app.ts'
import type { Env } from '../../handlers/env.ts'
import type { Gateway, SourceStatus } from '../../handlers/gateway.ts'
import { houseApi } from '../../handlers/house-api.ts'
import { docsRoutes } from '../../handlers/openapi/docs-routes.ts'
import { snapshotFace } from '../../handlers/snapshot.ts'
import { createMemoryAccounts, createMemoryTokens } from './access-store.ts'

/** A channel with one stream of a receiver. */
export function fakeChannel(key: number, changes: Partial<Channel> = {}): Channel {
  const name = changes.name ?? `Channel ${key}`
  const serviceRef = `1:0:19:${key.toString(16).toUpperCase()}:3EF:1:C00000:0:0:0:`
  const source = sourceId('receiver')
  return {
    key: channelKey(key),
    id: channelId(channelKey(key)),
    number: String(key),
    name,
    media: 'tv',
    groups: ['All'],
    enabled: true,
    hasLogo: false,
    guide: { feed: 'receiver', channel: serviceRef },
    streams: [
      {
        id: streamId(source, serviceRef),
        sourceId: source,
        item: serviceRef,
        name,
        media: 'tv',
        serviceRef,
        programNumber: key,
        slotKey: 'transponder',
      },
    ],
    ...changes,
  }
}

/** A player's face that says who it thinks is calling. */
export const echoFace = (): Hono<Env> =>
  new Hono<Env>()
    .get('/live/:file', (c) => c.json({ file: c.req.param('file'), ...c.get('caller') }))
    .get('/hls/:id/:file', (c) => c.json({ file: c.req.param('file'), ...c.get('caller') }))
    .get('/playlist.m3u', (c) => c.json(c.get('caller')))
    .get('/groups/:file', (c) => c.json({ group: c.req.param('file') }))

/** What tests of the HTTP faces may change about the house. */
export type FakeHouse = {
  readonly gateway?: Partial<Gateway>
  readonly accounts?: readonly Account[]
  readonly lineup?: Lineup
  readonly programmes?: (channel: Channel) => readonly Programme[]
  readonly streams?: readonly StreamStatus[]
  readonly sources?: readonly SourceStatus[]
}

const missing = (): Promise<never> => Promise.reject(new TypeError('The test did not expect this'))

/**
 * A house with real access rules over stores in memory, and everything else still. Passwords are hashed as
 * `plain:{password}`. The peer's address is what the header `x-test-peer` says, 127.0.0.1 without it.
 */
export function fakeHouse(house: FakeHouse = {}) {
  const clock = { now: Date.UTC(2026, 10, 21, 20, 20) }
  const now = () => clock.now
  const logged: { readonly level: string; readonly event: string; readonly facts: LogFacts }[] = []
  const ring = createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`))
  const accounts = createMemoryAccounts(house.accounts)
  const tokens = createTokens({ mint: createTokenMint(ring), store: createMemoryTokens(), random: systemRandom, now })
  const setup = createSetupCode({ random: systemRandom, now })
  const hasher: PasswordHasher = {
    hash: (password) => Promise.resolve(`plain:${password}`),
    verify: (password, hash) => Promise.resolve(hash === `plain:${password}`),
  }
  const signIn = createSignIn({
    accounts,
    hasher,
    sessions: createSessionMint({ ring, now }),
    ended: createEndedSessions(now),
    setup,
    random: systemRandom,
    now,
  })
  const signer = createLinkSigner(ring)
  const links = createLinkDoor({ signer, now })
  const state = {
    lineup: house.lineup ?? {
      revision: '7',
      channels: [fakeChannel(1), fakeChannel(2)],
      groups: [{ name: 'All', order: 0 }],
    },
  }
  const gateway: Gateway = {
    role: 'all',
    access: createAccess({ tokens, signIn, accounts, now }),
    rules: { anonymous: 'loopback', trustedProxies: [], hosts: [] },
    pairs: createPairCheck({ accounts, tokens, hasher, random: systemRandom, now }),
    signIn,
    people: createPeopleDesk({ accounts, hasher, tokens, now }),
    tokens,
    links,
    mediaOrigins: [],
    lineup: withViews({ current: () => indexLineup(state.lineup) }),
    channelFilter: createChannelFilter,
    guide: { revision: () => '3', programmes: (channel) => house.programmes?.(channel) ?? [] },
    live: { ts: missing, hls: missing },
    logos: { logo: () => Promise.resolve(null) },
    vod: null,
    vodNumbers: null,
    status: {
      version: '1.2.3',
      runtime: 'test 1',
      startedAt: clock.now - 90_500,
      ready: () => true,
      sources: () => house.sources ?? [],
      streams: () => house.streams ?? [],
      transcode: () => null,
      notices: () => [],
    },
    changes: { subscribe: () => () => {} },
    outlet: {
      open() {
        throw new TypeError('The test did not expect a live answer')
      },
    },
    admin: null,
    guideDesk: null,
    sourceDesk: null,
    pages: null,
    guideDays: 7,
    audioTs: 'original',
    qualities: () => QUALITIES,
    publicUrl: null,
    log: (level, event, facts = {}) => void logged.push({ level, event, facts }),
    now,
    timeZone: 'UTC',
    peerAddress: (context) =>
      (context as { req: { header(name: string): string | undefined } }).req.header('x-test-peer') ?? '127.0.0.1',
    ...house.gateway,
  }
  const app = createApp(gateway, {
    viewing: [echoFace],
    linked: [echoFace, snapshotFace],
    api: houseApi,
    documents: [docsRoutes],
  })
  return {
    app,
    gateway,
    clock,
    logged,
    state,
    accounts,
    setup,
    signer,
    links,
    tokens,
    /** Asks the house as a browser on this machine would, by `localhost`. */
    get: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      app.request(path, { method, headers: { host: 'localhost:18080', ...headers } }),
    send: (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
      app.request(path, {
        method,
        headers: { host: 'localhost:18080', 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  }
}

/** Somebody on the internet. */
export const STRANGER = { 'x-test-peer': '203.0.113.9' }

/** An admin whose password is `correct horse`. */
export const ADMIN: Account = {
  name: 'Jo',
  role: 'admin',
  passwordHash: 'plain:correct horse',
  createdAt: 0,
  generation: 1,
  limits: NO_LIMITS,
}

/** A viewer with the same password. */
export const VIEWER: Account = { ...ADMIN, name: 'Anna', role: 'viewer' }

/** The `Cookie` header of somebody who has just signed in. */
export async function cookieOf(
  house: ReturnType<typeof fakeHouse>,
  name: string,
): Promise<{ readonly cookie: string }> {
  const response = await house.send('POST', '/api/v1/session', { name, password: 'correct horse' })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (cookie === undefined) throw new Error(`${name} cannot sign in: ${response.status}`)
  return { cookie }
}
