import { readFileSync } from 'node:fs'
import { Miniflare } from 'miniflare'
import { bigModel, findFfmpeg, quickTiming, startReceiver, testCacheDir } from '../tests/fakes/receiver/index.ts'
import { buildWorker, COMPATIBILITY } from './edge-worker.ts'
import { childrenOf, cpuSeconds, median } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'

const CHANNELS = 10_000
const TRIES = 15
const EDGE_TRIES = 60
const RUNTIMES = ['node', 'bun', 'deno'] as const
const KEYS = `k1:${Buffer.alloc(32, 7).toString('base64url')}`
const PASSWORD = 'correct horse battery'

/** `/playlist.m3u` of 10,000 channels over HTTP, from request to last byte: on each runtime, and on a front in workerd. */
export async function playlistFigures(): Promise<Figure[]> {
  const ffmpegPath = findFfmpeg()
  if (ffmpegPath === null) {
    const skipped = 'no FFmpeg for the simulated receiver'
    return [{ name: 'playlist of 10,000 channels', value: null, unit: 'ms', aim: '≤ 50', method: '-', skipped }]
  }
  await using receiver = await startReceiver({
    ffmpegPath,
    cacheDir: testCacheDir,
    model: bigModel(CHANNELS),
    timing: quickTiming,
  })
  const figures: Figure[] = []
  for (const runtime of RUNTIMES) {
    await using program = await startProgram(runtime, { DOWNLINK_E2_URL: receiver.url })
    await program.line(({ event }) => event === 'lineup-synced')
    const { times, count } = await timed(`${program.url}/playlist.m3u`, TRIES)
    figures.push({
      name: `playlist of 10,000 channels, ${runtime}`,
      value: median(times),
      unit: 'ms',
      aim: '≤ 50',
      method: `GET /playlist.m3u over loopback, median of ${TRIES}; ${count} entries`,
    })
  }
  return [...figures, ...(await edgeFigures(receiver.url))]
}

/** The same on a front: workerd pulls the line-up of a house, and a viewing link asks for the list. */
async function edgeFigures(receiver: string): Promise<Figure[]> {
  const built = buildWorker()
  if ('problem' in built)
    return [{ name: 'playlist on the edge', value: null, unit: 'ms', aim: '≤ 50', method: '-', skipped: built.problem }]
  await using house = await startProgram('node', {
    DOWNLINK_E2_URL: receiver,
    DOWNLINK_LINK_KEYS: KEYS,
    DOWNLINK_ADMIN_PASSWORD: PASSWORD,
  })
  await house.line(({ event }) => event === 'lineup-synced')
  const token = await viewingToken(house.url)
  const front = new Miniflare({
    modules: true,
    script: built.script,
    ...COMPATIBILITY,
    bindings: { DOWNLINK_LINK_KEYS: KEYS, DOWNLINK_ADAPTER_URL: house.url },
    host: '127.0.0.1',
    port: 0,
  })
  try {
    const url = `${(await front.ready).href}t/${token}/playlist.m3u`
    await timed(url, 5) // the line-up is there, and the code is warm
    const pid = childrenOf(process.pid).find((one) => readFileSync(`/proc/${one}/comm`, 'utf8').startsWith('workerd'))
    if (pid === undefined) throw new Error('Miniflare has no workerd')
    const before = cpuSeconds(pid)
    const { times, count } = await timed(url, EDGE_TRIES)
    const cpuMs = ((cpuSeconds(pid) - before) * 1000) / EDGE_TRIES
    const method = `GET /t/{token}/playlist.m3u of workerd (miniflare) over loopback; ${count} entries`
    return [
      { name: 'playlist on the edge', value: median(times), unit: 'ms', aim: '≤ 50', method },
      {
        name: 'playlist on the edge, CPU',
        value: cpuMs,
        unit: 'ms',
        aim: '≤ 10',
        method: `user and system time of the whole workerd process a request, mean of ${EDGE_TRIES}; its HTTP included`,
      },
    ]
  } finally {
    await front.dispose()
  }
}

async function viewingToken(house: string): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const signedIn = await fetch(`${house}/api/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'admin', password: PASSWORD }),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const made = await fetch(`${house}/api/v1/tokens`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify({ name: 'bench' }),
  })
  const { token } = (await made.json()) as { readonly token: string }
  return token
}

async function timed(
  url: string,
  tries: number,
): Promise<{ readonly times: readonly number[]; readonly count: number }> {
  const times: number[] = []
  let count = 0
  for (let index = 0; index < tries; index++) {
    const start = performance.now()
    const text = await (await fetch(url)).text()
    times.push(performance.now() - start)
    count = text.split('#EXTINF').length - 1
  }
  return { times, count }
}
