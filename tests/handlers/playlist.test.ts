import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { createApp } from '../../handlers/app.ts'
import type { Gateway } from '../../handlers/gateway.ts'
import { playlistFace } from '../../handlers/playlist.ts'
import { aChannel } from '../core/lineup/samples.ts'
import { fakeHouse, STRANGER } from '../fakes/gateway.ts'

const channels: readonly Channel[] = [
  aChannel(1, { number: '10', name: 'Zebra', groups: ['News', 'All'], hasLogo: true }),
  aChannel(2, { number: '9', name: 'äpfel', groups: ['Sport'] }),
  aChannel(3, { number: '5', name: 'Off', groups: ['News'], enabled: false }),
  aChannel(4, { number: '5.10', name: 'Bär', groups: ['All'] }),
  aChannel(5, { number: '5.9', name: 'Radio', groups: [], media: 'radio' }),
]
const groups = ['Sport', 'News', 'All', 'A/B ö'].map((name, order) => ({ name, order }))

function playlistHouse(gateway: Partial<Gateway> = {}) {
  const house = fakeHouse({ lineup: { revision: '7', channels, groups }, gateway })
  const app = createApp(house.gateway, { viewing: [playlistFace], linked: [] })
  return {
    ...house,
    get: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      app.request(path, { method, headers: { host: 'tv.local:18080', ...headers } }),
  }
}

const hosted = (): ReturnType<typeof playlistHouse> =>
  playlistHouse({ rules: { anonymous: 'loopback', trustedProxies: [], hosts: ['tv.local'] } })

const names = (text: string): readonly string[] => [...text.matchAll(/^#EXTINF.*,(.*)$/gm)].map(([, name = '']) => name)
const urls = (text: string): readonly string[] => text.split('\n').filter((line) => line.startsWith('http'))
const groupsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#EXTINF.*$/gm)].map(([line]) => /group-title="([^"]*)"/.exec(line)?.[1] ?? '')

test('/playlist.m3u lists the enabled channels by number, with URLs of the address that was called', async () => {
  const response = await hosted().get('/playlist.m3u')
  const text = await response.text()
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'audio/x-mpegurl; charset=utf-8')
  assert.match(
    text,
    /^#EXTM3U x-tvg-url="http:\/\/tv\.local:18080\/xmltv\.xml" url-tvg="http:\/\/tv\.local:18080\/xmltv\.xml"\n/,
  )
  assert.deepEqual(names(text), ['Radio', 'Bär', 'äpfel', 'Zebra'])
  assert.deepEqual(
    urls(text),
    ['c5', 'c4', 'c2', 'c1'].map((id) => `http://tv.local:18080/live/${id}.ts`),
  )
  assert.match(text, /tvg-logo="http:\/\/tv\.local:18080\/logo\/c1"/)
})

test('/playlist.m3u starts URLs with publicUrl where it is set', async () => {
  const house = playlistHouse({
    publicUrl: 'https://tv.example/',
    rules: { anonymous: 'loopback', trustedProxies: [], hosts: ['tv.local'] },
  })
  const text = await (await house.get('/playlist.m3u')).text()
  assert.ok(urls(text).every((url) => url.startsWith('https://tv.example/live/')))
})

test('/playlist.m3u carries the token with which it was fetched in every URL', async () => {
  const house = hosted()
  const { token } = await house.tokens.add({ kind: 'viewing', name: 'Kodi' })
  const root = `http://tv.local:18080/t/${token.reveal()}`
  const response = await house.get(`/t/${token.reveal()}/playlist.m3u`, STRANGER)
  const text = await response.text()
  assert.ok(urls(text).every((url) => url.startsWith(`${root}/live/`)))
  assert.ok(text.includes(`x-tvg-url="${root}/xmltv.xml"`) && text.includes(`tvg-logo="${root}/logo/c1"`))
  assert.match(response.headers.get('cache-control') ?? '', /private/)
  assert.ok(!(response.headers.get('etag') ?? '').includes(token.reveal()))
})

for (const { query, expected } of [
  { query: 'sort=number', expected: ['Radio', 'Bär', 'äpfel', 'Zebra'] },
  { query: 'sort=name', expected: ['äpfel', 'Bär', 'Radio', 'Zebra'] },
  { query: 'sort=group', expected: ['äpfel', 'Zebra', 'Bär', 'Radio'] },
  { query: 'group=News', expected: ['Zebra'] },
  { query: 'group=Sport&group=All', expected: ['Bär', 'äpfel', 'Zebra'] },
  { query: 'type=live&format=&client=kodi', expected: ['Radio', 'Bär', 'äpfel', 'Zebra'] },
]) {
  test(`/playlist.m3u?${query} lists ${expected.join(', ')}`, async () => {
    assert.deepEqual(names(await (await hosted().get(`/playlist.m3u?${query}`)).text()), expected)
  })
}

test('/playlist.m3u?format=hls links to HLS', async () => {
  const text = await (await hosted().get('/playlist.m3u?format=hls')).text()
  assert.ok(urls(text).every((url) => /\/live\/c\d+\.m3u8$/.test(url)))
})

test('/playlist.m3u shows a channel in the group it was chosen for', async () => {
  const house = hosted()
  assert.deepEqual(groupsOf(await (await house.get('/playlist.m3u')).text()), ['', 'All', 'Sport', 'News'])
  assert.deepEqual(groupsOf(await (await house.get('/playlist.m3u?group=All')).text()), ['All', 'All'])
})

for (const { query, detail } of [
  { query: 'format=mp4', detail: 'Parameter "format" should be one of "ts", "hls"' },
  { query: 'sort=up', detail: 'Parameter "sort" should be one of "number", "name", "group"' },
  { query: 'type=radio', detail: 'Parameter "type" should be one of "live", "vod"' },
  {
    query: 'client=winamp',
    detail: 'Parameter "client" should be one of "plex", "jellyfin", "kodi", "tivimate", "channels", "vlc"',
  },
  { query: 'download=%F0%9F%93%BA', detail: 'Parameter "download" should be one of "0", "1"' },
]) {
  test(`/playlist.m3u?${query} is refused with an empty body, and says in a header what is allowed`, async () => {
    const response = await hosted().get(`/playlist.m3u?${query}`)
    const { headers } = response
    assert.deepEqual([response.status, await response.text()], [400, ''])
    assert.deepEqual([headers.get('x-downlink-error'), headers.get('x-downlink-detail')], ['http/bad-request', detail])
    assert.equal(headers.get('access-control-allow-origin'), '*')
  })
}

test('/playlist.m3u?client= is the list as a program needs it, with the guide as it needs it', async () => {
  const house = hosted()
  const [usual, plex] = [await house.get('/playlist.m3u'), await house.get('/playlist.m3u?client=plex')]
  assert.notEqual(plex.headers.get('etag'), usual.headers.get('etag'))
  const text = await plex.text()
  assert.deepEqual(names(text), ['Bär', 'äpfel', 'Zebra'])
  assert.match(text, /^#EXTM3U x-tvg-url="http:\/\/tv\.local:18080\/xmltv\.xml\?client=plex"/)
})

test('/playlist is the same list', async () => {
  const house = hosted()
  assert.equal(await (await house.get('/playlist')).text(), await (await house.get('/playlist.m3u')).text())
})

test('/groups_playlist lists all by order of groups', async () => {
  assert.deepEqual(names(await (await hosted().get('/groups_playlist')).text()), ['äpfel', 'Zebra', 'Bär', 'Radio'])
})

test('/groups/{group}.m3u lists one group', async () => {
  assert.deepEqual(names(await (await hosted().get('/groups/All.m3u')).text()), ['Bär', 'Zebra'])
})

test('/groups/{group}.m3u takes names with any characters', async () => {
  const response = await hosted().get(`/groups/${encodeURIComponent('A/B ö')}.m3u`)
  assert.deepEqual([response.status, names(await response.text())], [200, []])
})

for (const { path, code } of [
  { path: '/groups/None.m3u', code: 'lineup/unknown-group' },
  { path: '/playlist.m3u?group=None', code: 'lineup/unknown-group' },
  { path: '/groups/All', code: 'http/not-found' },
]) {
  test(`${path} is 404 ${code}`, async () => {
    const response = await hosted().get(path)
    assert.deepEqual([response.status, response.headers.get('x-downlink-error')], [404, code])
  })
}

test('/playlist.m3u is byte-stable, and 304 for who has it', async () => {
  const house = hosted()
  const first = await house.get('/playlist.m3u')
  const etag = first.headers.get('etag') ?? ''
  assert.match(etag, /^"[^"]+"$/)
  assert.equal(await (await house.get('/playlist.m3u')).text(), await first.text())
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const response = await house.get('/playlist.m3u', { 'if-none-match': known })
    assert.deepEqual([response.status, response.headers.get('etag'), await response.text()], [304, etag, ''])
  }
})

test('/playlist.m3u has another tag for every revision, view and caller', async () => {
  const house = hosted()
  const { token } = await house.tokens.add({ kind: 'viewing', name: 'Kodi' })
  const paths = [
    '/playlist.m3u',
    '/playlist.m3u?format=hls',
    '/playlist.m3u?sort=name',
    '/playlist.m3u?group=All',
    `/t/${token.reveal()}/playlist.m3u`,
  ]
  const tags = await Promise.all(paths.map(async (path) => (await house.get(path)).headers.get('etag')))
  house.state.lineup = { ...house.state.lineup, revision: '8' }
  tags.push((await house.get('/playlist.m3u')).headers.get('etag'))
  assert.equal(new Set(tags).size, paths.length + 1)
})

test('/playlist.m3u answers HEAD with the headers of GET and no body', async () => {
  const house = hosted()
  const [head, get] = [await house.get('/playlist.m3u', {}, 'HEAD'), await house.get('/playlist.m3u')]
  assert.equal(await head.text(), '')
  for (const name of ['etag', 'content-type', 'cache-control'])
    assert.equal(head.headers.get(name), get.headers.get(name))
})

test('/playlist.m3u?download=1 is saved as a file', async () => {
  const response = await hosted().get('/playlist.m3u?download=1')
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="downlink.m3u"')
})

test('/playlist.m3u is 503 with Retry-After until the line-up is there', async () => {
  const house = playlistHouse({
    rules: { anonymous: 'loopback', trustedProxies: [], hosts: ['tv.local'] },
    lineup: {
      current() {
        throw new Failure('lineup/not-ready', 'Not yet')
      },
    },
  })
  const response = await house.get('/playlist.m3u')
  assert.deepEqual(
    [response.status, response.headers.get('x-downlink-error'), response.headers.has('retry-after')],
    [503, 'lineup/not-ready', true],
  )
})

test('/playlist.m3u is 401 for strangers', async () => {
  assert.equal((await hosted().get('/playlist.m3u', STRANGER)).status, 401)
})
