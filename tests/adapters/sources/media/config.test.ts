import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSource } from '../../../../core/config/sources.ts'
import { Failure } from '../../../../core/errors.ts'
import { mediaSchema } from '../../../../adapters/sources/media/config.ts'

const FILMS = { id: 'films', kind: 'media', path: '/srv/films' }
const CLASSICS = { id: 'classics', name: 'Classics', pools: [{ id: 'all', query: { kinds: ['film'] } }] }

const read = (changes: Record<string, unknown>) =>
  readSource({ ...FILMS, ...changes }, 'sources[0]', { media: mediaSchema })

test('a folder is enough for a library', () => {
  const { settings } = read({})
  assert.deepEqual(settings, { path: '/srv/films', channels: [] })
})

test('documents of channels stay as they are written', () => {
  assert.deepEqual(read({ channels: [CLASSICS] }).settings.channels, [CLASSICS])
})

for (const { name, changes, message } of [
  { name: 'no path', changes: { path: ' ' }, message: /^sources\[0\]\.path: should be the path of a folder/ },
  {
    name: 'channels that are none',
    changes: { channels: 'all' },
    message: /^sources\[0\]\.channels: should be a list/,
  },
  {
    name: 'a channel that is none',
    changes: { channels: ['all'] },
    message: /^sources\[0\]\.channels\[0\]: should be the document of a channel/,
  },
  {
    name: 'a wrong time deep in a document',
    changes: { channels: [{ ...CLASSICS, slots: [{ at: '25:00', show: { pool: 'all' } }] }] },
    message: /^sources\[0\]\.channels\[0\]\.slots\[0\]\.at: should be a time of day/,
  },
  {
    name: 'a pool that is not there',
    changes: { channels: [{ ...CLASSICS, slots: [{ at: '20:15', show: { pool: 'films' } }] }] },
    message: /^sources\[0\]\.channels\[0\]\.slots\[0\]\.show\.pool: should be the id of a pool/,
  },
  {
    name: 'an id that two channels have',
    changes: { channels: [CLASSICS, CLASSICS] },
    message: /^sources\[0\]\.channels\[1\]\.id: should be an id of its own/,
  },
]) {
  test(`the kind refuses ${name}, and names the key`, () => {
    assert.throws(
      () => read(changes),
      (error) => error instanceof Failure && error.code === 'config/invalid' && message.test(error.message),
    )
  })
}
