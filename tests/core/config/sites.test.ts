import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../core/config.ts'
import { Failure } from '../../../core/errors.ts'

const KEYS = `k1:${'A'.repeat(43)}`
const PUBLISHER = 'B'.repeat(42) + 'A'
const home = { id: 'home', number: 0, adapterUrl: 'https://home.example.org/' }
const cabin = {
  id: 'cabin',
  number: 1,
  adapterUrl: 'https://cabin.example.org',
  publishers: PUBLISHER,
  numbersFrom: 1000,
}

const read = (links: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) =>
  parseConfig({ file: { role: 'gateway', links: { keys: KEYS, ...links } }, env, options: {}, sourceSchemas: {} }).links

const EXPECTED = [
  { id: 'home', number: 0, adapterUrl: 'https://home.example.org', publishers: [], numbersFrom: 0 },
  { ...cabin, publishers: [PUBLISHER] },
]

test('parseConfig() reads the sites of a front from the file', () => {
  assert.deepEqual(read({ sites: [home, { ...cabin, publishers: [PUBLISHER] }] }).sites, EXPECTED)
})

test('parseConfig() reads the sites of a front from the environment, as JSON', () => {
  assert.deepEqual(read({}, { DOWNLINK_SITES: JSON.stringify([home, cabin]) }).sites, EXPECTED)
})

for (const { name, links, message } of [
  { name: 'no list', links: { sites: 'home' }, message: /^links\.sites: .*JSON/ },
  {
    name: 'two sites of one number',
    links: { sites: [home, { ...cabin, number: 0 }] },
    message: /^links\.sites\[1\]\.number: /,
  },
  {
    name: 'two sites of one name',
    links: { sites: [home, { ...cabin, id: 'home' }] },
    message: /^links\.sites\[1\]\.id: /,
  },
  {
    name: 'a site without a number',
    links: { sites: [{ ...home, number: null }] },
    message: /^links\.sites\[0\]\.number: /,
  },
  {
    name: 'a number that is too high',
    links: { sites: [{ ...home, number: 16 }] },
    message: /^links\.sites\[0\]\.number: .*15/,
  },
  {
    name: 'an unknown key',
    links: { sites: [{ ...home, adapterurl: 'x' }] },
    message: /^links\.sites\[0\]\.adapterurl: .*"adapterUrl"/,
  },
  {
    name: 'a wrong key of a publisher',
    links: { sites: [{ ...cabin, publishers: 'x' }] },
    message: /^links\.sites\[0\]\.publishers: /,
  },
  { name: 'a name that is a path', links: { sites: [{ ...home, id: '../x' }] }, message: /^links\.sites\[0\]\.id: / },
  {
    name: 'an address beside the sites',
    links: { sites: [home], adapterUrl: 'https://x.example' },
    message: /^links\.adapterUrl: /,
  },
  {
    name: 'publishers beside the sites',
    links: { sites: [home], publishers: PUBLISHER },
    message: /^links\.publishers: /,
  },
  { name: 'neither an address nor a site', links: {}, message: /^links\.adapterUrl: missing/ },
])
  test(`parseConfig() refuses ${name}`, () => {
    assert.throws(
      () => read(links),
      (error) => error instanceof Failure && message.test(error.message),
    )
  })

test('parseConfig() tells no address of a site', () => {
  assert.throws(
    () => read({ sites: [{ ...home, adapterUrl: 'http://root:hunter2@h' }] }),
    (error) => error instanceof Failure && !error.message.includes('hunter2'),
  )
  assert.throws(
    () => read({}, { DOWNLINK_SITES: '[{"adapterUrl":"http://root:hunter2@h"' }),
    (error) => error instanceof Failure && !error.message.includes('hunter2'),
  )
})
