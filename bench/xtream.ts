import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuSeconds, median, memoryMb, peakMemoryMb } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'
import type { Program } from './program.ts'

const CHANNELS = 10_000
const CALLS = 5000
const CONNECTIONS = 16
const LISTS = 10
const PASSWORD = 'correct-horse-battery'

/** A list of so many channels in 200 groups. */
function channelList(): string {
  const lines = Array.from(
    { length: CHANNELS },
    (_, index) =>
      `#EXTINF:-1 tvg-id="sender${index}.test" group-title="Paket ${Math.floor(index / 50)}",Sender ${index + 1} HD\nhttp://127.0.0.1:9/live/${index}.ts\n`,
  )
  return `#EXTM3U\n${lines.join('')}`
}

/** The body of an answer, which has to be 200. */
function get(url: string, agent: Agent): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks))
        else reject(new Error(`${response.statusCode} instead of 200`))
      })
    })
    asking.once('error', reject)
    asking.end()
  })
}

/** A viewing token of the house, made by its admin. */
async function newToken({ url }: Program): Promise<string> {
  const json = (path: string, body: object, cookie = ''): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    })
  const login = await json('/api/v1/session', { name: 'admin', password: PASSWORD })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  return ((await (await json('/api/v1/tokens', { name: 'Bench' }, cookie)).json()) as { token: string }).token
}

/** Calls of `player_api.php` a second, what one costs, and the list of 10,000 channels. Every call signs in anew. */
export async function xtreamFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-list-'))
  const file = join(folder, 'list.m3u')
  writeFileSync(file, channelList())
  const config = JSON.stringify({ sources: [{ id: 'list', kind: 'm3u', file }] })
  await using program = await startProgram('node', { DOWNLINK_ADMIN_PASSWORD: PASSWORD }, config)
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  try {
    await program.line(({ event }) => event === 'lineup-synced')
    const root = `${program.url}/player_api.php?username=bench&password=${await newToken(program)}`
    const figures: Figure[] = []
    for (const { name, query } of [
      { name: 'log-in', query: '' },
      { name: 'get_short_epg', query: '&action=get_short_epg&stream_id=7' },
    ]) {
      await calls(root + query, agent, CALLS / 5)
      const cpu = cpuSeconds(program.pid)
      const start = performance.now()
      await calls(root + query, agent, CALLS)
      const seconds = (performance.now() - start) / 1000
      const method = `${CALLS} GETs over ${CONNECTIONS} connections, Node; the client shares the machine`
      figures.push(
        { name: `player_api.php: ${name}`, value: CALLS / seconds, unit: 'requests/s', aim: '≥ 1000', method },
        {
          name: `player_api.php: ${name}, CPU`,
          value: ((cpuSeconds(program.pid) - cpu) / CALLS) * 1000,
          unit: 'ms/request',
          aim: '≤ 1',
          method: 'user and system time of the server',
        },
      )
    }
    return [...figures, ...(await listFigures(program, `${root}&action=get_live_streams`, agent))]
  } finally {
    agent.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function calls(url: string, agent: Agent, count: number): Promise<void> {
  let left = count
  const caller = async (): Promise<void> => {
    while (left-- > 0) await get(url, agent)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, caller))
}

async function listFigures(program: Program, url: string, agent: Agent): Promise<Figure[]> {
  const times: number[] = []
  let count = 0
  let bytes = 0
  const before = memoryMb(program.pid).rss
  const cpu = cpuSeconds(program.pid)
  for (let index = 0; index < LISTS; index++) {
    const start = performance.now()
    const body = await get(url, agent)
    times.push(performance.now() - start)
    bytes = body.length
    count = (JSON.parse(body.toString()) as readonly unknown[]).length
  }
  const spent = cpuSeconds(program.pid) - cpu
  const method = `${count} rows, ${(bytes / 1e6).toFixed(1)} MB, median of ${LISTS}`
  return [
    { name: 'get_live_streams of 10,000 channels', value: median(times), unit: 'ms', aim: '≤ 150', method },
    { name: 'get_live_streams, CPU', value: (spent / LISTS) * 1000, unit: 'ms', aim: '≤ 150', method: 'of the server' },
    {
      name: 'get_live_streams, memory',
      value: Math.max(0, peakMemoryMb(program.pid) - before),
      unit: 'MB',
      aim: '≤ 64',
      method: `peak of the process above its size before (${before.toFixed(0)} MB)`,
    },
  ]
}
