import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, afterEach, before, describe, test } from 'node:test'
import { judge } from '../core/live/ts-judge.ts'
import { demoModel } from '../fakes/receiver/index.ts'
import type { Receiver, ReceiverModel } from '../fakes/receiver/index.ts'
import { noFfmpeg, ready, sourceOf, startHouse, startTestReceiver, statusOf } from '../runtime/house.ts'
import type { OpenAnswer } from '../runtime/http-client.ts'
import { addressesIn, newFolder, RUNTIME, startProgram, until } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'

const LINGER_SECONDS = 1

/** Whole packets of what has come. */
const packets = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length - (bytes.length % 188))

/** Whether the last packet is stuffing. */
const endsInNull = (bytes: Uint8Array): boolean => bytes.at(-187) === 0x1f && bytes.at(-186) === 0xff

describe(`load and faults of the assembled house on ${RUNTIME}`, { skip: noFfmpeg() }, () => {
  const stack = new AsyncDisposableStack()
  let receiver: Receiver
  let house: Program
  const viewers: OpenAnswer[] = []
  before(async () => {
    receiver = stack.use(await startTestReceiver())
    const starting = startHouse(receiver, {
      waitForGuide: false,
      config: { live: { lingerSeconds: LINGER_SECONDS }, hls: { idleSeconds: 5 } },
    })
    house = stack.use(await starting)
  })
  after(() => stack.disposeAsync())
  afterEach(async () => {
    for (const viewer of viewers.splice(0)) viewer.close()
    receiver.faults.clear()
    await until('nothing runs any more', async () => (await statusOf(house)).streams.length === 0)
  })
  const refOf = (name: string): string => receiver.model.services.find((service) => service.name === name)?.ref ?? ''
  const watch = async (name: string): Promise<OpenAnswer> => {
    const viewer = await house.open(`/${refOf(name)}`)
    viewers.push(viewer)
    return viewer
  }

  test('any number of viewers and formats share one connection to the receiver', async () => {
    const before = receiver.observe().connections.stream
    const all = await Promise.all(Array.from({ length: 20 }, () => watch('Alpin 1 HD')))
    const [first] = (await statusOf(house)).streams
    const master = await house.ask(`/live/${first?.channelId}.m3u8`)
    assert.equal(master.status, 200)
    const list = new URL(addressesIn(master.text)[0] ?? '', `${house.url}/live/x.m3u8`)
    const { url } = await house.ask(list.pathname + list.search, { follow: true })
    for (const viewer of all) {
      assert.equal(viewer.status, 200)
      const { faults, order } = judge(packets(await viewer.read(188 * 100)))
      assert.deepEqual([faults, order.slice(0, 2)], [[], ['PAT', 'PMT']])
    }
    const [stream] = (await statusOf(house)).streams
    assert.deepEqual(
      [
        stream?.viewers.filter(({ mode }) => mode === 'ts').length,
        stream?.viewers.filter(({ mode }) => mode === 'hls').length,
      ],
      [20, 1],
    )
    const seen = receiver.observe()
    assert.deepEqual([seen.connections.stream - before, seen.currentStreams.length], [1, 1])
    await house.ask(new URL(url).pathname, { method: 'DELETE' })
  })

  test('a house without a free tuner says 503 at once, and never asks the receiver for one too many', async () => {
    // Two tuners, each on a transponder of its own; a second channel of the same transponder still has room.
    for (const name of ['Alpin 1 HD', 'Nordlicht HD', 'Alpin 2 HD']) assert.equal((await watch(name)).status, 200, name)
    const before = receiver.observe()
    const busy = await house.ask(`/${refOf('Musik Eins')}`)
    assert.deepEqual([busy.status, busy.headers['x-downlink-error'], busy.bytes.length], [503, 'live/no-slot', 0])
    assert.ok(Number(busy.headers['retry-after']) > 0)
    const seen = receiver.observe()
    assert.deepEqual([seen.connections.stream, seen.refusals], [before.connections.stream, before.refusals])
    assert.equal(seen.maxTunersInUse, 2)
    assert.deepEqual((await statusOf(house)).sources[0]?.slots, { total: 2, used: 2 })
  })

  test('a lingering stream gives way at once to a channel that somebody wants', async () => {
    for (const name of ['Alpin 1 HD', 'Nordlicht HD']) await (await watch(name)).read(188)
    viewers[0]?.close()
    await until('the first one lingers', async () =>
      (await statusOf(house)).streams.some(({ state }) => state === 'lingering'),
    )
    assert.equal((await watch('Musik Eins')).status, 200)
    assert.ok(receiver.observe().maxTunersInUse <= 2)
  })

  test('a tuner is free again after the linger, however the viewer went', async () => {
    const open = await watch('Alpin Info')
    await open.read(188)
    open.close()
    await until('the tuner is free', () => receiver.observe().currentStreams.length === 0, LINGER_SECONDS * 1000 + 1500)
    // Gone before the first byte: nobody has seen a picture, so nothing lingers.
    receiver.faults.stream(refOf('Alpin Info'), { kind: 'hang' })
    const gone = new AbortController()
    const asking = fetch(`${house.url}/${refOf('Alpin Info')}`, { signal: gone.signal }).catch(() => null)
    await until(
      'the stream is asked for',
      () => receiver.observe().currentStreams.length > 0 || receiver.observe().socketsPerPort.stream > 0,
    )
    gone.abort()
    await asking
    await until('the tuner is free', () => receiver.observe().socketsPerPort.stream === 0, 1500)
  })

  test('an upstream that is taken away or dies is replaced under the viewers', async () => {
    receiver.faults.stream(refOf('Alpin 2 HD'), { kind: 'reset-after', bytes: 300_000, times: 1 })
    const [kicked, cut] = [await watch('Alpin 1 HD'), await watch('Alpin 2 HD')]
    assert.deepEqual([kicked.status, cut.status], [200, 200])
    await kicked.read(50_000)
    const before = receiver.observe().connections.stream
    assert.ok(receiver.kickStreams() >= 1)
    const had = kicked.received().length
    for (const viewer of [kicked, cut]) {
      const { faults, order } = judge(packets(await viewer.read(had + 250_000, 30_000)))
      assert.deepEqual(faults, [])
      assert.deepEqual(order.slice(0, 2), ['PAT', 'PMT'])
      assert.equal(viewer.isOver(), false)
    }
    assert.ok(receiver.observe().connections.stream > before)
  })

  test('an upstream that stalls is replaced, and null packets keep the viewer alive meanwhile', async () => {
    receiver.faults.stream(refOf('Nordlicht HD'), { kind: 'stall-after', afterMs: 700, times: 1 })
    const viewer = await watch('Nordlicht HD')
    await viewer.read(188 * 50)
    await until('null packets come', () => endsInNull(packets(viewer.received())))
    const had = viewer.received().length
    const { faults } = judge(packets(await viewer.read(had + 100_000, 30_000)))
    assert.deepEqual(faults, [])
    assert.equal(viewer.isOver(), false)
  })

  test('a channel that the receiver refuses is named, with an empty body', async () => {
    receiver.faults.stream(refOf('Alpin Info'), { kind: 'refuse' })
    const refused = await house.ask(`/${refOf('Alpin Info')}`)
    assert.ok(refused.status >= 500, String(refused.status))
    assert.equal(refused.bytes.length, 0)
    assert.match(refused.headers['x-downlink-error'] ?? '', /^live\//)
  })

  test('kill -9 in the middle of edits loses none that was acknowledged', async () => {
    const folder = newFolder()
    const config = { sources: [sourceOf(receiver)] }
    const admin = { env: { DOWNLINK_ADMIN_PASSWORD: 'correct-horse-battery' }, folder, config }
    try {
      const first = await startProgram(admin)
      await ready(first)
      const login = await first.ask('/api/v1/session', {
        method: 'POST',
        body: { name: 'admin', password: 'correct-horse-battery' },
      })
      const cookie = (login.headers['set-cookie'] ?? '').split(';')[0] ?? ''
      const acknowledged = new Map<string, string>()
      const edit = async (id: string): Promise<void> => {
        for (let count = 0; ; count++) {
          const name = `Name ${count} of ${id}`
          const answer = await first.ask(`/api/v1/channels/${id}`, {
            method: 'PATCH',
            headers: { cookie },
            body: { name },
          })
          assert.equal(answer.status, 200)
          acknowledged.set(id, name)
        }
      }
      const editing = ['c1', 'c2', 'c3', 'c4'].map((id) => edit(id).catch((error: unknown) => error))
      await until('some edits are through', () => acknowledged.size === 4)
      await sleep(150)
      await first.kill9()
      for (const end of await Promise.all(editing))
        assert.ok(end instanceof Error && !(end instanceof assert.AssertionError), String(end))

      await using second = await startProgram(admin)
      const { items } = (await second.ask('/api/v1/channels')).json() as { items: { id: string; name: string }[] }
      for (const [id, name] of acknowledged) {
        const [, wanted = '0'] = /^Name (\d+) /.exec(name) ?? []
        const [, stored = '-1'] = /^Name (\d+) /.exec(items.find((one) => one.id === id)?.name ?? '') ?? []
        // One more may be on the disk whose answer was on its way.
        assert.ok(Number(stored) >= Number(wanted), `${id}: ${name} was acknowledged, ${stored} is stored`)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** The same receiver after its owner has emptied the bouquets. */
const smaller = (model: ReceiverModel): ReceiverModel => ({
  ...model,
  bouquets: model.bouquets.map((bouquet) => ({ ...bouquet, entries: bouquet.entries.slice(0, 1) })),
})

test(
  `a receiver that is off at the start, comes, and loses its channels on ${RUNTIME}`,
  { skip: noFfmpeg() },
  async () => {
    const password = 'correct-horse-battery'
    const box = await startTestReceiver()
    await box.deepStandby()
    await using house = await startProgram({
      env: { DOWNLINK_ADMIN_PASSWORD: password },
      config: { sources: [sourceOf(box)] },
    })
    await house.line('source-failing')
    await ready(house)
    const [off] = (await statusOf(house)).sources
    assert.deepEqual([off?.state, off?.problem?.code, off?.channels], ['failing', 'source/unreachable', 0])
    assert.equal((await house.ask('/playlist.m3u')).status, 200)

    // It is asked again by itself.
    await box.wake()
    await until('the source is ready', async () => (await statusOf(house)).sources[0]?.state === 'ready')
    const playlist = (await house.ask('/playlist.m3u')).text
    assert.equal(addressesIn(playlist).length, 14)

    const { webPort, streamPort, relayPort } = box
    await box[Symbol.asyncDispose]()
    await using small = await startTestReceiver({
      model: smaller(demoModel({ clips: 'tiny' })),
      webPort,
      streamPort,
      relayPort,
    })
    assert.equal(small.webPort, webPort)
    const login = await house.ask('/api/v1/session', { method: 'POST', body: { name: 'admin', password } })
    const cookie = (login.headers['set-cookie'] ?? '').split(';')[0] ?? ''
    const refresh = (body?: object) =>
      house.ask('/api/v1/sources/box/refresh', { method: 'POST', headers: { cookie }, ...(body && { body }) })
    /** How a job ended that was begun with this answer. */
    const outcome = async ({ status, text, headers }: Awaited<ReturnType<typeof refresh>>) => {
      assert.equal(status, 202, text)
      let job: { state: string; problem: { code: string } | null } | null = null
      await until('the job ends', async () => {
        job = (await house.ask(headers['location'] ?? '', { headers: { cookie } })).json() as typeof job
        return job !== null && !['queued', 'running'].includes(job.state)
      })
      return job as { state: string; problem: { code: string } | null } | null
    }
    const refused = await outcome(await refresh())
    assert.deepEqual([refused?.state, refused?.problem?.code], ['failed', 'lineup/shrunk'])
    assert.equal((await house.ask('/playlist.m3u')).text, playlist)
    assert.equal((await statusOf(house)).sources[0]?.problem?.code, 'lineup/shrunk')

    const accepted = await outcome(await refresh({ acceptShrunk: true }))
    assert.deepEqual([accepted?.state, accepted?.problem], ['done', null])
    const left = addressesIn((await house.ask('/playlist.m3u')).text)
    assert.ok(left.length > 0 && left.length <= 4, String(left.length))
    assert.ok(
      left.every((url) => playlist.includes(url)),
      'a channel that stays has another address',
    )
    assert.equal((await statusOf(house)).sources[0]?.problem, null)
  },
)

test(`/readyz waits for the first answer of every source on ${RUNTIME}`, { skip: noFfmpeg() }, async () => {
  await using receiver = await startTestReceiver()
  receiver.faults.web('*', { kind: 'busy', forMs: 1500, times: 1 })
  await using house = await startProgram({ config: { sources: [sourceOf(receiver)] } })
  const early = await house.ask('/readyz')
  assert.deepEqual([early.status, early.json()], [503, { status: 'starting' }])
  assert.ok(Number(early.headers['retry-after']) > 0)
  assert.equal((await house.ask('/healthz')).status, 200)
  await ready(house)
  assert.equal((await statusOf(house)).sources[0]?.channels, 14)
})
