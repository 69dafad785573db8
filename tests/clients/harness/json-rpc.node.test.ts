import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { cutObjects, openJsonRpc } from './json-rpc.ts'

for (const { name, text, objects, rest } of [
  { name: 'objects one behind the other', text: '{"a":1}{"b":{}}', objects: ['{"a":1}', '{"b":{}}'], rest: '' },
  { name: 'an object that has not ended', text: '{"a":1}\n{"b":', objects: ['{"a":1}'], rest: '\n{"b":' },
  { name: 'braces and quotes in texts', text: '{"a":"}\\"{"}', objects: ['{"a":"}\\"{"}'], rest: '' },
  { name: 'nothing', text: '', objects: [], rest: '' },
])
  test(`cutObjects() cuts ${name}`, () => {
    assert.deepEqual(cutObjects(text), { objects, rest })
  })

test('openJsonRpc() gives results and errors to those who asked, and leaves notifications', async () => {
  const server = createServer((socket) =>
    socket.setEncoding('utf8').on('data', (text: string) => {
      for (const object of cutObjects(text).objects) {
        const { id, method } = JSON.parse(object) as { id: number; method: string }
        socket.write('{"jsonrpc":"2.0","method":"System.OnQuit"}')
        const bad = method === 'Bad' ? { error: { message: 'Method not found.' } } : { result: method }
        for (const piece of JSON.stringify({ id, ...bad }).match(/.{1,7}/g) ?? []) socket.write(piece)
      }
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  using client = await openJsonRpc((server.address() as AddressInfo).port)
  assert.deepEqual(await Promise.all([client.ask('One'), client.ask('Two')]), ['One', 'Two'])
  await assert.rejects(client.ask('Bad'), /Bad: Method not found/)
  server.close()
})
