import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { openFeedFile } from '../../../adapters/guide/feed-file.ts'
import { importDocument } from '../../../adapters/guide/import-document.ts'
import type { ImportProgress, ImportReport, ImportTask } from '../../../adapters/guide/import-document.ts'
import { createThreadImporter } from '../../../adapters/guide/import-thread.ts'
import { aDocument, aFolder, EVENING, HALF_HOUR_MS, WINDOW } from './documents.ts'

const never = new AbortController().signal

async function importText(
  folder: ReturnType<typeof aFolder>,
  text: string,
  given: Partial<ImportTask> & { readonly name?: string } = {},
): Promise<ImportReport & { readonly target: string }> {
  const { name = 'feed', ...task } = given
  const document = folder.in(`${name}.xml`)
  const target = folder.in(`${name}.db`)
  writeFileSync(document, text)
  const report = await importDocument(
    { document, target, previous: null, window: WINDOW, language: null, ...task },
    { onProgress: () => {}, signal: never },
  )
  return { ...report, target }
}

test('importDocument() makes a file that tells what the document told', async () => {
  using folder = aFolder()
  const report = await importText(folder, aDocument())
  assert.deepEqual(
    [report.channels, report.programmes, report.outside, report.firstStart, report.lastStart],
    [2, 6, 0, EVENING, EVENING + 2 * HALF_HOUR_MS],
  )
  using file = openFeedFile(report.target)
  assert.ok(file)
  assert.deepEqual(file.channels(), [
    { id: 'channel1.de', names: ['Kanal 1'] },
    { id: 'channel2.de', names: ['Kanal 2'] },
  ])
  assert.equal(file.find('CHANNEL1.DE'), 'channel1.de')
  assert.equal(file.find('channel3.de'), null)
  assert.deepEqual(file.programmes('Channel2.de', { from: EVENING + HALF_HOUR_MS, to: EVENING + 2 * HALF_HOUR_MS }), [
    {
      start: EVENING + HALF_HOUR_MS,
      stop: EVENING + 2 * HALF_HOUR_MS,
      title: 'Show 1',
      subtitle: null,
      description: null,
      categories: [],
      season: null,
      episode: null,
      repeat: false,
    },
  ])
  assert.deepEqual(file.programmes('channel3.de', WINDOW), [])
})

test('importDocument() joins what a document says of a channel in several places and spellings', async () => {
  using folder = aFolder()
  const { target } = await importText(
    folder,
    `<tv><programme start="20261121200000" channel="A.de"><title>T</title></programme>
     <channel id="a.de"><display-name>One</display-name></channel>
     <channel id="A.DE"><display-name>Two</display-name><display-name>One</display-name></channel></tv>`,
  )
  using file = openFeedFile(target)
  assert.deepEqual(file?.channels(), [{ id: 'A.de', names: ['One', 'Two'] }])
  assert.equal(file?.programmes('a.de', WINDOW).length, 1)
})

test('programmes() settles ends that are missing, overlaps and double starts', async () => {
  using folder = aFolder()
  const programme = (start: string, stop: string, title: string): string =>
    `<programme start="20261121${start}" ${stop === '' ? '' : `stop="20261121${stop}"`} channel="a"><title>${title}</title></programme>`
  const { target } = await importText(
    folder,
    `<tv>${[
      programme('2300', '', 'last without end'),
      programme('2000', '2110', 'overlaps'),
      programme('2100', '', 'without end'),
      programme('2130', '2200', 'twin'),
      programme('2130', '2200', 'twin that says more'),
    ].join('')}</tv>`,
  )
  using file = openFeedFile(target)
  const minutes = file
    ?.programmes('a', WINDOW)
    .map(({ start, stop, title }) => [(start - EVENING) / 60_000, (stop - EVENING) / 60_000, title])
  assert.deepEqual(minutes, [
    [0, 60, 'overlaps'],
    [60, 90, 'without end'],
    [90, 120, 'twin that says more'],
    [180, 240, 'last without end'],
  ])
})

test('programmes() ends a programme without end at the next one, which is behind the window', async () => {
  using folder = aFolder()
  const { target } = await importText(
    folder,
    `<tv><programme start="20261121200000" channel="a"><title>T</title></programme>
     <programme start="20261121213000" channel="a"><title>N</title></programme></tv>`,
  )
  using file = openFeedFile(target)
  const [first] = file?.programmes('a', { from: EVENING, to: EVENING + 60_000 }) ?? []
  assert.equal(first?.stop, EVENING + 3 * HALF_HOUR_MS)
})

test('search() finds channels by id and name, without case, and takes nothing for a wildcard', async () => {
  using folder = aFolder()
  const { target } = await importText(folder, aDocument({ channels: 12, programmes: 0 }))
  using file = openFeedFile(target)
  assert.ok(file)
  assert.deepEqual(file.search({ text: ' kanal 1', offset: 1, limit: 2 }), {
    total: 4,
    items: [
      { id: 'channel10.de', names: ['Kanal 10'] },
      { id: 'channel11.de', names: ['Kanal 11'] },
    ],
  })
  assert.equal(file.search({ text: 'CHANNEL12', offset: 0, limit: 5 }).total, 1)
  assert.equal(file.search({ text: '%', offset: 0, limit: 5 }).total, 0)
})

test('importDocument() keeps the past of the import before, up to where the new one begins', async () => {
  using folder = aFolder()
  const first = await importText(folder, aDocument({ programmes: 4, title: 'Old', fromHour: -1 }), { name: 'first' })
  const second = await importText(folder, aDocument({ channels: 1, programmes: 2, title: 'New' }), {
    name: 'second',
    previous: first.target,
  })
  using file = openFeedFile(second.target)
  const titles = file?.programmes('channel1.de', WINDOW).map(({ title }) => title)
  assert.deepEqual(titles, ['Old 0', 'Old 1', 'New 0', 'New 1'])
})

test('importDocument() gives one digest for one content, whatever its head says', async () => {
  using folder = aFolder()
  const one = await importText(folder, aDocument({ head: 'date="20261121"' }), { name: 'one' })
  const same = await importText(folder, aDocument({ head: 'date="20261122"' }), { name: 'same' })
  const other = await importText(folder, aDocument({ title: 'Other' }), { name: 'other' })
  assert.equal(one.digest, same.digest)
  assert.notEqual(one.digest, other.digest)
})

test('openFeedFile() opens nothing that is missing, damaged or half done', async () => {
  using folder = aFolder()
  assert.equal(openFeedFile(folder.in('missing.db')), null)
  writeFileSync(folder.in('damaged.db'), 'x'.repeat(5000))
  assert.equal(openFeedFile(folder.in('damaged.db')), null)
  await assert.rejects(importText(folder, '<html></html>', { name: 'part' }), { code: 'guide/not-xmltv' })
  assert.ok(existsSync(folder.in('part.db')))
  assert.equal(openFeedFile(folder.in('part.db')), null)
})

const thread = createThreadImporter(new URL('../../../runtime/guide-thread.ts', import.meta.url))
const taskIn = (folder: ReturnType<typeof aFolder>, text: string): ImportTask => {
  writeFileSync(folder.in('d.xml'), text)
  return { document: folder.in('d.xml'), target: folder.in('d.db'), previous: null, window: WINDOW, language: null }
}

test('createThreadImporter() imports in a thread and tells how far it is', async () => {
  using folder = aFolder()
  const told: ImportProgress[] = []
  const report = await thread.run(taskIn(folder, aDocument({ channels: 50, programmes: 40 })), {
    onProgress: (progress) => void told.push(progress),
    signal: never,
  })
  assert.equal(report.programmes, 2000)
  const last = told.at(-1)
  assert.deepEqual([last?.readBytes === last?.totalBytes, last?.programmes], [true, 2000])
  using file = openFeedFile(folder.in('d.db'))
  assert.equal(file?.channels().length, 50)
})

test('createThreadImporter() fails with the failure of the thread', async () => {
  using folder = aFolder()
  await assert.rejects(thread.run(taskIn(folder, '{"error":1}'), { onProgress: () => {}, signal: never }), {
    code: 'guide/not-xmltv',
  })
})

test('createThreadImporter() stops by its signal, and leaves no whole file', async () => {
  using folder = aFolder()
  const stop = new AbortController()
  const running = thread.run(taskIn(folder, aDocument({ channels: 200, programmes: 200 })), {
    onProgress: () => {},
    signal: stop.signal,
  })
  stop.abort(new Error('stopped'))
  await assert.rejects(running, { message: 'stopped' })
  assert.equal(openFeedFile(folder.in('d.db')), null)
})

test('createThreadImporter() that is told to stop while it runs says nothing else, even where it was faster', async () => {
  using folder = aFolder()
  const stop = new AbortController()
  const running = thread.run(taskIn(folder, aDocument({ channels: 200, programmes: 200 })), {
    onProgress: () => stop.abort(new Error('stopped')),
    signal: stop.signal,
  })
  await assert.rejects(running, { message: 'stopped' })
})
