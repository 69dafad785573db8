import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readIptvLine } from '../../../../adapters/sources/enigma2/iptv-line.ts'
import { createSink, eventually, toStream } from '../../../conformance/source.ts'
import { startListProvider } from '../../../fakes/lists/provider.ts'
import { nastyModel, quickTiming, startReceiver } from '../../../fakes/receiver/index.ts'
import { findFfmpeg, testCacheDir } from '../../../fakes/receiver/test-setting.ts'
import { failsWith } from '../failure.ts'
import { aSourceWith, patience } from './receiver.ts'

for (const { text, url, headers = {} } of [
  { text: 'http://iptv.example/1.ts', url: 'http://iptv.example/1.ts' },
  { text: 'http://127.0.0.1:8088/https://iptv.example/1.m3u8', url: 'https://iptv.example/1.m3u8' },
  { text: 'http://localhost:8078/twitch', url: 'http://box.lan:8078/twitch' },
  {
    text: 'http://iptv.example/1.ts#User-Agent=VLC%2F3.0&Referer=http://a.example/&X-Other=1',
    url: 'http://iptv.example/1.ts',
    headers: { 'User-Agent': 'VLC/3.0', Referer: 'http://a.example/' },
  },
  { text: 'http://iptv.example/1.ts#User-Agent=a%0d%0aHost: b', url: 'http://iptv.example/1.ts' },
  { text: 'rtsp://iptv.example/1', url: undefined },
  { text: 'file:///etc/passwd', url: undefined },
  { text: '', url: undefined },
])
  test(`readIptvLine() reads "${text}"`, () => {
    const line = readIptvLine(text, 'box.lan')
    assert.deepEqual([line?.url.href, line?.headers], [url, url === undefined ? undefined : headers])
  })

/** A receiver whose bouquet has these addresses as IPTV lines, of each type that there is; the provider is on its own host. */
async function lineHouse(addresses: (provider: URL) => readonly string[]) {
  const provider = await startListProvider()
  const types = ['4097', '5001', '5002', '1']
  const model = nastyModel()
  const [first, ...others] = model.bouquets
  assert.ok(first)
  const entries = addresses(provider.url).map((address, index) => {
    const escaped = address.replaceAll('%', '%25').replaceAll(':', '%3a')
    return { ref: `${types[index % 4]}:0:1:${index + 2}:0:0:0:0:0:0:${escaped}:Web ${index}`, name: `Web ${index}` }
  })
  const receiver = await startReceiver({
    ffmpegPath: findFfmpeg() ?? '/nonexistent/ffmpeg',
    cacheDir: testCacheDir,
    timing: quickTiming,
    model: { ...model, bouquets: [{ ...first, entries }, ...others] },
  })
  const source = aSourceWith({ url: receiver.url })
  const play = async (name: string) => {
    const { items } = await source.catalogue(patience())
    const item = items.find((one) => one.name === name)
    assert.ok(item)
    const sink = createSink()
    const upstream = await source.open({ stream: toStream(source, item), sink, previous: null, signal: patience() })
    return { sink, upstream }
  }
  return {
    provider,
    play,
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]()
      await receiver[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

test('IPTV lines of every type play as MPEG-TS and as HLS, with their headers, and let go', async () => {
  await using house = await lineHouse(({ href }) => [
    `${href}live/plays.ts#User-Agent=Box%2F1`,
    `${href}live/late.ts`,
    `${href}hls/aes/index.m3u8`,
    `${href}live/redirect.ts`,
  ])
  for (const name of ['Web 0', 'Web 1', 'Web 2', 'Web 3']) {
    const { sink, upstream } = await house.play(name)
    await eventually(() => sink.bytes() > 1000, `${name} sends`)
    upstream.close()
    await eventually(() => house.provider.openStreams() === 0, `${name} is gone`)
  }
  assert.equal(house.provider.calls[0]?.headers['user-agent'], 'Box/1')
  assert.deepEqual(house.provider.forbidden, [])
})

test('a line leads to no neighbour, metadata service or port of ours, and no message tells where', async () => {
  await using house = await lineHouse(() => [
    'http://192.168.77.77/secret.ts',
    'http://169.254.169.254/secret',
    'http://[fe80::1]/secret',
  ])
  for (const name of ['Web 0', 'Web 1', 'Web 2'])
    await assert.rejects(house.play(name), (error) => {
      assert.doesNotMatch(String(error), /secret/)
      return failsWith('source/forbidden-address')(error)
    })
})

for (const [what, code] of [
  ['404', 'live/refused'],
  ['page', 'live/refused'],
  ['empty', 'live/refused'],
] as const)
  test(`a line that answers "${what}" fails with ${code}`, async () => {
    await using house = await lineHouse(({ href }) => [`${href}live/${what}.ts`])
    await assert.rejects(house.play('Web 0'), failsWith(code))
  })
