import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Figure } from './measure.ts'

const WORK = fileURLToPath(new URL('relay/splice.ts', import.meta.url))
const bin = (name: string): string => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url))

/** Throughput of aligner, splicer and key-frame ring together on one core, warm, on each runtime. */
export function splicerFigures(): Promise<Figure[]> {
  const figures = (['node', 'bun', 'deno'] as const).map((name): Figure => {
    const flags = name === 'deno' ? ['run', '-A', '--no-check'] : []
    const { stdout, status } = spawnSync(bin(name), [...flags, WORK], { encoding: 'utf8', timeout: 30_000 })
    const figure = {
      name: `splicer throughput, ${name}`,
      unit: 'Gbit/s',
      aim: '≥ 2.5',
      method: 'aligner, splicer and ring over 10 Mbit/s television in 16 KiB pieces, best of five seconds',
    }
    return status === 0
      ? { ...figure, value: Number(stdout) }
      : { ...figure, value: null, skipped: `${name} ended with ${String(status)}` }
  })
  return Promise.resolve(figures)
}
