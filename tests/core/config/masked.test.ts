import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sourceSchemas } from '../../../adapters/sources/registry.ts'
import { changeEntry, fillEntry, hostsOf, maskEntry, withoutKept } from '../../../core/config/masked.ts'
import { readGuideFeed } from '../../../core/config/guide-feeds.ts'
import { readSource } from '../../../core/config/sources.ts'

const DEVICE = 'A'.repeat(64)
const maskSource = (written: Record<string, unknown>): Record<string, unknown> => {
  const { settings, ...common } = readSource(written, 'source', sourceSchemas)
  return maskEntry(written, { ...common, ...settings })
}

for (const { name, written, shown } of [
  {
    name: 'a list',
    written: {
      id: 'a',
      kind: 'm3u',
      url: 'http://tv.example/list?token=x1y2z3',
      headers: { 'X-Key': 'x1y2z3' },
      userAgent: 'VLC',
      allowHosts: ['cameras.lan'],
      maxStreams: 2,
    },
    shown: {
      id: 'a',
      kind: 'm3u',
      url: 'set',
      headers: { 'X-Key': 'set' },
      userAgent: 'VLC',
      allowHosts: ['cameras.lan'],
      maxStreams: 2,
    },
  },
  {
    name: 'a list on this machine',
    written: { id: 'a', kind: 'm3u', file: '/srv/list.m3u' },
    shown: { id: 'a', kind: 'm3u', file: '/srv/list.m3u' },
  },
  {
    name: 'a receiver without a scheme',
    written: { id: 'a', kind: 'enigma2', url: '192.168.1.20', username: 'root', password: 'x1y2z3', bouquets: ['HD'] },
    shown: { id: 'a', kind: 'enigma2', url: 'set', username: 'root', password: 'set', bouquets: ['HD'] },
  },
  {
    name: 'a panel whose address holds the account',
    written: { id: 'a', kind: 'xtream', url: 'http://p.example/get.php?username=u&password=x1y2z3', vod: false },
    shown: { id: 'a', kind: 'xtream', url: 'set', vod: false },
  },
  {
    name: 'a portal',
    written: {
      id: 'a',
      kind: 'stalker',
      url: 'portal.example/c/',
      macs: ['00:1A:79:12:34:56', { mac: '00:1A:79:12:34:57', serial: 12, deviceId: DEVICE, password: 'x1y2z3' }],
      proxy: 'u:x1y2z3@proxy.example:3128',
    },
    shown: {
      id: 'a',
      kind: 'stalker',
      url: 'set',
      macs: ['set', { mac: 'set', serial: 12, deviceId: DEVICE, password: 'set' }],
      proxy: 'set',
    },
  },
]) {
  test(`maskEntry() shows ${name} without passwords, MACs and addresses`, () => {
    const masked = maskSource(written)
    assert.deepEqual(masked, shown)
    assert.ok(!/x1y2z3|12:34:5|example|192\.168/.test(JSON.stringify(masked)))
    // What is shown may be sent back: it changes nothing.
    assert.deepEqual(changeEntry({ written, masked }, masked), written)
  })
}

test('maskEntry() shows nothing that no schema knows', () => {
  assert.deepEqual(maskEntry({ odd: 'x1y2z3', deep: { odd: ['x1y2z3'] } }, {}), { odd: 'set', deep: 'set' })
})

test('maskEntry() shows a guide, and its file', () => {
  const written = { id: 'g', url: 'https://g.example/x.xml', headers: { A: 'b' }, shiftMinutes: 60 }
  const { at, ...feed } = readGuideFeed(written, 'guide')
  assert.ok(at.kind === 'url')
  assert.deepEqual(maskEntry(written, { ...feed, url: at.url }), {
    id: 'g',
    url: 'set',
    headers: { A: 'set' },
    shiftMinutes: 60,
  })
})

const written = {
  id: 'a',
  url: 'http://a.example/',
  headers: { One: '1', Two: '2' },
  macs: ['m0', { mac: 'm1' }],
  name: 'A',
}
const masked = { id: 'a', url: 'set', headers: { One: 'set', Two: 'set' }, macs: ['set', { mac: 'set' }], name: 'A' }

for (const { name, change, after } of [
  { name: 'keeps what is not named', change: { name: 'B' }, after: { ...written, name: 'B' } },
  { name: 'keeps a secret that is sent back', change: { url: 'set' }, after: written },
  { name: 'takes a new secret', change: { url: 'http://b.example/' }, after: { ...written, url: 'http://b.example/' } },
  {
    name: 'keeps some of a mapping and drops the rest',
    change: { headers: { One: 'set', Three: '3' } },
    after: { ...written, headers: { One: '1', Three: '3' } },
  },
  { name: 'keeps lists by place', change: { macs: ['set', 'new'] }, after: { ...written, macs: ['m0', 'new'] } },
  {
    name: 'keeps what stands elsewhere in a list, whole, so that others can be taken out',
    change: { macs: ['new', 'set:2'] },
    after: { ...written, macs: ['new', { mac: 'm1' }] },
  },
  {
    name: 'gives nothing for a place that a list does not have',
    change: { macs: ['set:1', 'set:3', 'set:0'] },
    after: { ...written, macs: ['m0', 'set:3', 'set:0'] },
  },
  {
    name: 'goes into mappings of a list',
    change: { macs: ['new', { mac: 'set', serial: '9' }] },
    after: { ...written, macs: ['new', { mac: 'm1', serial: '9' }] },
  },
  {
    name: 'puts a key back to its default',
    change: { headers: null },
    after: { id: 'a', url: written.url, macs: written.macs, name: 'A' },
  },
  {
    name: 'takes "set" as a text where nothing is hidden',
    change: { name: 'set' },
    after: { ...written, name: 'set' },
  },
]) {
  test(`changeEntry() ${name}`, () => assert.deepEqual(changeEntry({ written, masked }, change), after))
}

test('fillEntry() gives a new entry as it was sent, without what is null', () => {
  const sent = { id: 'b', url: 'set', name: null }
  assert.deepEqual(fillEntry(sent, { written: {}, masked: {} }), { id: 'b', url: 'set' })
  assert.deepEqual(fillEntry(sent, { written, masked }), { id: 'b', url: written.url })
})

test('withoutKept() leaves only what is shown in full', () => {
  assert.deepEqual(withoutKept(masked), { id: 'a', name: 'A' })
})

test('hostsOf() tells hosts and ports of addresses, and nothing else of an entry', () => {
  assert.deepEqual(
    hostsOf({
      url: 'http://u:p@tv.example:8080/x?y',
      guideUrl: 'https://g.example/',
      proxy: '10.0.0.1:3128',
      password: 'http://not.an.address/',
      name: 'http.example',
    }),
    { url: 'tv.example:8080', guideUrl: 'g.example', proxy: '10.0.0.1:3128' },
  )
})

test('changeEntry() with what maskEntry() shows never changes anything, whatever is hidden', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean())
  const mapping = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.oneof(
      value,
      fc.array(value),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value, { noNullPrototype: true }),
    ),
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(mapping, fc.boolean(), (entry, isKnown) => {
      const shown = maskEntry(entry, isKnown ? entry : {})
      assert.deepEqual(changeEntry({ written: entry, masked: shown }, shown), entry)
    }),
  )
})
