import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openScheduleKeeper } from '../../../adapters/linear/schedule-keeper.ts'
import type { ScheduleKeeperParts } from '../../../adapters/linear/schedule-keeper.ts'
import { openStore } from '../../../adapters/store/open-store.ts'
import { Failure } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'

const NOW = Date.UTC(2026, 10, 21, 20, 15)
const CLASSICS = { id: 'classics', name: 'Classics', pools: [{ id: 'all', query: { kinds: ['film'] } }] }
const NEWS = { ...CLASSICS, id: 'news', name: 'News' }

const withCode = (code: FailureCode) => (error: unknown) => error instanceof Failure && error.code === code

/** A data folder, and keepers over it as after each start. */
async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'dl-'))
  return {
    async start(changes: Partial<ScheduleKeeperParts> = {}) {
      const store = await openStore(dir, { now: () => NOW, log: () => {} })
      let ids = 0
      const keeper = openScheduleKeeper({
        fixed: [],
        store: store.schedules,
        zone: 'Europe/Berlin',
        now: () => NOW,
        newId: () => String(++ids),
        log: () => {},
        ...changes,
      })
      return { keeper, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}

test('a document is kept over a restart, with zone and first day once and for all', async () => {
  await using data = await folder()
  {
    await using first = await data.start()
    const { keeper } = first
    const added = await keeper.add(CLASSICS, 'films')
    assert.equal(added.doc?.zone, 'Europe/Berlin')
    assert.equal(added.doc.anchorDay, '2026-11-19')
  }
  await using second = await data.start({ zone: 'America/New_York' })
  const [found] = second.keeper.list()
  assert.equal(found?.doc?.zone, 'Europe/Berlin')
  assert.deepEqual(found.document, { zone: 'Europe/Berlin', anchorDay: '2026-11-19', ...CLASSICS })
  assert.equal(found.library, 'films')
})

test('an edit needs the revision it is based on, keeps what it does not say of zone and first day, and is told', async () => {
  await using data = await folder()
  await using house = await data.start()
  const { keeper } = house
  const { revision } = await keeper.add({ ...CLASSICS, anchorDay: '2026-01-01' }, 'films')
  const told: string[] = []
  keeper.onChange(({ id, after }) => told.push(`${id} ${after?.doc?.name ?? 'gone'}`))
  const edited = await keeper.replace('classics', { ...CLASSICS, name: 'Old films' }, revision)
  assert.equal(edited.doc?.anchorDay, '2026-01-01')
  await assert.rejects(keeper.replace('classics', CLASSICS, revision), withCode('config/changed'))
  await assert.rejects(keeper.remove('classics', revision), withCode('config/changed'))
  await assert.rejects(keeper.replace('classics', NEWS, null), withCode('linear/invalid'))
  await assert.rejects(keeper.replace('classics', { ...CLASSICS, slots: 3 }, null), withCode('linear/invalid'))
  await keeper.remove('classics', edited.revision)
  assert.deepEqual(told, ['classics Old films', 'classics gone'])
  assert.throws(() => keeper.find('classics'), withCode('linear/unknown-schedule'))
})

test('documents of the file are there and not edited; one of the house with their id waits', async () => {
  await using data = await folder()
  {
    await using first = await data.start()
    await first.keeper.add(CLASSICS, 'films')
  }
  await using house = await data.start({ fixed: [{ library: 'disk', document: { ...CLASSICS, name: 'By file' } }] })
  const { keeper } = house
  assert.deepEqual(
    keeper.list().map(({ id, library, managedBy, doc }) => [id, library, managedBy, doc?.name]),
    [['classics', 'disk', 'file', 'By file']],
  )
  await assert.rejects(keeper.replace('classics', CLASSICS, null), withCode('config/managed-by-file'))
  await assert.rejects(keeper.remove('classics', null), withCode('config/managed-by-file'))
  await assert.rejects(keeper.add(CLASSICS, 'films'), withCode('config/id-taken'))
})

test('an override is above the plan at once, also of the file, survives a restart and is taken back', async () => {
  await using data = await folder()
  const fixed = [{ library: 'disk', document: CLASSICS }]
  {
    await using first = await data.start({ fixed })
    const { keeper } = first
    await assert.rejects(keeper.override('classics', { show: 'nothing' }, 'jo'), withCode('linear/invalid'))
    const over = await keeper.override('classics', { show: { text: 'Storm' } }, 'jo')
    assert.deepEqual(
      over.doc?.overrides.map(({ from, until, show, createdBy }) => ({ from, until, show, createdBy })),
      [{ from: NOW, until: null, show: { kind: 'slate', text: 'Storm' }, createdBy: 'jo' }],
    )
    await keeper.override('classics', { show: { text: 'Flood' }, until: '2026-11-21T21:00:00Z' }, null)
  }
  await using second = await data.start({ fixed, now: () => NOW + 3_600_000 })
  const { keeper } = second
  const [one, two] = keeper.find('classics').overrides
  assert.equal(keeper.find('classics').doc?.overrides.length, 2)
  const after = await keeper.override('classics', { show: { text: 'Fire' } }, null)
  assert.deepEqual(
    after.overrides.map(({ show }) => show),
    [{ text: 'Storm' }, { text: 'Fire' }],
    'what is over goes',
  )
  await assert.rejects(keeper.endOverride('classics', String(two?.['id'])), withCode('linear/unknown-override'))
  await keeper.endOverride('classics', String(one?.['id']))
  assert.deepEqual((await keeper.endOverride('classics', null)).overrides, [])
  await assert.rejects(keeper.endOverride('classics', null), withCode('linear/unknown-override'))
})
