import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntryDesk } from '../../../handlers/entries/entry-desk.ts'
import { ADMIN, cookieOf, fakeHouse, VIEWER } from '../../fakes/gateway.ts'

const RECEIVER = {
  kind: 'enigma2',
  name: 'Vu+ Duo',
  model: 'Duo',
  host: '192.168.1.20',
  needsLogin: false,
  tuners: 2,
} as const

const sourceEntries: EntryDesk = {
  list: () => [
    {
      id: 'box',
      managedBy: 'house',
      revision: '1',
      shown: {},
      hosts: { url: '192.168.1.20' },
      problem: null,
    },
  ],
  add: () => assert.fail('nothing is added'),
  change: () => assert.fail('nothing is changed'),
  remove: () => assert.fail('nothing is removed'),
}

test('POST /api/v1/sources/search tells what was found, and what is there already', async () => {
  const asked: (string | null)[] = []
  const search = {
    search: ({ askedBy }: { readonly askedBy: string | null }) => {
      asked.push(askedBy)
      return Promise.resolve({ tried: 253, found: [RECEIVER, { ...RECEIVER, host: '192.168.1.21' }] })
    },
  }
  const house = fakeHouse({ accounts: [ADMIN], gateway: { sourceEntries, search } })
  const response = await house.get('/api/v1/sources/search', await cookieOf(house, 'Jo'), 'POST')
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), {
    tried: 253,
    items: [
      { ...RECEIVER, known: true },
      { ...RECEIVER, host: '192.168.1.21', known: false },
    ],
  })
  assert.deepEqual(asked, ['Jo'])
})

test('POST /api/v1/sources/search is for admins, and at a house with sources', async () => {
  const house = fakeHouse({ accounts: [ADMIN, VIEWER] })
  const post = async (who: string) =>
    (await house.get('/api/v1/sources/search', await cookieOf(house, who), 'POST')).status
  assert.equal(await post('Anna'), 403)
  assert.equal(await post('Jo'), 404)
})
