import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GOOD_REQUESTS } from '../tests/fakes/fuzz/good-requests.ts'
import { spoiltRequests } from '../tests/fakes/fuzz/requests.ts'
import type { SpoiltRequest } from '../tests/fakes/fuzz/requests.ts'
import { memoryMb } from './measure.ts'
import type { Figure } from './measure.ts'
import { startProgram } from './program.ts'
import type { BenchRuntime } from './program.ts'

const COUNT = Number(process.env['DOWNLINK_FUZZ_COUNT'] ?? 100_000)
const SEED = Number(process.env['DOWNLINK_FUZZ_SEED'] ?? 20_261_121)
const CONNECTIONS = 8
const PATIENCE_MS = 15_000
const PASSWORD = 'correct-horse-battery'

/** Addresses of examples lead nowhere but to this machine. */
const AT_HOME = GOOD_REQUESTS.map((request) => ({
  ...request,
  ...(request.body !== undefined && {
    body: JSON.parse(JSON.stringify(request.body).replace(/https?:\/\/[^"/]+/g, 'http://127.0.0.1:9')) as unknown,
  }),
}))

/**
 * 100,000 spoilt requests over raw sockets, so that no client puts them right, to the running program on each runtime:
 * errors of ours, requests that nobody answered, and how memory grows. Another seed or count: DOWNLINK_FUZZ_SEED,
 * DOWNLINK_FUZZ_COUNT.
 */
export async function fuzzFigures(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const runtime of ['node', 'bun', 'deno'] as const) figures.push(...(await fuzz(runtime)))
  return figures
}

async function fuzz(runtime: BenchRuntime): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-fuzz-'))
  const file = join(folder, 'list.m3u')
  const entry = (index: number) => `#EXTINF:-1 group-title="All",Channel ${index}\nhttp://127.0.0.1:9/${index}.ts\n`
  writeFileSync(file, `#EXTM3U\n${Array.from({ length: 20 }, (_, index) => entry(index)).join('')}`)
  const config = JSON.stringify({ hdhr: { discovery: 'off' }, sources: [{ id: 'receiver', kind: 'm3u', file }] })
  try {
    await using program = await startProgram(runtime, { DOWNLINK_ADMIN_PASSWORD: PASSWORD }, config)
    await program.line(({ event }) => event === 'lineup-synced')
    const { hostname, port, host } = new URL(program.url)
    const authorization = `Bearer ${await apiToken(program.url)}`
    const requests = spoiltRequests(SEED, AT_HOME, [{ host, authorization }, { host }])
    const found = { statuses: new Map<number, number>(), silent: 0 }
    const sizes: number[] = []
    let left = COUNT
    const caller = async (): Promise<void> => {
      while (left > 0) {
        left -= 1
        if (left % Math.ceil(COUNT / 10) === 0) sizes.push(memoryMb(program.pid).rss)
        const status = await send(Number(port), hostname, requests.next().value)
        if (status === null) found.silent += 1
        else found.statuses.set(status, (found.statuses.get(status) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, caller))
    const bugs = program.lines.filter(({ event }) => event === 'bug').length
    const others = [...found.statuses]
      .filter(([status]) => status > 500)
      .map(([status, times]) => `${times} × ${status}`)
    const method = `${COUNT} spoilt requests, seed ${SEED}, ${runtime}`
    // The first tenths warm it up: compiled code, caches up to their bounds.
    const [early = 0, late = 0] = [sizes[3], sizes.at(-1)]
    return [
      {
        name: `fuzz, ${runtime}: errors of ours`,
        value: (found.statuses.get(500) ?? 0) + bugs,
        unit: 'answers',
        aim: '0',
        method: `${method}; of sources that do not answer: ${others.join(', ') || 'none'}`,
      },
      {
        name: `fuzz, ${runtime}: requests without an answer`,
        value: found.silent,
        unit: 'requests',
        aim: '0',
        method: `within ${PATIENCE_MS / 1000} s`,
      },
      {
        name: `fuzz, ${runtime}: growth of memory`,
        value: Math.max(0, late - early),
        unit: 'MB',
        aim: '≤ 48',
        method: `RSS, from 40 % (${early.toFixed(0)} MB) to the end`,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function apiToken(url: string): Promise<string> {
  const post = (path: string, body: object, cookie = ''): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    })
  const login = await post('/api/v1/session', { name: 'admin', password: PASSWORD })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  return ((await (await post('/api/v1/tokens', { name: 'Fuzz', kind: 'api' }, cookie)).json()) as { token: string })
    .token
}

/** The status of the answer; 0 if the connection was closed without one; null if there was none in time. */
function send(port: number, host: string, { method, target, headers, body }: SpoiltRequest): Promise<number | null> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ port, host })
    let head = ''
    const done = (status: number | null): void => {
      socket.resetAndDestroy() // no port waits for late packets
      resolve(status)
    }
    socket.setTimeout(PATIENCE_MS, () => done(null))
    socket.once('error', () => done(0))
    socket.once('close', () => done(0))
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1')
      const status = /^HTTP\/1\.\d (\d{3})/.exec(head)?.[1]
      if (status !== undefined) done(Number(status))
    })
    const lines = Object.entries({ ...headers, ...(body !== null && { 'content-length': String(body.length) }) })
    const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    socket.write(`${method} ${target} HTTP/1.1\r\n${text}\r\n`)
    if (body !== null) socket.write(body)
  })
}
