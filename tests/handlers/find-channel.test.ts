import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexLineup } from '../../core/lineup/lineup.ts'
import { findChannel, looksLikeServiceRef } from '../../handlers/find-channel.ts'
import { fakeChannel } from '../fakes/gateway.ts'

const REF = '1:0:19:132F:3EF:1:C00000:0:0:0:'
const { streams } = fakeChannel(1)
const lineup = indexLineup({
  revision: '1',
  channels: [
    fakeChannel(1, { number: '12', streams: streams.map((stream) => ({ ...stream, serviceRef: REF })) }),
    fakeChannel(2, { number: '5.1' }),
    fakeChannel(3, { number: '3', enabled: false }),
  ],
  groups: [],
})

for (const { name, text, key } of [
  { name: 'an id', text: 'c1', key: 1 },
  { name: 'a number', text: '12', key: 1 },
  { name: 'a number with leading zeros', text: '012', key: 1 },
  { name: 'a sub-number', text: '5.1', key: 2 },
  { name: 'a service reference', text: REF, key: 1 },
  { name: 'a service reference in lower case without the last colon', text: '1:0:19:132f:3ef:1:c00000:0:0:0', key: 1 },
  { name: 'a service reference with underscores', text: '1_0_19_132F_3EF_1_C00000_0_0_0', key: 1 },
])
  test(`findChannel() finds a channel by ${name}`, () => {
    assert.equal(findChannel(lineup, text)?.key, key)
  })

for (const { name, text } of [
  { name: 'an id that nobody has', text: 'c99' },
  { name: 'a number that nobody has', text: '99' },
  { name: 'the id of a channel that is switched off', text: 'c3' },
  { name: 'the number of a channel that is switched off', text: '3' },
  { name: 'an id in another spelling', text: 'c01' },
  { name: 'a reference of no channel', text: '1:0:19:1:1:1:C00000:0:0:0:' },
  { name: 'a reference that carries an address', text: '4097:0:1:0:0:0:0:0:0:0:http%3a//192.0.2.1/x:Name' },
  { name: 'a known reference with an address behind it', text: `${REF}http%3a//192.0.2.1/x:Name` },
  { name: 'a path', text: '../c1' },
  { name: 'nothing', text: '' },
  { name: 'any word', text: 'news' },
])
  test(`findChannel() finds none by ${name}`, () => {
    assert.equal(findChannel(lineup, text), null)
  })

test('looksLikeServiceRef() goes by colons or nine underscores', () => {
  assert.equal(looksLikeServiceRef(REF), true)
  assert.equal(looksLikeServiceRef('1_0_19_132F_3EF_1_C00000_0_0_0'), true)
  assert.equal(looksLikeServiceRef('groups_playlist'), false)
  assert.equal(looksLikeServiceRef('c1'), false)
})
