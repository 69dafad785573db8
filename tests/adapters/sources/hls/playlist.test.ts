import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPlaylist } from '../../../../adapters/sources/hls/playlist.ts'
import type { MediaPlaylist } from '../../../../adapters/sources/hls/playlist.ts'
import { Failure } from '../../../../core/errors.ts'
import { failsWith } from '../failure.ts'

const BASE = new URL('http://tv.example.org/a/b/index.m3u8?token=1')

function media(...lines: readonly string[]): MediaPlaylist {
  const playlist = readPlaylist(['#EXTM3U', ...lines].join('\r\n'), BASE)
  assert.equal(playlist.kind, 'media')
  return playlist
}

test('readPlaylist() reads segments with number, address and length', () => {
  const { targetMs, segments, isEnded } = media(
    '#EXT-X-TARGETDURATION:6',
    '#EXT-X-MEDIA-SEQUENCE:41',
    '#EXTINF:5.96, title, with comma',
    'x/1.ts?sid=2',
    '#EXT-X-DISCONTINUITY',
    '#EXTINF:6',
    '/2.ts',
    '#EXT-X-GAP',
    'https://cdn.example.org/3.ts',
  )
  assert.deepEqual([targetMs, isEnded], [6000, false])
  assert.deepEqual(
    segments.map(({ sequence, url, durationMs, isGap }) => [sequence, url.href, durationMs, isGap]),
    [
      [41, 'http://tv.example.org/a/b/x/1.ts?sid=2', 5960, false],
      [42, 'http://tv.example.org/2.ts', 6000, false],
      [43, 'https://cdn.example.org/3.ts', 6000, true],
    ],
  )
})

test('readPlaylist() reads keys that hold until the next one', () => {
  const { segments } = media(
    '#EXT-X-KEY:METHOD=AES-128,URI="k?a=1,2",IV=0x0A',
    'a.ts',
    'b.ts',
    '#EXT-X-KEY:METHOD=NONE',
    'c.ts',
  )
  assert.deepEqual(
    segments.map(({ key }) => [key?.url.search, key?.iv?.[15]]),
    [
      ['?a=1,2', 10],
      ['?a=1,2', 10],
      [undefined, undefined],
    ],
  )
})

test('readPlaylist() reads ranges, each behind the one before', () => {
  const { segments } = media('#EXT-X-BYTERANGE:100@50', 'a.ts', '#EXT-X-BYTERANGE:20', 'a.ts', 'b.ts')
  assert.deepEqual(
    segments.map(({ range }) => range),
    [{ from: 50, length: 100 }, { from: 150, length: 20 }, null],
  )
})

test('readPlaylist() reads what stands before fragments, and where times begin anew', () => {
  const { segments } = media(
    '#EXT-X-DISCONTINUITY-SEQUENCE:7',
    '#EXT-X-MAP:URI="i.mp4",BYTERANGE="700@10"',
    'a.m4s',
    '#EXT-X-DISCONTINUITY',
    '#EXT-X-MAP:URI="j.mp4"',
    'b.m4s',
    'c.m4s',
  )
  assert.deepEqual(
    segments.map(({ init, discontinuity }) => [init?.url.pathname, init?.range, discontinuity]),
    [
      ['/a/b/i.mp4', { from: 10, length: 700 }, 7],
      ['/a/b/j.mp4', null, 8],
      ['/a/b/j.mp4', null, 8],
    ],
  )
})

test('readPlaylist() reads variants', () => {
  const playlist = readPlaylist(
    [
      '#EXTM3U',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="in",NAME="a"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="out",NAME="b",URI="b.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="out",NAME="c",DEFAULT=YES,URI="c.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=1000,AUDIO="in"',
      'low.m3u8',
      '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=9,URI="i.m3u8"',
      '#EXT-X-STREAM-INF:CODECS="avc1,mp4a",BANDWIDTH=2000,AUDIO="out"',
      '# a comment',
      'high.m3u8',
    ].join('\n'),
    BASE,
  )
  assert.equal(playlist.kind, 'multivariant')
  assert.deepEqual(
    playlist.variants.map(({ url, bandwidth, sound }) => [url.pathname, bandwidth, sound?.pathname]),
    [
      ['/a/b/low.m3u8', 1000, undefined],
      ['/a/b/high.m3u8', 2000, '/a/b/c.m3u8'],
    ],
  )
})

for (const { name, lines } of [
  { name: 'SAMPLE-AES', lines: ['#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"', 'a.ts'] },
  { name: 'Widevine', lines: ['#EXT-X-KEY:METHOD=AES-128,URI="k",KEYFORMAT="urn:uuid:edef8ba9"', 'a.ts'] },
]) {
  test(`readPlaylist() refuses ${name}`, () => {
    assert.throws(() => media(...lines), failsWith('source/not-supported'))
  })
}

for (const target of ['file:///etc/passwd', 'http://[x', 'javascript:x'])
  test(`readPlaylist() refuses a segment at ${target}`, () => {
    assert.throws(() => media(target), failsWith('source/bad-answer'))
  })

test('readPlaylist() survives any text', () => {
  const words = fc.constantFrom(
    '#EXTM3U',
    '#EXTINF:',
    '#EXT-X-KEY:METHOD=',
    '#EXT-X-BYTERANGE:@',
    '\n',
    'a.ts',
    '-1',
    ',',
    '"',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
      try {
        readPlaylist(`#EXTM3U\n${parts.join('')}`, BASE)
      } catch (error) {
        assert.ok(error instanceof Failure)
      }
    }),
  )
})
