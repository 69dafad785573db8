import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { asFailure, Failure } from '../../core/errors.ts'
import type { DocumentVersion, GuideDocument } from '../../core/guide/document.ts'
import type { Log } from '../../core/log.ts'
import { stableHash } from '../../core/stable-hash.ts'
import type { ImportStore, StoredImport } from '../store/import-store.ts'
import { unlessAborted } from '../net/unless-aborted.ts'
import { openFeedFile } from './feed-file.ts'
import type { FeedFile } from './feed-file.ts'
import type { ImportReport } from './import-document.ts'
import type { DocumentImporter } from './import-thread.ts'

/** A guide that comes as one document: by the network, or as a file of this machine. */
export type DocumentFeed = {
  readonly id: string
  readonly name: string
  readonly document: GuideDocument | { readonly path: string }
  /** Language of texts that come in several; null: the first. */
  readonly language: string | null
}

/** How far a refresh is. `totalBytes` null: not known. */
export type FeedProgress = {
  readonly step: 'waiting' | 'fetching' | 'importing'
  readonly bytes: number
  readonly totalBytes: number | null
  readonly programmes: number
}

/** A feed as status pages show it. */
export type DocumentFeedStatus = {
  readonly id: string
  readonly name: string
  /** The import that counts; null: there is none yet. */
  readonly imported: StoredImport | null
  /** What runs now; null: nothing. */
  readonly progress: FeedProgress | null
  /** What went wrong with the last refresh; null: nothing. */
  readonly problem: Failure | null
}

/** How a refresh is made. */
export type RefreshOptions = {
  readonly acceptCutOff: boolean
  readonly signal: AbortSignal
  readonly onProgress?: (progress: FeedProgress) => void
}

/** Guide documents, each as the import that counts. Disposing it ends what runs and closes the files. */
export interface GuideLibrary extends AsyncDisposable {
  feeds(): readonly DocumentFeedStatus[]
  /** The import that counts, for reading at once: the next refresh may close it. Null: there is none. */
  file(feed: string): FeedFile | null
  /** Changes with every change of what `file` gives and only then. */
  version(): string
  /**
   * Fetches a document if it has changed, and imports it beside the one that counts; only a whole import takes its
   * place. Documents are fetched at the same time and imported one after the other; those who ask while it runs get its
   * result.
   *
   * Fails with `source/*`, `guide/*`; `guide/cut-off` when the new one has less than half of the programmes of the old
   * one, unless `acceptCutOff`. The signal of who asked first ends it.
   */
  refresh(feed: string, options: RefreshOptions): Promise<void>
  /**
   * Adds a feed, or takes another one in the place of the feed of this id; its import stays until the next one. `anew`:
   * the next refresh does not ask whether the document has changed. Nothing of the feed may be under way.
   */
  put(feed: DocumentFeed, options: { readonly anew: boolean }): void
  /** Forgets a feed and what was imported of it; waits for what is under way. False: there is no such feed. */
  remove(feed: string): Promise<boolean>
  /** Calls `listener` with the id of a feed whose import was replaced or removed; gives the function that ends it. */
  onChange(listener: (feed: string) => void): () => void
}

/** What a library needs. */
export type GuideLibraryOptions = {
  /** Folder of its own. */
  readonly dir: string
  readonly feeds: readonly DocumentFeed[]
  readonly imports: ImportStore
  readonly importer: DocumentImporter
  /** How long programmes are kept that are over, milliseconds; absent: a day. */
  readonly pastMs?: () => number
  readonly now: () => number
  readonly log: Log
}

type Shelf = {
  feed: DocumentFeed
  imported: StoredImport | null
  file: FeedFile | null
  progress: FeedProgress | null
  problem: Failure | null
  running: Promise<void> | null
}

const DAY_MS = 24 * 3_600_000
/** No document has it, so that none is unchanged. */
const NO_VERSION: DocumentVersion = { etag: null, lastModified: null }
/** Further ahead no guide tells anything that stays. */
const AHEAD_MS = 30 * DAY_MS
/** A document that is larger, as it comes, is none. */
const MOST_BYTES = 4 * 1024 ** 3
/** Fewer programmes are no guide that could be cut off. */
const CUT_OFF_AT_LEAST = 100

/** Opens the library: finds the imports that count, and removes what an earlier run left half done. */
export function openGuideLibrary(options: GuideLibraryOptions): GuideLibrary {
  const { dir, imports, log } = options
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const shelves = new Map<string, Shelf>()
  const stored = new Map(imports.all().map((one) => [one.feed, one]))
  for (const feed of options.feeds) {
    const imported = stored.get(feed.id) ?? null
    const file = imported === null ? null : openFeedFile(join(dir, imported.file))
    if (imported !== null && file === null) {
      log('warn', 'guide-file-lost', { feed: feed.id, advice: 'The document is imported again' })
      imports.remove(feed.id)
    }
    shelves.set(feed.id, {
      feed,
      imported: file === null ? null : imported,
      file,
      progress: null,
      problem: null,
      running: null,
    })
  }
  for (const id of stored.keys()) if (!shelves.has(id)) imports.remove(id)
  removeStrangers(dir, new Set([...shelves.values()].map(({ imported }) => imported?.file)))
  return createLibrary(options, shelves)
}

function removeStrangers(dir: string, known: ReadonlySet<string | undefined>): void {
  for (const name of readdirSync(dir)) if (!known.has(name)) rmSync(join(dir, name), { force: true })
}

function createLibrary(options: GuideLibraryOptions, shelves: Map<string, Shelf>): GuideLibrary {
  const { dir, imports, now, log } = options
  const listeners = new Set<(feed: string) => void>()
  const closing = new AbortController()
  let turn: Promise<unknown> = Promise.resolve()

  /** Imports want disk and memory: one at a time. Whoever gives up waiting leaves the place to the next. */
  const inTurn = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const before = turn
    const { promise, resolve } = Promise.withResolvers<void>()
    turn = before.then(() => promise)
    try {
      await unlessAborted(signal, before)
      return await work()
    } finally {
      resolve()
    }
  }

  const shelfOf = (id: string): Shelf => {
    const shelf = shelves.get(id)
    if (shelf === undefined) throw new Failure('guide/unknown-feed', 'No guide document has this id', { feed: id })
    return shelf
  }

  const replace = async (shelf: Shelf, next: StoredImport): Promise<void> => {
    const file = openFeedFile(join(dir, next.file))
    if (file === null) throw new Failure('guide/import-failed', 'What was imported cannot be opened')
    const old = { file: shelf.file, imported: shelf.imported }
    imports.put(next)
    shelf.file = file
    shelf.imported = next
    old.file?.[Symbol.dispose]()
    for (const listener of listeners) listener(shelf.feed.id)
    if (old.imported !== null) await removeImport(join(dir, old.imported.file))
  }

  const walk = async (shelf: Shelf, { acceptCutOff, signal }: RefreshOptions, tell: Tell): Promise<void> => {
    signal.throwIfAborted()
    const started = now()
    const fetched = await fetchDocument(shelf, { dir, tell, signal })
    if (fetched === null) {
      if (shelf.imported !== null) keepImport(shelf, { ...shelf.imported, fetchedAt: started })
      log('info', 'guide-unchanged', { feed: shelf.feed.id })
      return
    }
    try {
      tell({ step: 'waiting', bytes: 0, totalBytes: null, programmes: 0 })
      await inTurn(signal, () => importFetched(shelf, fetched, { acceptCutOff, signal, tell, started }))
    } finally {
      if (fetched.isOurs) await rm(fetched.path, { force: true })
    }
  }

  const importFetched = async (
    shelf: Shelf,
    fetched: Fetched,
    { acceptCutOff, signal, tell, started }: RefreshOptions & { readonly tell: Tell; readonly started: number },
  ): Promise<void> => {
    const file = `${shelf.feed.id}-${crypto.randomUUID().slice(0, 8)}.db`
    try {
      tell({ step: 'importing', bytes: 0, totalBytes: null, programmes: 0 })
      const previous = shelf.imported === null ? null : join(dir, shelf.imported.file)
      const report = await options.importer.run(
        {
          document: fetched.path,
          target: join(dir, file),
          previous,
          window: { from: started - (options.pastMs?.() ?? DAY_MS), to: started + AHEAD_MS },
          language: shelf.feed.language,
        },
        {
          signal,
          onProgress: ({ readBytes, totalBytes, programmes }) =>
            tell({ step: 'importing', bytes: readBytes, totalBytes, programmes }),
        },
      )
      signal.throwIfAborted()
      if (shelf.imported?.digest === report.digest)
        keepImport(shelf, { ...shelf.imported, version: fetched.version, fetchedAt: started })
      else {
        if (!acceptCutOff) refuseCutOff(shelf, report)
        await replace(shelf, {
          feed: shelf.feed.id,
          file,
          version: fetched.version,
          digest: report.digest,
          fetchedAt: started,
          importedAt: now(),
          channels: report.channels,
          programmes: report.programmes,
          firstStart: report.firstStart,
          lastStart: report.lastStart,
          problems: report.told,
        })
      }
      const { channels, programmes, outside, problems, unpackedBytes } = report
      const facts = { channels, programmes, outside, problems, bytes: unpackedBytes, durationMs: now() - started }
      log('info', 'guide-imported', { feed: shelf.feed.id, ...facts })
    } finally {
      if (shelf.imported?.file !== file) await removeImport(join(dir, file))
    }
  }

  const keepImport = (shelf: Shelf, next: StoredImport): void => {
    imports.put(next)
    shelf.imported = next
  }

  const run = async (shelf: Shelf, options: RefreshOptions): Promise<void> => {
    const { signal } = options
    const tell: Tell = (progress) => {
      shelf.progress = progress
      options.onProgress?.(progress)
    }
    tell({ step: 'waiting', bytes: 0, totalBytes: null, programmes: 0 })
    try {
      await walk(shelf, options, tell)
      shelf.problem = null
    } catch (error) {
      const failure = asFailure(
        signal.aborted ? signal.reason : error,
        'guide/import-failed',
        `The guide "${shelf.feed.name}" could not be imported`,
      )
      if (!closing.signal.aborted) {
        shelf.problem = failure
        log('warn', 'guide-import-failed', {
          feed: shelf.feed.id,
          code: failure.code,
          detail: failure.message,
          cause: failure.cause,
        })
      }
      throw failure
    } finally {
      shelf.progress = null
      shelf.running = null
    }
  }

  return {
    feeds: () =>
      [...shelves.values()].map(({ feed, imported, progress, problem }) => ({
        id: feed.id,
        name: feed.name,
        imported,
        progress,
        problem,
      })),
    file: (feed) => shelves.get(feed)?.file ?? null,
    version: () =>
      String(
        stableHash([...shelves.values()].map(({ feed, imported }) => `${feed.id} ${imported?.digest}`).join('\n')),
      ),
    async refresh(id, options) {
      const shelf = shelfOf(id)
      const signal = AbortSignal.any([options.signal, closing.signal])
      shelf.running ??= run(shelf, { ...options, signal })
      await shelf.running
    },
    put(feed, { anew }) {
      const shelf = shelves.get(feed.id)
      if (shelf === undefined) {
        shelves.set(feed.id, { feed, imported: null, file: null, progress: null, problem: null, running: null })
        return
      }
      shelf.feed = feed
      if (!anew) return
      shelf.problem = null
      if (shelf.imported !== null) keepImport(shelf, { ...shelf.imported, version: NO_VERSION })
    },
    async remove(id) {
      const shelf = shelves.get(id)
      if (shelf === undefined) return false
      await Promise.allSettled([shelf.running])
      shelves.delete(id)
      imports.remove(id)
      shelf.file?.[Symbol.dispose]()
      if (shelf.imported !== null) await removeImport(join(dir, shelf.imported.file))
      for (const listener of listeners) listener(id)
      return true
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('The program stops'))
      await Promise.allSettled([...shelves.values()].map(({ running }) => running))
      for (const { file } of shelves.values()) file?.[Symbol.dispose]()
    },
  }
}

/** A file of SQLite and what stands beside it. */
async function removeImport(path: string): Promise<void> {
  // Not at once: a large file takes its time to go.
  for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(path + suffix, { force: true })
}

/** A guide that suddenly has next to nothing is a mistake somewhere; the old one is worth more. */
function refuseCutOff({ feed, imported }: Shelf, report: ImportReport): void {
  const before = imported?.programmes ?? 0
  if (report.programmes === 0 && before === 0)
    throw new Failure('guide/empty', `The guide "${feed.name}" has no programme of these days`)
  if (before >= CUT_OFF_AT_LEAST && report.programmes * 2 < before)
    throw new Failure(
      'guide/cut-off',
      `The guide "${feed.name}" has ${report.programmes} programmes, the one before had ${before}`,
      { programmes: report.programmes, before },
    )
}

type Fetched = {
  readonly path: string
  readonly version: DocumentVersion
  /** Whether the file is ours, to be removed. */
  readonly isOurs: boolean
}

type Tell = (progress: FeedProgress) => void

/** The document as a file; null: it is the one that was imported. */
async function fetchDocument(
  shelf: Shelf,
  { dir, tell, signal }: { readonly dir: string; readonly tell: Tell; readonly signal: AbortSignal },
): Promise<Fetched | null> {
  const { document, id, name } = shelf.feed
  const known = shelf.imported?.version ?? null
  if ('path' in document) return localDocument(document.path, known, name)
  tell({ step: 'fetching', bytes: 0, totalBytes: null, programmes: 0 })
  const opened = await document.open(known, signal)
  if (opened === null) return null
  const path = join(dir, `${id}.part`)
  const counted = async function* () {
    let bytes = 0
    for await (const piece of opened.bytes) {
      bytes += piece.length
      if (bytes > MOST_BYTES)
        throw new Failure('source/bad-answer', `The guide "${name}" is larger than ${MOST_BYTES} bytes`)
      tell({ step: 'fetching', bytes, totalBytes: opened.size, programmes: 0 })
      yield piece
    }
  }
  // Opened before anything can fail: a stream that opens its file by itself may do so after it was removed.
  const file = await open(path, 'w', 0o600)
  try {
    await pipeline(counted(), file.createWriteStream(), { signal })
  } catch (cause) {
    await file.close().catch(() => {}) // the stream may have closed it
    rmSync(path, { force: true })
    signal.throwIfAborted()
    throw cause
  }
  return { path, version: opened.version, isOurs: true }
}

function localDocument(path: string, known: DocumentVersion | null, name: string): Fetched | null {
  if (!existsSync(path)) throw new Failure('source/unreachable', `The file of the guide "${name}" is not there`)
  const { size, mtimeMs } = statSync(path)
  const version = { etag: `${size}-${Math.round(mtimeMs)}`, lastModified: null }
  return known?.etag === version.etag ? null : { path, version, isOurs: false }
}
