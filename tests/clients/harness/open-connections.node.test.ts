import assert from 'node:assert/strict'
import { createServer, connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { countConnections, openConnections } from './open-connections.ts'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:4694 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:4694 0100007F:D6C4 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
   2: 0100007F:D6C4 0100007F:4694 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
   3: 0100007F:4694 0100007F:D6C6 06 00000000:00000000 03:00000C48 00000000     0        0 0 3 0
   4: 0100007F:0050 0100007F:D6C8 01 00000000:00000000 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
`

for (const { name, port, count } of [
  { name: 'the open ones of a port, not the listener nor those that are over', port: 0x4694, count: 1 },
  { name: 'those of a small port', port: 80, count: 1 },
  { name: 'none of a port that only other ends have', port: 0x4695, count: 0 },
])
  test(`countConnections() counts ${name}`, () => {
    assert.equal(countConnections(TABLE, port), count)
  })

test('openConnections() sees a connection come and go', { skip: !existsSync('/proc/net/tcp6') }, async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  assert.equal(openConnections(port), 0)
  const client = connect(port, '127.0.0.1')
  const [there] = (await Promise.all([once(server, 'connection'), once(client, 'connect')]))[0]
  assert.equal(openConnections(port), 1)
  client.destroy()
  there.destroy()
  await new Promise((resolve) => server.close(resolve))
  assert.equal(openConnections(port), 0)
})
