import { eventually, testSourceDriver } from '../../../conformance/source.ts'
import { startListProvider } from '../../../fakes/lists/provider.ts'
import { aSource } from './m3u-house.ts'

const listOf = (logo: string): string => `#EXTM3U x-tvg-url="/files/guide.xml"
#EXTINF:-1 tvg-id="news.de" tvg-chno="5" tvg-logo="${logo}" group-title="Info;DE",News | DE
/live/u5er/pa55word/4711.ts?what=plays
#EXTINF:-1 tvg-id="plays" group-title="Info",Plays
/live/plays.ts?token=s3cret
#EXTINF:-1,Refuses
/live/404.ts?token=s3cret
#EXTINF:-1,Silent
/live/silent.ts?token=s3cret
#EXTINF:-1 tvg-logo="http://10.1.2.3/u5er.png" radio="true",Radio
/hls/plays/index.m3u8?token=s3cret
`

testSourceDriver('M3U list', async () => {
  const provider = await startListProvider()
  provider.serve('list.m3u', { body: listOf(`http://u5er:pa55word@127.0.0.1:${provider.port}/files/logo.png`) })
  provider.serve('logo.png', { body: Uint8Array.of(0x89, 0x50, 0x4e, 0x47), type: 'image/png' })
  const lines: string[] = []
  const url = new URL(`/files/list.m3u?username=u5er&password=pa55word`, provider.url)
  url.username = 'b4sic'
  url.password = 'b4sicpass'
  const driver = aSource(
    { url: url.href, headers: { 'X-Key': 'h3ader' } },
    { log: (_level, event, facts) => void lines.push(JSON.stringify({ event, facts })) },
  )
  const { items } = await driver.catalogue(AbortSignal.timeout(8000))
  const keyOf = (name: string): string => items.find((item) => item.name === name)?.item ?? ''
  return {
    driver,
    plays: keyOf('Plays'),
    refuses: keyOf('Refuses'),
    silent: keyOf('Silent'),
    skipStreams: false,
    guideChannel: null,
    now: Date.now(),
    secrets: ['u5er', 'pa55word', 's3cret', 'b4sic', 'h3ader', '/live/', btoa('b4sic:b4sicpass')],
    logged: () => lines.join('\n'),
    openStreams: () => provider.openStreams(),
    endStreams: () => provider.endStreams(),
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await eventually(() => provider.openStreams() === 0, 'all streams closed')
      await provider[Symbol.asyncDispose]()
    },
  }
})
