import assert from 'node:assert/strict'
import { test } from 'node:test'
import { absent } from './absent.ts'
import { noPortsOfTheSystem } from './own-network.ts'
import { clientFiles } from './run-suite.ts'

test('clientFiles() gives every client once, the heaviest last', () => {
  const files = clientFiles([])
  assert.ok(files.length > 2)
  assert.equal(new Set(files).size, files.length)
  const heavy = files.findIndex((path) => path.includes('kodi'))
  assert.ok(heavy < 0 || files.slice(heavy).every((path) => path.includes('kodi')))
})

test('clientFiles() gives those that are asked for', () => {
  assert.deepEqual(clientFiles(['ffmpeg']), ['tests/clients/ffmpeg.client.ts'])
  assert.deepEqual(clientFiles(['no such client']), [])
})

test('absent() names the first that is not there, in the words that the runner knows', () => {
  assert.equal(absent('sh', 'no-such-program', '/no/such/file'), '"no-such-program" is not installed')
  assert.equal(absent('sh', '/no/such/file'), '"/no/such/file" is not installed')
  assert.equal(absent('sh', '/'), false)
})

test('noPortsOfTheSystem() says so in tests that share the network of the machine', () => {
  assert.match(String(noPortsOfTheSystem()), /network of its own/)
})
