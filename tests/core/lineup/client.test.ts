import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelsForClient, CLIENTS, PLAYLIST_PROFILES } from '../../../core/lineup/client.ts'
import type { Client } from '../../../core/lineup/client.ts'
import type { Channel } from '../../../core/lineup/channel.ts'
import { writeM3u } from '../../../core/lineup/m3u-write.ts'
import { aChannel } from './samples.ts'

const write = (client: Client, channels: readonly Channel[]): string =>
  [
    ...writeM3u({
      channels: channelsForClient(channels, client),
      guideUrl: 'http://h/xmltv.xml',
      streamUrl: ({ id }) => `http://h/live/${id}.ts`,
      logoUrl: ({ id, hasLogo }) => (hasLogo ? `http://h/logo/${id}` : null),
      catchup: () => ({ days: 2, source: 'http://h/past' }),
      group: ({ groups }) => groups[0] ?? null,
      profile: PLAYLIST_PROFILES[client],
    }),
  ].join('')

const line = (client: Client, channel: Channel): string => write(client, [channel]).split('\n')[1] ?? ''
const titleOf = (extinf: string): string => extinf.slice(extinf.lastIndexOf('"') + 2)

for (const { client, name, title } of [
  { client: '', name: 'The Best, TV', title: 'The Best, TV' },
  { client: 'jellyfin', name: 'The Best, TV', title: 'The Best - TV' },
  { client: 'jellyfin', name: '24 Horas', title: '24\u00a0Horas' },
  { client: 'jellyfin', name: '1. FM', title: '1.\u00a0FM' },
  { client: 'jellyfin', name: 'France 24', title: 'France 24' },
  { client: 'kodi', name: '24 Horas, HD', title: '24 Horas, HD' },
] as const)
  test(`"${name}" is written as "${title}" for "${client}"`, () =>
    assert.equal(titleOf(line(client, aChannel(1, { name }))), title))

test('a list for VLC is names and addresses, without what it takes for an artist', () => {
  assert.equal(
    write('vlc', [aChannel(1, { name: 'Best, TV - Live', hasLogo: true })]),
    '#EXTM3U\n#EXTINF:-1,Best; TV – Live\nhttp://h/live/c1.ts\n',
  )
})

test('a list for Kodi has all groups of a channel, split where Kodi splits them', () => {
  const channel = aChannel(1, { groups: ['News; World', 'All', 'News; World'] })
  assert.match(line('kodi', channel), / group-title="News, World;All"/)
  assert.match(line('tivimate', channel), / group-title="News; World"/)
})

test('a list for Channels has its ids, and placeholders only where there is no guide', () => {
  const words = line('channels', aChannel(7, { number: '5', hasLogo: true, guide: null }))
  assert.match(
    words,
    / channel-id="c7" channel-number="5" tvc-guide-art="http:\/\/h\/logo\/c7" tvc-guide-placeholders="7200"/,
  )
  const guided = line('channels', aChannel(7, { guide: { feed: 'f', channel: 'c' } }))
  assert.ok(!guided.includes('tvc-guide-placeholders'))
})

test('a list for Plex has what it can list and play', () => {
  const many = Array.from({ length: 600 }, (_, index) =>
    aChannel(index + 1, { media: index % 10 === 0 ? 'radio' : 'tv' }),
  )
  const text = write('plex', many)
  assert.equal(text.match(/#EXTINF/g)?.length, 480)
  assert.ok(!text.includes('radio='))
  assert.equal(write('', many).match(/#EXTINF/g)?.length, 600)
})

for (const client of CLIENTS)
  test(`a list for ${client} goes back in time only where the program can`, () => {
    const has = line(client, aChannel(1)).includes('catchup=')
    assert.equal(has, client === 'kodi' || client === 'tivimate')
  })

test('every list names the number of each channel but the one for VLC', () => {
  for (const client of CLIENTS)
    assert.equal(line(client, aChannel(3, { number: '5.1' })).includes('tvg-chno="5.1"'), client !== 'vlc')
})
