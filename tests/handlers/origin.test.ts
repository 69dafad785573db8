import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { parseNetwork } from '../../core/access/network.ts'
import { publicOrigin } from '../../handlers/origin.ts'

const ask = async (
  headers: Record<string, string>,
  { peer = '192.168.1.20', publicUrl = null as string | null, url = 'http://request.example/x' } = {},
) => {
  const rules = { anonymous: 'lan' as const, trustedProxies: [parseNetwork('10.0.0.1') ?? assert.fail()], hosts: [] }
  const app = new Hono().get('/x', (c) => c.text(publicOrigin(c, { publicUrl, rules, peerAddress: () => peer })))
  return (await app.fetch(new Request(url, { headers }))).text()
}

for (const { name, headers, options, origin } of [
  {
    name: 'the host as the caller wrote it',
    headers: { host: '192.168.1.5:18080' },
    options: {},
    origin: 'http://192.168.1.5:18080',
  },
  { name: 'an IPv6 literal', headers: { host: '[fd00::5]:18080' }, options: {}, origin: 'http://[fd00::5]:18080' },
  { name: 'the request itself without Host', headers: {}, options: {}, origin: 'http://request.example' },
  {
    name: 'publicUrl before all',
    headers: { host: 'x' },
    options: { publicUrl: 'https://tv.example.org/' },
    origin: 'https://tv.example.org',
  },
  {
    name: 'publicUrl with the path of a proxy',
    headers: { host: 'x' },
    options: { publicUrl: 'https://example.org/tv' },
    origin: 'https://example.org/tv',
  },
  {
    name: 'the prefix of a trusted proxy',
    headers: { host: 'example.org', 'x-forwarded-proto': 'https', 'x-forwarded-prefix': '/tv/' },
    options: { peer: '10.0.0.1' },
    origin: 'https://example.org/tv',
  },
  {
    name: 'no prefix of an untrusted peer',
    headers: { host: 'example.org', 'x-forwarded-prefix': '/tv' },
    options: {},
    origin: 'http://example.org',
  },
  ...['tv', '/tv/../x', '//evil.example', '/tv?x', '/a b', `/${'x'.repeat(300)}`].map((prefix) => ({
    name: `no prefix that is none: ${prefix.slice(0, 20)}`,
    headers: { host: 'example.org', 'x-forwarded-prefix': prefix },
    options: { peer: '10.0.0.1' },
    origin: 'http://example.org',
  })),
  {
    name: 'what a trusted proxy says',
    headers: { host: '10.0.0.9', 'x-forwarded-host': 'tv.example.org', 'x-forwarded-proto': 'https' },
    options: { peer: '10.0.0.1' },
    origin: 'https://tv.example.org',
  },
  {
    name: 'the first proxy in a row',
    headers: { host: 'a', 'x-forwarded-host': 'tv.example.org, b', 'x-forwarded-proto': 'https, http' },
    options: { peer: '10.0.0.1' },
    origin: 'https://tv.example.org',
  },
  {
    name: 'nothing of an untrusted peer',
    headers: { host: 'nas', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    options: {},
    origin: 'http://nas',
  },
  {
    name: 'no path smuggled into a header',
    headers: { host: 'nas', 'x-forwarded-host': 'evil.example/x' },
    options: { peer: '10.0.0.1' },
    origin: 'http://request.example',
  },
  {
    name: 'no user name smuggled into a header',
    headers: { host: 'nas', 'x-forwarded-host': 'a@evil.example' },
    options: { peer: '10.0.0.1' },
    origin: 'http://request.example',
  },
  {
    name: 'no other scheme',
    headers: { host: 'nas', 'x-forwarded-proto': 'javascript' },
    options: { peer: '10.0.0.1' },
    origin: 'http://request.example',
  },
]) {
  test(`publicOrigin() takes ${name}`, async () => assert.equal(await ask(headers, options), origin))
}
