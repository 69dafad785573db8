import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelKey } from '../../../../core/lineup/channel.ts'
import { setOwnLogo } from '../../../../core/lineup/edits/own-logo.ts'
import { logoUrl } from '../../../../core/lineup/logo/logo-url.ts'
import { readLineupSnapshot, writeLineupSnapshot } from '../../../../core/lineup/snapshot.ts'
import { EMPTY_STORED_LINEUP } from '../../../../core/lineup/stored.ts'
import { syncLineup } from '../../../../core/lineup/sync.ts'
import { toLineup } from '../../../../core/lineup/view.ts'
import { aCatalogue, anItem } from '../samples.ts'

const PICTURE = '4f0d2a7be1c95a3358c1d2e4'
const key = channelKey(1)
const stored = syncLineup(EMPTY_STORED_LINEUP, aCatalogue([anItem('a'), anItem('b', { hasLogo: true })]), {
  now: 0,
}).lineup
const given = setOwnLogo(stored, key, PICTURE)

test('setOwnLogo() gives a channel a picture although no source has one, and takes it back', () => {
  const [channel, other] = toLineup(given).channels
  assert.deepEqual([channel?.hasLogo, channel?.ownLogo], [true, PICTURE])
  assert.deepEqual([other?.hasLogo, other?.ownLogo], [true, undefined])
  assert.deepEqual(toLineup(setOwnLogo(given, key, null)), toLineup(stored))
  assert.equal(setOwnLogo(given, key, PICTURE), given)
})

test('setOwnLogo() lasts over a refresh that changes the channel', () => {
  const items = [anItem('a', { name: 'Another', hasLogo: true }), anItem('b')]
  const [channel] = toLineup(syncLineup(given, aCatalogue(items), { now: 1 }).lineup).channels
  assert.deepEqual([channel?.name, channel?.ownLogo], ['Another', PICTURE])
})

test('setOwnLogo() refuses an unknown channel', () => {
  assert.throws(() => setOwnLogo(stored, channelKey(9), PICTURE), { code: 'lineup/unknown-channel' })
})

test("logoUrl() has the name of the owner's picture, and nothing for channels without one", () => {
  assert.deepEqual(
    toLineup(given).channels.map((channel) => logoUrl('http://h/t/x', channel)),
    [`http://h/t/x/logo/c1?v=${PICTURE}`, 'http://h/t/x/logo/c2'],
  )
  assert.equal(logoUrl('', { id: 'c1', hasLogo: false }), null)
})

test('a snapshot tells a front of own logos', () => {
  const text = [...writeLineupSnapshot({ lineup: toLineup(given), revoked: [] })].join('')
  const { channels } = readLineupSnapshot(JSON.parse(text)).lineup
  assert.deepEqual(
    channels.map(({ ownLogo }) => ownLogo),
    [PICTURE, undefined],
  )
})
