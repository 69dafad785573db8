import { mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openLibrary } from '../../../adapters/library/open-library.ts'
import type { LibraryOptions } from '../../../adapters/library/open-library.ts'
import type { MediaProbe } from '../../../adapters/library/probe/media-probe.ts'
import type { LibraryFilter } from '../../../core/library/library-filter.ts'
import type { Library } from '../../../core/library/library.ts'
import { systemTimers } from '../../../core/live/timers.ts'

/** A probe for files of text: `ms:60000` is a film of a minute; everything else is refused with its own text. */
export class TextProbe implements MediaProbe {
  /** Paths that were asked for, in order. */
  readonly asked: string[] = []
  /** Called before each answer. */
  before: (path: string) => void | Promise<void> = () => {}

  async probe(path: string, signal: AbortSignal): ReturnType<MediaProbe['probe']> {
    this.asked.push(path)
    await this.before(path)
    signal.throwIfAborted()
    const text = await readFile(path, 'utf8').catch(() => 'gone')
    const [, ms] = /^ms:(\d+)/.exec(text) ?? []
    if (ms === undefined) return { kind: 'problem', reason: text, isPassing: text === 'slow' }
    const facts = { durationMs: Number(ms), container: 'text', video: null, audio: [], subtitles: [], chaptersMs: [] }
    return { kind: 'facts', facts, hasCover: false }
  }
}

/** When the files of a test were written. */
export const WRITTEN = Date.UTC(2026, 0, 1)

/** A folder of media and a data folder, with a library over them that a test can open again. */
export async function makeShelf() {
  const base = await mkdtemp(join(tmpdir(), 'downlink-shelf-'))
  const root = join(base, 'media')
  const probe = new TextProbe()
  const clock = { now: WRITTEN + 3_600_000 }
  const opened = new Set<Library>()
  await mkdir(root)
  const at = (path: string): string => join(root, path)
  return {
    base,
    root,
    probe,
    clock,
    at,
    async put(path: string, text = `ms:60000 ${path}`, writtenAt = WRITTEN): Promise<void> {
      await mkdir(dirname(at(path)), { recursive: true })
      await writeFile(at(path), text)
      await utimes(at(path), writtenAt / 1000, writtenAt / 1000)
    },
    async move(from: string, to: string): Promise<void> {
      await mkdir(dirname(at(to)), { recursive: true })
      await rename(at(from), at(to))
    },
    open(given: Partial<LibraryOptions> = {}): Library {
      const library = openLibrary({
        id: 'films',
        path: root,
        dataDir: join(base, 'data'),
        ffmpeg: null,
        now: () => clock.now,
        timers: systemTimers,
        log: () => {},
        isFollowing: false,
        settleMs: 0,
        probe,
        ...given,
      })
      opened.add(library)
      return library
    },
    async close(library: Library): Promise<void> {
      opened.delete(library)
      await library[Symbol.asyncDispose]()
    },
    async [Symbol.asyncDispose]() {
      for (const library of opened) await library[Symbol.asyncDispose]()
      await rm(base, { recursive: true, force: true })
    },
  }
}

/** A scan that nobody ends. */
export const scan = (library: Library, again = false) => library.scan({ signal: new AbortController().signal, again })

/** What a filter finds, as paths. */
export const paths = (library: Library, filter: LibraryFilter = {}): readonly string[] =>
  library.items({ filter, order: 'path', offset: 0, limit: Infinity }).items.map(({ path }) => path)
