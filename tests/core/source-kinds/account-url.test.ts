import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { createAccount } from '../../../adapters/sources/xtream/account.ts'
import { readAccountUrl } from '../../../core/source-kinds/account-url.ts'
import { xtreamSchema } from '../../../core/source-kinds/xtream.ts'
import { readSources } from '../../../core/config/sources.ts'

for (const { name, text, base, user = null, password = null } of [
  { name: 'a base address', text: 'http://tv.example:8080', base: 'http://tv.example:8080/' },
  { name: 'an address without scheme', text: ' tv.example:8080/ ', base: 'http://tv.example:8080/' },
  { name: 'a path prefix', text: 'https://tv.example/panel', base: 'https://tv.example/panel/' },
  { name: 'the address of a box portal', text: 'http://tv.example/c/', base: 'http://tv.example/' },
  {
    name: 'an M3U address',
    text: 'http://tv.example:80/x/get.php?username=a%20b&password=p%2Fq&type=m3u_plus&output=ts',
    base: 'http://tv.example/x/',
    user: 'a b',
    password: 'p/q',
  },
  {
    name: 'an API address',
    text: 'http://tv.example/player_api.php?password=p&username=u',
    base: 'http://tv.example/',
    user: 'u',
    password: 'p',
  },
  {
    name: 'the address of a stream',
    text: 'http://tv.example/x/live/u/p%40q/123.ts',
    base: 'http://tv.example/x/',
    user: 'u',
    password: 'p@q',
  },
  {
    name: 'the short address of a stream',
    text: 'http://tv.example/u/p/123',
    base: 'http://tv.example/',
    user: 'u',
    password: 'p',
  },
]) {
  test(`readAccountUrl() reads ${name}`, () => {
    const read = readAccountUrl(text)
    assert.deepEqual([read?.base.href, read?.username, read?.password], [base, user, password])
  })
}

for (const text of ['', 'ftp://tv.example', 'http://u:p@tv.example', 'http://', 'rtmp://tv.example/live/u/p/1']) {
  test(`readAccountUrl() refuses "${text}"`, () => assert.equal(readAccountUrl(text), null))
}

const read = (settings: object) =>
  readSources([{ id: 'panel', kind: 'xtream', ...settings }], { xtream: xtreamSchema })[0]?.settings

for (const { name, settings, message } of [
  {
    name: 'no user name',
    settings: { url: 'tv.example' },
    message: /^sources\[0\]\.username: should be the user name/,
  },
  {
    name: 'no password',
    settings: { url: 'tv.example', username: 1 },
    message: /^sources\[0\]\.password: should be the password/,
  },
  { name: 'no web address', settings: { url: 'ftp://x' }, message: /^sources\[0\]\.url: should be the address/ },
  {
    name: 'a user agent of two lines',
    settings: { url: 'http://h/get.php?username=u&password=p', userAgent: 'a\nb' },
    message: /^sources\[0\]\.userAgent: should be one line/,
  },
]) {
  test(`xtreamSchema refuses ${name}, naming the key`, () => assert.throws(() => read(settings), { message }))
}

test('xtreamSchema keeps the password of a pasted address secret', () => {
  const settings = read({ url: 'http://h/get.php?username=u&password=swordfish' })
  assert.doesNotMatch(JSON.stringify(settings), /swordfish/)
})

test('createAccount() prefers the written credentials over those in the address', () => {
  const account = createAccount(
    v.parse(xtreamSchema, { url: 'http://h/get.php?username=u&password=p', username: 'anna', password: 7 }),
  )
  assert.equal(account.stream('live', '12', 'ts').href, 'http://h/live/anna/7/12.ts')
  assert.equal(account.api(null).href, 'http://h/player_api.php?username=anna&password=7')
})

test('createAccount() writes addresses that readAccountUrl() reads back', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => text.trim() === text && !/^\.+$/.test(text))
  fc.assert(
    fc.property(word, word, (username, password) => {
      const account = createAccount(v.parse(xtreamSchema, { url: 'http://h/x', username, password }))
      for (const url of [account.stream('live', '12', 'ts'), account.api('get_live_streams'), account.guide()]) {
        const back = readAccountUrl(url.href)
        assert.deepEqual([back?.base.href, back?.username, back?.password], ['http://h/x/', username, password])
      }
    }),
  )
})

test('createAccount() names a programme that is over by the clock of the panel', () => {
  const account = createAccount(v.parse(xtreamSchema, { url: 'http://h', username: 'u', password: 'p' }))
  const url = account.archive('12', '2026-03-01:20-00', 59.2, 'ts')
  assert.equal(url.href, 'http://h/timeshift/u/p/60/2026-03-01:20-00/12.ts')
})
