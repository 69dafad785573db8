import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { callRules, parseConfig } from '../../core/config.ts'
import type { ConfigInput } from '../../core/config.ts'
import { SETTINGS } from '../../core/config/settings.ts'
import { suggest } from '../../core/suggest.ts'
import { Failure } from '../../core/errors.ts'

const sourceSchemas = {
  enigma2: v.strictObject({
    url: v.pipe(v.string(), v.url()),
    username: v.optional(v.string()),
    password: v.optional(v.string()),
    streamPort: v.optional(v.union([v.literal('auto'), v.pipe(v.number(), v.integer())]), 'auto'),
    bouquets: v.optional(v.array(v.string()), []),
  }),
  other: v.strictObject({ port: v.pipe(v.number(), v.minValue(1, 'a port above 0')) }),
}
type Input = Partial<Omit<ConfigInput<typeof sourceSchemas>, 'sourceSchemas'>>
const parse = (input: Input = {}) => parseConfig({ file: {}, env: {}, options: {}, ...input, sourceSchemas })
const KEY = 'A'.repeat(43)

function refusal(input: Input): string {
  try {
    parse(input)
  } catch (error) {
    assert.ok(error instanceof Failure && error.code === 'config/invalid', String(error))
    return error.message
  }
  return assert.fail('the configuration was accepted')
}

test('parseConfig() gives the defaults of the contract without a file', () => {
  const { origins, shown, ...config } = parse({ file: undefined })
  assert.deepEqual(shown['log.level'], { value: 'info', default: 'info' })
  assert.deepEqual(config, {
    listen: [{ host: null, port: 18080 }],
    publicUrl: null,
    dataDir: './data',
    role: 'all',
    log: { level: 'info', file: null, maxBytes: 10_485_760 },
    ffmpeg: { path: null },
    access: { anonymous: 'loopback', trustedProxies: [], hosts: [] },
    links: {
      adapterUrl: null,
      keys: null,
      ttlSeconds: 300,
      mode: 'redirect',
      checkAdapter: true,
      site: 'home',
      fronts: [],
      publishers: [],
      sites: [],
    },
    leases: { url: null },
    admin: { password: null },
    guide: { days: 7, refreshHours: 6, xmltv: [] },
    audio: { codec: 'aac', bitrateKbps: 192, channels: 2, ts: 'original' },
    hls: { segmentSeconds: 2, windowSeconds: 14, idleSeconds: 12 },
    transcode: { hardware: 'auto', limit: null, bitrate720pKbps: 3000, bitrate480pKbps: 1200 },
    live: { lingerSeconds: 5, slates: true, precedence: [] },
    history: { days: 30, addresses: 'full' },
    timeShift: { minutes: 0, dir: null, maxBytes: 21_474_836_480 },
    hdhr: {
      enabled: true,
      name: 'downlink',
      deviceId: null,
      discovery: 'auto',
      devices: 'one',
      firstPort: 18_181,
      allow: [],
    },
    backup: { keep: 7, hour: 4, passphrase: null },
    paths: { allow: [] },
    sources: [],
    users: [],
  })
  assert.deepEqual(new Set(Object.values(origins)), new Set(['default']))
})

test('parseConfig() takes the option before the environment before the file before the default', () => {
  const file = { role: 'adapter', links: { keys: `k:${KEY}`, adapterUrl: 'http://h' } }
  const env = { DOWNLINK_ROLE: 'gateway' }
  assert.equal(parse({ file, env, options: { role: 'all' } }).role, 'all')
  assert.equal(parse({ file, env }).role, 'gateway')
  assert.equal(parse({ file }).role, 'adapter')
  assert.equal(parse({ file, env, options: { role: 'all' } }).origins.role, 'option')
  assert.equal(parse({ file, env }).origins.role, 'environment')
  assert.equal(parse({ file }).origins.role, 'file')
})

test('parseConfig() takes an empty environment variable and an empty YAML value as not set', () => {
  const config = parse({ file: { publicUrl: null, access: null }, env: { DOWNLINK_LISTEN: '', DOWNLINK_E2_URL: ' ' } })
  assert.equal(config.listen[0]?.port, 18080)
  assert.equal(config.origins.publicUrl, 'default')
})

for (const { text, addresses } of [
  {
    text: ':18080,:18000',
    addresses: [
      { host: null, port: 18080 },
      { host: null, port: 18000 },
    ],
  },
  {
    text: ':18080, 127.0.0.1:18000,[::1]:80',
    addresses: [
      { host: null, port: 18080 },
      { host: '127.0.0.1', port: 18000 },
      { host: '::1', port: 80 },
    ],
  },
  { text: 'nas.lan:80', addresses: [{ host: 'nas.lan', port: 80 }] },
  { text: '8080', addresses: [{ host: null, port: 8080 }] },
]) {
  test(`parseConfig() reads the listen addresses ${text}`, () => {
    assert.deepEqual(parse({ options: { listen: text } }).listen, addresses)
  })
}

for (const { name, input, message } of [
  {
    name: 'an unknown key',
    input: { file: { lissten: ':1' } },
    message: 'lissten: unknown key, did you mean "listen"?',
  },
  { name: 'an unknown key far from all', input: { file: { gobbledygook: 1 } }, message: 'gobbledygook: unknown key' },
  {
    name: 'a nested unknown key',
    input: { file: { hls: { segmentSecond: 2 } } },
    message: 'hls.segmentSecond: unknown key, did you mean "segmentSeconds"?',
  },
  {
    name: 'hardware that nobody has',
    input: { env: { DOWNLINK_TRANSCODE_HARDWARE: 'voodoo' } },
    message:
      'DOWNLINK_TRANSCODE_HARDWARE (transcode.hardware): should be one of "auto", "none", "vaapi", "qsv", "nvenc", "v4l2m2m", "videotoolbox", is "voodoo"',
  },
  {
    name: 'a command line in place of a bit rate',
    input: { file: { transcode: { bitrate720pKbps: '3000k -f null' } } },
    message: 'transcode.bitrate720pKbps: should be a whole number of kbit/s from 500 to 20000, is "3000k -f null"',
  },
  { name: 'a dotted key', input: { file: { 'hls.idleSeconds': 2 } }, message: 'hls.idleSeconds: unknown key' },
  { name: 'a key of later work', input: { file: { channels: [] } }, message: 'channels: unknown key' },
  {
    name: 'a device id that clients refuse',
    input: { file: { hdhr: { deviceId: '10A1B2C8' } } },
    message:
      'hdhr.deviceId: the check digit of "10A1B2C8" is wrong; it should be "10A1B2C7" (programs that look for tuners refuse others)',
  },
  {
    name: 'a device id that is none',
    input: { file: { hdhr: { deviceId: 'box' } } },
    message: 'hdhr.deviceId: should be eight hexadecimal digits like "105ABCD1", the last one a check digit, is "box"',
  },
  {
    name: 'a key of later work inside a known section',
    input: { file: { guide: { days: 3, boxes: [] } } },
    message: 'guide.boxes: unknown key',
  },
  {
    name: 'a source key',
    input: {
      file: {
        sources: [
          { id: 'a', kind: 'enigma2', url: 'http://h' },
          { id: 'b', kind: 'other', portt: 1 },
        ],
      },
    },
    message: 'sources[1].portt: unknown key, did you mean "port"?',
  },
  {
    name: 'a key of another kind',
    input: { file: { sources: [{ id: 'a', kind: 'enigma2', url: 'http://h', port: 1 }] } },
    message: 'sources[0].port: unknown key',
  },
  { name: 'a file that is a list', input: { file: [] }, message: 'the file: should be a mapping of keys to values' },
  {
    name: 'a section that is a text',
    input: { file: { log: 'debug' } },
    message: 'log: should be a mapping of keys to values',
  },
  {
    name: 'a wrong word',
    input: { file: { role: 'boss' } },
    message: 'role: should be one of "all", "gateway", "adapter", is "boss"',
  },
  {
    name: 'a wrong option',
    input: { options: { listen: 'nowhere' } },
    message:
      '--listen: should be a list; each entry an address like ":18080", "127.0.0.1:18000" or "[::1]:80", is "nowhere"',
  },
  {
    name: 'a port that is too large',
    input: { file: { listen: ':70000' } },
    message:
      'listen: should be a list; each entry an address like ":18080", "127.0.0.1:18000" or "[::1]:80", is ":70000"',
  },
  {
    name: 'a wrong environment variable',
    input: { env: { DOWNLINK_LINGER: 'soon' } },
    message: 'DOWNLINK_LINGER (live.lingerSeconds): should be a number of seconds from 0 to 600, is "soon"',
  },
  {
    name: 'a fraction of days',
    input: { file: { guide: { days: 1.5 } } },
    message: 'guide.days: should be a whole number of days from 1 to 21, is 1.5',
  },
  {
    name: 'a public address with a path',
    input: { file: { publicUrl: 'https://u:hunter2@tv.example.org/x' } },
    message: 'publicUrl: should be an http(s) address like "https://tv.example.org" without user name or query',
  },
  {
    name: 'a short password',
    input: { env: { DOWNLINK_ADMIN_PASSWORD: 'hunter2' } },
    message: 'DOWNLINK_ADMIN_PASSWORD (admin.password): should be a text of at least 8 characters',
  },
  {
    name: 'a short link key',
    input: { env: { DOWNLINK_LINK_KEYS: 'k1:aHVudGVyMg' } },
    message: 'DOWNLINK_LINK_KEYS (links.keys): key 1 has 7 bytes and should have at least 32',
  },
  {
    name: 'a gateway without keys',
    input: { options: { role: 'gateway' } },
    message:
      'links.keys: missing, should be the same keys at gateway and adapter for role "gateway" (DOWNLINK_LINK_KEYS)',
  },
  {
    name: 'an adapter without keys',
    input: { options: { role: 'adapter' } },
    message:
      'links.keys: missing, should be the same keys at gateway and adapter for role "adapter" (DOWNLINK_LINK_KEYS)',
  },
  {
    name: 'a gateway without an adapter',
    input: { options: { role: 'gateway' }, env: { DOWNLINK_LINK_KEYS: `k:${KEY}` } },
    message:
      'links.adapterUrl: missing, should be the public address of the adapter for role "gateway" (DOWNLINK_ADAPTER_URL)',
  },
  {
    name: 'a window of two segments',
    input: { file: { hls: { segmentSeconds: 4, windowSeconds: 8 } } },
    message: 'hls.windowSeconds: should be at least three segments (12 seconds), is 8',
  },
  {
    name: 'a source without kind',
    input: { file: { sources: [{ id: 'a' }] } },
    message: 'sources[0].kind: missing, should be one of "enigma2", "other"',
  },
  {
    name: 'a source of unknown kind',
    input: { file: { sources: [{ id: 'a', kind: 'enigma' }] } },
    message: 'sources[0].kind: should be one of "enigma2", "other", is "enigma"',
  },
  {
    name: 'a kind named like an object member',
    input: { file: { sources: [{ id: 'a', kind: 'toString' }] } },
    message: 'sources[0].kind: should be one of "enigma2", "other", is "toString"',
  },
  {
    name: 'a source without id',
    input: { file: { sources: [{ kind: 'enigma2', url: 'http://h' }] } },
    message: 'sources[0].id: missing',
  },
  {
    name: 'a source without its key',
    input: { file: { sources: [{ id: 'a', kind: 'enigma2' }] } },
    message: 'sources[0].url: missing',
  },
  {
    name: "a kind's own sentence",
    input: { file: { sources: [{ id: 'a', kind: 'other', port: 0 }] } },
    message: 'sources[0].port: should be a port above 0',
  },
  {
    name: 'a wrong entry of a list',
    input: { file: { sources: [{ id: 'a', kind: 'enigma2', url: 'http://h', bouquets: ['x', 7] }] } },
    message: 'sources[0].bouquets[1]: should be string',
  },
  {
    name: 'a source id with capitals',
    input: { file: { sources: [{ id: 'Box', kind: 'other', port: 1 }] } },
    message:
      'sources[0].id: should be small letters, digits and "-", at most 32, starting with a letter or digit, is "Box"',
  },
  {
    name: 'a reserved source id',
    input: { file: { sources: [{ id: 'live', kind: 'other', port: 1 }] } },
    message: 'sources[0].id: should be another word: "live" is an address of this program',
  },
  {
    name: 'a source id that comes twice',
    input: {
      file: {
        sources: [
          { id: 'a', kind: 'other', port: 1 },
          { id: 'a', kind: 'other', port: 2 },
        ],
      },
    },
    message: 'sources[1].id: should be an id of its own; sources[0] has "a" already',
  },
  {
    name: 'an unreadable receiver address',
    input: { env: { DOWNLINK_E2_URL: 'http://root:hunter2@' } },
    message: 'DOWNLINK_E2_URL (sources): should be the address of a receiver like "http://192.168.1.20"',
  },
]) {
  test(`parseConfig() names key and wish for ${name}`, () => {
    assert.equal(refusal(input), message)
  })
}

test('parseConfig() never repeats a secret in a message', () => {
  const messages = [
    refusal({ file: { admin: { password: ['hunter2'] } } }),
    refusal({ file: { links: { keys: 'hunter2' } } }),
    refusal({ file: { links: { adapterUrl: 'http://root:hunter2@h' } } }),
    refusal({ file: { sources: [{ id: 'a', kind: 'enigma2', url: 'hunter2' }] } }),
    refusal({ file: { sources: [{ id: 'a', kind: 'enigma2', url: 'http://h', password: ['hunter2'] }] } }),
  ]
  for (const message of messages) assert.doesNotMatch(message, /hunter2/)
})

test('parseConfig() keeps secrets out of JSON', () => {
  const config = parse({ env: { DOWNLINK_ADMIN_PASSWORD: 'correct horse', DOWNLINK_LINK_KEYS: `k1:${KEY}` } })
  assert.equal(config.admin.password?.reveal(), 'correct horse')
  assert.doesNotMatch(JSON.stringify(config), /correct horse|AAAA/)
})

test('parseConfig() makes one receiver of DOWNLINK_E2_URL, in place of the sources of the file', () => {
  const file = { sources: [{ id: 'a', kind: 'other', port: 1 }] }
  const { sources, origins } = parse({ file, env: { DOWNLINK_E2_URL: 'http://root:p%40ss@192.168.1.20:81' } })
  assert.equal(sources.length, 1)
  const [source] = sources
  assert.ok(source?.kind === 'enigma2')
  assert.deepEqual(source.settings, {
    url: 'http://192.168.1.20:81/',
    username: 'root',
    password: 'p@ss',
    streamPort: 'auto',
    bouquets: [],
  })
  assert.equal(origins.sources, 'environment')
})

test('parseConfig() takes a receiver address without scheme', () => {
  const [source] = parse({ env: { DOWNLINK_E2_URL: 'receiver.lan' } }).sources
  assert.ok(source?.kind === 'enigma2')
  assert.equal(source.settings.url, 'http://receiver.lan/')
})

test('parseConfig() fills in the common keys of a source', () => {
  const [source] = parse({
    file: { sources: [{ id: 'box', kind: 'other', port: 5, enabled: false, priority: -1 }] },
  }).sources
  assert.deepEqual(source, {
    id: 'box',
    kind: 'other',
    name: 'box',
    enabled: false,
    maxStreams: null,
    priority: -1,
    bufferSeconds: 0,
    allowHosts: [],
    settings: { port: 5 },
  })
})

for (const { name, input, anonymous } of [
  { name: 'loopback by default', input: {}, anonymous: 'loopback' },
  { name: 'none behind a public address', input: { file: { publicUrl: 'https://tv.example.org' } }, anonymous: 'none' },
  { name: 'none behind a trusted proxy', input: { env: { DOWNLINK_TRUSTED_PROXIES: '10.0.0.1' } }, anonymous: 'none' },
  {
    name: 'what is written down, even behind a public address',
    input: { file: { publicUrl: 'https://tv.example.org', access: { anonymous: 'lan' } } },
    anonymous: 'lan',
  },
]) {
  test(`parseConfig() lets watch anonymously: ${name}`, () => {
    assert.equal(parse(input).access.anonymous, anonymous)
  })
}

test('callRules() counts the names of our own addresses as ours', () => {
  const config = parse({
    file: {
      publicUrl: 'https://TV.example.org',
      access: { hosts: ['NAS.local'] },
      links: { adapterUrl: 'https://home.example.org:8443/tv/' },
    },
  })
  assert.deepEqual(callRules(config).hosts, ['nas.local', 'tv.example.org', 'home.example.org'])
  assert.equal(config.links.adapterUrl, 'https://home.example.org:8443/tv')
})

test('every setting reads its own default back', () => {
  for (const [key, { value, default: fallback }] of Object.entries(SETTINGS)) {
    if (fallback === null || typeof fallback === 'object') continue
    assert.equal(value.read(fallback), fallback, key)
  }
})

test('suggest() finds a key with one letter changed, added, dropped or swapped', () => {
  const keys = Object.keys(SETTINGS).filter((key) => key.length > 3)
  fc.assert(
    fc.property(
      fc.constantFrom(...keys),
      fc.nat(),
      fc.constantFrom('change', 'add', 'drop', 'swap'),
      (key, at, slip) => {
        const i = at % (key.length - 1)
        const slips = {
          change: `${key.slice(0, i)}~${key.slice(i + 1)}`,
          add: `${key.slice(0, i)}~${key.slice(i)}`,
          drop: key.slice(0, i) + key.slice(i + 1),
          swap: key.slice(0, i) + key.charAt(i + 1) + key.charAt(i) + key.slice(i + 2),
        }
        assert.equal(suggest(slips[slip], [key]), key)
      },
    ),
  )
})

test('parseConfig() either reads a file or fails with config/invalid, whatever it holds', () => {
  const file = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom('listen', 'role', 'log', 'access', 'sources', 'hls', '__proto__'), fc.jsonValue(), {
      noNullPrototype: true,
    }),
  )
  fc.assert(
    fc.property(file, (any) => {
      try {
        parse({ file: any })
      } catch (error) {
        assert.ok(error instanceof Failure, String(error))
        assert.doesNotMatch(error.message, /\n/)
      }
    }),
  )
})

test('parseConfig() shows values as they are written, and of secrets only that they are there', () => {
  const { shown } = parse({
    file: {
      listen: ':80,127.0.0.1:90',
      admin: { password: 'hunter22hunter22' },
      links: { adapterUrl: 'https://home.test' },
      users: [{ name: 'anna', password: 'hunter22' }],
      backup: { passphrase: 'hunter22 too' },
      access: { trustedProxies: ['172.16.0.0/12'] },
    },
  })
  assert.doesNotMatch(JSON.stringify(shown), /hunter22/)
  assert.deepEqual(shown['listen'], { value: ':80,127.0.0.1:90', default: [':18080'] })
  assert.deepEqual(shown['admin.password'], { value: 'set', default: null })
  assert.deepEqual(shown['users'], { value: 1, default: 0 })
  assert.deepEqual(shown['access.trustedProxies'].value, ['172.16.0.0/12'])
  assert.equal(shown['links.adapterUrl'].value, 'https://home.test')
})
