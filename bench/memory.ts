import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { demoModel, findFfmpeg, quickTiming, startReceiver, testCacheDir } from '../tests/fakes/receiver/index.ts'
import { childrenOf, memoryMb } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'
import type { BenchRuntime, Program } from './program.ts'

const BINARY = fileURLToPath(new URL('../dist/downlink', import.meta.url))

/** HLS keeps twice its window and a little (`hls.windowSeconds` 14). */
const KEPT_SECONDS = 32

type Status = { readonly streams: readonly { readonly bitrateKbps: number }[] }

/** Watches channels as HLS like a player: playlist and newest segment, once a second. */
async function watchHls(program: Program, channels: readonly number[], seconds: number): Promise<void> {
  const lists = await Promise.all(
    channels.map(async (channel) => {
      const first = await fetch(`${program.url}/live/${channel}.m3u8`)
      const uri = (await first.text()).split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? ''
      return new URL(uri, first.url).href
    }),
  )
  for (let second = 0; second < seconds; second++) {
    await Promise.all(
      lists.map(async (list) => {
        const text = await (await fetch(list)).text()
        const segment = text.split('\n').findLast((line) => line.endsWith('.ts'))
        if (segment !== undefined) await (await fetch(new URL(segment, list))).arrayBuffer()
      }),
    )
    await sleep(1000)
  }
}

/** Memory at rest, and for each running HLS channel beyond the bytes that it keeps. */
export async function memoryFigures(): Promise<Figure[]> {
  const runtime: BenchRuntime = existsSync(BINARY) ? 'binary' : 'bun'
  const label = runtime === 'binary' ? 'single binary' : 'Bun (no dist/downlink: run build:binary)'
  const figures: Figure[] = []
  {
    await using program = await startProgram(runtime, {})
    await sleep(5000)
    figures.push({
      name: 'memory at rest',
      value: memoryMb(program.pid).rss,
      unit: 'MB RSS',
      aim: '≤ 60',
      method: `${label}, no source, 5 s after start`,
    })
  }
  const ffmpegPath = findFfmpeg()
  const method = `${label}, HLS of 1 and of 3 channels for 40 s, RSS difference per channel less what is kept (bitrate × ${KEPT_SECONDS} s)`
  if (ffmpegPath === null)
    return [
      ...figures,
      { name: 'memory per channel', value: null, unit: 'MB', aim: '≤ 8', method, skipped: 'no FFmpeg' },
    ]
  await using receiver = await startReceiver({
    ffmpegPath,
    cacheDir: testCacheDir,
    model: demoModel({ clips: 'tiny', frontends: 8 }),
    timing: quickTiming,
  })
  await using program = await startProgram(runtime, { DOWNLINK_E2_URL: receiver.url })
  await program.line(({ event }) => event === 'lineup-synced')
  await watchHls(program, [1], 40)
  const one = memoryMb(program.pid).rss
  await watchHls(program, [1, 2, 4], 40)
  const three = memoryMb(program.pid).rss
  const status = (await (await fetch(`${program.url}/api/status`)).json()) as Status
  const kept =
    status.streams.reduce((sum, { bitrateKbps }) => sum + (bitrateKbps * KEPT_SECONDS) / 8 / 1024, 0) /
    Math.max(1, status.streams.length)
  const sidecars = childrenOf(program.pid).map((pid) => memoryMb(pid).pss)
  figures.push({ name: 'memory per channel', value: (three - one) / 2 - kept, unit: 'MB', aim: '≤ 8', method })
  if (sidecars.length > 0)
    figures.push({
      name: 'FFmpeg audio sidecar',
      value: sidecars.reduce((sum, pss) => sum + pss, 0) / sidecars.length,
      unit: 'MB PSS',
      aim: '-',
      method: `mean of ${sidecars.length}, FFmpeg of the system`,
    })
  return figures
}
