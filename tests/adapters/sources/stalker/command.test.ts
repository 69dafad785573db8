import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsLink, parseCommand, playableUrl, streamIdOf } from '../../../../adapters/sources/stalker/command.ts'

const NO_FLAGS = { temporary: false, balanced: false, checked: false }
const context = {
  endpoint: new URL('http://portal.example:8080/c/portal.php'),
  mac: '00:1A:79:12:34:56',
  streamId: '1234',
}
const play = (text: string): string | null => playableUrl(parseCommand(text), context)?.href ?? null

for (const { text, player, address } of [
  { text: 'ffrt http://localhost/ch/77', player: 'ffrt', address: 'http://localhost/ch/77' },
  { text: 'http://host/a b', player: null, address: 'http://host/a b' },
  { text: '  ffmpeg   http://host/x?ext=.ts ', player: 'ffmpeg', address: 'http://host/x?ext=.ts' },
  { text: 'auto /media/12.mpg', player: 'auto', address: '/media/12.mpg' },
]) {
  test(`parseCommand() takes "${text.trim()}" apart`, () => assert.deepEqual(parseCommand(text), { player, address }))
}

for (const { text, asks } of [
  { text: 'ffrt http://localhost/ch/77', asks: true },
  { text: 'ffmpeg http://localhost/ch/1234_', asks: true },
  { text: 'ffmpeg http://localhost/ch/1234_http://cdn.example/live.ts', asks: false },
  { text: 'ffrt http:///ch/77', asks: true },
  { text: 'ffrt /ch/77', asks: true },
  { text: 'udp://ch/77', asks: true },
  { text: 'matrix 12', asks: true },
  { text: 'ffmpeg http://host.example/user/pass/1234', asks: false },
  { text: 'ffmpeg http://localhost.example/user/pass/1234', asks: false },
  { text: 'udp://@239.0.0.1:1234', asks: false },
]) {
  test(`needsLink() decides about "${text}"`, () => assert.equal(needsLink(parseCommand(text), NO_FLAGS), asks))
}

test('needsLink() follows the flags of the row', () => {
  for (const flag of ['temporary', 'balanced', 'checked'])
    assert.ok(needsLink(parseCommand('ffmpeg http://host.example/x'), { ...NO_FLAGS, [flag]: true }))
})

for (const { name, text, url } of [
  { name: 'an address', text: 'ffmpeg http://cdn.example/a?b=c%20d', url: 'http://cdn.example/a?b=c%20d' },
  { name: 'its own host called localhost', text: 'ffrt http://localhost/ch/1', url: 'http://portal.example:8080/ch/1' },
  { name: 'a path', text: 'ffrt /play/token', url: 'http://portal.example:8080/play/token' },
  { name: 'an address without host', text: 'ffrt http:///ch/1', url: 'http://portal.example:8080/ch/1' },
  {
    name: 'a forgotten stream',
    text: 'ffmpeg http://p.example/play/live.php?mac=00:1A&stream=&extension=ts&play_token=aB%2Bc&sn2=',
    url: 'http://p.example/play/live.php?mac=00:1A&stream=1234&extension=ts&play_token=aB%2Bc&sn2=',
  },
  {
    name: 'a place for the MAC',
    text: 'http://p.example/ch?mac=%mac%',
    url: 'http://p.example/ch?mac=00%3A1A%3A79%3A12%3A34%3A56',
  },
  { name: 'a play position', text: 'ffmpeg http://p.example/v.mpg position:120', url: 'http://p.example/v.mpg' },
  {
    name: 'a direct source',
    text: 'ffmpeg http://localhost/ch/1_http://cdn.example/x.ts',
    url: 'http://cdn.example/x.ts',
  },
  { name: 'multicast', text: 'rtp://@239.0.0.1:1234', url: null },
  { name: 'a mount of a file server', text: 'nfs 10.0.0.1:/media/1.mpg', url: null },
  { name: 'nothing', text: '', url: null },
]) {
  test(`playableUrl() reads ${name}`, () => assert.equal(play(text), url))
}

test('streamIdOf() gives the number that an answer may forget', () => {
  assert.equal(streamIdOf(parseCommand('ffmpeg http://localhost/ch/1234_')), '1234')
  assert.equal(streamIdOf(parseCommand('ffmpeg http://host.example/x')), null)
})
