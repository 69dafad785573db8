import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { daysOfGuide, GUIDE_PROFILES, shorten } from '../../../core/guide/client-guide.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { writeXmltv } from '../../../core/guide/xmltv-write.ts'
import { CLIENTS } from '../../../core/lineup/client.ts'
import type { Client } from '../../../core/lineup/client.ts'
import { readXmltv } from '../../xmltv.ts'
import { aChannel } from '../lineup/samples.ts'
import { aProgramme, at } from './samples.ts'

async function write(client: Client, programmes: readonly Programme[]): Promise<string> {
  const pieces = writeXmltv({
    channels: [aChannel(12, { name: 'One', number: '5' })],
    programmes: () => programmes,
    window: { from: at(0), to: at(240) },
    iconUrl: () => null,
    profile: GUIDE_PROFILES[client],
  })
  return (await Array.fromAsync(pieces)).join('')
}

const programmes = [
  aProgramme(0, 60, { title: 'News', categories: ['News'] }),
  aProgramme(60, 120, { title: 'Film', categories: ['Movie'] }),
  aProgramme(120, 180, { title: 'Series', season: 2, episode: 3, description: 'word '.repeat(200) }),
]
const numbers = (xml: string): readonly string[] =>
  [...xml.matchAll(/<programme.*?<\/programme>/gs)].map(
    ([text]) => /<episode-num system="onscreen">(.*?)</.exec(text)?.[1] ?? '',
  )

test('the guide for Plex gives a number to everything but films, also where the guide is empty', async () => {
  const day = new Date(at(0))
  const ofDay = `S${day.getUTCFullYear()}E${String((day.getUTCMonth() + 1) * 100 + day.getUTCDate()).padStart(4, '0')}`
  assert.deepEqual(numbers(await write('plex', programmes)), [ofDay, '', 'S02E03', ofDay])
  assert.deepEqual(numbers(await write('', programmes)), ['', '', 'S02E03', ''])
})

test('the guide for Plex shows number and name first', async () => {
  const first = (xml: string): string | undefined => /<display-name>(.*?)</.exec(xml)?.[1]
  assert.equal(first(await write('plex', [])), '5 One')
  assert.equal(first(await write('', [])), 'One')
})

for (const client of CLIENTS)
  test(`the guide for ${client} is valid, and its descriptions are not longer than the program bears`, async () => {
    const xml = await write(client, programmes)
    readXmltv(xml)
    const longest = Math.max(...[...xml.matchAll(/<desc>(.*?)<\/desc>/gs)].map(([, text = '']) => text.length))
    assert.ok(longest > 200 && longest <= Math.min(GUIDE_PROFILES[client].longestText, 1000))
  })

test('shorten() keeps to the length and leaves short texts alone', () => {
  assert.equal(shorten('short', 10), 'short')
  assert.equal(shorten('two words here', 10), 'two words…')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 2, max: 40 }), (text, longest) => {
      const short = shorten(text, longest)
      assert.ok(short.length <= longest)
      if (text.length <= longest) assert.equal(short, text)
    }),
  )
})

for (const { client, days, channels, expected } of [
  { client: '', days: 21, channels: 10_000, expected: 21 },
  { client: 'plex', days: 14, channels: 100, expected: 7 },
  { client: 'plex', days: 7, channels: 480, expected: 2 },
  { client: 'plex', days: 7, channels: 5000, expected: 1 },
  { client: 'jellyfin', days: 14, channels: 1000, expected: 7 },
  { client: 'jellyfin', days: 3, channels: 0, expected: 3 },
] as const)
  test(`a guide of ${channels} channels for "${client}" has ${expected} of ${days} days`, () =>
    assert.equal(daysOfGuide(GUIDE_PROFILES[client], { days, channels }), expected))
