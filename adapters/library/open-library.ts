import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Library, ScanReport } from '../../core/library/library.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import { openDatabase } from '../store/database.ts'
import type { Database } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'
import { createChangeBell } from './change-bell.ts'
import { followLibrary } from './follow/follow-library.ts'
import type { Follower } from './follow/follow-library.ts'
import { hasRoom } from './measure/machine-load.ts'
import { startMeasurer } from './measure/measurer.ts'
import { createPictureShelf } from './pictures/picture-shelf.ts'
import { openProbe } from './probe/open-probe.ts'
import type { MediaProbe } from './probe/media-probe.ts'
import { createScanDesk } from './scan/scan-desk.ts'
import { searchItems } from './store/item-search.ts'
import { ItemStore } from './store/item-store.ts'
import { LIBRARY_STEPS } from './store/library-schema.ts'

/** What a library needs. */
export type LibraryOptions = {
  /** Of its source; names its files in the data folder. */
  readonly id: string
  /** The folder of media; a relative one is below the working directory. */
  readonly path: string
  readonly dataDir: string
  /** Path of FFmpeg; null: there is none, and files are listed without being looked into. */
  readonly ffmpeg: string | null
  readonly now: () => number
  readonly timers: Timers
  readonly log: Log
  /** False while streams need the machine, and measuring waits. Absent: while the machine is busy. */
  readonly mayWork?: () => boolean
  /** Scans by itself (at once, on changes, and every `rescanMinutes`) and measures; default true. */
  readonly isFollowing?: boolean
  /** Default 15. */
  readonly rescanMinutes?: number
  /** Files that were not there for so many days are forgotten; default 30. */
  readonly keepDays?: number
  /** So long a file has to be the same before it is looked into; default 3 s. */
  readonly settleMs?: number
  /** Looks into files; absent: the best way that comes with this FFmpeg. */
  readonly probe?: MediaProbe
}

const folderOf = (dataDir: string): string => join(dataDir, 'libraries')

/** Deletes what the house keeps of a library (nothing of its own folder); it must not be open. */
export async function forgetLibrary(dataDir: string, id: string): Promise<void> {
  const dir = folderOf(dataDir)
  for (const ending of ['.db', '.db-wal', '.db-shm', '.pictures'])
    await rm(join(dir, id + ending), { recursive: true, force: true })
}

/** Two files at a time keep a disk busy, and the machine free for streams. */
const PROBES_AT_ONCE = 2

/**
 * Opens a library: its items come from its own file in the data folder (`libraries/{id}.db`) at once, also while the
 * folder is away. The file may be deleted; a scan fills it again.
 *
 * Fails with `store/locked`, `store/newer`. Only one library of an id may be open at a time.
 */
export function openLibrary(options: LibraryOptions): Library {
  const { id, ffmpeg, now, timers, log } = options
  const root = resolve(options.path)
  const dir = folderOf(options.dataDir)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const database = openFile(join(dir, `${id}.db`))
  const store = new ItemStore(database, id)
  const bell = createChangeBell(timers)
  const pictures = createPictureShelf({ store, root, dir: join(dir, `${id}.pictures`), ffmpeg })
  const dropPictures = (ids: readonly string[]): void => {
    if (ids.length > 0)
      pictures.drop(ids).catch((error: unknown) => log('warn', 'library-pictures-kept', { error: String(error) }))
  }
  let follower: Follower | null = null
  const desk = createScanDesk(
    {
      store,
      root,
      probe: options.probe ?? lateProbe(ffmpeg),
      probesAtOnce: PROBES_AT_ONCE,
      now,
      wait: (ms, signal) => waitFor(timers, ms, signal),
      settleMs: options.settleMs ?? 3000,
      keepDays: options.keepDays ?? 30,
      changed: bell.changed,
    },
    {
      log,
      finished(outcome) {
        dropPictures(outcome.forgotten)
        if (hasNews(outcome.report)) bell.settled()
        follower?.scanned(outcome)
      },
    },
  )
  const isFollowing = options.isFollowing ?? true
  const measurer =
    isFollowing && ffmpeg !== null
      ? startMeasurer({
          store,
          root,
          ffmpeg,
          mayWork: options.mayWork ?? hasRoom,
          timers,
          log,
          changed: bell.changed,
          prepare: (kept, signal) => pictures.picture(kept, signal),
        })
      : null
  if (isFollowing)
    follower = followLibrary({
      library: id,
      root,
      timers,
      now,
      log,
      rescanMinutes: options.rescanMinutes ?? 15,
      scan: (signal) => desk.scan({ signal }),
    })

  return {
    id,
    items: (query) => searchItems(database, query, store),
    item: (media) => store.byId(media)?.item ?? null,
    series: () => store.series(),
    file(media) {
      const item = store.byId(media)?.item
      if (item === undefined || item.isMissing || item.problem !== null || item.facts === null) return null
      return { path: join(root, item.path), facts: item.facts, loudness: item.loudness }
    },
    onChange: bell.onChange,
    async artwork(media, signal) {
      const kept = store.byId(media)
      return kept === null ? null : pictures.picture(kept, signal)
    },
    scan: (asked) => desk.scan(asked),
    state: () => ({ isThere: !store.isAway, ...desk.state(), counts: store.counts(), unmeasured: store.unmeasured() }),
    forget(ids) {
      const gone = store.forget(ids)
      dropPictures(gone)
      if (gone.length > 0) bell.settled()
      return gone.length
    },
    async [Symbol.asyncDispose]() {
      follower?.[Symbol.dispose]()
      await measurer?.[Symbol.asyncDispose]()
      await desk[Symbol.asyncDispose]()
      await pictures[Symbol.asyncDispose]()
      bell[Symbol.dispose]()
      database[Symbol.dispose]()
    },
  }
}

/** Whether a scan has found anything; a share that went or came back rang already. */
const hasNews = ({ added, changed, moved, missing, forgotten, broken }: ScanReport): boolean =>
  added + changed + moved + missing + forgotten + broken > 0

function openFile(path: string): Database {
  const database = openDatabase(path, 'normal')
  try {
    migrate(database, LIBRARY_STEPS)
    return database
  } catch (cause) {
    database[Symbol.dispose]()
    throw cause
  }
}

/** Finds the programs when the first file is looked into. */
function lateProbe(ffmpeg: string | null): MediaProbe | null {
  if (ffmpeg === null) return null
  let opening: Promise<MediaProbe | null> | null = null
  return {
    async probe(path, signal) {
      const probe = await (opening ??= openProbe(ffmpeg))
      return probe?.probe(path, signal) ?? { kind: 'problem', reason: 'FFmpeg was not found', isPassing: true }
    },
  }
}

async function waitFor(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve: done, reject } = Promise.withResolvers<void>()
  const abort = (): void => reject(signal.reason)
  const timer = timers.set(done, ms)
  signal.addEventListener('abort', abort, { once: true })
  await promise.finally(() => {
    timers.clear(timer)
    signal.removeEventListener('abort', abort)
  })
}
