import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { judge } from '../core/live/ts-judge.ts'
import type { Receiver } from '../fakes/receiver/index.ts'
import { noFfmpeg, ready, sourceOf, startTestReceiver, statusOf } from '../runtime/house.ts'
import { newFolder, RUNTIME, startProgram, until } from '../runtime/program.ts'

/** Whole packets of what has come. */
const packets = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length - (bytes.length % 188))

const seconds = (ticks: number | undefined): number => (ticks ?? NaN) / 90_000

describe(`time shift of the assembled house on ${RUNTIME}`, { skip: noFfmpeg() }, () => {
  const folder = newFolder()
  let receiver: Receiver
  before(async () => {
    receiver = await startTestReceiver()
  })
  after(async () => {
    await receiver[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a viewer goes back in a channel that is being watched; kill -9 leaves nothing behind the next start', async () => {
    const options = { folder, config: { sources: [sourceOf(receiver)], timeShift: { minutes: 5 } } }
    const first = await startProgram(options)
    await ready(first)
    const opened = receiver.observe().connections.stream
    const live = await first.open('/live/c1.ts')
    await live.read(188 * 200)
    const liveFrom = judge(packets(live.received())).pcr[0]
    await until('five seconds were sent', () => {
      const { pcr } = judge(packets(live.received()))
      return seconds(pcr.at(-1)) - seconds(liveFrom) > 5
    })

    const late = await first.open('/live/c1.ts?start=-4')
    assert.equal(late.status, 200)
    const { faults, order, announced, pcr } = judge(packets(await late.read(188 * 500)))
    assert.deepEqual([faults, order.slice(0, 2), announced], [[], ['PAT', 'PMT'], 0])
    const behind = seconds(judge(packets(live.received())).pcr.at(-1)) - seconds(pcr[0])
    assert.ok(behind > 2.5 && behind < 7, `begins ${behind} s behind`)
    const { viewers } = (await statusOf(first)).streams[0] ?? { viewers: [] }
    assert.equal(viewers.length, 2)
    assert.equal(receiver.observe().connections.stream, opened + 1)

    const tapes = join(first.dataDir, 'cache', 'time-shift')
    await until('something is on the disk', () => existsSync(tapes) && readdirSync(tapes).length > 0)
    await first.kill9()
    assert.equal(readdirSync(tapes).length, 1)
    await using second = await startProgram(options)
    await ready(second)
    assert.deepEqual(readdirSync(tapes), [])
  })

  test('without time shift the parameter is answered with a clear code, and nothing is opened', async () => {
    await using house = await startProgram({ config: { sources: [sourceOf(receiver)] } })
    await ready(house)
    const before = receiver.observe().connections.stream
    const answer = await house.ask('/live/c1.ts?start=-300')
    assert.deepEqual(
      [answer.status, answer.headers['x-downlink-error'], answer.bytes.length],
      [501, 'live/no-time-shift', 0],
    )
    assert.equal(receiver.observe().connections.stream, before)
  })
})
