import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { isPrivateAddress, neighboursOf } from '../../../adapters/discovery/neighbours.ts'
import { openDoors } from '../../../adapters/discovery/open-doors.ts'
import { searchNetwork } from '../../../adapters/discovery/search.ts'
import { searchBySsdp } from '../../../adapters/discovery/ssdp-search.ts'

const servers: { close(): void }[] = []
after(() => servers.forEach((server) => server.close()))

async function device(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  servers.push({
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const json =
  (routes: Readonly<Record<string, unknown>>): RequestListener =>
  (request, response) => {
    const found = routes[request.url ?? '']
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(found === undefined ? '' : JSON.stringify(found))
  }

const look = async (...ports: number[]) =>
  searchNetwork(
    { neighbours: () => ['127.0.0.1'], announced: () => Promise.resolve(['127.0.0.1']), ports },
    AbortSignal.timeout(20_000),
  )

test('searchNetwork() knows a receiver by what it says about itself', async () => {
  const port = await device(json({ '/api/about': { info: { brand: 'Vu+', model: 'Duo 4K', tuners: [{}, {}] } } }))
  assert.deepEqual(await look(port), {
    tried: 1,
    found: [
      {
        kind: 'enigma2',
        name: 'Vu+ Duo 4K',
        model: 'Duo 4K',
        host: `127.0.0.1:${port}`,
        needsLogin: false,
        tuners: 2,
      },
    ],
  })
})

test('searchNetwork() knows a receiver that wants a password by its realm', async () => {
  const port = await device((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="OpenWebif"' })
    response.end()
  })
  const { found } = await look(port)
  assert.deepEqual(
    found.map(({ kind, needsLogin }) => [kind, needsLogin]),
    [['enigma2', true]],
  )
})

test('searchNetwork() knows a tuner, and leaves out what is neither', async () => {
  const tuner = await device(
    json({
      '/discover.json': {
        DeviceID: '10A1B2C3',
        FriendlyName: 'HDHomeRun QUATTRO',
        ModelNumber: 'HDHR5',
        TunerCount: 4,
      },
    }),
  )
  const asked: string[] = []
  const printer = await device((request, response) => {
    asked.push(request.url ?? '')
    response.end('<h1>Printer</h1>')
  })
  const router = await device((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="Router"' })
    response.end()
  })
  const { found } = await look(tuner, printer, router)
  assert.deepEqual(
    found.map(({ name, tuners }) => [name, tuners]),
    [['HDHomeRun QUATTRO', 4]],
  )
  assert.deepEqual(asked, ['/discover.json', '/api/about'])
})

test('searchNetwork() follows no redirect, and is not held up by an endless answer', async () => {
  let followed = 0
  const target = await device((_request, response) => {
    followed += 1
    response.end('{}')
  })
  const redirect = await device((_request, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${target}/` })
    response.end()
  })
  const endless = await device((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const write = (): void => {
      if (!response.destroyed && response.write('['.repeat(16_384))) setImmediate(write)
      else response.once('drain', write)
    }
    write()
  })
  assert.deepEqual((await look(redirect, endless)).found, [])
  assert.equal(followed, 0)
})

test('searchNetwork() tries private addresses only', async () => {
  const answer = await searchNetwork(
    {
      neighbours: () => ['8.8.8.8', '169.254.169.254', 'example.org'],
      announced: () => Promise.resolve(['1.1.1.1']),
    },
    AbortSignal.timeout(5000),
  )
  assert.deepEqual(answer, { found: [], tried: 0 })
})

test('searchNetwork() ends when whoever asked has left', async () => {
  const reason = new Error('left')
  await assert.rejects(
    searchNetwork(
      { neighbours: () => ['127.0.0.1'], announced: () => Promise.resolve([]), ports: [1] },
      AbortSignal.abort(reason),
    ),
    reason,
  )
})

test('openDoors() finds those that open', async () => {
  const port = await device(json({}))
  const doors = [port, 1].map((one) => ({ host: '127.0.0.1', port: one }))
  assert.deepEqual(await openDoors(doors, AbortSignal.timeout(5000)), [{ host: '127.0.0.1', port }])
})

const card = (name: string, address: string, internal = false) => ({ name, address, internal })

test('neighboursOf() gives the /24 around each own address, without it', () => {
  const all = neighboursOf([card('eth0', '192.168.7.5'), card('lo', '127.0.0.1', true)])
  assert.equal(all.length, 253)
  assert.ok(all.includes('192.168.7.1') && all.includes('192.168.7.254') && !all.includes('192.168.7.5'))
})

test('neighboursOf() looks neither into networks of programs nor into public ones', () => {
  assert.deepEqual(
    neighboursOf([card('docker0', '172.17.0.1'), card('tun0', '10.8.0.2'), card('eth0', '203.0.113.7')]),
    [],
  )
  assert.equal(isPrivateAddress('nas.local'), false)
})

test('searchBySsdp() gives the addresses of those who answer', async () => {
  const answering = createSocket('udp4')
  servers.push(answering)
  await new Promise<void>((resolve) => answering.bind(0, '127.0.0.1', resolve))
  const asked = new Promise<string>((resolve) => {
    answering.on('message', (question, { address, port }) => {
      resolve(question.toString())
      answering.send('HTTP/1.1 200 OK\r\n\r\n', port, address)
    })
  })
  const found = await searchBySsdp(AbortSignal.timeout(5000), {
    waitMs: 500,
    target: '127.0.0.1',
    port: answering.address().port,
  })
  assert.match(await asked, /^M-SEARCH \* HTTP\/1\.1\r\n(.*\r\n)*MAN: "ssdp:discover"\r\n/)
  assert.deepEqual(found, ['127.0.0.1'])
})
