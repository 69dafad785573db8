import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readStreamHead, readStreamStart } from '../../../../adapters/sources/enigma2/stream-head.ts'

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

for (const { name, head, status, body } of [
  {
    name: 'port 8001',
    head: 'HTTP/1.0 200 OK\r\nConnection: Close\r\nContent-Type: video/mpeg\r\nServer: streamserver\r\n\r\nG@',
    status: 200,
    body: 'G@',
  },
  {
    name: 'the relay, with bare line feeds',
    head: 'HTTP/1.0 200 OK\nConnection: Close\nContent-Type: video/mpeg\nServer: stream_enigma2\n\nG@',
    status: 200,
    body: 'G@',
  },
  { name: 'mixed line ends', head: 'HTTP/1.0 200 OK\r\nServer: x\n\r\nG', status: 200, body: 'G' },
  { name: 'no header at all', head: 'G@\u0000\u0010', status: 200, body: 'G@\u0000\u0010' },
  { name: 'no field', head: 'HTTP/1.0 400 Bad Request\r\n\r\n', status: 400, body: '' },
  {
    name: 'a reason of the legacy proxy',
    head: 'HTTP/1.0 502 Bad Gateway\r\n\r\nno tuner',
    status: 502,
    body: 'no tuner',
  },
  { name: 'HTTP/1.1', head: 'HTTP/1.1 200 OK\r\n\r\n', status: 200, body: '' },
]) {
  test(`readStreamHead() reads ${name}`, () => {
    assert.deepEqual(readStreamHead(bytes(head)), { kind: 'header', status, body: bytes(body) })
  })
}

test('readStreamHead() waits for the rest of a header that comes in pieces', () => {
  const head = 'HTTP/1.0 200 OK\r\nServer: streamserver\r\n\r\n'
  for (let length = 0; length < head.length; length++) {
    assert.deepEqual(readStreamHead(bytes(head.slice(0, length))), { kind: 'more' }, `after ${length} bytes`)
  }
})

for (const { name, head } of [
  { name: 'another protocol', head: 'SSH-2.0-OpenSSH' },
  { name: 'a web page', head: '<html><body>' },
  { name: 'a header without end', head: `HTTP/1.0 200 OK\r\n${'X: y\r\n'.repeat(1500)}` },
  { name: 'no number in the first line', head: 'HTTP/1.0 OK\r\n\r\n' },
]) {
  test(`readStreamHead() takes ${name} for foreign`, () => {
    assert.deepEqual(readStreamHead(bytes(head)), { kind: 'foreign' })
  })
}

for (const { body, start } of [
  { body: 'HTTP/1.0 400 Bad Request\r\n\r\n', start: 'error-text' },
  { body: 'HTTP/1.', start: 'error-text' },
  { body: 'HTTP/', start: 'more' },
  { body: '', start: 'more' },
  { body: 'G', start: 'payload' },
  { body: 'HxTTP/1.0', start: 'payload' },
  { body: '\u0000\u0001garbage', start: 'payload' },
]) {
  test(`readStreamStart() takes ${JSON.stringify(body)} for ${start}`, () => {
    assert.equal(readStreamStart(bytes(body)), start)
  })
}
