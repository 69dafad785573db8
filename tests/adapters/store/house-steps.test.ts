import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '../../../adapters/store/database.ts'
import { createLineupStore } from '../../../adapters/store/lineup-store.ts'
import { migrate } from '../../../adapters/store/migrate.ts'
import { HOUSE_STEPS } from '../../../adapters/store/schema.ts'

test('HOUSE_STEPS keep the line-up of the first layout: numbers, names, what was switched off, order of streams', async () => {
  using database = openDatabase(':memory:', 'normal')
  migrate(database, HOUSE_STEPS.slice(0, 1))
  database.exec(`
    insert into channel (key, number, own_name, enabled) values (3, '5.1', 'Mine', 0), (4, '6', null, 1);
    insert into stream (channel_key, position, source_id, item, name, media, slot_key, groups, has_logo) values
      (3, 0, 'box', 'a', 'A', 'tv', 'a', '["G"]', 1), (3, 1, 'sat', 'b', 'B', 'tv', 'b', '[]', 0),
      (4, 0, 'box', 'c', 'C', 'radio', 'c', '[]', 0);
    insert into store (name, value) values ('next_key', '5');
  `)
  migrate(database, HOUSE_STEPS)
  const { channels, nextKey, nextGroupKey } = await createLineupStore(database).load()
  assert.deepEqual([nextKey, nextGroupKey], [5, 1])
  assert.deepEqual(
    channels.map(({ key, number, ownName, ownEnabled, favourite, streams }) => ({
      key: Number(key),
      number,
      ownName,
      ownEnabled,
      favourite,
      streams: streams.map(({ id, join }) => `${id} ${join.by}`),
    })),
    [
      {
        key: 3,
        number: '5.1',
        ownName: 'Mine',
        ownEnabled: false,
        favourite: false,
        streams: ['box/a first', 'sat/b service'],
      },
      { key: 4, number: '6', ownName: null, ownEnabled: null, favourite: false, streams: ['box/c first'] },
    ],
  )
})
