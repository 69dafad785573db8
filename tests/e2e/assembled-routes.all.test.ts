import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { judge } from '../core/live/ts-judge.ts'
import type { Receiver } from '../fakes/receiver/index.ts'
import { noFfmpeg, startHouse, startTestReceiver, statusOf } from '../runtime/house.ts'
import type { StreamSeen } from '../runtime/house.ts'
import type { Answer } from '../runtime/http-client.ts'
import { addressesIn, isRunning, newFolder, RUNTIME, until } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'

const PASSWORD = 'correct-horse-battery'
/** Nowhere near: what is not for everybody is refused. */
const FAR = { 'x-forwarded-for': '203.0.113.9' }

type ChannelSeen = {
  readonly id: string
  readonly number: string
  readonly name: string
  readonly groups: readonly string[]
  readonly enabled: boolean
  readonly hasLogo: boolean
  readonly now: { readonly title: string } | null
}

describe(`routes of the assembled house on ${RUNTIME}`, { skip: noFfmpeg() }, () => {
  const stack = new AsyncDisposableStack()
  let receiver: Receiver
  let folder: string
  let house: Program
  let channels: readonly ChannelSeen[]
  let cookie: string
  let token: string

  const start = (): Promise<Program> =>
    startHouse(receiver, {
      folder,
      config: { live: { lingerSeconds: 0.5 }, log: { level: 'debug' }, transcode: { hardware: 'none', limit: 1 } },
      env: { DOWNLINK_ADMIN_PASSWORD: PASSWORD },
    })
  const named = (name: string): ChannelSeen => {
    const channel = channels.find((one) => one.name === name)
    assert.ok(channel, `no channel "${name}" among ${channels.map((one) => one.name).join(', ')}`)
    return channel
  }
  const asAdmin = (
    path: string,
    method = 'GET',
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    house.ask(path, { method, headers: { cookie, ...headers }, ...(body === undefined ? {} : { body }) })

  before(async () => {
    folder = newFolder()
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    receiver = stack.use(await startTestReceiver())
    house = stack.use(await start())
    channels = ((await house.ask('/api/v1/channels')).json() as { items: ChannelSeen[] }).items
    const login = await house.ask('/api/v1/session', { method: 'POST', body: { name: 'admin', password: PASSWORD } })
    cookie = (login.headers['set-cookie'] ?? '').split(';')[0] ?? ''
    const made = await asAdmin('/api/v1/tokens', 'POST', { name: 'Kitchen' })
    token = (made.json() as { token: string }).token
  })
  after(() => stack.disposeAsync())

  test('/healthz and /readyz are open to all', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const answer = await house.ask(path, { headers: { ...FAR, host: 'somebody.example' } })
      assert.deepEqual([answer.status, answer.json()], [200, { status: 'ok' }])
    }
  })

  test('/api/status is complete on loopback and short for others who may watch', async () => {
    const status = await statusOf(house)
    assert.equal(status.sources.length, 1)
    assert.partialDeepStrictEqual(status.sources[0], {
      id: 'box',
      kind: 'enigma2',
      name: 'Box',
      state: 'ready',
      slots: { total: 2, used: 0 },
      channels: 14,
      problem: null,
    })
    assert.ok(Date.parse(status.sources[0]?.lastRefresh ?? '') > 0)
    assert.match(status.runtime, new RegExp(`^${RUNTIME} \\d`))
    const remote = await house.ask('/api/status', { headers: FAR })
    assert.equal(remote.status, 401)
    assert.match(remote.headers['content-type'] ?? '', /^application\/problem\+json/)
    assert.equal((remote.json() as { code: string }).code, 'access/sign-in')
    const admin = await house.ask('/api/status', { headers: { ...FAR, cookie } })
    assert.ok('sources' in (admin.json() as object))
  })

  test('/metrics is Prometheus text on loopback and with an API token only', async () => {
    const answer = await house.ask('/metrics')
    assert.equal(answer.status, 200)
    assert.match(answer.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/)
    assert.match(answer.text, /^downlink_build_info\{version="[\d.]+",runtime="\w+ [\d.]+"\} 1$/m)
    assert.match(answer.text, /^downlink_source_channels\{source="box",kind="enigma2"\} 14$/m)
    assert.equal((await house.ask('/metrics', { headers: FAR })).status, 401)
    const made = await asAdmin('/api/v1/tokens', 'POST', { name: 'Prometheus', kind: 'api' })
    const bearer = { ...FAR, authorization: `Bearer ${(made.json() as { token: string }).token}` }
    assert.equal((await house.ask('/metrics', { headers: bearer })).status, 200)
  })

  test('/playlist.m3u lists all channels with addresses that stay the same', async () => {
    const answer = await house.ask('/playlist.m3u')
    assert.equal(answer.status, 200)
    assert.match(answer.headers['content-type'] ?? '', /^audio\/x-mpegurl; charset=utf-8$/)
    assert.match(answer.headers['cache-control'] ?? '', /private|no-store/)
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    assert.match(answer.headers['access-control-expose-headers'] ?? '', /X-Downlink-Error.*Retry-After/)
    assert.deepEqual(
      addressesIn(answer.text),
      channels.map(({ id }) => `${house.url}/live/${id}.ts`),
    )
    assert.match(answer.text, new RegExp(`^#EXTM3U .*x-tvg-url="${house.url}/xmltv.xml"`))
    assert.deepEqual((await house.ask('/playlist')).text, answer.text)

    const etag = answer.headers['etag'] ?? ''
    const again = await house.ask('/playlist.m3u', { headers: { 'if-none-match': etag } })
    assert.deepEqual([again.status, again.bytes.length, again.headers['etag']], [304, 0, etag])
    const head = await house.ask('/playlist.m3u', { method: 'HEAD' })
    assert.deepEqual([head.status, head.bytes.length, head.headers['etag']], [200, 0, etag])
    const hls = await house.ask('/playlist.m3u?format=hls')
    assert.ok(addressesIn(hls.text).every((url) => url.endsWith('.m3u8')))
    assert.equal((await house.ask('/playlist.m3u?format=avi')).status, 400)
  })

  test('/groups/{group}.m3u lists one group, /groups_playlist all by group', async () => {
    const { items } = (await house.ask('/api/v1/groups')).json() as { items: { name: string; channels: number }[] }
    assert.ok(items.length >= 3)
    for (const { name, channels: count } of items) {
      const answer = await house.ask(`/groups/${encodeURIComponent(name)}.m3u`)
      assert.deepEqual([answer.status, addressesIn(answer.text).length], [200, count], name)
      const chosen = await house.ask(`/playlist.m3u?group=${encodeURIComponent(name)}`)
      assert.deepEqual(addressesIn(chosen.text), addressesIn(answer.text))
    }
    assert.equal(addressesIn((await house.ask('/groups_playlist')).text).length, 14)
    const unknown = await house.ask('/groups/Nothing.m3u')
    assert.deepEqual([unknown.status, unknown.headers['x-downlink-error']], [404, 'lineup/unknown-group'])
  })

  test('a sort of the playlist by name', async () => {
    const { text } = await house.ask('/playlist.m3u?sort=name')
    const names = [...text.matchAll(/,(.+)$/gm)].map((match) => match[1] ?? '')
    assert.deepEqual(names, names.toSorted(new Intl.Collator('en').compare))
  })

  test('/xmltv.xml and .gz carry the guide of the same channels', async () => {
    const answer = await house.ask('/xmltv.xml')
    assert.equal(answer.status, 200)
    assert.match(answer.headers['content-type'] ?? '', /^application\/xml; charset=utf-8$/)
    assert.match(answer.text, /^<\?xml version="1\.0" encoding="UTF-8"\?>/)
    const listed = [...answer.text.matchAll(/<channel id="(c\d+)\.downlink">/g)].map((match) => match[1])
    assert.deepEqual(listed.toSorted(), channels.map(({ id }) => id).toSorted())
    assert.ok((answer.text.match(/<programme /g) ?? []).length > 100)
    assert.match(answer.text, /<\/tv>\s*$/)

    const file = await house.ask('/xmltv.xml.gz')
    assert.equal(file.headers['content-type'], 'application/gzip')
    assert.equal(file.headers['content-encoding'], undefined)
    assert.equal(gunzipSync(file.bytes).toString(), answer.text)
    const packed = await house.ask('/xmltv.xml', { headers: { 'accept-encoding': 'gzip' } })
    assert.equal(packed.headers['content-encoding'], 'gzip')
    assert.equal(gunzipSync(packed.bytes).toString(), answer.text)
    for (const path of ['/xmltv.xml', '/xmltv.xml.gz']) {
      const etag = (await house.ask(path, { method: 'HEAD' })).headers['etag'] ?? ''
      assert.match(etag, /^"[^"]+"$/)
      assert.equal((await house.ask(path, { headers: { 'if-none-match': etag } })).status, 304)
    }
  })

  test('/logo/{id} is a picture by its content, and has no body for a channel without', async () => {
    const answer = await house.ask(`/logo/${named('Alpin 1 HD').id}`)
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'image/png'])
    assert.deepEqual([...answer.bytes.subarray(1, 4)], [0x50, 0x4e, 0x47])
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    const etag = answer.headers['etag'] ?? ''
    assert.equal(
      (await house.ask(`/logo/${named('Alpin 1 HD').id}`, { headers: { 'if-none-match': etag } })).status,
      304,
    )
    const none = await house.ask(`/logo/${named('Stadt & Land TV').id}`)
    assert.deepEqual([none.status, none.headers['x-downlink-error'], none.bytes.length], [404, 'logo/none', 0])
  })

  test('/live/{x}.ts is clean television under every name of a channel', async () => {
    const channel = named('Alpin 1 HD')
    const ref = receiver.model.services.find(({ name }) => name === channel.name)?.ref ?? ''
    const underscored = ref.replaceAll(':', '_').replace(/_+$/, '')
    const ways = [
      `/live/${channel.id}.ts`,
      `/live/${channel.number}.ts`,
      `/live/${ref}.ts`,
      `/live/${encodeURIComponent(ref.toLowerCase())}.ts`,
      `/live/${underscored}.ts`,
      `/${ref}`,
      `/${encodeURIComponent(ref)}`,
      `/${underscored}`,
      `/iptv/channel/${channel.number}.ts`,
      `/play/box/${channel.id}`,
    ]
    for (const path of ways) {
      using viewer = await house.open(path)
      assert.deepEqual([viewer.status, viewer.headers['content-type']], [200, 'video/mp2t'], path)
      assert.equal(viewer.headers['cache-control'], 'no-store')
      assert.equal(viewer.headers['access-control-allow-origin'], '*')
      const bytes = await viewer.read(188 * 40)
      const { faults, order } = judge(bytes.subarray(0, bytes.length - (bytes.length % 188)))
      assert.deepEqual(faults, [], path)
      assert.deepEqual(order.slice(0, 2), ['PAT', 'PMT'], path)
    }
  })

  test('HEAD of a stream opens nothing', async () => {
    await until('the tuner is free', () => receiver.observe().currentStreams.length === 0)
    const before = receiver.observe().connections.stream
    for (const path of [`/live/${named('Musik Eins').id}.ts`, `/live/${named('Musik Eins').id}.m3u8`]) {
      const answer = await house.ask(path, { method: 'HEAD' })
      assert.deepEqual([answer.status, answer.bytes.length], [200, 0])
    }
    assert.equal(receiver.observe().connections.stream, before)
  })

  test('unknown channels and references are 404 with an empty body, and no request leaves', async () => {
    const { connections, requests } = receiver.observe()
    const ways = [
      '/live/c999.ts',
      '/live/c999.m3u8',
      '/live/999.ts',
      '/live/1:0:19:FFFF:3EF:1:C00000:0:0:0:.ts',
      `/1:0:19:132F:3EF:1:C00000:0:0:0:${encodeURIComponent('http://127.0.0.1:1/x')}`,
      `/live/${encodeURIComponent('4097:0:1:0:0:0:0:0:0:0:http://127.0.0.1:1/x')}.ts`,
      '/iptv/channel/999.ts',
      '/play/nobody/c1',
      '/hls/c999/x/video.m3u8',
      '/logo/c999',
    ]
    for (const path of ways) {
      const answer = await house.ask(path)
      assert.deepEqual([answer.status, answer.bytes.length], [404, 0], path)
      assert.match(answer.headers['x-downlink-error'] ?? '', /^(lineup\/unknown-channel|http\/not-found)$/, path)
    }
    assert.deepEqual(receiver.observe().connections.stream, connections.stream)
    assert.deepEqual(receiver.observe().requests, requests)
  })

  test('unknown paths are 404, never a page', async () => {
    for (const path of [
      '/nothing',
      '/guidebook',
      '/index.php',
      '/player',
      '/live',
      '/s/x/live/c1.ts',
      '/discover.php',
      '/player_api.json',
      '/lineup.json/1',
    ]) {
      const answer = await house.ask(path)
      assert.ok(answer.status === 404 || (path.startsWith('/s/') && answer.status === 403), `${path}: ${answer.status}`)
      assert.doesNotMatch(answer.text, /<html/i)
    }
    const api = await house.ask('/api/v1/nothing')
    assert.equal(api.status, 404)
    assert.match(api.headers['content-type'] ?? '', /^application\/problem\+json/)
    assert.equal((await house.ask('/playlist.m3u', { method: 'POST' })).status, 405)
  })

  test('the pages of the web interface are one document, with its scripts', async () => {
    const home = await house.ask('/')
    assert.deepEqual([home.status, home.headers['content-type']], [200, 'text/html; charset=utf-8'])
    assert.match(home.headers['content-security-policy'] ?? '', /default-src 'self'/)
    // Addresses in it are relative, so that it stands behind any prefix of a proxy: from every path they lead to one place.
    const scriptOf = (page: string, path: string): string => {
      const [, address = ''] = /<script[^>]* src="([^"]+\.js)"/.exec(page) ?? []
      return new URL(address, new URL(path, 'http://house')).pathname
    }
    const script = scriptOf(home.text, '/')
    assert.match(script, /^\/assets\/.+\.js$/)
    for (const path of ['/setup', '/status', '/users', `/player/box/${named('Alpin 1 HD').id}`])
      assert.equal(scriptOf((await house.ask(path)).text, path), script, path)
    const answer = await house.ask(script)
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'text/javascript; charset=utf-8'])
    assert.match(answer.headers['cache-control'] ?? '', /immutable/)
  })

  test('OPTIONS of every viewing route allows web players of any origin', async () => {
    for (const path of [
      '/playlist.m3u',
      '/xmltv.xml',
      '/live/c1.ts',
      '/live/c1.m3u8',
      '/hls/c1/x/y.ts',
      '/logo/c1',
      `/t/${token}/live/c1.ts`,
    ]) {
      const answer = await house.ask(path, {
        method: 'OPTIONS',
        headers: { ...FAR, origin: 'https://player.example', 'access-control-request-method': 'GET' },
      })
      assert.equal(answer.status, 204, path)
      assert.equal(answer.headers['access-control-allow-origin'], '*')
      assert.match(answer.headers['access-control-allow-methods'] ?? '', /\bGET\b/)
      assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    }
  })

  test('HLS plays through relative addresses behind the prefix of the token', async () => {
    const channel = named('Nordlicht HD')
    const master = await house.ask(`/t/${token}/live/${channel.id}.m3u8`, { headers: FAR })
    assert.equal(master.status, 200)
    assert.match(master.headers['content-type'] ?? '', /^application\/vnd\.apple\.mpegurl/)
    assert.match(master.text, /^#EXTM3U\n/)
    assert.ok(
      addressesIn(master.text).every((address) => !/^(\/|\w+:)/.test(address)),
      master.text,
    )
    const variant = new URL(addressesIn(master.text)[0] ?? '', `${house.url}/t/${token}/live/${channel.id}.m3u8`).href
    assert.ok(variant.startsWith(`${house.url}/t/${token}/hls/${channel.id}/`), variant)
    const list = await until('the media playlist has a segment', async () => {
      const answer = await house.ask(variant.slice(house.url.length), { headers: FAR, follow: true })
      return answer.status === 200 && addressesIn(answer.text).length > 0 ? answer : null
    })
    const segment = new URL(addressesIn(list.text)[0] ?? '', list.url)
    const piece = await house.ask(segment.pathname + segment.search, { headers: FAR })
    assert.deepEqual([piece.status, piece.headers['access-control-allow-origin']], [200, '*'])
    assert.ok(piece.bytes.length > 1000)
    const [stream] = (await statusOf(house)).streams.filter(({ channelId }) => channelId === channel.id)
    assert.partialDeepStrictEqual(
      stream?.viewers.map(({ mode, user }) => ({ mode, user })),
      [{ mode: 'hls', user: 'Kitchen' }],
    )
    // The leave signal gives the seat back at once.
    const left = await house.ask(new URL(list.url).pathname, { method: 'DELETE', headers: FAR })
    assert.equal(left.status, 204)
    await until('nobody watches', async () =>
      (await statusOf(house)).streams.every(({ viewers }) => viewers.length === 0),
    )
  })

  test('a playlist carries the token with which it was fetched; a session carries its own', async () => {
    const byToken = await house.ask(`/t/${token}/playlist.m3u`, { headers: FAR })
    assert.equal(byToken.status, 200)
    assert.ok(addressesIn(byToken.text).every((url) => url.startsWith(`${house.url}/t/${token}/live/`)))
    assert.match(byToken.text, new RegExp(`x-tvg-url="${house.url}/t/${token}/xmltv.xml"`))
    const [icon = ''] = /tvg-logo="[^"]+"/.exec(byToken.text) ?? []
    assert.ok(icon.includes(`/t/${token}/logo/`), icon)
    const guide = await house.ask(`/t/${token}/xmltv.xml`, { headers: FAR })
    assert.ok(guide.text.includes(`<icon src="${house.url}/t/${token}/logo/`))

    const bySession = await house.ask('/playlist.m3u', { headers: { ...FAR, cookie } })
    const [first = ''] = addressesIn(bySession.text)
    const [, own = ''] = /\/t\/([^/]+)\//.exec(first) ?? []
    assert.ok(own !== '' && own !== token)
    assert.equal((await house.ask('/playlist.m3u', { headers: { ...FAR, cookie } })).text, bySession.text)
    assert.equal((await house.ask(`/t/${own}/playlist.m3u`, { headers: FAR })).status, 200)
    const wrong = await house.ask(`/t/${token.slice(0, -1)}/playlist.m3u`, { headers: FAR })
    assert.deepEqual([wrong.status, wrong.headers['x-downlink-error'], wrong.bytes.length], [403, 'access/bad-link', 0])
  })

  test('the admin lists, stops and revokes by the API; strangers do not', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/sources'],
      ['POST', '/api/v1/sources/box/refresh'],
      ['GET', '/api/v1/tokens'],
      ['GET', '/api/v1/streams'],
      ['DELETE', '/api/v1/streams/c1'],
      ['PATCH', '/api/v1/channels/c1'],
    ] as const) {
      const answer = await house.ask(path, { method })
      assert.equal(answer.status, 401, `${method} ${path}`)
      assert.equal((answer.json() as { code: string }).code, 'access/sign-in')
    }
    const foreign = await asAdmin('/api/v1/tokens', 'POST', { name: 'x' }, { 'sec-fetch-site': 'cross-site' })
    assert.equal(foreign.status, 403)

    const channel = named('Alpin Info')
    using viewer = await house.open(`/t/${token}/live/${channel.id}.ts`, { headers: FAR })
    await viewer.read(188)
    const { items } = (await asAdmin('/api/v1/streams')).json() as { items: StreamSeen[] }
    const seen = items.find(({ channelId }) => channelId === channel.id)
    assert.partialDeepStrictEqual(seen, {
      channelName: 'Alpin Info',
      state: 'live',
      viewers: [{ mode: 'ts', user: 'Kitchen' }],
    })
    assert.equal((await asAdmin(`/api/v1/streams/${channel.id}`, 'DELETE')).status, 204)
    await viewer.ended
    assert.equal((await asAdmin(`/api/v1/streams/${channel.id}`, 'DELETE')).status, 404)

    const one = (await asAdmin('/api/v1/tokens', 'POST', { name: 'Guest' })).json() as {
      id: string
      token: string
      playlistUrl: string
    }
    assert.equal(one.playlistUrl, `${house.url}/t/${one.token}/playlist.m3u`)
    assert.equal((await asAdmin(`/api/v1/tokens/${one.id}`, 'DELETE')).status, 204)
    assert.equal((await house.ask(`/t/${one.token}/playlist.m3u`)).status, 403)

    assert.equal((await asAdmin('/api/v1/sources/box/refresh', 'POST')).status, 202)
    assert.equal((await asAdmin('/api/v1/sources/nobody/refresh', 'POST')).status, 404)
    const out = await asAdmin('/api/v1/session', 'DELETE')
    assert.equal(out.status, 204)
    assert.equal((await asAdmin('/api/v1/tokens')).status, 401)
    const login = await house.ask('/api/v1/session', { method: 'POST', body: { name: 'admin', password: PASSWORD } })
    cookie = (login.headers['set-cookie'] ?? '').split(';')[0] ?? ''
  })

  test('somebody restricted to one group gets its channels and nothing else, on every face', async () => {
    const [group = ''] = channels.find(({ groups }) => groups.length > 0)?.groups ?? []
    const isTheirs = (channel: ChannelSeen): boolean => channel.groups.includes(group)
    const theirs = channels.filter(isTheirs)
    const other = channels.find((channel) => !isTheirs(channel)) ?? assert.fail('all channels are in one group')
    const own = theirs[0] ?? assert.fail('no channel is in the group')
    await asAdmin('/api/v1/users', 'POST', { name: 'Kid', password: 'long-enough-word', groups: [group] })
    const make = async (kind: string): Promise<string> =>
      ((await asAdmin('/api/v1/users/kid/tokens', 'POST', { name: 'TV', kind })).json() as { token: string }).token
    const [link, app] = [await make('viewing'), await make('app')]
    const far = (path: string, method = 'GET'): Promise<Answer> => house.ask(path, { method, headers: FAR })

    const playlist = await far(`/t/${link}/playlist.m3u`)
    assert.deepEqual(
      addressesIn(playlist.text),
      theirs.map(({ id }) => `${house.url}/t/${link}/live/${id}.ts`),
    )
    const guide = (await far(`/t/${link}/xmltv.xml`)).text
    assert.ok(guide.includes(`"${own.id}.downlink"`) && !guide.includes(`"${other.id}.downlink"`))
    const query = `username=Kid&password=${app}`
    const rows = (await far(`/player_api.php?${query}&action=get_live_streams`)).json() as { stream_id: number }[]
    assert.deepEqual(
      rows.map(({ stream_id }) => `c${stream_id}`),
      theirs.map(({ id }) => id),
    )
    assert.deepEqual((await far(`/player_api.php?${query}&action=get_vod_streams`)).json(), [])
    for (const [path, status] of [
      [`/t/${link}/live/${own.id}.ts`, 200],
      [`/t/${link}/live/${other.id}.ts`, 404],
      [`/t/${link}/live/${other.id}.m3u8`, 404],
      [`/t/${link}/logo/${other.id}`, 404],
      [`/t/${link}/auto/v${other.number}`, 404],
      [`/live/Kid/${app}/${other.id.slice(1)}.ts`, 404],
      [`/Kid/${app}/${other.id.slice(1)}`, 404],
    ] as const)
      assert.equal(
        (await far(path, path.endsWith('.m3u8') || path.includes('/logo/') ? 'GET' : 'HEAD')).status,
        status,
        path,
      )
    assert.equal((await asAdmin('/api/v1/users/kid', 'DELETE')).status, 204)
    assert.equal((await far(`/t/${link}/playlist.m3u`)).status, 403)
  })

  test('an edit needs the revision it is based on, and shows in playlist and guide', async () => {
    const channel = named('Stadt & Land TV')
    const found = await asAdmin(`/api/v1/channels/${channel.id}`)
    const revision = found.headers['etag'] ?? ''
    const edited = await asAdmin(
      `/api/v1/channels/${channel.id}`,
      'PATCH',
      { name: 'Stadt "1" <TV>' },
      { 'if-match': revision },
    )
    assert.equal(edited.status, 200)
    const late = await asAdmin(`/api/v1/channels/${channel.id}`, 'PATCH', { name: 'x' }, { 'if-match': revision })
    assert.equal(late.status, 412)
    assert.match((await house.ask('/playlist.m3u')).text, /,Stadt '1' <TV>$/m)
    assert.ok(
      (await house.ask('/xmltv.xml')).text.includes('<display-name>Stadt &quot;1&quot; &lt;TV&gt;</display-name>'),
    )
    const hidden = await asAdmin(`/api/v1/channels/${channel.id}`, 'PATCH', { enabled: false })
    assert.equal(hidden.status, 200)
    assert.equal((await house.ask(`/live/${channel.id}.ts`)).status, 404)
    assert.equal((await asAdmin(`/api/v1/channels/${channel.id}`, 'PATCH', { enabled: true, name: null })).status, 200)
  })

  test('converts pictures for those who ask, and refuses one more than it may before the first byte', async () => {
    const { id } = named('Alpin 1 HD')
    const small = await house.open(`/live/${id}.ts?quality=480p`)
    const bytes = await small.read(150_000)
    const { streamTypes, faults } = judge(bytes.subarray(0, bytes.length - (bytes.length % 188)))
    assert.deepEqual([...streamTypes.values()], [0x1b, 0x0f])
    assert.deepEqual(faults, [])
    const refused = await house.ask(`/live/${named('Alpin 2 HD').id}.ts?quality=720p`)
    assert.deepEqual([refused.status, refused.headers['x-downlink-error']], [503, 'ffmpeg/busy'])
    assert.ok(Number(refused.headers['retry-after']) > 0)
    const { transcode } = (await asAdmin('/api/status')).json() as { transcode: unknown }
    assert.deepEqual(transcode, { encoder: 'software (x264)', running: 1, limit: 1 })
    small.close()
    await until('the place is free', async () => {
      const status = (await asAdmin('/api/status')).json() as { transcode: { running: number } }
      return status.transcode.running === 0 ? true : null
    })
  })

  test('ends within 5 s with open TS and HLS viewers, and leaves no process behind', async () => {
    const ts = await house.open(`/live/${named('Alpin 1 HD').id}.ts`)
    await ts.read(188)
    const aac = await house.open(`/live/${named('Alpin 1 HD').id}.ts?audio=aac`)
    await aac.read(188)
    const small = await house.open(`/live/${named('Alpin 1 HD').id}.ts?quality=480p`)
    await small.read(188)
    const master = await house.ask(`/live/${named('Alpin 2 HD').id}.m3u8`)
    const sound = /TYPE=AUDIO.*URI="([^"]+)"/.exec(master.text)?.[1] ?? addressesIn(master.text)[0] ?? ''
    const list = new URL(sound, `${house.url}/live/x.m3u8`)
    await house.ask(list.pathname + list.search, { follow: true })
    const children = await until('FFmpeg runs', () => {
      const running = house.children()
      return running.length > 0 ? running : null
    })
    const playlist = (await house.ask('/playlist.m3u')).text
    const port = new URL(house.url).port
    const { code, ms } = await house.stop()
    assert.equal(code, 0)
    assert.ok(ms < 5000, `it took ${ms} ms`)
    await Promise.all([ts.ended, aac.ended, small.ended])
    assert.deepEqual(children.filter(isRunning), [])
    await until('the receiver is left alone', () => receiver.observe().currentStreams.length === 0)

    // Once more, in the same place: what players know by its address is still there.
    house = stack.use(
      await startHouse(receiver, {
        folder,
        bare: true,
        args: ['--data', house.dataDir, '--listen', `127.0.0.1:${port}`],
        waitForGuide: false,
      }),
    )
    assert.equal((await house.ask('/playlist.m3u')).text, playlist)
  })
})
