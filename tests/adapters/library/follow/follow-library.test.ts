import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { followLibrary } from '../../../../adapters/library/follow/follow-library.ts'
import { isNoise, watchFolders } from '../../../../adapters/library/follow/watch-folders.ts'
import type { ScanReport } from '../../../../core/library/library.ts'
import { makeShelf, paths } from '../shelf.ts'

/** Timers of which at most one runs, and a clock that goes to it. */
class Clock {
  now = 0
  due: { readonly at: number; readonly work: () => void } | null = null
  readonly timers = {
    set: (work: () => void, ms: number): unknown => (this.due = { at: this.now + ms, work }),
    clear: (timer: unknown): void => void (this.due === timer && (this.due = null)),
    every: (): unknown => null,
    clearEvery: (): void => {},
  }

  /** Goes to the timer; gives how long it was. */
  next(): number {
    const due = this.due
    if (due === null) return -1
    this.due = null
    const waited = due.at - this.now
    this.now = due.at
    due.work()
    return waited
  }
}

const report = (told: Partial<ScanReport> = {}): ScanReport => ({
  isThere: true,
  files: 1,
  added: 0,
  changed: 0,
  moved: 0,
  missing: 0,
  forgotten: 0,
  broken: 0,
  unfinished: 0,
  durationMs: 1,
  ...told,
})
const outcome = (told: Partial<ScanReport> = {}, folders: readonly string[] = ['']) => ({
  report: report(told),
  problems: [],
  folders,
  forgotten: [],
})

function aFollower() {
  const clock = new Clock()
  let scans = 0
  const watched: string[] = []
  let change: () => void = () => {}
  const follower = followLibrary({
    library: 'films',
    root: '/films',
    timers: clock.timers,
    now: () => clock.now,
    log: () => {},
    rescanMinutes: 15,
    scan: async () => scans++,
    watch(_root, list, changed) {
      watched.push(list.join(','))
      change = changed
      return { isWhole: true, [Symbol.dispose]: () => watched.push('closed') }
    },
  })
  return {
    clock,
    follower,
    watched,
    scans: () => scans,
    change: () => change(),
  }
}

test('followLibrary() scans at once, and then every so many minutes', () => {
  const { clock, follower, scans } = aFollower()
  assert.equal(clock.next(), 0)
  assert.equal(scans(), 1)
  follower.scanned(outcome())
  assert.equal(clock.next(), 15 * 60_000)
  assert.equal(scans(), 2)
})

for (const [name, told] of [
  ['a share that is away', { isThere: false }],
  ['files that are being written', { unfinished: 1 }],
] as const) {
  test(`followLibrary() looks soon again at ${name}`, () => {
    const { clock, follower } = aFollower()
    clock.next()
    follower.scanned(outcome(told))
    assert.equal(clock.next(), 60_000)
  })
}

test('followLibrary() scans when changes have come to rest, or after a minute', () => {
  const { clock, follower, change, scans } = aFollower()
  clock.next()
  follower.scanned(outcome())
  change()
  clock.now += 4000
  change()
  assert.equal(clock.next(), 5000)
  assert.equal(scans(), 2)
  follower.scanned(outcome())
  for (let second = 0; second < 59; second++) {
    change()
    clock.now += 1000
  }
  change()
  assert.equal(clock.next(), 1000)
  assert.equal(scans(), 3)
})

test('followLibrary() watches anew when there are other folders', () => {
  const { clock, follower, watched } = aFollower()
  clock.next()
  follower.scanned(outcome())
  follower.scanned(outcome())
  follower.scanned(outcome({}, ['', 'New']))
  follower[Symbol.dispose]()
  assert.deepEqual(watched, ['', 'closed', ',New', 'closed'])
  assert.equal(clock.due, null)
})

test('watchFolders() hears of a file in a folder below', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'downlink-watch-'))
  await mkdir(join(folder, 'a/b'), { recursive: true })
  const heard = Promise.withResolvers<void>()
  const watch = watchFolders(folder, ['', 'a', 'a/b'], heard.resolve)
  try {
    assert.equal(watch.isWhole, true)
    // Some runtimes begin to listen a moment later: one of these is heard.
    const writing = setInterval(
      () => void writeFile(join(folder, 'a/b/file'), String(Math.random())).catch(() => {}),
      50,
    )
    await heard.promise.finally(() => clearInterval(writing))
  } finally {
    watch[Symbol.dispose]()
    await rm(folder, { recursive: true, force: true })
  }
})

test('watchFolders() says when a folder cannot be watched', () => {
  const watch = watchFolders('/nowhere/at/all', [''], () => {})
  assert.equal(watch.isWhole, false)
  watch[Symbol.dispose]()
})

test('openLibrary() scans by itself when it is opened', async () => {
  await using shelf = await makeShelf()
  await shelf.put('a.mkv')
  const library = shelf.open({ isFollowing: true, rescanMinutes: 60 })
  const found = Promise.withResolvers<void>()
  library.onChange(() => {
    if (paths(library, { state: 'playable' }).length === 1) found.resolve()
  })
  await found.promise
})

test('isNoise() passes over what is written all the time, so that no scan starts the next one', () => {
  const names = ['films.db-wal', 'data/libraries/films.db', 'a.mkv.part', '.hidden', 'a/.x.mkv.Ab12', 'b.!qB', 'x.log']
  assert.deepEqual(
    names.filter((name) => !isNoise(name)),
    [],
  )
  const told = ['a.mkv', 'Dr. House', 'a/b/c.nfo', 'Season 1', 'x.db/y.mkv', null]
  assert.deepEqual(
    told.filter((name) => isNoise(name)),
    [],
  )
})
