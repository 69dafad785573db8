import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { judge } from '../core/live/ts-judge.ts'
import type { Receiver } from '../fakes/receiver/index.ts'
import { noFfmpeg, startHouse, startTestReceiver, statusOf } from '../runtime/house.ts'
import type { OpenAnswer } from '../runtime/http-client.ts'
import { newFolder, RUNTIME, until } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'

type Entry = { readonly GuideNumber: string; readonly GuideName: string; readonly URL: string }
type Discovered = { readonly DeviceID: string; readonly BaseURL: string; readonly TunerCount: number }

/** Quiet in the network: other programs on this machine may look for tuners too. */
const QUIET = { hdhr: { discovery: 'off' }, live: { lingerSeconds: 0 } }

describe(`the house as a tuner on ${RUNTIME}`, { skip: noFfmpeg() }, () => {
  const stack = new AsyncDisposableStack()
  const folder = newFolder()
  let receiver: Receiver
  let house: Program
  before(async () => {
    receiver = stack.use(await startTestReceiver())
    house = stack.use(await startHouse(receiver, { waitForGuide: false, folder, config: QUIET }))
  })
  after(() => stack.disposeAsync())
  const entries = async (path = '/lineup.json'): Promise<readonly Entry[]> =>
    (await house.ask(path)).json() as readonly Entry[]
  const pathOf = async (name: string): Promise<string> => {
    const found = (await entries()).find(({ GuideName }) => GuideName === name)
    return new URL(found?.URL ?? '').pathname
  }

  test('it has as many tuners as the receiver, and every channel once', async () => {
    const device = (await house.ask('/discover.json')).json() as Discovered
    assert.deepEqual([device.BaseURL, device.TunerCount], [house.url, 2])
    const list = await entries()
    assert.equal(list.length, 14)
    assert.equal(new Set(list.map(({ GuideNumber }) => GuideNumber)).size, 14)
    assert.ok(list.every(({ URL: url }) => url.startsWith(`${house.url}/auto/v`)))
  })

  test('it plays, says busy with an empty body, and has room again at once', async () => {
    const watched: OpenAnswer[] = []
    const watch = async (name: string): Promise<OpenAnswer> => {
      const viewer = await house.open(await pathOf(name), { headers: { range: 'bytes=0-' } })
      watched.push(viewer)
      return viewer
    }
    const first = await watch('Alpin 1 HD')
    assert.deepEqual([first.status, first.headers['x-hdhomerun-resource']], [200, 'tuner0'])
    const bytes = await first.read(188 * 50)
    assert.deepEqual(judge(bytes.subarray(0, bytes.length - (bytes.length % 188))).faults, [])
    assert.equal((await watch('Nordlicht HD')).headers['x-hdhomerun-resource'], 'tuner1')
    const modes = (await statusOf(house)).streams.flatMap(({ viewers }) => viewers.map(({ mode }) => mode))
    assert.deepEqual(modes, ['hdhr', 'hdhr'])
    const busy = await house.ask(await pathOf('Musik Eins'))
    assert.deepEqual(
      [busy.status, busy.headers['x-hdhomerun-error'], busy.bytes.length],
      [503, '805 All Tuners In Use', 0],
    )
    const head = await house.ask(await pathOf('Musik Eins'), { method: 'HEAD' })
    assert.equal(head.status, 200)
    watched.shift()?.close()
    await until('the tuner is free', async () => (await statusOf(house)).streams.length === 1)
    assert.equal((await watch('Musik Eins')).status, 200)
    for (const viewer of watched) viewer.close()
    await until('nothing runs any more', async () => (await statusOf(house)).streams.length === 0)
    const tuners = (await house.ask('/status.json')).json() as readonly object[]
    assert.deepEqual(tuners, [{ Resource: 'tuner0' }, { Resource: 'tuner1' }])
  })

  test('a stream with a duration ends by itself, whole', async () => {
    const answer = await house.ask(`${await pathOf('Alpin 1 HD')}?duration=1`)
    assert.equal(answer.status, 200)
    assert.ok(answer.bytes.length > 0 && answer.bytes.length % 188 === 0)
  })

  test('a search for channels asks the receiver', async () => {
    assert.equal((await house.ask('/lineup.post?scan=start&source=Cable', { method: 'POST' })).status, 200)
    const during = (await house.ask('/lineup_status.json')).json() as { ScanInProgress: number }
    assert.equal(during.ScanInProgress, 1)
    await until('the search is over', async () => {
      const { ScanInProgress } = (await house.ask('/lineup_status.json')).json() as { ScanInProgress: number }
      return ScanInProgress === 0
    })
  })

  test('its id survives a restart', async () => {
    const { DeviceID } = (await house.ask('/discover.json')).json() as Discovered
    await house.stop()
    house = stack.use(await startHouse(receiver, { waitForGuide: false, folder, config: QUIET }))
    assert.equal(((await house.ask('/discover.json')).json() as Discovered).DeviceID, DeviceID)
    assert.match(DeviceID, /^10[5-9A-F][0-9A-F]{5}$/)
  })
})

/** A port that nobody has just now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test(`each source is a tuner at a port of its own on ${RUNTIME}`, { skip: noFfmpeg() }, async () => {
  await using receiver = await startTestReceiver()
  const firstPort = await freePort()
  const hdhr = { devices: 'sources', firstPort, discovery: 'off' }
  await using house = await startHouse(receiver, { waitForGuide: false, config: { hdhr } })
  const root = `http://127.0.0.1:${firstPort}`
  const device = (await (await fetch(`${root}/discover.json`)).json()) as Discovered & { FriendlyName: string }
  assert.deepEqual([device.FriendlyName, device.BaseURL, device.TunerCount], ['downlink Box', root, 2])
  const whole = (await house.ask('/discover.json')).json() as Discovered
  assert.notEqual(device.DeviceID, whole.DeviceID)
  const [entry] = (await (await fetch(`${root}/lineup.json`)).json()) as readonly Entry[]
  assert.ok(entry?.URL.startsWith(`${root}/auto/v`))
  const stream = await fetch(`${entry?.URL}?duration=0.5`)
  assert.equal(stream.status, 200)
  assert.ok((await stream.arrayBuffer()).byteLength > 188)
})

test(`a port that another program has is a warning, and the house plays on ${RUNTIME}`, async () => {
  const other = createServer()
  // Whoever has it, we or another program on this machine: the house cannot.
  await new Promise<void>((resolve) => other.once('error', () => resolve()).listen(65_001, '0.0.0.0', resolve))
  try {
    await using receiver = await startTestReceiver()
    await using house = await startHouse(receiver, { waitForGuide: false })
    const warning = await house.line('hdhr-port', ({ port }) => port === 'TCP 65001')
    assert.deepEqual([warning.level, warning['code']], ['warn', 'EADDRINUSE'])
    const { notices } = (await house.ask('/api/status')).json() as { notices: readonly { text: string }[] }
    assert.ok(notices.some(({ text }) => text.startsWith('HDHomeRun: TCP 65001 cannot be had')))
    assert.equal((await house.ask('/discover.json')).status, 200)
  } finally {
    other.close()
  }
})
