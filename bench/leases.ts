import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../adapters/store/open-store.ts'
import type { Figure } from './measure.ts'

const ROUNDS = 20_000
const PEOPLE = 200
const LIMIT = 4

/** How long a seat takes, in a store on a disk where 200 people watch. */
export async function leaseFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-'))
  try {
    await using store = await openStore(folder, { now: Date.now, log: () => {} })
    const { leases } = store.access
    const now = Date.now()
    const times = { acquire: [] as number[], renew: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      const [id, account] = [`seat${round}`, `person${round % PEOPLE}`]
      const since = now + round
      const start = performance.now()
      const seat = { id, account, device: 'tv', subject: 'c1', since, expiresAt: since + 20_000 }
      await leases.acquire({ ...seat, limit: LIMIT, mayReplace: true })
      const taken = performance.now()
      await leases.renew({ id, account }, { now: since, expiresAt: since + 30_000 })
      times.acquire.push(taken - start)
      times.renew.push(performance.now() - taken)
    }
    const method = `${ROUNDS} times, ${PEOPLE} people with ${LIMIT} seats`
    return (['acquire', 'renew'] as const).flatMap((step) => [
      { name: `lease ${step}, median`, value: quantile(times[step], 0.5), unit: 'ms', aim: '≤ 1', method },
      { name: `lease ${step}, 99 of 100`, value: quantile(times[step], 0.99), unit: 'ms', aim: '≤ 1', method },
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const quantile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN
