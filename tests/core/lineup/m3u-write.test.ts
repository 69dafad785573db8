import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Channel } from '../../../core/lineup/channel.ts'
import { m3uText, writeM3u } from '../../../core/lineup/m3u-write.ts'
import { PIECE_LENGTH } from '../../../core/pieces.ts'
import { anyText } from '../any-text.ts'
import { aChannel } from './samples.ts'

const options = {
  guideUrl: 'http://h/xmltv.xml',
  streamUrl: ({ id }: Channel) => `http://h/live/${id}.ts`,
  logoUrl: ({ id, hasLogo }: Channel) => (hasLogo ? `http://h/logo/${id}` : null),
  group: ({ groups }: Channel) => groups[0] ?? null,
}
const write = (...channels: readonly Channel[]): string => [...writeM3u({ ...options, channels })].join('')

test('writeM3u() writes the header and all attributes in a fixed order', () => {
  const channel = aChannel(12, { number: '5.1', name: 'ORF1 HD', groups: ['TV', 'HD'], hasLogo: true })
  assert.equal(
    write(channel),
    '#EXTM3U x-tvg-url="http://h/xmltv.xml" url-tvg="http://h/xmltv.xml"\n' +
      '#EXTINF:-1 tvg-id="c12.downlink" tvg-name="ORF1 HD" tvg-chno="5.1" tvg-logo="http://h/logo/c12" group-title="TV",ORF1 HD\n' +
      'http://h/live/c12.ts\n',
  )
})

test('writeM3u() omits what is empty and marks radio', () => {
  const text = write(aChannel(1, { name: 'Ö1', media: 'radio', groups: [' '] }))
  assert.equal(text.split('\n')[1], '#EXTINF:-1 tvg-id="c1.downlink" tvg-name="Ö1" tvg-chno="1" radio="true",Ö1')
})

test('writeM3u() leaves the guide out when there is none', () => {
  assert.equal([...writeM3u({ ...options, guideUrl: null, channels: [] })].join(''), '#EXTM3U\n')
})

for (const { name, text, written } of [
  { name: 'double quotes', text: 'The "Best" TV', written: "The 'Best' TV" },
  { name: 'line breaks and tabs', text: 'a\r\nb\tc', written: 'a b c' },
  { name: 'marks of direction', text: '\u202eTV\u200f', written: 'TV' },
  { name: 'what Kodi takes for an attribute', text: 'My radio="true" media=1', written: "My radio ='true' media =1" },
  { name: 'nothing of a comma', text: 'News, Sport', written: 'News, Sport' },
]) {
  test(`m3uText() replaces ${name}`, () => {
    assert.equal(m3uText(text), written)
  })
}

test('writeM3u() encodes "=" in the query of a picture', () => {
  const [, line = ''] = [...writeM3u({ ...options, channels: [aChannel(1)], logoUrl: () => 'http://h/l?media=1' })]
    .join('')
    .split('\n')
  assert.match(line, /tvg-logo="http:\/\/h\/l\?media%3D1"/)
})

test('writeM3u() names a channel without a name', () => {
  assert.match(write(aChannel(7, { name: '\u0000' })), /,Channel 7\n/)
})

test('writeM3u() writes pieces, not one text', () => {
  const channels = Array.from({ length: 2000 }, (_, index) => aChannel(index + 1))
  const pieces = [...writeM3u({ ...options, channels })]
  assert.ok(pieces.length > 2)
  assert.ok(pieces.every((piece) => piece.length < PIECE_LENGTH + 1000))
})

/** Reads an EXTINF line as the strictest player does: quoted attributes, then a comma, then the name. */
function readEntry(line: string): { attributes: Record<string, string>; name: string } {
  const match = /^#EXTINF:-1((?: [a-z-]+="[^"]*")*),([^"]*)$/.exec(line)
  assert.ok(match, `not one well-formed line: ${line}`)
  const attributes = [...(match[1] ?? '').matchAll(/ ([a-z-]+)="([^"]*)"/g)]
  return { attributes: Object.fromEntries(attributes.map(([, key, value]) => [key, value])), name: match[2] ?? '' }
}

test('writeM3u() writes one EXTINF line and one URL for any names and groups, and they read back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyText, anyText), { maxLength: 5 }), (texts) => {
      const channels = texts.map(([name, group], index) => aChannel(index + 1, { name, groups: [group] }))
      const lines = write(...channels).split('\n')
      assert.equal(lines.length, 2 + 2 * channels.length)
      for (const [index, channel] of channels.entries()) {
        const { attributes, name } = readEntry(lines[1 + 2 * index] ?? '')
        assert.equal(name, m3uText(channel.name) || `Channel ${channel.number}`)
        assert.equal(attributes['tvg-name'], name)
        assert.equal(attributes['tvg-id'], `c${channel.key}.downlink`)
        assert.equal(attributes['tvg-chno'], channel.number)
        assert.equal(attributes['group-title'] ?? '', m3uText(channel.groups[0] ?? ''))
        assert.equal(lines[2 + 2 * index], `http://h/live/${channel.id}.ts`)
        assert.doesNotMatch(name, /(radio|media|catchup|timeshift|provider)=/i)
      }
    }),
  )
})
