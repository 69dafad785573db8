import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { createKeyRing, parseLinkKeys } from '../../core/access/keys.ts'
import { newJti, systemRandom } from '../../core/access/random.ts'
import { createLinkSigner } from '../../core/access/signed-link.ts'
import type { LinkScope } from '../../core/access/signed-link.ts'
import { channelId, channelKey } from '../../core/lineup/channel.ts'
import { judge } from '../core/live/ts-judge.ts'
import type { Receiver } from '../fakes/receiver/index.ts'
import { noFfmpeg, startHouse, startTestReceiver } from './house.ts'
import { playHls } from './hls-player.ts'
import { ask, open } from './http-client.ts'
import { addressesIn, newFolder, runToEnd, until } from './program.ts'
import type { Program } from './program.ts'

/** Keys of two sides in the middle of a change: the adapter signs with the old one, fronts may use either. */
export const KEYS = {
  old: 'k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
  next: 'k2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8',
  foreign: 'k1:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8',
} as const

/** A front that runs. */
export interface FrontUnderTest extends AsyncDisposable {
  /** Base URL without a slash at the end. */
  readonly url: string
}

/** Starts a front of some kind with these settings. */
export type StartFront = (env: Readonly<Record<string, string>>) => Promise<FrontUnderTest>

/** Who asks from elsewhere has no rights by address. */
const FAR = { 'x-forwarded-for': '203.0.113.9' }

/**
 * What every front has to do with an adapter at home: a process, Workers and Deno Deploy alike.
 *
 * The adapter is a process of its own, on the runtime of the test, with the simulated receiver.
 */
export function testFront(name: string, startFront: StartFront): void {
  describe(name, { skip: noFfmpeg() }, () => {
    const stack = new AsyncDisposableStack()
    let receiver: Receiver
    let folder: string
    let adapter: Program
    let front: FrontUnderTest
    let passing: FrontUnderTest
    let token: string
    let revoked: { readonly token: string; readonly at: number }

    const atHome = (...words: string[]) =>
      runToEnd({
        command: ['token', ...words],
        bare: true,
        folder,
        args: ['--data', 'data'],
        env: { DOWNLINK_ROLE: 'adapter', DOWNLINK_LINK_KEYS: `${KEYS.old},${KEYS.next}` },
      })
    const newToken = async (who: string): Promise<{ id: string; token: string }> => {
      const { stdout, stderr } = await atHome('add', who)
      const [, id = ''] = /\(([\w-]+)\)/.exec(stdout) ?? []
      const [, text = ''] = /^ {2}\/t\/([^/]+)\/playlist\.m3u$/m.exec(stdout) ?? []
      assert.ok(id !== '' && text !== '', stdout + stderr)
      return { id, token: text }
    }

    before(async () => {
      folder = newFolder()
      stack.defer(() => rmSync(folder, { recursive: true, force: true }))
      receiver = stack.use(await startTestReceiver())
      const home = startHouse(receiver, {
        folder,
        args: ['--role', 'adapter'],
        env: { DOWNLINK_LINK_KEYS: `${KEYS.old},${KEYS.next}` },
        config: { live: { lingerSeconds: 0.5 } },
      })
      adapter = stack.use(await home)
      ;({ token } = await newToken('Kitchen'))
      const guest = await newToken('Guest')
      const common = { DOWNLINK_ADAPTER_URL: adapter.url, DOWNLINK_ADMIN_PASSWORD: 'correct-horse-battery' }
      front = stack.use(await startFront({ ...common, DOWNLINK_LINK_KEYS: `${KEYS.old},${KEYS.next}` }))
      const other = { DOWNLINK_LINK_KEYS: `${KEYS.next},${KEYS.old}`, DOWNLINK_LINK_MODE: 'proxy' }
      passing = stack.use(await startFront({ ...common, ...other }))
      // News of it travel while the other tests run.
      assert.equal((await ask(`${front.url}/t/${guest.token}/playlist.m3u`)).status, 200)
      assert.equal((await atHome('revoke', guest.id)).code, 0)
      revoked = { token: guest.token, at: Date.now() }
    })
    after(() => stack.disposeAsync())
    const viewing = (path: string, at = front): string => `${at.url}/t/${token}${path}`

    test('the front answers playlist, guide, pictures and page', async () => {
      assert.equal((await ask(`${front.url}/readyz`)).status, 200)
      const playlist = await ask(viewing('/playlist.m3u'), { headers: FAR })
      assert.equal(playlist.status, 200)
      const urls = addressesIn(playlist.text)
      assert.equal(urls.length, 14)
      assert.ok(
        urls.every((url) => url.startsWith(viewing('/live/c'))),
        urls[0],
      )
      const guide = await ask(viewing('/xmltv.xml'), { headers: FAR })
      assert.equal(guide.status, 200)
      assert.ok((guide.text.match(/<programme /g) ?? []).length > 100)
      const etag = guide.headers['etag'] ?? ''
      assert.equal((await ask(viewing('/xmltv.xml'), { headers: { ...FAR, 'if-none-match': etag } })).status, 304)
      const logo = await ask(viewing('/logo/c1'), { headers: FAR })
      assert.deepEqual([logo.status, logo.headers['content-type']], [200, 'image/png'])
      const page = await ask(`${front.url}/`)
      assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8'])
      // A web player of this front fetches its bytes from the adapter.
      assert.ok((page.headers['content-security-policy'] ?? '').includes(adapter.url))
    })

    test('the front knows nobody without a token, and has no sources', async () => {
      for (const path of ['/playlist.m3u', '/live/c1.ts', '/live/c1.m3u8', '/xmltv.xml', '/logo/c1'])
        assert.equal((await ask(front.url + path, { headers: FAR })).status, 401, path)
      const wrong = await ask(`${front.url}/t/${token.slice(0, -2)}AA/playlist.m3u`)
      assert.deepEqual([wrong.status, wrong.headers['x-downlink-error']], [403, 'access/bad-link'])
      assert.equal((await ask(`${front.url}/s/x/live/c1.ts`)).status, 404)
      assert.equal((await ask(viewing('/live/c999.ts'))).status, 404)
    })

    test('the front signs in the admin of its configuration', async () => {
      const login = (password: string) =>
        ask(`${front.url}/api/v1/session`, { method: 'POST', headers: FAR, body: { name: 'admin', password } })
      assert.equal((await login('something-else')).status, 401)
      const cookie = ((await login('correct-horse-battery')).headers['set-cookie'] ?? '').split(';')[0] ?? ''
      const playlist = await ask(`${front.url}/playlist.m3u`, { headers: { ...FAR, cookie } })
      const [first = ''] = addressesIn(playlist.text)
      assert.match(first, /\/t\/[^/]+\/live\/c\d+\.ts$/)
      // The address goes on working without the cookie, and stays the same.
      assert.equal((await ask(first, { headers: FAR })).status, 302)
      assert.equal((await ask(`${front.url}/playlist.m3u`, { headers: { ...FAR, cookie } })).text, playlist.text)
    })

    test('a player that follows the redirect gets television from the adapter', async () => {
      const sent = await ask(viewing('/live/c1.ts'), { headers: FAR })
      assert.deepEqual([sent.status, sent.headers['cache-control'], sent.bytes.length], [302, 'no-store', 0])
      assert.ok(sent.headers['location']?.startsWith(`${adapter.url}/s/k1.`), sent.headers['location'])
      assert.equal(sent.headers['access-control-allow-origin'], '*')
      using viewer = await open(viewing('/live/c1.ts'), { follow: true })
      assert.equal(viewer.status, 200)
      const bytes = await viewer.read(188 * 100)
      assert.deepEqual(judge(bytes.subarray(0, bytes.length - (bytes.length % 188))).faults, [])
    })

    test('HLS goes on at the adapter by relative addresses behind the link', async () => {
      const master = await ask(viewing('/live/c4.m3u8'), { follow: true })
      assert.equal(master.status, 200)
      const [prefix = ''] = /^.*\/s\/[^/]+\//.exec(master.url) ?? []
      assert.ok(prefix.startsWith(`${adapter.url}/s/`), master.url)
      await playHls(master.url, master.text, `${prefix}hls/c4/`)
    })

    test('a front that passes bytes through plays TS and HLS under its own address, signed by the newer key', async () => {
      using viewer = await open(viewing('/live/c1.ts', passing), { headers: FAR })
      assert.deepEqual([viewer.status, viewer.headers['content-type']], [200, 'video/mp2t'])
      const bytes = await viewer.read(188 * 100)
      assert.deepEqual(judge(bytes.subarray(0, bytes.length - (bytes.length % 188))).faults, [])
      const address = viewing('/live/c4.m3u8', passing)
      const master = await ask(address, { follow: true })
      assert.equal(master.url, address)
      await playHls(address, master.text, viewing('/hls/c4/', passing))
      viewer.close()
      await until('nobody watches at home', () =>
        receiver.observe().currentStreams.every(({ ref }) => !ref.includes(':132F:')),
      )
    })

    test('the front speaks the Xtream API: lists and guide by itself, streams at the adapter', async () => {
      const act = (more: string, password = token) =>
        ask(`${front.url}/player_api.php?username=kitchen&password=${password}${more}`, { headers: FAR })
      const login = (await act('')).json() as { user_info: { auth: number }; server_info: { timezone: string } }
      assert.deepEqual([login.user_info.auth, login.server_info.timezone], [1, 'UTC'])
      assert.deepEqual((await act('', 'guess')).json(), { user_info: { auth: 0 } })
      const rows = (await act('&action=get_live_streams')).json() as { stream_id: number; category_id: string }[]
      assert.equal(rows.length, 14)
      const categories = (await act('&action=get_live_categories')).json() as { category_id: string }[]
      const ids = categories.map((row) => row.category_id)
      assert.ok(rows.every((row) => ids.includes(row.category_id)))
      const guide = (await act('&action=get_short_epg&stream_id=1')).json() as { epg_listings: unknown[] }
      assert.equal(guide.epg_listings.length, 4)
      const [film] = (await act('&action=get_vod_streams')).json() as {
        stream_id: number
        container_extension: string
      }[]
      const file = `${film?.stream_id}.${film?.container_extension}`
      const played = await ask(`${front.url}/movie/kitchen/${token}/${file}`, {
        headers: { ...FAR, range: 'bytes=0-99' },
        follow: true,
      })
      assert.deepEqual([played.status, played.bytes.length], [206, 100])
      const xmltv = await ask(`${front.url}/xmltv.php?username=kitchen&password=${token}`, { headers: FAR })
      assert.match(xmltv.text, /<channel id="c1\.downlink">/)
      const pair = `kitchen/${token}`
      for (const path of [`/live/${pair}/1.ts`, `/live/${pair}/1.m3u8`, `/${pair}/1`]) {
        const sent = await ask(front.url + path, { headers: FAR })
        assert.deepEqual([sent.status, sent.headers['cache-control']], [302, 'no-store'], path)
        assert.ok(sent.headers['location']?.startsWith(`${adapter.url}/s/k1.`), path)
      }
      assert.equal((await ask(`${front.url}/live/kitchen/guess/1.ts`, { headers: FAR })).status, 401)
      assert.equal((await ask(`${front.url}/kitchen/guess/1`, { headers: FAR })).status, 404)
    })

    test('a front that passes bytes through keeps name and password in every address of HLS', async () => {
      const root = `${passing.url}/live/kitchen/${token}/`
      const master = await ask(`${root}4.m3u8`, { headers: FAR })
      assert.equal(master.status, 200)
      await playHls(`${root}4.m3u8`, master.text, `${root}hls/c4/`)
      const short = await ask(`${passing.url}/kitchen/${token}/4.m3u8`, { headers: FAR })
      await playHls(short.url, short.text, `${root}hls/c4/`)
    })

    test('the adapter shows nothing but links, health and metrics', async () => {
      assert.equal((await adapter.ask('/healthz')).status, 200)
      assert.match((await adapter.ask('/metrics')).text, /^downlink_link_sessions \d+$/m)
      for (const path of [
        '/',
        '/playlist.m3u',
        '/xmltv.xml',
        '/live/c1.ts',
        '/api/status',
        '/api/v1/session',
        `/t/${token}/playlist.m3u`,
      ])
        assert.equal((await adapter.ask(path)).status, 404, path)
    })

    test('expired, foreign and misused links are the same 403', async () => {
      const good = await sign(KEYS.next, channel(1), 60)
      const links = {
        expired: `/s/${await sign(KEYS.old, channel(1), -60)}/live/c1.ts`,
        foreign: `/s/${await sign(KEYS.foreign, channel(1), 60)}/live/c1.ts`,
        'of another channel': `/s/${good}/live/c2.ts`,
        'of a viewer for the house': `/s/${good}/snapshot/lineup`,
        'of the house for a channel': `/s/${await sign(KEYS.old, { kind: 'house' }, 60)}/live/c1.ts`,
        changed: `/s/${good.slice(0, -2)}AA/live/c1.ts`,
        none: '/s/nothing/live/c1.ts',
      }
      for (const [what, path] of Object.entries(links)) {
        const { status, headers, bytes } = await adapter.ask(path)
        assert.deepEqual([status, headers['x-downlink-error'], bytes.length], [403, 'access/bad-link', 0], what)
      }
      using viewer = await adapter.open(`/s/${good}/live/c1.ts`)
      assert.equal(viewer.status, 200)
    })

    test('no snapshot carries a secret of the receiver', async () => {
      const house = await sign(KEYS.old, { kind: 'house' }, 60)
      const lineup = await adapter.ask(`/s/${house}/snapshot/lineup`)
      assert.equal(lineup.status, 200)
      assert.ok(!lineup.text.includes('127.0.0.1') && !lineup.text.includes(String(receiver.streamPort)))
      const again = await adapter.ask(`/s/${house}/snapshot/lineup`, {
        headers: { 'if-none-match': lineup.headers['etag'] ?? '' },
      })
      assert.equal(again.status, 304)
    })

    test('a revoked viewing link ends at the front too', async () => {
      await until(
        'the front knows that the link is revoked',
        async () => (await ask(`${front.url}/t/${revoked.token}/playlist.m3u`)).status === 403,
        revoked.at + 25_000 - Date.now(),
      )
      assert.equal((await ask(viewing('/playlist.m3u'))).status, 200)
    })

    test('the front goes on with playlist and guide while the adapter is away', async () => {
      const known = (await ask(viewing('/playlist.m3u'))).text
      await adapter.kill9()
      assert.equal((await ask(viewing('/playlist.m3u'))).text, known)
      assert.match((await ask(viewing('/xmltv.xml'))).text, /<programme /)
      const sent = await until('nobody is sent to a house that does not answer', async () => {
        const answer = await ask(viewing('/live/c1.ts'))
        return answer.status === 503 && answer
      })
      assert.equal(sent.headers['x-downlink-error'], 'live/no-adapter')
      const through = await ask(viewing('/live/c1.ts', passing))
      assert.deepEqual([through.status, through.headers['x-downlink-error']], [503, 'live/no-adapter'])
      assert.ok(Number(through.headers['retry-after']) > 0)
    })
  })
}

const channel = (key: number): LinkScope => ({
  kind: 'channel',
  channelId: channelId(channelKey(key)),
  user: null,
})

/** A link that opens a session for so many seconds from now. */
export const sign = (keys: string, scope: LinkScope, seconds: number): Promise<string> =>
  createLinkSigner(createKeyRing(parseLinkKeys(keys))).sign(scope, {
    jti: newJti(systemRandom),
    expires: Math.floor(Date.now() / 1000) + seconds,
  })
