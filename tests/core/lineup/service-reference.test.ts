import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  canonicalServiceRef,
  carriesPath,
  carriesUrl,
  guideTriplet,
  isBroadcast,
  isIptv,
  parseServiceRef,
  printServiceRef,
  relayedServiceRef,
  serviceRefKey,
  transponderKey,
} from '../../../core/lineup/service-reference.ts'
import type { ServiceRef } from '../../../core/lineup/service-reference.ts'

const ORF = '1:0:19:132F:3EF:1:C00000:0:0:0:'

function read(text: string): ServiceRef {
  const ref = parseServiceRef(text)
  assert.ok(ref, `"${text}" should be readable`)
  return ref
}

for (const { name, text } of [
  { name: 'the form of the box', text: ORF },
  { name: 'no last colon', text: '1:0:19:132F:3EF:1:C00000:0:0:0' },
  { name: 'lower-case hex', text: '1:0:19:132f:3ef:1:c00000:0:0:0:' },
  { name: 'leading zeros', text: '1:0:0019:132f:03ef:0001:00C00000:0:0:0:' },
  { name: 'the underscores of a picon', text: '1_0_19_132F_3EF_1_C00000_0_0_0' },
  { name: 'underscores to the end', text: '1_0_19_132f_3ef_1_c00000_0_0_0_' },
  { name: 'a name behind two colons', text: `${ORF}:ORF1 HD` },
  { name: 'a name behind one colon', text: `${ORF}ORF1 HD • ORF` },
  { name: 'letters of a skin', text: '1:0:19:132F:3EF:1:C00000:0:0:0xyz' },
  { name: 'letters of a skin that look like hex', text: '1:0:19:132F:3EF:1:C00000:0:0:0abc' },
  { name: 'percent-encoded colons', text: '1%3A0%3A19%3A132F%3A3EF%3A1%3AC00000%3A0%3A0%3A0%3A' },
  { name: 'blanks and a line end around it', text: `  ${ORF}\r\n` },
  { name: 'flags that do not matter', text: '1:16:19:132F:3EF:1:C00000:0:0:0:' },
]) {
  test(`canonicalServiceRef() reads ${name}`, () => {
    assert.equal(canonicalServiceRef(text), ORF)
  })
}

for (const text of [
  '',
  'ORF1 HD',
  '1:0:19:132F:3EF:1:C00000:0:0',
  '1:0:19:132F:3EF:1:C00000:0:0:xyz',
  '1:0:19:132F:3EF:1:1C00000000:0:0:0:',
  '1_0:19_132F:3EF:1:C00000:0:0:0',
  '1:0:19:132F:3EF:1:C00000:0:0:0.ts',
  '-1:0:19:132F:3EF:1:C00000:0:0:0:',
  '1_0_19_132F_3EF_1_C00000_0_0_0_http://evil/',
]) {
  test(`parseServiceRef() refuses ${JSON.stringify(text)}`, () => {
    assert.equal(parseServiceRef(text), null)
  })
}

for (const text of [
  '4097:0:1:1:1:1:0:0:0:0:http%3a//192.168.1.1%3a8080/live/u/p/1.ts:Name',
  '4097:0:1:1:1:1:0:0:0:0:HTTP%3A//192.168.1.1/x:Name',
  '1:0:19:283D:3FB:1:C00001:0:0:0:http%3a//127.0.0.1%3a17999/1%3a0%3a19%3a283D%3a3FB%3a1%3aC00000%3a0%3a0%3a0%3a:ORF1 HD',
  '1:0:0:0:0:0:0:0:0:0:/media/hdd/movie/20260101 2015 - ORF1 HD - Film.ts',
  '1:0:19:132F:3EF:1:C00000:0:0:0:file:///etc/passwd',
  '1:7:1:0:0:0:0:0:0:0:FROM BOUQUET "userbouquet.favourites.tv" ORDER BY bouquet',
]) {
  test(`canonicalServiceRef() does not answer what carries a path: ${text.slice(0, 60)}`, () => {
    assert.equal(canonicalServiceRef(text), null)
    assert.equal(carriesPath(read(text)), true)
  })
}

test('parseServiceRef() reads every field', () => {
  assert.deepEqual(read('4097:64:1F:A1:b2:C3:820000:D4:e5:F6:/media/a%3ab.ts:N%25 • P'), {
    type: 4097,
    flags: 64,
    serviceType: 0x1f,
    sid: 0xa1,
    tsid: 0xb2,
    onid: 0xc3,
    namespace: 0x820000,
    parentSid: 0xd4,
    parentTsid: 0xe5,
    unused: 0xf6,
    path: '/media/a:b.ts',
    name: 'N% • P',
  })
})

test('parseServiceRef() splits the name off at a blank when the colons of the URL are bare', () => {
  const ref = read('4097:0:1:0:0:0:0:0:0:0:http://192.168.1.5:8080/a/b.ts Some Name')
  assert.equal(ref.path, 'http://192.168.1.5:8080/a/b.ts')
  assert.equal(ref.name, 'Some Name')
})

test('parseServiceRef() reads a marker', () => {
  const ref = read('1:64:A:0:0:0:0:0:0:0::Sport')
  assert.deepEqual([ref.flags, ref.serviceType, ref.path, ref.name], [64, 10, '', 'Sport'])
})

test('parseServiceRef() keeps + in a URL: the box decodes %xx only', () => {
  assert.equal(read('4097:0:1:0:0:0:0:0:0:0:http%3a//h/a+b%20c%C3%BC%00:N').path, 'http://h/a+b cü')
})

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
// NUL is dropped by the box's decoder, half surrogates have no UTF-8.
const tailText = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter((text) => text.isWellFormed() && !text.includes('\0'))
const anyServiceRef: fc.Arbitrary<ServiceRef> = fc.record(
  {
    type: uint32,
    flags: uint32,
    serviceType: uint32,
    sid: uint32,
    tsid: uint32,
    onid: uint32,
    namespace: uint32,
    parentSid: uint32,
    parentTsid: uint32,
    unused: uint32,
    path: tailText,
    name: tailText,
  },
  { noNullPrototype: true },
)

test('parseServiceRef() undoes printServiceRef() for every reference', () => {
  fc.assert(
    fc.property(anyServiceRef, (ref) => {
      assert.deepEqual(parseServiceRef(printServiceRef(ref)), ref)
    }),
  )
})

test('canonicalServiceRef() is the same for every spelling of a broadcast service', () => {
  const spellings: ((text: string) => string)[] = [
    (text) => text,
    (text) => text.toLowerCase(),
    (text) => text.slice(0, -1),
    (text) => text.replaceAll(':', '_'),
    (text) => text.replaceAll(':', '_').slice(0, -1).toLowerCase(),
    (text) => encodeURIComponent(text),
  ]
  fc.assert(
    fc.property(anyServiceRef, (any) => {
      const text = printServiceRef({ ...any, flags: 0, path: '', name: '' })
      for (const spell of spellings) assert.equal(canonicalServiceRef(spell(text)), text)
    }),
  )
})

test('parseServiceRef() and canonicalServiceRef() take any text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), (text) => {
      const canonical = canonicalServiceRef(text)
      if (canonical !== null) assert.equal(canonicalServiceRef(canonical), canonical)
    }),
  )
})

test('serviceRefKey() keeps a URL and drops the name', () => {
  const ref = read('4097:0:1:0:0:0:0:0:0:0:http%3A//h%3a80/x.ts:Name')
  assert.equal(serviceRefKey(ref), '4097:0:1:0:0:0:0:0:0:0:http%3a//h%3a80/x.ts')
  assert.equal(serviceRefKey(read(`${ORF}ORF1 HD`)), ORF)
})

test('guideTriplet() is ONID:TSID:SID whatever type and namespace are', () => {
  assert.equal(guideTriplet(read('1:0:19:132f:3ef:1:c00000:0:0:0:')), '1:3EF:132F')
  assert.equal(guideTriplet(read('4097:0:1:132F:3EF:1:C00001:0:0:0:http%3a//h/x:N')), '1:3EF:132F')
})

test('guideTriplet() of a linked sub-service is that of its parent', () => {
  assert.equal(guideTriplet(read('1:0:19:AB:3EF:1:C00000:132F:3F0:0:')), '1:3F0:132F')
})

test('transponderKey() is NS:TSID:ONID', () => {
  assert.equal(transponderKey(read('1:0:19:132F:3ef:1:c00000:0:0:0:')), 'C00000:3EF:1')
})

const RELAYED = (host: string): string =>
  `1:0:19:283D:3FB:1:C00001:0:0:0:http%3a//${host}%3a17999/1%3a0%3a19%3a283D%3a3FB%3a1%3aC00000%3a0%3a0%3a0%3a:ORF1 HD`

test('relayedServiceRef() gives the inner reference with its own namespace', () => {
  const inner = relayedServiceRef(read(RELAYED('127.0.0.1')))
  assert.ok(inner)
  assert.equal(serviceRefKey(inner), '1:0:19:283D:3FB:1:C00000:0:0:0:')
})

test('relayedServiceRef() takes another host only when it is the same receiver', () => {
  const ref = read(RELAYED('192.168.1.20'))
  assert.equal(relayedServiceRef(ref), null)
  assert.ok(relayedServiceRef(ref, (host) => host === '192.168.1.20'))
})

test('relayedServiceRef() is null for a URL that names no service', () => {
  assert.equal(relayedServiceRef(read('4097:0:1:0:0:0:0:0:0:0:http%3a//127.0.0.1%3a8088/x.ts:N')), null)
  assert.equal(relayedServiceRef(read(ORF)), null)
})

for (const { text, broadcast, iptv, url } of [
  { text: ORF, broadcast: true, iptv: false, url: false },
  { text: '4097:0:1:0:0:0:0:0:0:0:https%3a//h/x:N', broadcast: false, iptv: true, url: true },
  { text: '1:0:1:1:1:1:0:0:0:0:http%3a//h/x:N', broadcast: false, iptv: true, url: true },
  { text: '5002:0:1:0:0:0:0:0:0:0:rtmp%3a//h/x:N', broadcast: false, iptv: true, url: true },
  { text: '1:0:0:0:0:0:0:0:0:0:/media/hdd/movie/x.ts', broadcast: false, iptv: false, url: false },
]) {
  test(`isBroadcast(), isIptv() and carriesUrl() know ${text}`, () => {
    const ref = read(text)
    assert.deepEqual([isBroadcast(ref), isIptv(ref), carriesUrl(ref)], [broadcast, iptv, url])
  })
}
