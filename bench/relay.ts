import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { childrenOf, cpuSeconds, median } from './measure.ts'
import type { Figure } from './measure.ts'

/** A good HD programme, bits a second. */
const BITRATE = 10_000_000
/** Many first: what is compiled while it warms up should not count against a single one. */
const VIEWERS = [100, 20, 1] as const
const WARM_MS = 1200
const MEASURE_MS = 4000

const here = (path: string): string => fileURLToPath(new URL(`relay/${path}`, import.meta.url))
const bin = (name: string): string => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url))

/** A program that relays, as the figures name it. */
type Relay = { readonly name: 'node' | 'bun' | 'deno' | 'nginx'; readonly port: number; readonly pid: number }

/** What a relay needed for one number of viewers. */
type Run = { readonly cpuPerGb: number; readonly latencyMs: number; readonly deliveredMb: number }

const started = new Set<ChildProcess>()

/** Starts a program and gives the first line that it prints. */
function start(
  file: string,
  args: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  started.add(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
    createInterface({ input: child.stdout }).once('line', (line) => resolve({ child, line }))
  })
}

const startServer = async (name: 'node' | 'bun' | 'deno', origin: number): Promise<Relay> => {
  const flags = name === 'deno' ? ['run', '-A', '--no-check'] : []
  const { child, line } = await start(bin(name), [...flags, here('server.ts'), String(origin)])
  return { name, port: Number(line), pid: child.pid ?? 0 }
}

/** nginx as a plain proxy without buffering: one connection to the origin for each viewer. */
async function startNginx(path: string, origin: number, folder: string): Promise<Relay> {
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http { access_log off; ${temporary.join(' ')}
  server { listen 127.0.0.1:${port};
    location / { proxy_pass http://127.0.0.1:${origin}; proxy_buffering off; proxy_http_version 1.0; } } }`,
  )
  const child = spawn(path, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  started.add(child)
  for (let tries = 0; tries < 50; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const [worker] = childrenOf(child.pid ?? 0)
    if (worker !== undefined) return { name: 'nginx', port, pid: worker }
  }
  throw new Error('nginx has not started')
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

function findProgram(name: string): string | null {
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']) {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return join(folder, name)
    } catch {
      // Not in this folder.
    }
  }
  return null
}

/** Lets viewers watch and measures what the relay needs meanwhile. */
async function watch({ port, pid }: Pick<Relay, 'port' | 'pid'>, viewers: number): Promise<Run> {
  const child = spawn(
    bin('node'),
    [here('viewers.ts'), String(port), '/live/c1.ts', String(viewers), String(WARM_MS), String(MEASURE_MS)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  started.add(child)
  let before = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line) as { ready?: true; bytes?: number; latencies?: number[] }
    if (message.ready) before = cpuSeconds(pid)
    else {
      const bytes = message.bytes ?? 0
      return {
        cpuPerGb: (cpuSeconds(pid) - before) / (bytes / 1e9),
        latencyMs: median(message.latencies ?? []),
        deliveredMb: bytes / 1e6,
      }
    }
  }
  throw new Error('The viewers ended early')
}

/**
 * What the relay costs and adds, beside nginx on the same bytes: CPU seconds per GB delivered and milliseconds added, for
 * 1, 20 and 100 viewers. All processes are its own; about 80 s.
 */
export async function relayFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-relay-'))
  try {
    const origin = await start(bin('node'), [here('origin.ts'), String(BITRATE)])
    const originPort = Number(origin.line)
    const direct = await watch({ port: originPort, pid: origin.child.pid ?? 0 }, 1)
    const nginxPath = findProgram('nginx')
    const nginx = nginxPath === null ? null : await runAll(await startNginx(nginxPath, originPort, folder))
    const figures: Figure[] = []
    for (const name of ['bun', 'node', 'deno'] as const) {
      const runs = await runAll(await startServer(name, originPort))
      for (const [index, viewers] of VIEWERS.entries())
        figures.push(...compare(name, viewers, runs[index] as Run, nginx?.[index] ?? null))
      const added = (runs[1]?.latencyMs ?? Number.NaN) - direct.latencyMs
      figures.push({
        name: `relay latency added, ${name}`,
        value: added,
        unit: 'ms',
        aim: '≤ 30 ms',
        method: `median at 20 viewers over the way straight from the origin (${direct.latencyMs.toFixed(1)} ms)`,
      })
    }
    return figures
  } finally {
    for (const child of started) child.kill('SIGTERM')
    started.clear()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runAll(relay: Relay): Promise<Run[]> {
  const runs: Run[] = []
  for (const viewers of VIEWERS) runs.push(await watch(relay, viewers))
  return runs
}

function compare(name: 'node' | 'bun' | 'deno', viewers: number, run: Run, nginx: Run | null): Figure[] {
  const aim = viewers !== 20 || name === 'deno' ? '-' : name === 'bun' ? '≤ 1.0' : '≤ 1.5'
  const cost: Figure = {
    name: `relay CPU per GB, ${viewers} viewer${viewers === 1 ? '' : 's'}, ${name}`,
    value: run.cpuPerGb,
    unit: 's/GB',
    aim: '-',
    method: `${BITRATE / 1e6} Mbit/s, ${MEASURE_MS / 1000} s, ${run.deliveredMb.toFixed(0)} MB delivered, user and system time`,
  }
  const ratio = {
    name: `relay CPU over nginx, ${viewers} viewer${viewers === 1 ? '' : 's'}, ${name}`,
    unit: '×',
    aim,
    method: 'proxy_pass, proxy_buffering off, one worker, the same origin, in the same run',
  }
  return [
    cost,
    nginx === null
      ? { ...ratio, value: null, skipped: 'nginx is not installed' }
      : {
          ...ratio,
          value: run.cpuPerGb / nginx.cpuPerGb,
          method: `${ratio.method} (${nginx.cpuPerGb.toFixed(2)} s/GB)`,
        },
  ]
}
