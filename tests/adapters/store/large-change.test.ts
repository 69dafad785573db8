import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '../../../adapters/store/database.ts'
import type { Database } from '../../../adapters/store/database.ts'
import { addChannels, toRows } from '../../../adapters/store/channel-rows.ts'
import { createGuideChoiceStore } from '../../../adapters/store/guide-choice-store.ts'
import { CHANNELS_A_PIECE } from '../../../adapters/store/large-change.ts'
import { createLineupStore } from '../../../adapters/store/lineup-store.ts'
import { migrate } from '../../../adapters/store/migrate.ts'
import { HOUSE_STEPS } from '../../../adapters/store/schema.ts'
import type { GuideChoice } from '../../../core/guide/choice.ts'
import { channelKey } from '../../../core/lineup/channel.ts'
import { syncLineup } from '../../../core/lineup/sync.ts'
import type { StoredLineup } from '../../../core/lineup/stored.ts'
import { aCatalogue, anItem } from '../../core/lineup/samples.ts'

const MANY = CHANNELS_A_PIECE * 3 + 1

function openHouse(): Database {
  const database = openDatabase(':memory:', 'full')
  migrate(database, HOUSE_STEPS)
  return database
}

const refreshed = (stored: StoredLineup, name: string): StoredLineup => {
  const items = Array.from({ length: MANY }, (_, index) => anItem(`i${index}`, { name: `${name} ${index}` }))
  return syncLineup(stored, aCatalogue(items), { now: 1 }).lineup
}

function required<T>(one: T | undefined): T {
  assert.ok(one !== undefined)
  return one
}

/** The database, which breaks at the `nth` piece that is carried out. */
function breaking(database: Database, nth: number): { readonly database: Database; repair(): void } {
  let left = nth
  return {
    database: {
      ...database,
      run(sql, ...values) {
        if (sql.startsWith('delete from lineup_change')) left--
        if (left === 0) throw new Error('database or disk is full')
        return database.run(sql, ...values)
      },
      [Symbol.dispose]: () => {},
    },
    repair: () => (left = Infinity),
  }
}

test('save() of a large change writes all of it, and others have their turn meanwhile', async () => {
  using database = openHouse()
  const store = createLineupStore(database)
  const before = await store.load()
  const after = refreshed(before, 'A')
  let turns = 0
  const timer = setInterval(() => turns++)
  const saved = await store.save(before, after)
  clearInterval(timer)
  assert.deepEqual(saved.channels, after.channels)
  assert.deepEqual(await createLineupStore(database).load(), saved)
  assert.deepEqual(database.all('select * from lineup_change'), [])
  assert.ok(turns > 0)
})

test('save() of large changes at the same moment lets the first one win', async () => {
  using database = openHouse()
  const store = createLineupStore(database)
  const before = await store.load()
  const results = await Promise.allSettled([
    store.save(before, refreshed(before, 'A')),
    store.save(before, refreshed(before, 'B')),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
  assert.equal((await createLineupStore(database).load()).channels[MANY - 1]?.streams[0]?.name, `A ${MANY - 1}`)
})

/** A house with as many channels, on a database that breaks at the second piece that is carried out. */
async function brokenHouse(database: Database) {
  const broken = breaking(database, 2)
  const store = createLineupStore(broken.database)
  const before = await store.load()
  const full = await store.save(before, refreshed(before, 'A'))
  const saved = await store.save(full, refreshed(full, 'B'))
  const names = new Set(database.all('select name from stream').map(({ name }) => String(name).slice(0, 1)))
  assert.deepEqual([...names].toSorted(), ['A', 'B'], 'it broke in the middle')
  return { store, saved, repair: broken.repair }
}

test('a large change that was not carried out to its end is so at the next start', async () => {
  using database = openHouse()
  const { saved } = await brokenHouse(database)
  assert.deepEqual(await createLineupStore(database).load(), saved)
})

test('a large change that was not carried out to its end is so before the next one', async () => {
  using database = openHouse()
  const { store, saved, repair } = await brokenHouse(database)
  const next = refreshed(saved, 'C')
  await assert.rejects(store.save(saved, next), /disk is full/)
  repair()
  assert.deepEqual((await store.save(saved, next)).channels, next.channels)
  assert.deepEqual((await createLineupStore(database).load()).channels, next.channels)
})

test('a large change that never counted is forgotten', async () => {
  using database = openHouse()
  const store = createLineupStore(database)
  const before = await store.load()
  const saved = await store.save(before, refreshed(before, 'A'))
  database.run('insert into lineup_change (position, channels) values (?, ?)', 0, '{"removed":[1],"put":[]}')
  addChannels(database, [toRows({ ...required(saved.channels[0]), key: channelKey(saved.nextKey) })])
  assert.deepEqual(await createLineupStore(database).load(), saved)
  assert.deepEqual(database.all('select * from lineup_change'), [])
})

for (const { name, count } of [
  { name: 'a change', count: 1 },
  { name: 'a large change', count: MANY },
]) {
  test(`${name} of channels keeps what was decided about their guides`, async () => {
    using database = openHouse()
    const store = createLineupStore(database)
    const choices = createGuideChoiceStore(database)
    const before = await store.load()
    const saved = await store.save(before, refreshed(before, 'A'))
    const layers = [{ feed: 'x', channel: 'y', shiftMinutes: 0 }]
    const decided = new Map([[channelKey(1), { by: 'owner', layers } satisfies GuideChoice]])
    await choices.put(decided)
    const channels = saved.channels.map((one, index) => (index < count ? { ...one, ownName: 'Mine' } : one))
    await store.save(saved, { ...saved, channels })
    assert.deepEqual(await choices.all(), decided)
  })
}
