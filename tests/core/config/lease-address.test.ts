import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { parseConfig } from '../../../core/config.ts'
import { Failure } from '../../../core/errors.ts'

const KEYS = 'k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const read = (url: unknown, options: Record<string, string> = {}) =>
  parseConfig({
    file: { leases: { url }, links: { keys: KEYS, adapterUrl: 'https://home.example' } },
    env: {},
    options,
    sourceSchemas: {},
  })

for (const [text, kind, url] of [
  [
    'postgres://dl:p%40ss@db.lan:5433/tv?sslmode=require',
    'postgres',
    'postgres://dl:p%40ss@db.lan:5433/tv?sslmode=require',
  ],
  ['postgresql://db.lan/tv', 'postgres', 'postgresql://db.lan/tv'],
  [' redis://:secret@cache.lan:6380/2 ', 'redis', 'redis://:secret@cache.lan:6380/2'],
  ['rediss://cache.lan', 'redis', 'rediss://cache.lan'],
  ['https://tv.example.org/', 'front', 'https://tv.example.org'],
  ['http://10.0.0.2:18080/tv/', 'front', 'http://10.0.0.2:18080/tv'],
] as const)
  test(`leases.url reads ${text}`, () => {
    const found = read(text).leases.url
    assert.deepEqual([found?.kind, found?.url.reveal()], [kind, url])
    assert.ok(!/p%40ss|secret/.test(inspect(found, { depth: 5 }) + JSON.stringify(found)))
  })

for (const [text, says] of [
  ['mysql://root:hunter2@db/tv', /leases\.url: should be an address like/],
  ['db.lan', /should be an address like/],
  [5432, /should be an address like/],
  ['postgres://dl:hunter2@db.lan', /should name one database/],
  ['postgres://dl:hunter2%@db.lan/tv', /"%" that should be written "%25"/],
  ['redis://:hunter2@cache/tv', /number of a database/],
  ['https://anna:hunter2@tv.example.org', /without user name, password or query/],
  ['https://tv.example.org/?key=hunter2', /without user name, password or query/],
] as const)
  test(`leases.url refuses ${text}, and never prints it`, () => {
    assert.throws(
      () => read(text),
      (error) =>
        error instanceof Failure &&
        error.code === 'config/invalid' &&
        says.test(error.message) &&
        !error.message.includes('hunter2'),
    )
  })

test('leases.url of a front cannot be another front', () => {
  assert.throws(() => read('https://tv.example.org', { role: 'gateway' }), /leases\.url: .*"gateway"/)
  assert.equal(read('redis://cache.lan', { role: 'gateway' }).leases.url?.kind, 'redis')
})
