import { bigModel, findFfmpeg, quickTiming, startReceiver, testCacheDir } from '../tests/fakes/receiver/index.ts'
import { median } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'

const CHANNELS = 10_000
const TRIES = 15

/** `/playlist.m3u` of 10,000 channels over HTTP, from request to last byte. */
export async function playlistFigures(): Promise<Figure[]> {
  const method = `GET /playlist.m3u of ${CHANNELS} channels over loopback, median of ${TRIES}, Node`
  const ffmpegPath = findFfmpeg()
  const name = 'playlist of 10,000 channels'
  if (ffmpegPath === null)
    return [{ name, value: null, unit: 'ms', aim: '≤ 50', method, skipped: 'no FFmpeg for the simulated receiver' }]
  await using receiver = await startReceiver({
    ffmpegPath,
    cacheDir: testCacheDir,
    model: bigModel(CHANNELS),
    timing: quickTiming,
  })
  await using program = await startProgram('node', { DOWNLINK_E2_URL: receiver.url })
  await program.line(({ event }) => event === 'lineup-synced')
  const times: number[] = []
  let count = 0
  for (let index = 0; index < TRIES; index++) {
    const start = performance.now()
    const text = await (await fetch(`${program.url}/playlist.m3u`)).text()
    times.push(performance.now() - start)
    count = text.split('#EXTINF').length - 1
  }
  return [{ name, value: median(times), unit: 'ms', aim: '≤ 50', method: `${method}; ${count} entries` }]
}
