import assert from 'node:assert/strict'
import { readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { importDocument } from '../../../adapters/guide/import-document.ts'
import type { DocumentImporter } from '../../../adapters/guide/import-thread.ts'
import { openGuideLibrary } from '../../../adapters/guide/library.ts'
import type { DocumentFeed, GuideLibrary } from '../../../adapters/guide/library.ts'
import type { Store } from '../../../adapters/store/open-store.ts'
import { Failure } from '../../../core/errors.ts'
import type { DocumentVersion, GuideDocument } from '../../../core/guide/document.ts'
import { makeDataFolder } from '../store/data-folder.ts'
import { aDocument, aFolder, EVENING, WINDOW } from './documents.ts'

const never = new AbortController().signal
const asked = { acceptCutOff: false, signal: never }

/** A document on a server, which the test changes. */
class Server implements GuideDocument {
  text = aDocument()
  version: DocumentVersion = { etag: '"1"', lastModified: null }
  failure: Error | null = null
  /** What callers knew, one for each call. */
  readonly known: (string | null)[] = []
  cutAfter = Infinity

  async open(known: DocumentVersion | null) {
    this.known.push(known?.etag ?? null)
    if (this.failure !== null) throw this.failure
    if (known !== null && known.etag === this.version.etag) return null
    const bytes = new TextEncoder().encode(this.text)
    const { cutAfter } = this
    return {
      version: this.version,
      size: bytes.length,
      bytes: (async function* () {
        yield bytes.subarray(0, cutAfter)
        if (cutAfter < bytes.length) throw new Failure('source/bad-answer', 'The answer is cut off')
      })(),
    }
  }

  put(text: string): void {
    this.text = text
    this.version = { etag: `"${this.known.length + 2}"`, lastModified: null }
  }
}

const inThisThread: DocumentImporter = { run: importDocument }

/** A library in a data folder, with what is needed to open it once more. */
async function aLibrary(given: { importer?: DocumentImporter; feeds?: readonly DocumentFeed[] } = {}) {
  const folder = await makeDataFolder()
  const server = new Server()
  const clock = { now: EVENING }
  const changes: string[] = []
  const feeds = given.feeds ?? [{ id: 'net', name: 'Net', document: server, language: null }]
  const reopen = async (): Promise<{ readonly library: GuideLibrary; readonly store: Store }> => {
    const store = await folder.open()
    const library = openGuideLibrary({
      dir: `${folder.path}/guide`,
      feeds,
      imports: store.imports,
      importer: given.importer ?? inThisThread,
      now: () => clock.now,
      log: () => {},
    })
    library.onChange((feed) => changes.push(feed))
    return { library, store }
  }
  const files = (): readonly string[] => readdirSync(`${folder.path}/guide`)
  return { ...(await reopen()), folder, server, clock, changes, reopen, files }
}

const titles = (library: GuideLibrary, channel = 'channel1.de'): readonly string[] | undefined =>
  library
    .file('net')
    ?.programmes(channel, WINDOW)
    .map(({ title }) => title)

test('refresh() fetches a document, imports it and says so', async () => {
  const { library, folder, changes, files } = await aLibrary()
  await using _folder = folder
  await using _library = library
  const before = library.version()
  assert.equal(library.file('net'), null)
  await library.refresh('net', asked)
  assert.deepEqual(titles(library), ['Show 0', 'Show 1', 'Show 2'])
  assert.deepEqual(changes, ['net'])
  assert.notEqual(library.version(), before)
  const [feed] = library.feeds()
  assert.deepEqual(
    [feed?.imported?.channels, feed?.imported?.programmes, feed?.imported?.fetchedAt, feed?.progress, feed?.problem],
    [2, 6, EVENING, null, null],
  )
  // The document itself is gone, only the import is left.
  assert.deepEqual(files(), [feed?.imported?.file])
})

test('refresh() fetches nothing that is unchanged, and imports nothing that says the same', async () => {
  const { library, folder, server, clock, changes } = await aLibrary()
  await using _folder = folder
  await using _library = library
  await library.refresh('net', asked)
  const version = library.version()
  clock.now += 1000
  await library.refresh('net', asked)
  server.put(aDocument({ head: 'date="now"' }))
  clock.now += 1000
  await library.refresh('net', asked)
  assert.deepEqual(server.known, [null, '"1"', '"1"'])
  assert.deepEqual(changes, ['net'])
  assert.equal(library.version(), version)
  const imported = library.feeds()[0]?.imported
  assert.deepEqual([imported?.fetchedAt, imported?.version.etag], [EVENING + 2000, '"4"'])
})

test('refresh() puts a new import in the place of the old one, keeping the past', async () => {
  const { library, folder, server, files } = await aLibrary()
  await using _folder = folder
  await using _library = library
  await library.refresh('net', asked)
  server.put(aDocument({ title: 'New', fromHour: 1 }))
  await library.refresh('net', asked)
  assert.deepEqual(titles(library), ['Show 0', 'Show 1', 'New 0', 'New 1', 'New 2'])
  assert.equal(files().length, 1)
})

for (const { name, spoil, code } of [
  {
    name: 'a server that is away',
    spoil: (server: Server) => (server.failure = new Failure('source/unreachable', 'x')),
    code: 'source/unreachable',
  },
  { name: 'an answer that is cut off', spoil: (server: Server) => (server.cutAfter = 300), code: 'source/bad-answer' },
  { name: 'an error page', spoil: (server: Server) => server.put('<html>502</html>'), code: 'guide/not-xmltv' },
  {
    name: 'a guide with far less',
    spoil: (server: Server) => server.put(aDocument({ channels: 1, programmes: 40 })),
    code: 'guide/cut-off',
  },
]) {
  test(`refresh() keeps what there is when there comes ${name}`, async () => {
    const { library, folder, server, files } = await aLibrary()
    await using _folder = folder
    await using _library = library
    server.put(aDocument({ channels: 2, programmes: 60 }))
    await library.refresh('net', asked)
    const version = library.version()
    server.put(server.text)
    spoil(server)
    await assert.rejects(library.refresh('net', asked), { code })
    assert.equal(titles(library)?.length, 60)
    assert.equal(library.version(), version)
    assert.equal(files().length, 1)
    const [feed] = library.feeds()
    assert.deepEqual([feed?.problem?.code, feed?.progress], [code, null])
  })
}

test('refresh() takes a smaller guide when it is told to', async () => {
  const { library, folder, server } = await aLibrary()
  await using _folder = folder
  await using _library = library
  server.put(aDocument({ channels: 2, programmes: 60 }))
  await library.refresh('net', asked)
  server.put(aDocument({ channels: 1, programmes: 40, title: 'Less' }))
  await library.refresh('net', { ...asked, acceptCutOff: true })
  assert.equal(titles(library)?.[0], 'Less 0')
  assert.equal(library.feeds()[0]?.problem, null)
})

test('refresh() refuses a first guide without a programme of these days', async () => {
  const { library, folder, server } = await aLibrary()
  await using _folder = folder
  await using _library = library
  server.put(aDocument({ fromHour: -5000 }))
  await assert.rejects(library.refresh('net', asked), { code: 'guide/empty' })
})

test('refresh() fails for a guide that is not there', async () => {
  const { library, folder } = await aLibrary()
  await using _folder = folder
  await using _library = library
  await assert.rejects(library.refresh('other', asked), { code: 'guide/unknown-feed' })
})

test('refresh() ends by the signal of who asked and leaves what there is', async () => {
  const started = Promise.withResolvers<void>()
  const importer: DocumentImporter = {
    run: (_task, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        started.resolve()
      }),
  }
  const { library, folder, files } = await aLibrary({ importer })
  await using _folder = folder
  await using _library = library
  const cancel = new AbortController()
  const steps: string[] = []
  const onProgress = ({ step }: { readonly step: string }): void => void steps.push(step)
  const running = library.refresh('net', { acceptCutOff: false, signal: cancel.signal, onProgress })
  const failed = assert.rejects(running, { code: 'job/cancelled' })
  await started.promise
  assert.equal(library.feeds()[0]?.progress?.step, 'importing')
  cancel.abort(new Failure('job/cancelled', 'The import was cancelled'))
  await failed
  assert.deepEqual(files(), [])
  assert.equal(library.feeds()[0]?.problem?.code, 'job/cancelled')
  assert.deepEqual(steps, ['waiting', 'fetching', 'fetching', 'waiting', 'importing'])
})

test('refresh() imports one document at a time, and each once for all who ask', async () => {
  const running: string[] = []
  let most = 0
  const importer: DocumentImporter = {
    async run(task, options) {
      running.push(task.target)
      most = Math.max(most, running.length)
      const report = await importDocument(task, options)
      running.pop()
      return report
    },
  }
  const servers = [new Server(), new Server()]
  const feeds = servers.map((document, index) => ({ id: `f${index}`, name: 'F', document, language: null }))
  const { library, folder } = await aLibrary({ importer, feeds })
  await using _folder = folder
  await using _library = library
  await Promise.all(['f0', 'f1', 'f0'].map((id) => library.refresh(id, asked)))
  assert.equal(most, 1)
  assert.deepEqual(
    servers.map(({ known }) => known.length),
    [1, 1],
  )
})

test('openGuideLibrary() finds its imports again and removes what is left of others', async () => {
  const { library, folder, server, reopen, files } = await aLibrary()
  await using _folder = folder
  await library.refresh('net', asked)
  const version = library.version()
  await library[Symbol.asyncDispose]()
  writeFileSync(`${folder.path}/guide/net.part`, 'half')
  writeFileSync(`${folder.path}/guide/net-00000000.db`, 'half')
  const again = await reopen()
  await using _again = again.library
  assert.equal(files().length, 1)
  assert.equal(again.library.version(), version)
  assert.equal(titles(again.library)?.length, 3)
  await again.library.refresh('net', asked)
  assert.equal(server.known.at(-1), '"1"')
})

test('openGuideLibrary() imports anew what a disk has lost', async () => {
  const { library, folder, server, reopen, files } = await aLibrary()
  await using _folder = folder
  await library.refresh('net', asked)
  await library[Symbol.asyncDispose]()
  for (const file of files()) rmSync(`${folder.path}/guide/${file}`)
  const again = await reopen()
  await using _again = again.library
  assert.equal(again.library.file('net'), null)
  await again.library.refresh('net', asked)
  assert.equal(server.known.at(-1), null)
  assert.equal(titles(again.library)?.length, 3)
})

test('refresh() reads a file of this machine where it lies, when it has changed', async () => {
  using files = aFolder()
  const path = files.in('guide.xml')
  writeFileSync(path, aDocument())
  const { library, folder, changes } = await aLibrary({
    feeds: [{ id: 'net', name: 'Local', document: { path }, language: null }],
  })
  await using _folder = folder
  await using _library = library
  await library.refresh('net', asked)
  await library.refresh('net', asked)
  assert.deepEqual(changes, ['net'])
  writeFileSync(path, aDocument({ title: 'New' }))
  utimesSync(path, new Date(), new Date(Date.now() + 5000))
  await library.refresh('net', asked)
  assert.equal(titles(library)?.[0], 'New 0')
  rmSync(path)
  await assert.rejects(library.refresh('net', asked), { code: 'source/unreachable' })
})

test('put() adds a feed; with a feed of the same id the import stays until the next one', async () => {
  const { library, folder, changes } = await aLibrary()
  await using _folder = folder
  await using _library = library
  const more = new Server()
  library.put({ id: 'more', name: 'More', document: more, language: null }, { anew: true })
  await library.refresh('more', asked)
  assert.deepEqual(
    library.feeds().map(({ id }) => id),
    ['net', 'more'],
  )
  const next = new Server()
  next.put(aDocument({ title: 'Next' }))
  library.put({ id: 'more', name: 'Renamed', document: next, language: null }, { anew: true })
  assert.deepEqual([library.feeds()[1]?.name, library.file('more') === null], ['Renamed', false])
  await library.refresh('more', asked)
  // It was not asked whether what another place has is unchanged.
  assert.deepEqual([next.known, changes], [[null], ['more', 'more']])
  library.put({ id: 'more', name: 'More', document: next, language: null }, { anew: false })
  await library.refresh('more', asked)
  assert.equal(next.known[1] === null, false)
})

test('remove() forgets a feed, its import and its file', async () => {
  const { library, folder, changes, files, store } = await aLibrary()
  await using _folder = folder
  await using _library = library
  await library.refresh('net', asked)
  const before = library.version()
  assert.equal(await library.remove('net'), true)
  assert.deepEqual([library.feeds(), library.file('net'), files(), store.imports.all()], [[], null, [], []])
  assert.notEqual(library.version(), before)
  assert.deepEqual(changes, ['net', 'net'])
  assert.equal(await library.remove('net'), false)
  await assert.rejects(library.refresh('net', asked), { code: 'guide/unknown-feed' })
})

test('refresh() of a server that takes its time holds up no other feed', async () => {
  const slow = Promise.withResolvers<never>()
  const started = Promise.withResolvers<void>()
  const never: DocumentFeed = {
    id: 'never',
    name: 'Never',
    language: null,
    document: { open: () => (started.resolve(), slow.promise) },
  }
  const { library, folder } = await aLibrary({
    feeds: [never, { id: 'net', name: 'Net', document: new Server(), language: null }],
  })
  await using _folder = folder
  await using _library = library
  const waiting = assert.rejects(library.refresh('never', asked), { code: 'source/timeout' })
  await started.promise
  await library.refresh('net', asked)
  assert.deepEqual(titles(library), ['Show 0', 'Show 1', 'Show 2'])
  slow.reject(new Failure('source/timeout', 'Too slow'))
  await waiting
})

test('refresh() that is given up while another import runs leaves its place to the next', async () => {
  const finish = Promise.withResolvers<void>()
  const running = Promise.withResolvers<void>()
  const importer: DocumentImporter = {
    async run(task, options) {
      if (!task.target.includes('slow')) return importDocument(task, options)
      running.resolve()
      await finish.promise
      return importDocument(task, options)
    },
  }
  const feeds = ['slow', 'given-up', 'net'].map((id) => ({ id, name: id, document: new Server(), language: null }))
  const { library, folder, files } = await aLibrary({ importer, feeds })
  await using _folder = folder
  await using _library = library
  const first = library.refresh('slow', asked)
  await running.promise
  const cancel = new AbortController()
  const waits = Promise.withResolvers<void>()
  let steps = 0
  const onProgress = ({ step }: { readonly step: string }): void => {
    if (step === 'waiting' && (steps += 1) === 2) waits.resolve()
  }
  const given = library.refresh('given-up', { acceptCutOff: false, signal: cancel.signal, onProgress })
  await waits.promise
  cancel.abort(new Failure('job/cancelled', 'Enough'))
  await assert.rejects(given, { code: 'job/cancelled' })
  const last = library.refresh('net', asked)
  finish.resolve()
  await Promise.all([first, last])
  assert.equal(files().length, 2)
})

test('refresh() that is given up before it begins can be asked for again', async () => {
  const { library, folder } = await aLibrary()
  await using _folder = folder
  await using _library = library
  const signal = AbortSignal.abort(new Failure('job/cancelled', 'Enough'))
  await assert.rejects(library.refresh('net', { acceptCutOff: false, signal }), { code: 'job/cancelled' })
  await library.refresh('net', asked)
  assert.notEqual(library.file('net'), null)
})
