import assert from 'node:assert/strict'
import { mkdir, readdir, rename, rm, symlink, utimes } from 'node:fs/promises'
import { test } from 'node:test'
import { collectFiles } from '../../../../adapters/library/scan/collect.ts'
import { compareWithSeen } from '../../../../adapters/library/scan/compare.ts'
import { ItemStore } from '../../../../adapters/library/store/item-store.ts'
import { openDatabase } from '../../../../adapters/store/database.ts'
import { forgetLibrary, openLibrary } from '../../../../adapters/library/open-library.ts'
import { systemTimers } from '../../../../core/live/timers.ts'
import { makeShelf, paths, scan, WRITTEN } from '../shelf.ts'

const DAY_MS = 24 * 3_600_000

test('scan() lists what is to be shown, and nothing else', async () => {
  await using shelf = await makeShelf()
  for (const path of [
    'Films/A (1999)/A.mkv',
    'Films/A (1999)/Featurettes/making.mkv',
    'Films/A (1999)/poster.jpg',
    'Films/.hidden/b.mkv',
    'Films/@eaDir/c.mkv',
    'Films/d.mkv.part',
    'Private/.nomedia',
    'Private/e.mkv',
    'Ads/coke.mp4',
  ])
    await shelf.put(path)
  const library = shelf.open()
  const report = await scan(library)
  assert.deepEqual(paths(library), ['Ads/coke.mp4', 'Films/A (1999)/A.mkv'])
  assert.deepEqual([report.isThere, report.files, report.added, report.broken], [true, 2, 2, 0])
  assert.deepEqual(library.state().counts, { films: 1, episodes: 0, fillers: 1, others: 0, broken: 0, missing: 0 })
})

test('scan() looks into a file once, and again when it has changed', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  await shelf.put('b.mkv')
  const library = shelf.open()
  await scan(library)
  const before = library.items({ filter: {}, offset: 0, limit: 1 }).items[0]
  await scan(library)
  assert.equal(shelf.probe.asked.length, 2)
  await shelf.put('a.mkv', 'ms:5000', WRITTEN + 1000)
  const report = await scan(library)
  assert.equal(shelf.probe.asked.length, 3)
  assert.equal(report.changed, 1)
  const after = library.items({ filter: {}, offset: 0, limit: 1 }).items[0]
  assert.deepEqual([after?.id, after?.facts?.durationMs], [before?.id, 5000])
})

test('scan() knows everything again in a program that was started anew', async () => {
  await using shelf = await makeShelf()
  await shelf.put('Show/Season 1/S01E01.mkv')
  const first = shelf.open()
  await scan(first)
  const [item] = first.items({ filter: {}, offset: 0, limit: 1 }).items
  await shelf.close(first)
  const second = shelf.open()
  assert.deepEqual(second.item(item?.id ?? ''), item)
  assert.equal(second.state().lastScan?.added, 1)
  await scan(second)
  assert.equal(shelf.probe.asked.length, 1)
})

test('scan() gives a file the same id when its data folder was lost', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  const first = shelf.open()
  await scan(first)
  const [item] = first.items({ filter: {}, offset: 0, limit: 1 }).items
  await shelf.close(first)
  await rm(`${shelf.base}/data`, { recursive: true })
  const second = shelf.open()
  await scan(second)
  assert.notEqual(second.item(item?.id ?? ''), null)
})

test('scan() lets a file that was renamed keep its id and what is known of it', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  await shelf.put('b.mkv')
  const library = shelf.open()
  await scan(library)
  const idOf = (path: string) =>
    library.items({ filter: {}, offset: 0, limit: 9 }).items.find((i) => i.path === path)?.id
  const [a, b] = [idOf('a.mkv'), idOf('b.mkv')]
  await shelf.move('a.mkv', 'Films/The Name (1999)/x.mkv')
  const report = await scan(library)
  assert.deepEqual([report.moved, report.added, report.missing], [1, 0, 0])
  assert.equal(shelf.probe.asked.length, 2)
  const moved = library.item(a ?? '')
  assert.deepEqual([moved?.path, moved?.title, moved?.kind], ['Films/The Name (1999)/x.mkv', 'The Name', 'film'])
  assert.equal(idOf('b.mkv'), b)
})

test('scan() knows a file by its content when it was copied to another disk and deleted here', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv', 'ms:60000 the same')
  const library = shelf.open()
  await scan(library)
  const [item] = library.items({ filter: {}, offset: 0, limit: 1 }).items
  await rm(shelf.at('a.mkv'))
  await scan(library) // it is away for a while
  await shelf.put('b.mkv', 'ms:60000 the same', WRITTEN + 5000)
  const report = await scan(library)
  assert.deepEqual([report.moved, library.item(item?.id ?? '')?.path], [1, 'b.mkv'])
})

test('scan() gives a new file at the place of a moved one an id of its own', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv', 'ms:1000 first')
  const library = shelf.open()
  await scan(library)
  await shelf.move('a.mkv', 'b.mkv')
  await scan(library)
  await shelf.put('a.mkv', 'ms:1000 second one')
  await scan(library)
  const ids = library.items({ filter: {}, offset: 0, limit: 9 }).items.map(({ id }) => id)
  assert.equal(new Set(ids).size, 2)
  for (const id of ids) assert.match(id, /^[a-z0-9-]+$/)
})

test('scan() keeps everything while the folder is away, and probes nothing when it comes back', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  const library = shelf.open()
  await scan(library)
  const [item] = library.items({ filter: {}, offset: 0, limit: 1 }).items
  const id = item?.id ?? ''
  assert.equal(library.file(id)?.path, shelf.at('a.mkv'))
  await rename(shelf.root, `${shelf.root}-off`)
  shelf.clock.now += 400 * DAY_MS
  assert.equal((await scan(library)).isThere, false)
  assert.deepEqual([library.item(id)?.isMissing, library.file(id), library.state().isThere], [true, null, false])
  assert.deepEqual(paths(library, { state: 'missing' }), ['a.mkv'])
  assert.deepEqual(paths(library, { state: 'playable' }), [])
  await mkdir(shelf.root) // the empty place where the share was mounted
  const empty = await scan(library)
  assert.deepEqual([empty.isThere, library.item(id)?.isMissing], [false, true])
  await rm(shelf.root, { recursive: true })
  await rename(`${shelf.root}-off`, shelf.root)
  assert.equal((await scan(library)).isThere, true)
  assert.deepEqual([library.item(id)?.isMissing, shelf.probe.asked.length], [false, 1])
})

test('scan() keeps the ids when the whole folder was moved', async () => {
  await using shelf = await makeShelf()
  await shelf.put('Films/a.mkv')
  const first = shelf.open()
  await scan(first)
  const [item] = first.items({ filter: {}, offset: 0, limit: 1 }).items
  await shelf.close(first)
  await rename(shelf.root, `${shelf.base}/elsewhere`)
  const second = shelf.open({ path: `${shelf.base}/elsewhere` })
  await scan(second)
  assert.equal(second.file(item?.id ?? '')?.path, `${shelf.base}/elsewhere/Films/a.mkv`)
  assert.equal(shelf.probe.asked.length, 1)
})

test('scan() marks what is gone, and forgets it after thirty days', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  await shelf.put('b.mkv')
  const library = shelf.open()
  await scan(library)
  await rm(shelf.at('a.mkv'))
  assert.equal((await scan(library)).missing, 1)
  assert.deepEqual(paths(library, { state: 'missing' }), ['a.mkv'])
  shelf.clock.now += 29 * DAY_MS
  assert.equal((await scan(library)).forgotten, 0)
  shelf.clock.now += 2 * DAY_MS
  assert.equal((await scan(library)).forgotten, 1)
  assert.deepEqual(paths(library), ['b.mkv'])
})

test('forget() takes away only what is not there', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  await shelf.put('b.mkv')
  const library = shelf.open()
  await scan(library)
  const ids = library.items({ filter: {}, offset: 0, limit: 9 }).items.map(({ id }) => id)
  await rm(shelf.at('a.mkv'))
  await scan(library)
  assert.equal(library.forget(ids), 1)
  assert.deepEqual(paths(library), ['b.mkv'])
})

test('scan() lists bad files with the reason, and goes on', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv', 'It is broken')
  await shelf.put('b.mkv')
  const library = shelf.open()
  assert.equal((await scan(library)).broken, 1)
  const [bad] = library.items({ filter: { state: 'broken' }, offset: 0, limit: 9 }).items
  assert.deepEqual([bad?.path, bad?.problem, library.file(bad?.id ?? '')], ['a.mkv', 'It is broken', null])
  assert.deepEqual(paths(library, { state: 'playable' }), ['b.mkv'])
  await scan(library)
  assert.equal(shelf.probe.asked.length, 2)
  await scan(library, true)
  assert.equal(shelf.probe.asked.length, 3)
})

test('scan() looks once more into a file whose problem may be over by itself', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv', 'slow')
  const library = shelf.open()
  await scan(library)
  await scan(library)
  assert.equal(shelf.probe.asked.length, 2)
})

test('scan() waits with a file that is still being written', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  const library = shelf.open()
  shelf.probe.before = () => shelf.put('a.mkv', 'ms:1000 much longer than before', WRITTEN + 1)
  const report = await scan(library)
  assert.deepEqual([report.unfinished, report.broken], [1, 0])
  assert.deepEqual(paths(library, { state: 'playable' }), [])
  shelf.probe.before = () => {}
  assert.equal((await scan(library)).unfinished, 0)
  assert.deepEqual(paths(library, { state: 'playable' }), ['a.mkv'])
})

test('scan() reads each folder once, wherever links lead', async () => {
  await using shelf = await makeShelf()
  await shelf.put('Films/a.mkv')
  await symlink(shelf.root, shelf.at('Films/loop'), 'dir')
  await symlink(shelf.at('nowhere'), shelf.at('dead.mkv'))
  await symlink(shelf.at('Films/a.mkv'), shelf.at('link.mkv'))
  const library = shelf.open()
  await scan(library)
  assert.deepEqual(paths(library), ['Films/a.mkv', 'link.mkv'])
  assert.deepEqual(
    library.state().problems.map(({ path }) => path),
    ['Films/loop'],
  )
})

test('compareWithSeen() leaves files as they are that lie in a folder which could not be read', async () => {
  await using shelf = await makeShelf()
  await shelf.put('Films/a.mkv')
  await shelf.put('Other/b.mkv')
  const library = shelf.open()
  await scan(library)
  await shelf.close(library)
  await rm(shelf.at('Films'), { recursive: true })
  await rm(shelf.at('Other/b.mkv'))
  using database = openDatabase(`${shelf.base}/data/libraries/films.db`, 'normal')
  const { signal } = new AbortController()
  await collectFiles(database, shelf.root, { signal, onFile: () => {} })
  const problems = [{ path: 'Films', reason: 'EIO', isWhole: true }]
  const told = await compareWithSeen(new ItemStore(database, 'films'), shelf.root, { now: 1, problems, signal })
  assert.equal(told.missing, 1)
  const left = database.all('select path from item where missing_since is null').map(({ path }) => path)
  assert.deepEqual(left, ['Films/a.mkv'])
})

test('scan() makes words of notes, and again when a note has changed', async () => {
  await using shelf = await makeShelf()
  await shelf.put('Show/tvshow.nfo', '<tvshow><title>The Show</title><genre>Comedy</genre></tvshow>')
  await shelf.put('Show/Season 1/S01E01.mkv')
  await shelf.put('Show/Season 1/S01E01.nfo', '<episodedetails><title>Pilot</title></episodedetails>')
  await shelf.put('Show/Season 1/S01E01-thumb.jpg', 'x')
  const library = shelf.open()
  await scan(library)
  const told = () => library.items({ filter: {}, offset: 0, limit: 1 }).items[0]
  assert.deepEqual(
    [told()?.series, told()?.title, told()?.genres, told()?.hasArtwork],
    ['The Show', 'Pilot', ['Comedy'], true],
  )
  await shelf.put('Show/Season 1/S01E01.nfo', '<episodedetails><title>Der Anfang</title></episodedetails>')
  await scan(library)
  assert.equal(told()?.title, 'Der Anfang')
  assert.equal(shelf.probe.asked.length, 1)
  assert.deepEqual(
    library.series().map(({ name, seasons, episodes, artwork }) => [name, seasons, episodes, artwork === told()?.id]),
    [['The Show', [1], 1, true]],
  )
})

test('scan() ends with the signal, and goes on where it was', async () => {
  await using shelf = await makeShelf()
  for (const name of ['a.mkv', 'b.mkv', 'c.mkv', 'd.mkv', 'e.mkv']) await shelf.put(name)
  const library = shelf.open()
  const stop = new AbortController()
  shelf.probe.before = () => {
    if (shelf.probe.asked.length === 3) stop.abort(new Error('enough'))
  }
  await assert.rejects(library.scan({ signal: stop.signal }), /enough/)
  shelf.probe.before = () => {}
  const before = paths(library, { state: 'playable' }).length
  assert.ok(before < 5)
  await scan(library)
  assert.equal(paths(library, { state: 'playable' }).length, 5)
  assert.ok(shelf.probe.asked.length <= 5 + 3)
})

test('scan() is one scan for all who ask while it runs', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  const library = shelf.open()
  const stop = new AbortController()
  const given = library.scan({ signal: stop.signal }).catch((error: unknown) => String(error))
  const kept = scan(library)
  stop.abort(new Error('not me'))
  assert.match(String(await given), /not me/)
  assert.equal((await kept).added, 1)
})

test('scan() tells how far it is', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  await shelf.put('b.mkv')
  const library = shelf.open()
  const told: string[] = []
  await library.scan({
    signal: new AbortController().signal,
    onProgress: ({ phase, done, total }) => void told.push(`${phase} ${done}/${total}`),
  })
  assert.deepEqual(told, ['reading 0/null', 'reading 2/null', 'probing 0/2', 'probing 1/2', 'probing 2/2'])
  assert.equal(library.state().scanning, null)
})

test('scan() waits before it looks into new files, so that half-copied ones show', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  const waits: number[] = []
  const timers = {
    ...systemTimers,
    set(work: () => void, ms: number) {
      waits.push(ms)
      return systemTimers.set(work, 0)
    },
  }
  const library = shelf.open({ settleMs: 3000, timers })
  await scan(library)
  assert.ok(waits.includes(3000))
  waits.length = 0
  await scan(library)
  assert.ok(!waits.includes(3000))
})

test('onChange() rings after a scan that found something', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  const timers = { ...systemTimers, set: (work: () => void) => systemTimers.set(work, 0) }
  const library = shelf.open({ timers })
  const rung = Promise.withResolvers<void>()
  library.onChange(() => rung.resolve())
  await scan(library)
  await rung.promise
})

test('openLibrary() lists files by their names where no FFmpeg is', async () => {
  await using shelf = await makeShelf()
  await shelf.put('Films/Name (1999).mkv')
  await using library = openLibrary({
    id: 'other',
    path: shelf.root,
    dataDir: `${shelf.base}/data`,
    ffmpeg: null,
    now: () => shelf.clock.now,
    timers: systemTimers,
    log: () => {},
    isFollowing: false,
  })
  await scan(library)
  const [item] = library.items({ filter: {}, offset: 0, limit: 1 }).items
  assert.deepEqual([item?.title, item?.facts, item?.problem], ['Name', null, null])
})

test('a file whose time is set back is another file', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  const library = shelf.open()
  await scan(library)
  await utimes(shelf.at('a.mkv'), 1, 1)
  assert.equal((await scan(library)).changed, 1)
})

test('forgetLibrary() deletes what the house keeps of a library, and nothing of its folder', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  const library = shelf.open()
  await scan(library)
  await shelf.close(library)
  await forgetLibrary(`${shelf.base}/data`, 'films')
  assert.deepEqual(await readdir(`${shelf.base}/data/libraries`), [])
  assert.deepEqual(paths(shelf.open()), [])
  assert.deepEqual(await readdir(shelf.root), ['a.mkv'])
})
