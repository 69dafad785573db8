import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPeopleSnapshot, writePeopleSnapshot } from '../../../core/access/people-snapshot.ts'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import { channelKey } from '../../../core/lineup/channel.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { FIRST_VOD_NUMBER } from '../../../core/lineup/vod-numbers.ts'
import { joinLineups } from '../../../core/sites/join-lineups.ts'
import { joinPeople } from '../../../core/sites/join-people.ts'
import {
  KEYS_A_SITE,
  MOST_SITES,
  siteOfKey,
  toFrontKey,
  toFrontNumber,
  toFrontSource,
  toSiteChannel,
  toSiteNumber,
  toSiteSource,
} from '../../../core/sites/site-keys.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const site = (number: number, id = `site-${number}`, numbersFrom = 0) => ({ id, number, numbersFrom })
const home = site(0, 'home')
const cabin = site(1, 'cabin')
const anySite = fc.integer({ min: 0, max: MOST_SITES - 1 }).map((number) => site(number))
const anyKey = fc.integer({ min: 1, max: KEYS_A_SITE - 1 }).map(channelKey)

test('toFrontKey() gives every channel of every site a key of its own, below those of films', () => {
  fc.assert(
    fc.property(anySite, anyKey, anySite, anyKey, (one, key, other, otherKey) => {
      const [first, second] = [toFrontKey(one, key), toFrontKey(other, otherKey)]
      assert.ok(first !== null && first > 0 && first < FIRST_VOD_NUMBER)
      assert.equal(first === second, one.number === other.number && key === otherKey)
    }),
  )
})

test('siteOfKey() and toSiteChannel() undo toFrontKey()', () => {
  fc.assert(
    fc.property(anySite, anyKey, (one, key) => {
      const front = toFrontKey(one, key)
      assert.ok(front !== null)
      assert.equal(siteOfKey(front), one.number)
      const own = toSiteChannel(fakeChannel(front))
      assert.deepEqual([own.key, own.id], [key, `c${key}`])
    }),
  )
})

test('toFrontKey() leaves site 0 its keys, and gives none where they run out', () => {
  assert.equal(toFrontKey(home, channelKey(12)), 12)
  assert.equal(toFrontKey(cabin, channelKey(KEYS_A_SITE)), null)
})

test('toSiteNumber() undoes toFrontNumber(), which stays within 31 bits', () => {
  fc.assert(
    fc.property(anySite, fc.integer({ min: 1, max: KEYS_A_SITE - 1 }), (one, own) => {
      const number = FIRST_VOD_NUMBER + own
      const front = toFrontNumber(one, number)
      assert.ok(front >= FIRST_VOD_NUMBER && front < 2 ** 31)
      assert.deepEqual(toSiteNumber(front), { site: one.number, number })
    }),
  )
  for (const number of [0, 12, FIRST_VOD_NUMBER - 1, 2 ** 31, Number.NaN]) assert.equal(toSiteNumber(number), null)
  assert.throws(() => toFrontNumber(cabin, 12), RangeError)
})

test('toSiteSource() knows the sources of its own site only', () => {
  const films = sourceId('films')
  assert.equal(toFrontSource(home, films), 'films')
  assert.equal(toFrontSource(cabin, films), 'cabin.films')
  assert.equal(toSiteSource(cabin, sourceId('cabin.films')), 'films')
  assert.equal(toSiteSource(home, sourceId('cabin.films')), null)
  assert.equal(toSiteSource(cabin, films), null)
  assert.equal(toSiteSource(site(2, 'cab'), sourceId('cabin.films')), null)
})

test('joinLineups() has every channel of every site, by number, the first site first', () => {
  const joined = joinLineups([
    { site: home, lineup: { revision: '7', channels: [fakeChannel(1), fakeChannel(2)], groups: [] } },
    { site: cabin, lineup: { revision: '3', channels: [fakeChannel(1), fakeChannel(5)], groups: [] } },
  ])
  assert.deepEqual(
    joined.channels.map(({ id, number }) => [id, number]),
    [
      ['c1', '1'],
      [`c${KEYS_A_SITE + 1}`, '1'],
      ['c2', '2'],
      [`c${KEYS_A_SITE + 5}`, '5'],
    ],
  )
  assert.equal(joined.byNumber.get('1')?.id, 'c1')
  assert.equal(joined.revision, '7_3')
  const [, other] = joined.channels
  assert.deepEqual([other?.streams[0]?.sourceId, other?.guide?.channel], ['cabin.receiver', String(KEYS_A_SITE + 1)])
})

test('joinLineups() moves the numbers of a site', () => {
  const channels = [fakeChannel(1), fakeChannel(2, { number: '5.1' }), fakeChannel(3, { number: '999999' })]
  const joined = joinLineups([{ site: site(1, 'cabin', 1000), lineup: { revision: '1', channels, groups: [] } }])
  assert.deepEqual(
    joined.channels.map(({ number }) => number),
    ['1001', '1005.1', '999999'],
  )
})

test('joinLineups() puts groups of one name together, and keeps their own order', () => {
  const [one, two] = [channelKey(1), channelKey(2)]
  const joined = joinLineups([
    {
      site: home,
      lineup: {
        revision: '1',
        channels: [],
        groups: [
          { name: 'News', order: 5, sort: 'own', members: [two, one] },
          { name: 'Sport', order: 1 },
        ],
      },
    },
    {
      site: cabin,
      lineup: {
        revision: '1',
        channels: [],
        groups: [
          { name: 'Snow', order: 1 },
          { name: 'News', order: 2, members: [one] },
        ],
      },
    },
  ])
  assert.deepEqual(joined.groups, [
    { name: 'Sport', order: 0 },
    { name: 'News', order: 1, sort: 'own', members: [two, one, KEYS_A_SITE + 1] },
    { name: 'Snow', order: 2 },
  ])
})

test('joinLineups() keeps selections of two sites apart', () => {
  const selections = [{ id: 'kids', name: 'Kids', channels: [channelKey(1)] }]
  const lineup = { revision: '1', channels: [], groups: [], selections }
  const joined = joinLineups([
    { site: home, lineup },
    { site: cabin, lineup },
  ])
  assert.deepEqual(joined.selections, [
    { id: 'kids', name: 'Kids', channels: [1] },
    { id: 'cabin.kids', name: 'Kids', channels: [KEYS_A_SITE + 1] },
  ])
})

const account = (name: string, selections: readonly string[] | null) =>
  ({ name, role: 'viewer', limits: { ...NO_LIMITS, selections } }) as const
const peopleOf = (...accounts: readonly ReturnType<typeof account>[]) =>
  readPeopleSnapshot(JSON.parse(writePeopleSnapshot(accounts as never, [])))

test('joinPeople() limits people of a site to its selections; of two of a name the first counts', () => {
  const joined = joinPeople([
    { site: home, people: peopleOf(account('Anna', ['kids'])) },
    { site: cabin, people: peopleOf(account('anna', null), account('Bea', ['kids']), account('Carl', null)) },
  ])
  assert.deepEqual(
    ['anna', 'bea', 'carl'].map((name) => joined?.byName.get(name)?.limits.selections),
    [['kids'], ['cabin.kids'], null],
  )
})

test('joinPeople() knows nobody only if no site tells anybody', () => {
  assert.equal(joinPeople([{ site: home, people: null }]), null)
  assert.equal(
    joinPeople([
      { site: home, people: null },
      { site: cabin, people: peopleOf(account('Bea', null)) },
    ])?.byName.size,
    1,
  )
})
