import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { channelId, channelKey } from '../core/lineup/channel.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { sourceId, streamId } from '../core/lineup/stream.ts'
import { createHub } from '../core/live/create-hub.ts'
import { PACKET_SIZE, pidAt, startsUnit } from '../core/live/packet.ts'
import { readPesHeader } from '../core/live/pes-header.ts'
import type { Program } from '../core/live/program.ts'
import { diff90k } from '../core/live/timestamps.ts'
import { judge } from '../tests/core/live/ts-judge.ts'
import { demoModel, findFfmpeg, quickTiming, startReceiver, testCacheDir } from '../tests/fakes/receiver/index.ts'
import type { ReceiverModel } from '../tests/fakes/receiver/index.ts'
import { median } from './measure.ts'
import type { Figure } from './measure.ts'
import { serveWarm, tcpOpener } from './switch/tcp-stream.ts'

const SWITCHES = 100
/** Between two deaths of a stream; a random part is added, so that they happen anywhere in a GOP and in a packet. */
const LIFE_MS = 500

const silent = (): void => {}
const now = (): number => performance.timeOrigin + performance.now()
const VIEWER = { mode: 'ts', user: null, address: '127.0.0.1' } as const

function channelOf(key: number, items: readonly string[]): Channel {
  const source = sourceId('bench')
  return {
    key: channelKey(key),
    id: channelId(channelKey(key)),
    number: String(key),
    name: `Channel ${key}`,
    media: 'tv',
    groups: [],
    enabled: true,
    hasLogo: false,
    guide: null,
    streams: items.map((item) => ({
      id: streamId(source, item),
      sourceId: source,
      item,
      name: item,
      media: 'tv',
      serviceRef: null,
      programNumber: null,
      slotKey: item,
    })),
  }
}

/** Two services of one codec set on the receiver. */
function pair(model: ReceiverModel, codec: 'h264' | 'h264-open-gop'): readonly [string, string] | null {
  const found = model.services.filter(({ recipe, encrypted }) => recipe.video?.codec === codec && !encrypted)
  const [first, second] = found
  return first === undefined || second === undefined ? null : [first.ref, second.ref]
}

type Result = {
  readonly gapsMs: readonly number[]
  readonly faults: number
  readonly complaints: number
  readonly pictures: number
}

/** A viewer of a channel whose stream dies a hundred times, with a second one that starts at a key frame at once. */
async function switching(streamPort: number, refs: readonly [string, string], ffmpeg: string): Promise<Result> {
  const box = tcpOpener((ref) => ({ port: streamPort, path: `/${ref}` }))
  const origin = createHub({ source: () => box, log: silent, now, lingerSeconds: 1 })
  const consumers = refs.map((ref, index) => channelOf(index + 10, [ref]))
  const stopped = new AbortController()
  const keeper = { program: silent, chunk: silent, end: silent, viewers: () => [] }
  const servers = await Promise.all(
    consumers.map(async (channel) => {
      await origin.consume(channel, keeper, stopped.signal)
      return serveWarm(origin, channel)
    }),
  )
  await sleep(2500)
  const opener = tcpOpener((item) => ({ port: servers[item === 'a' ? 0 : 1]?.port ?? 0, path: '/' }))
  const hub = createHub({ source: () => opener, log: silent, now, lingerSeconds: 1 })
  const channel = channelOf(1, ['a', 'b'])
  const parts: Uint8Array[] = []
  const sink = { write: (bytes: Uint8Array) => parts.push(bytes.slice()) > 0, close: silent }
  const seat = await hub.watch(channel, VIEWER, () => sink, stopped.signal)
  let cuts = 0
  while (cuts < SWITCHES) {
    await sleep(LIFE_MS + Math.random() * 400)
    // Whichever is in use dies; the keepers of the other hub go on.
    for (const server of servers) cuts += Math.min(1, server.cut())
  }
  await sleep(1000)
  const program: Program | null = hub.streams()[0]?.program ?? null
  seat.leave()
  await hub[Symbol.asyncDispose]()
  await origin[Symbol.asyncDispose]()
  for (const server of servers) server.close()

  const bytes = new Uint8Array(Buffer.concat(parts))
  const video = program?.streams.find(({ kind }) => kind === 'video')?.pid ?? -1
  const times = showingTimes(bytes, video)
  const frame = median(times.slice(1).map((time, index) => diff90k(time, times[index] ?? time)))
  const gapsMs = times.slice(1).map((time, index) => (diff90k(time, times[index] ?? time) - frame) / 90)
  return { gapsMs, faults: judge(bytes).faults.length, complaints: complaints(ffmpeg, bytes), pictures: times.length }
}

/** DTS of every picture, in order. */
function showingTimes(bytes: Uint8Array, pid: number): number[] {
  const times: number[] = []
  for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
    if (pidAt(bytes, offset) !== pid || !startsUnit(bytes, offset)) continue
    const time = readPesHeader(bytes, offset)?.dts90k ?? null
    if (time !== null) times.push(time)
  }
  return times
}

/** Lines that FFmpeg has to say about the stream while it decodes all of it. */
function complaints(ffmpeg: string, bytes: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-'))
  try {
    const file = join(folder, 'viewer.ts')
    writeFileSync(file, bytes)
    const { stderr } = spawnSync(
      ffmpeg,
      [
        '-nostdin',
        '-v',
        'error',
        '-i',
        file,
        '-map',
        '0:v',
        '-map',
        '0:a',
        '-vsync',
        'passthrough',
        '-enc_time_base',
        '1:90000',
        '-f',
        'null',
        '-',
      ],
      {
        encoding: 'utf8',
      },
    )
    return stderr.split('\n').filter((line) => line !== '').length
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a viewer sees when a stream dies and the next one takes over. */
export async function switchFigures(): Promise<Figure[]> {
  const ffmpegPath = findFfmpeg()
  const method = `${SWITCHES} deaths at random moments over TCP; the other stream starts at a key frame at once`
  if (ffmpegPath === null)
    return [{ name: 'switch gap', value: null, unit: 'ms', aim: '≤ 250', method, skipped: 'no FFmpeg' }]
  const model = demoModel({ clips: 'tiny', frontends: 8 })
  await using receiver = await startReceiver({ ffmpegPath, cacheDir: testCacheDir, model, timing: quickTiming })
  const figures: Figure[] = []
  for (const [label, codec] of [
    ['closed GOP', 'h264'],
    ['open GOP', 'h264-open-gop'],
  ] as const) {
    const refs = pair(model, codec)
    if (refs === null) continue
    // The other stream is another broadcast: its clock lies elsewhere.
    receiver.faults.signal(refs[1], { shiftSeconds: 5000 })
    const { gapsMs, faults, complaints: lines } = await switching(receiver.streamPort, refs, ffmpegPath)
    figures.push(
      {
        name: `switch gap, ${label}`,
        value: Math.max(...gapsMs),
        unit: 'ms',
        aim: '≤ 250',
        method: `worst missing picture of ${method}`,
      },
      {
        name: `switch faults, ${label}`,
        value: faults,
        unit: 'errors',
        aim: '0',
        method: 'continuity, clock and table errors of the same run',
      },
      {
        name: `switch decoder errors, ${label}`,
        value: lines,
        unit: 'lines',
        aim: '0',
        method: 'ffmpeg -v error over the same bytes',
      },
    )
  }
  return figures
}
