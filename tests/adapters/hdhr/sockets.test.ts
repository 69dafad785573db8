import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { createConnection } from 'node:net'
import { test } from 'node:test'
import type { Announced } from '../../../adapters/hdhr/announced.ts'
import { openControl } from '../../../adapters/hdhr/control-server.ts'
import { openDiscovery } from '../../../adapters/hdhr/discovery-socket.ts'
import { ownAddressFor } from '../../../adapters/hdhr/own-address.ts'
import { createPusher } from '../../../adapters/hdhr/push.ts'
import { openSsdp } from '../../../adapters/hdhr/ssdp-socket.ts'
import { createControlDesk } from '../../../core/hdhr/control-desk.ts'
import { readPacket, writePacket } from '../../../core/hdhr/packet.ts'
import { fieldText, nulTextField, readFields, TAG, writeFields } from '../../../core/hdhr/tlv.ts'
import { indexLineup } from '../../../core/lineup/lineup.ts'
import type { ByteSink } from '../../../core/live/hub.ts'
import { systemTimers } from '../../../core/live/timers.ts'
import { fromHex, toHex } from '../../core/hdhr/hex.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const HOST = '127.0.0.1'
const ANY = '0002000c0104ffffffff0204ffffffff73cc7d8f'
const NAMED = '0002000c0104ffffffff020410a1b2c77117960a'
const log = (): void => {}

const aHouse = (changes: Partial<Announced> = {}): Announced => ({
  devices: () => [{ id: 0x10a1b2c7, uuid: 'u-1', tunerCount: 3, portAt: () => 18_080 }],
  mayKnow: () => true,
  answersAny: () => true,
  ...changes,
})

/** A socket of a client; `next` waits for a datagram. */
async function aClient() {
  const socket = createSocket('udp4')
  const received: Uint8Array[] = []
  let arrived = Promise.withResolvers<void>()
  socket.on('message', (bytes) => {
    received.push(bytes)
    arrived.resolve()
    arrived = Promise.withResolvers<void>()
  })
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve))
  return {
    port: socket.address().port,
    received,
    send: (bytes: Uint8Array | string, port: number) => socket.send(bytes, port, HOST),
    async next(): Promise<Uint8Array> {
      while (received.length === 0) await arrived.promise
      return received.shift() ?? new Uint8Array()
    },
    [Symbol.dispose]: () => void socket.close(),
  }
}

test('ownAddressFor() finds the address by which a peer reaches us', async () => {
  assert.equal(await ownAddressFor(HOST), HOST)
})

test('a search gets one reply a device, with the address that leads to whoever asks', async () => {
  const devices = [0x10a1b2c7, 0x105abcd1].map((id, index) => ({
    id,
    uuid: String(id),
    tunerCount: 2,
    portAt: () => 5004 + index,
  }))
  await using socket = await openDiscovery({ port: 0, host: HOST, announced: aHouse({ devices: () => devices }), log })
  using client = await aClient()
  client.send(fromHex(ANY), socket.port)
  const replies = [await client.next(), await client.next()].map((bytes) => {
    const fields = new Map(
      readFields(readPacket(bytes)?.payload ?? new Uint8Array()).map((field) => [field.tag, field]),
    )
    const [id, url] = [fields.get(TAG.deviceId), fields.get(TAG.baseUrl)]
    return `${id === undefined ? '' : toHex(id.value)} ${url === undefined ? '' : fieldText(url)}`
  })
  assert.deepEqual(replies.toSorted(), ['105abcd1 http://127.0.0.1:5005', '10a1b2c7 http://127.0.0.1:5004'])
})

for (const { what, datagram, house } of [
  { what: 'from whoever may not watch without signing in', datagram: NAMED, house: aHouse({ mayKnow: () => false }) },
  { what: 'for any device where port 80 is not ours', datagram: ANY, house: aHouse({ answersAny: () => false }) },
  { what: 'that is broken', datagram: ANY.replace(/..$/, '00'), house: aHouse() },
  {
    what: 'where we do not listen',
    datagram: ANY,
    house: aHouse({ devices: () => [{ id: 0x10a1b2c7, uuid: 'u', tunerCount: 1, portAt: () => null }] }),
  },
])
  test(`a search ${what} is not answered`, async () => {
    const all = aHouse()
    const silent = await openDiscovery({ port: 0, host: HOST, announced: house, log })
    await using _silent = silent
    await using loud = await openDiscovery({ port: 0, host: HOST, announced: all, log })
    using client = await aClient()
    client.send(fromHex(datagram), silent.port)
    // The second house was asked later and answers: what the first one has not said by then, it never says.
    client.send(fromHex(NAMED), loud.port)
    await client.next()
    client.send(fromHex(NAMED), loud.port)
    await client.next()
    assert.deepEqual(client.received, [])
  })

test('a search for our own id is answered on any port', async () => {
  await using socket = await openDiscovery({ port: 0, host: HOST, announced: aHouse({ answersAny: () => false }), log })
  using client = await aClient()
  client.send(fromHex(NAMED), socket.port)
  assert.equal(readPacket(await client.next())?.type, 3)
})

test('two houses on one machine share the port of searches', async () => {
  await using one = await openDiscovery({ port: 0, host: HOST, announced: aHouse(), log })
  await using two = await openDiscovery({ port: one.port, host: HOST, announced: aHouse(), log })
  assert.equal(two.port, one.port)
})

const desk = createControlDesk({ tunerCount: () => 2, carried: () => null, scan: () => null, push: () => {} })
const question = (name: string): Uint8Array =>
  writePacket({ type: 4, payload: writeFields([nulTextField(TAG.name, name)]) })

/** Sends these bytes to the control port and gives the answers until `count` are there, or null when it is cut off. */
function converse(port: number, chunks: readonly Uint8Array[], count: number): Promise<readonly string[] | null> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: HOST })
    let bytes = new Uint8Array(0)
    socket.on('error', () => resolve(null))
    socket.on('close', () => resolve(null))
    socket.on('connect', () => {
      for (const chunk of chunks) socket.write(chunk)
    })
    socket.on('data', (chunk: Uint8Array) => {
      bytes = Uint8Array.from([...bytes, ...chunk])
      const texts: string[] = []
      for (let rest = bytes; ;) {
        const packet = readPacket(rest)
        if (packet === null) break
        texts.push(readFields(packet.payload).map(fieldText).join('='))
        rest = rest.subarray(8 + packet.payload.length)
      }
      if (texts.length < count) return
      resolve(texts)
      socket.destroy()
    })
  })
}

test('the control port answers many requests in one connection, however they are cut', async () => {
  await using server = await openControl({ port: 0, host: HOST, desk, announced: aHouse() })
  const both = Uint8Array.from([...question('/sys/model'), ...question('/tuner9/status')])
  const texts = await converse(server.port, [both.subarray(0, 3), both.subarray(3, 30), both.subarray(30)], 2)
  assert.deepEqual(texts, ['/sys/model=hdhomerun5_dvbt', '/tuner9/status=ERROR: unknown getset variable'])
})

test('the control port cuts off who sends no packets, and who may not watch', async () => {
  await using server = await openControl({ port: 0, host: HOST, desk, announced: aHouse() })
  assert.equal(await converse(server.port, [new TextEncoder().encode('GET / HTTP/1.1\r\nHost: x\r\n\r\n')], 1), null)
  await using closed = await openControl({ port: 0, host: HOST, desk, announced: { mayKnow: () => false } })
  assert.equal(await converse(closed.port, [question('/sys/model')], 1), null)
})

test('a control port that is taken fails with the code of the system', async () => {
  await using server = await openControl({ port: 0, host: HOST, desk, announced: aHouse() })
  await assert.rejects(openControl({ port: server.port, host: HOST, desk, announced: aHouse() }), {
    code: 'EADDRINUSE',
  })
})

test('SSDP answers each name of a device with its own USN, and nobody who may not watch', async () => {
  const ports = { host: HOST, port: 0, announces: false, timers: systemTimers, random: () => 0, log }
  await using hidden = await openSsdp({ ...ports, announced: aHouse({ mayKnow: () => false }) })
  await using socket = await openSsdp({ ...ports, announced: aHouse() })
  using client = await aClient()
  const search = (target: string): string =>
    [
      'M-SEARCH * HTTP/1.1',
      'HOST: 239.255.255.250:1900',
      'MAN: "ssdp:discover"',
      'MX: 1',
      `ST: ${target}`,
      '',
      '',
    ].join('\r\n')
  client.send(search('ssdp:all'), hidden.port)
  client.send(search('upnp:nothing'), socket.port)
  client.send(search('ssdp:all'), socket.port)
  const text = new TextDecoder()
  const answers = [text.decode(await client.next()), text.decode(await client.next()), text.decode(await client.next())]
  assert.ok(answers.every((answer) => answer.startsWith('HTTP/1.1 200 OK\r\n') && answer.endsWith('\r\n\r\n')))
  assert.ok(answers.every((answer) => answer.includes('LOCATION: http://127.0.0.1:18080/device.xml\r\n')))
  assert.deepEqual(answers.map((answer) => /USN: (.*)\r/.exec(answer)?.[1]).toSorted(), [
    'uuid:u-1',
    'uuid:u-1::upnp:rootdevice',
    'uuid:u-1::urn:schemas-upnp-org:device:MediaServer:1',
  ])
  client.send(search('uuid:u-1'), socket.port)
  assert.match(text.decode(await client.next()), /ST: uuid:u-1\r\nUSN: uuid:u-1\r/)
  assert.deepEqual(client.received, [])
})

/** A pusher over a channel whose sink the test holds. */
function aPusher() {
  const joined = Promise.withResolvers<ByteSink>()
  const left = Promise.withResolvers<void>()
  const pusher = createPusher({
    lineup: { current: () => indexLineup({ revision: '1', channels: [fakeChannel(5)], groups: [] }) },
    live: {
      ts: () =>
        Promise.resolve({
          kind: 'relay',
          join(open) {
            const sink = open()
            joined.resolve(sink)
            const leave = (): void => {
              sink.close(null)
              left.resolve()
            }
            return Promise.resolve({ drained: () => {}, leave })
          },
        }),
    },
    log,
  })
  return { pusher, joined: joined.promise, left: left.promise }
}

test('a target gets the packets of the channel by RTP until it is taken back', async () => {
  const { pusher, joined, left } = aPusher()
  using client = await aClient()
  pusher.push(0, { number: '5', protocol: 'rtp', host: HOST, port: client.port })
  const sink = await joined
  const bytes = new Uint8Array(7 * 188).fill(0x47)
  sink.write(bytes)
  const datagram = await client.next()
  assert.equal(toHex(datagram.subarray(0, 4)), '80210000')
  assert.deepEqual([...datagram.subarray(12)], [...bytes])
  pusher.push(0, null)
  await left
})
