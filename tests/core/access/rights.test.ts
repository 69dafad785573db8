import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseNetwork } from '../../../core/access/network.ts'
import { hostName, isForwarded, judgeCall } from '../../../core/access/rights.ts'
import type { Anonymous, CallRules } from '../../../core/access/rights.ts'

const proxies = ['10.9.0.0/24', '::1'].flatMap((text) => parseNetwork(text) ?? [])
const rules = (changes: Partial<CallRules> = {}): CallRules => ({
  anonymous: 'lan',
  trustedProxies: [],
  hosts: ['nas.local'],
  ...changes,
})
const judge = (peer: string, headers: Record<string, string> = {}, changes: Partial<CallRules> = {}) =>
  judgeCall(peer, new Headers({ host: '192.168.1.5:18080', ...headers }), rules(changes))

// Contract §3.1, sentence by sentence: "Loopback and LAN rights need all of …"
for (const { name, peer, headers, nearness } of [
  { name: "the socket's own address: this machine", peer: '127.0.0.1', headers: {}, nearness: 'loopback' },
  {
    name: "the socket's own address: this machine by IPv6",
    peer: '::1',
    headers: { host: '[::1]:18080' },
    nearness: 'loopback',
  },
  {
    name: "the socket's own address: this machine on a dual-stack socket",
    peer: '::ffff:127.0.0.1',
    headers: {},
    nearness: 'loopback',
  },
  { name: "the socket's own address: the LAN", peer: '192.168.1.20', headers: {}, nearness: 'lan' },
  {
    name: "the socket's own address: the LAN on a dual-stack socket",
    peer: '::ffff:192.168.1.20',
    headers: {},
    nearness: 'lan',
  },
  { name: "the socket's own address: the link by IPv6", peer: 'fe80::1%eth0', headers: {}, nearness: 'lan' },
  { name: "the socket's own address: the internet", peer: '203.0.113.9', headers: {}, nearness: 'remote' },
  { name: 'no socket address at all', peer: '', headers: {}, nearness: 'remote' },
  {
    name: 'an address in a header instead',
    peer: '203.0.113.9',
    headers: { 'x-forwarded-for': '127.0.0.1' },
    nearness: 'remote',
  },
  { name: 'Forwarded', peer: '127.0.0.1', headers: { forwarded: 'for=127.0.0.1' }, nearness: 'remote' },
  { name: 'X-Forwarded-For', peer: '127.0.0.1', headers: { 'x-forwarded-for': '127.0.0.1' }, nearness: 'remote' },
  { name: 'X-Forwarded-Proto alone', peer: '127.0.0.1', headers: { 'x-forwarded-proto': 'https' }, nearness: 'remote' },
  { name: 'X-Forwarded-Anything', peer: '192.168.1.20', headers: { 'X-Forwarded-Anything': '1' }, nearness: 'remote' },
  { name: 'an empty X-Forwarded-For', peer: '127.0.0.1', headers: { 'x-forwarded-for': '' }, nearness: 'remote' },
  { name: 'X-Real-IP', peer: '127.0.0.1', headers: { 'x-real-ip': '127.0.0.1' }, nearness: 'remote' },
  { name: 'Via', peer: '127.0.0.1', headers: { via: '1.1 proxy' }, nearness: 'remote' },
  { name: 'CF-Connecting-IP', peer: '127.0.0.1', headers: { 'cf-connecting-ip': '127.0.0.1' }, nearness: 'remote' },
  { name: 'CF-Ray', peer: '127.0.0.1', headers: { 'CF-Ray': '1' }, nearness: 'remote' },
  { name: 'Host: an IPv4 literal', peer: '127.0.0.1', headers: { host: '127.0.0.1' }, nearness: 'loopback' },
  { name: 'Host: an IPv6 literal', peer: '192.168.1.20', headers: { host: '[fd00::5]:18080' }, nearness: 'lan' },
  {
    name: 'Host: localhost in any case',
    peer: '127.0.0.1',
    headers: { host: 'LocalHost:18080' },
    nearness: 'loopback',
  },
  { name: 'Host: a configured name', peer: '192.168.1.20', headers: { host: 'NAS.local:18080' }, nearness: 'lan' },
  {
    name: 'Host: a configured name with the dot of the root',
    peer: '192.168.1.20',
    headers: { host: 'nas.local.:18080' },
    nearness: 'lan',
  },
  {
    name: 'Host: a name of somebody else (DNS rebinding)',
    peer: '127.0.0.1',
    headers: { host: 'evil.example' },
    nearness: 'remote',
  },
  {
    name: 'Host: a name that only starts like an address',
    peer: '127.0.0.1',
    headers: { host: '127.0.0.1.evil.example' },
    nearness: 'remote',
  },
  {
    name: 'Host: a name below a configured one',
    peer: '127.0.0.1',
    headers: { host: 'x.nas.local' },
    nearness: 'remote',
  },
  {
    name: 'Host: localhost with more behind it',
    peer: '127.0.0.1',
    headers: { host: 'localhost@evil.example' },
    nearness: 'remote',
  },
  { name: 'Host: empty', peer: '127.0.0.1', headers: { host: '' }, nearness: 'remote' },
  {
    name: 'Sec-Fetch-Site: cross-site',
    peer: '127.0.0.1',
    headers: { 'sec-fetch-site': 'cross-site' },
    nearness: 'remote',
  },
  {
    name: 'Sec-Fetch-Site: same-origin',
    peer: '127.0.0.1',
    headers: { 'sec-fetch-site': 'same-origin' },
    nearness: 'loopback',
  },
  {
    name: 'Sec-Fetch-Site: none, an address typed by hand',
    peer: '127.0.0.1',
    headers: { 'sec-fetch-site': 'none' },
    nearness: 'loopback',
  },
]) {
  test(`judgeCall() gives ${nearness} for ${name}`, () => assert.equal(judge(peer, headers).nearness, nearness))
}

test('judgeCall() gives remote without a Host header', () => {
  assert.equal(judgeCall('127.0.0.1', new Headers(), rules()).nearness, 'remote')
})

for (const { name, peer, headers, nearness, address } of [
  {
    name: 'a caller of the LAN',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '192.168.1.20' },
    nearness: 'lan',
    address: '192.168.1.20',
  },
  {
    name: 'a caller of the internet',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '203.0.113.9' },
    nearness: 'remote',
    address: '203.0.113.9',
  },
  {
    name: 'a caller who wrote an address before the true one',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '192.168.1.20, 203.0.113.9' },
    nearness: 'remote',
    address: '203.0.113.9',
  },
  {
    name: 'two trusted proxies in a row',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '192.168.1.20, 10.9.0.7' },
    nearness: 'lan',
    address: '192.168.1.20',
  },
  {
    name: 'a caller that claims to be this machine',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '127.0.0.1' },
    nearness: 'remote',
    address: '127.0.0.1',
  },
  { name: 'nobody named', peer: '10.9.0.2', headers: {}, nearness: 'remote', address: '10.9.0.2' },
  {
    name: 'only proxies named',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '10.9.0.3' },
    nearness: 'remote',
    address: '10.9.0.2',
  },
  {
    name: 'something that is no address',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '192.168.1.20, unknown' },
    nearness: 'remote',
    address: '10.9.0.2',
  },
  {
    name: 'an address with a port',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '192.168.1.20:4711' },
    nearness: 'lan',
    address: '192.168.1.20',
  },
  {
    name: 'an IPv6 address with a port',
    peer: '::1',
    headers: { 'x-forwarded-for': '[fd00::9]:4711' },
    nearness: 'lan',
    address: 'fd00::9',
  },
  {
    name: 'a proxy on a dual-stack socket',
    peer: '::ffff:10.9.0.2',
    headers: { 'x-forwarded-for': '192.168.1.20', via: '1.1 x' },
    nearness: 'lan',
    address: '192.168.1.20',
  },
  {
    name: 'a cross-site page',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '192.168.1.20', 'sec-fetch-site': 'cross-site' },
    nearness: 'remote',
    address: '192.168.1.20',
  },
  {
    name: 'a strange host name',
    peer: '10.9.0.2',
    headers: { 'x-forwarded-for': '192.168.1.20', host: 'evil.example' },
    nearness: 'remote',
    address: '192.168.1.20',
  },
  {
    name: 'a peer that is no proxy of ours',
    peer: '10.9.1.2',
    headers: { 'x-forwarded-for': '192.168.1.20' },
    nearness: 'remote',
    address: '10.9.1.2',
  },
]) {
  test(`judgeCall() gives ${nearness} behind a trusted proxy for ${name}`, () => {
    const standing = judge(peer, headers, { trustedProxies: proxies })
    assert.equal(standing.nearness, nearness)
    assert.equal(standing.address, address)
  })
}

for (const { anonymous, loopback, lan } of [
  { anonymous: 'none', loopback: false, lan: false },
  { anonymous: 'loopback', loopback: true, lan: false },
  { anonymous: 'lan', loopback: true, lan: true },
] satisfies { anonymous: Anonymous; loopback: boolean; lan: boolean }[]) {
  test(`judgeCall() with access.anonymous "${anonymous}" lets the right callers watch`, () => {
    assert.equal(judge('127.0.0.1', {}, { anonymous }).mayWatch, loopback)
    assert.equal(judge('192.168.1.20', {}, { anonymous }).mayWatch, lan)
    assert.equal(judge('203.0.113.9', {}, { anonymous }).mayWatch, false)
  })
}

for (const [host, name] of [
  ['nas.local:80', 'nas.local'],
  ['[::1]:80', '[::1]'],
  ['NAS', 'nas'],
  ['a b', null],
  ['a/b', null],
  ['user@nas', null],
  [':80', null],
  ['nas:80:80', null],
  ['nas:', null],
  ['nas:65535', 'nas'],
  ['nas:65536', null],
] as const) {
  test(`hostName() reads "${host}" as ${name}`, () => assert.equal(hostName(host), name))
}

const headerName = fc.constantFrom(
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-real-ip',
  'via',
  'cf-ipcountry',
  'CF-Visitor',
  'accept',
  'user-agent',
  'x-requested-with',
)
const anyHeaders = fc.dictionary(headerName, fc.constantFrom('127.0.0.1', '192.168.1.20', '1.1 x', ''), {
  noNullPrototype: true,
})

test('judgeCall() never gives rights to an address of the internet, whatever the headers say', () => {
  fc.assert(
    fc.property(
      fc.ipV4(),
      anyHeaders,
      fc.constantFrom('localhost', '127.0.0.1', 'nas.local', 'evil.example'),
      (peer, headers, host) => {
        fc.pre(!/^(10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(peer))
        const standing = judgeCall(peer, new Headers({ ...headers, host }), rules())
        assert.equal(standing.nearness, 'remote')
        assert.equal(standing.mayWatch, false)
        assert.equal(standing.address, peer)
      },
    ),
  )
})

test('judgeCall() never gives rights together with a forwarding header of an untrusted peer', () => {
  fc.assert(
    fc.property(fc.constantFrom('127.0.0.1', '::1', '192.168.1.20', 'fd00::1'), anyHeaders, (peer, headers) => {
      const all = new Headers({ ...headers, host: 'localhost' })
      assert.equal(judgeCall(peer, all, rules()).nearness === 'remote', isForwarded(all))
    }),
  )
})

test('judgeCall() never gives loopback through a proxy', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.ipV4(), fc.constantFrom('127.0.0.1', '::1', '10.9.0.3', 'x')), { maxLength: 4 }),
      (hops) => {
        const headers = hops.length === 0 ? {} : { 'x-forwarded-for': hops.join(', ') }
        assert.notEqual(judge('10.9.0.2', headers, { trustedProxies: proxies }).nearness, 'loopback')
      },
    ),
  )
})
