import { startListProvider } from '../tests/fakes/lists/provider.ts'
import { cpuSeconds, median, peakMemoryMb, watchLoop, worstAnswer } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'

const CHANNELS = 100_000
const TRIES = 7

/** A provider's list as they come: 19 MB, a hundred groups, a logo and a guide id for each. */
function bigList(port: number): string {
  const lines = ['#EXTM3U']
  for (let index = 0; index < CHANNELS; index++) {
    const name = `DE: Kanal ${index} ${index % 3 === 0 ? 'FHD' : 'HD'}`
    lines.push(
      `#EXTINF:-1 tvg-id="kanal${index}.de" tvg-name="${name}" tvg-logo="http://logo.example.org/${index}.png" group-title="Gruppe ${index % 100}",${name}`,
      `http://127.0.0.1:${port}/live/user/password/${index}.ts`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** A list of 100,000 channels: from the request for it to the stored line-up, and back out as a playlist. */
export async function m3uFigures(): Promise<Figure[]> {
  await using provider = await startListProvider()
  const list = bigList(provider.port)
  provider.serve('list.m3u', { body: list })
  const url = new URL('/files/list.m3u', provider.url).href
  const config = `sources:\n  - id: list\n    kind: m3u\n    url: ${url}\n`
  await using program = await startProgram('node', {}, config)
  await (await fetch(`${program.url}/healthz`)).text() // the first answer takes longer than others
  const before = cpuSeconds(program.pid)
  const stop = new AbortController()
  const held = worstAnswer(`${program.url}/healthz`, stop.signal)
  const own = watchLoop()
  const read = await program.line(({ event }) => event === 'list-read')
  const synced = await program.line(({ event }) => event === 'lineup-synced')
  stop.abort()
  const [heldMs, lateMs] = [await held, await own()]
  const reading = Number(read['durationMs'])
  const storing = Date.parse(synced.time ?? '') - Date.parse(read.time ?? '')
  const peak = peakMemoryMb(program.pid)
  const cpu = cpuSeconds(program.pid) - before

  const served = new AbortController()
  const waited = worstAnswer(`${program.url}/healthz`, served.signal)
  const times: number[] = []
  let count = 0
  for (let index = 0; index < TRIES; index++) {
    const start = performance.now()
    const text = await (await fetch(`${program.url}/playlist.m3u`)).text()
    times.push(performance.now() - start)
    count = text.split('#EXTINF').length - 1
  }
  served.abort()
  const size = `${(list.length / 1e6).toFixed(0)} MB, ${CHANNELS} channels`
  return [
    {
      name: 'import of a list',
      value: (reading + storing) / 1000,
      unit: 's',
      aim: '≤ 3',
      method: `M3U of ${size} over loopback, from the request to the stored line-up (reading ${reading} ms; ${cpu.toFixed(1)} s of CPU in all), Node`,
    },
    {
      name: 'main thread held up by that import',
      value: heldMs,
      unit: 'ms',
      aim: '≤ 50',
      method: `slowest of GET /healthz every 10 ms, meanwhile; who sent and measured was ${lateMs.toFixed(0)} ms late at most`,
    },
    { name: 'memory of that import', value: peak, unit: 'MB RSS', aim: '≤ 250', method: 'peak of the whole program' },
    {
      name: 'playlist of 100,000 channels',
      value: median(times),
      unit: 'ms',
      aim: '≤ 300',
      method: `GET /playlist.m3u over loopback, median of ${TRIES}, Node; ${count} entries`,
    },
    {
      name: 'main thread held up by that playlist',
      value: await waited,
      unit: 'ms',
      aim: '≤ 50',
      method: `slowest of GET /healthz every 10 ms, while ${TRIES} of them were written`,
    },
  ]
}
