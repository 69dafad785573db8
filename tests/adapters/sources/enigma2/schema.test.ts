import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSource, sourceSchemas } from '../../../../adapters/sources/registry.ts'
import { readSources } from '../../../../core/config/sources.ts'

const read = (entry: Readonly<Record<string, unknown>>) => {
  const [source] = readSources([{ id: 'box', kind: 'enigma2', ...entry }], sourceSchemas)
  assert.ok(source?.kind === 'enigma2')
  return source
}

test('enigma2Schema fills in what is not written', () => {
  const { settings } = read({ url: '192.168.1.20' })
  assert.equal(settings.url.href, 'http://192.168.1.20/')
  assert.deepEqual(
    { ...settings, url: null },
    { url: null, streamPort: 'auto', relayPort: 'auto', bouquets: [], radio: false },
  )
})

test('enigma2Schema keeps the password secret, and takes one that YAML reads as a number', () => {
  const source = read({ url: 'https://box.lan:8443', username: 'root', password: 1234 })
  assert.equal(source.settings.password?.reveal(), '1234')
  assert.doesNotMatch(JSON.stringify(source), /1234/)
})

for (const { name, entry, words } of [
  { name: 'no address', entry: {}, words: /url: missing/ },
  {
    name: 'an address of another kind',
    entry: { url: 'ftp://box' },
    words: /url: should be the address of the receiver/,
  },
  {
    name: 'a password in the address',
    entry: { url: 'http://root:geheim@box' },
    words: /url: should be an address without user name/,
  },
  { name: 'a wrong port', entry: { url: 'box', streamPort: 70_000 }, words: /streamPort/ },
  {
    name: 'a word for a port',
    entry: { url: 'box', relayPort: 'always' },
    words: /relayPort: should be "auto" or a port/,
  },
  { name: 'an unknown key', entry: { url: 'box', streamport: 8001 }, words: /did you mean "streamPort"/ },
  { name: 'an empty bouquet name', entry: { url: 'box', bouquets: [''] }, words: /bouquets/ },
]) {
  test(`enigma2Schema explains ${name}`, () => {
    assert.throws(
      () => read(entry),
      (error) => {
        assert.match(String(error), words)
        assert.doesNotMatch(String(error), /geheim/)
        return true
      },
    )
  })
}

test('createSource() makes a driver that connects to nothing before it is asked', async () => {
  await using driver = createSource(read({ url: 'http://203.0.113.1', name: 'Vu' }), { log: () => {}, now: Date.now })
  assert.deepEqual(
    [driver.id, driver.kind, driver.name, driver.slots(), driver.notices()],
    ['box', 'enigma2', 'Vu', null, []],
  )
})
