import { Agent, request } from 'node:http'
import { bigModel, findFfmpeg, quickTiming, startReceiver, testCacheDir } from '../tests/fakes/receiver/index.ts'
import { cpuSeconds } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'
import type { BenchRuntime } from './program.ts'

const CHANNELS = 500
const CLIENTS = 16
const SECONDS = 5
const RUNTIMES: readonly BenchRuntime[] = ['node', 'bun', 'deno']

/** Asks once over a kept connection; resolves with the bytes of the answer. */
const ask = (url: string, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Uint8Array) => (bytes += chunk.length))
      response.once('end', () =>
        response.statusCode === 200 ? resolve(bytes) : reject(new Error(`Answered ${response.statusCode}`)),
      )
      response.once('error', reject)
    })
      .once('error', reject)
      .end()
  })

/** So many clients ask one after the other for some seconds; gives requests a second and CPU a request. */
async function load(url: string, pid: number): Promise<{ readonly perSecond: number; readonly cpuMs: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  await ask(url, agent)
  const cpuBefore = cpuSeconds(pid)
  const startedAt = performance.now()
  const until = startedAt + SECONDS * 1000
  let count = 0
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      await ask(url, agent)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const seconds = (performance.now() - startedAt) / 1000
  agent.destroy()
  return { perSecond: count / seconds, cpuMs: ((cpuSeconds(pid) - cpuBefore) * 1000) / count }
}

/** `/lineup.json` of 500 channels, as programs that look after tuners ask for it again and again. */
export async function hdhrFigures(): Promise<Figure[]> {
  const name = (runtime: string): string => `line-up of a tuner, ${CHANNELS} channels, ${runtime}`
  const method = `GET /lineup.json over loopback, ${CLIENTS} clients on kept connections for ${SECONDS} s`
  const ffmpegPath = findFfmpeg()
  if (ffmpegPath === null) {
    const skipped = 'no FFmpeg for the simulated receiver'
    return [{ name: name('node'), value: null, unit: 'requests/s', aim: '≥ 1000', method, skipped }]
  }
  await using receiver = await startReceiver({
    ffmpegPath,
    cacheDir: testCacheDir,
    model: bigModel(CHANNELS),
    timing: quickTiming,
  })
  const figures: Figure[] = []
  for (const runtime of RUNTIMES) {
    await using program = await startProgram(runtime, {
      DOWNLINK_E2_URL: receiver.url,
      DOWNLINK_HDHR_DISCOVERY: 'off',
    })
    await program.line(({ event }) => event === 'lineup-synced')
    const { perSecond, cpuMs } = await load(`${program.url}/lineup.json`, program.pid)
    const value = Math.round(perSecond)
    figures.push(
      { name: name(runtime), value, unit: 'requests/s', aim: '≥ 1000', method },
      { name: `the same, CPU a request, ${runtime}`, value: cpuMs, unit: 'ms', aim: '-', method },
    )
  }
  return figures
}
