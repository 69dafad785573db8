import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHub } from '../../../../core/live/create-hub.ts'
import type { Hub } from '../../../../core/live/hub.ts'
import { Failure } from '../../../../core/errors.ts'
import { eventually, toStream } from '../../../conformance/source.ts'
import { fakeChannel } from '../../../fakes/gateway.ts'
import type { Dialect } from '../../../fakes/panel/index.ts'
import { openPanelHouse } from './panel.ts'

/** Times as fast as ours: what takes seconds in a house takes moments here, for the house and for the panel alike. */
const SPEED = 20
const DIALECTS: readonly Dialect[] = ['x29', 'xui', 'sloppy']

/** Numbers from 0 to 1, the same in every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

type House = {
  readonly dialect: Dialect
  readonly limit: number
  readonly viewers: number
  readonly zaps: number
}

/** Zaps at a panel of this dialect, and gives what the panel and the viewers saw of it. */
async function zapAlong({ dialect, limit, viewers, zaps }: House) {
  const origin = Date.now()
  const now = (): number => origin + (performance.now() - started) * SPEED
  const started = performance.now()
  const timers = {
    set: (work: () => void, ms: number) => setTimeout(work, ms / SPEED),
    clear: (timer: unknown) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    every: (work: () => void, ms: number) => setInterval(work, ms / SPEED),
    clearEvery: (timer: unknown) => clearInterval(timer as ReturnType<typeof setInterval>),
  }
  const settings = { dialect, burstMs: 1500, redirects: 2, redirectMs: 100_000, hlsIdleMs: 200 }
  await using house = await openPanelHouse({ now, settings, ports: { now } })
  const { panel, driver } = house
  const [account] = panel.model.accounts
  assert.ok(account)
  account.maxConnections = limit
  const { items } = await driver.catalogue(AbortSignal.timeout(8000))
  const channels = items.map((item, index) =>
    fakeChannel(index + 1, { name: item.name, media: item.media, streams: [toStream(driver, item)] }),
  )
  const log = (): void => {}
  await using hub: Hub = createHub({ source: () => driver, log, now, lingerSeconds: 5, timers })
  const counts = { pictures: 0, refusals: 0, left: 0 }

  const watch = async (viewer: number): Promise<void> => {
    const roll = dice(limit * 100 + viewer)
    for (let zap = 0; zap < zaps / viewers; zap++) {
      const channel = channels[Math.floor(roll() * channels.length)]
      assert.ok(channel)
      // Some zap on before there is a picture.
      const patience = AbortSignal.timeout(roll() < 0.4 ? Math.ceil(roll() * 20) : 400)
      try {
        const info = { mode: 'ts', user: `v${viewer}`, address: '192.168.1.5' } as const
        const sink = { write: () => true, close: () => {} }
        const seat = await hub.watch(channel, info, () => sink, patience)
        counts.pictures += 1
        await new Promise((resolve) => setTimeout(resolve, roll() * 15))
        seat.leave()
      } catch (error) {
        if (error instanceof Failure) counts.refusals += 1
        else counts.left += 1
      }
    }
  }
  await Promise.all(Array.from({ length: viewers }, (_, viewer) => watch(viewer)))
  await hub[Symbol.asyncDispose]()
  await eventually(() => panel.observe().open === 0, 'all streams are closed')
  return { ...panel.observe(), counts }
}

// All dialects at once: most of the time is spent waiting.
for (const { limit, viewers, zaps } of [
  { limit: 1, viewers: 1, zaps: 60 },
  { limit: 2, viewers: 3, zaps: 150 },
]) {
  test(`${zaps} zaps of ${viewers} viewer(s) over ${limit} connection(s) never ask a panel of any dialect for what it forbids`, async () => {
    const houses = DIALECTS.map((dialect) => zapAlong({ dialect, limit, viewers, zaps }))
    for (const [index, { forbidden, killed, mostOpen, calls, counts }] of (await Promise.all(houses)).entries()) {
      const dialect = DIALECTS[index]
      assert.deepEqual({ dialect, forbidden, killed, mostOpen }, { dialect, forbidden: [], killed: 0, mostOpen: limit })
      assert.ok(calls['login'] !== undefined && calls['login'] < zaps / 4, `${dialect}: ${calls['login']} log-ins`)
      assert.ok(counts.pictures > zaps / 10, `${dialect}: ${JSON.stringify(counts)}`)
    }
  })
}
